/**
 * `countersign credentials discover URL`: what an API asks for and the definition it leads to; with `--add NAME` the
 * definition becomes one of the person's own. The identity provider is named by a server, so a person says yes to both
 * origins first: at the terminal, or by `--issuer`. Source: auth.md A05; contracts.md §4–5.
 */
import { checkName } from '../credentials/new-definition.ts';
import type { NamedDefinition, OAuth2Definition } from '../credentials/types.ts';
import { CountersignError } from '../errors/countersign-error.ts';
import type { ApiFindings, IssuerFindings } from '../oauth/api-discovery/findings.ts';
import { toProposal, type Proposal } from '../oauth/api-discovery/proposal.ts';
import { isOAuth } from '../run/authorize.ts';
import type { NewClient } from '../run/client-setup.ts';
import type { DiscoverOptions } from './commands/credentials.ts';
import type { composeCli } from './compose-cli.ts';
import { toEndpoints, toJsonReport, toNextSteps, toReport } from './discover-report.ts';
import { exitCodes } from './exit-codes.ts';
import { printable } from './output/terminal-text.ts';
import { saveDefinition } from './save-definition.ts';
import { usage } from './usage.ts';

type Composed = Awaited<ReturnType<typeof composeCli>>;

export async function discoverOne(composed: Composed, address: string, options: DiscoverOptions): Promise<number> {
  const abort = new AbortController();
  const interrupt = (): void => abort.abort();
  process.once('SIGINT', interrupt);
  try {
    const findings = await composed.discoverApi(address, abort.signal);
    const proposal = propose(findings, options);
    if (options.add !== undefined) return await addProposal(composed, findings, proposal, options.add, options);
    const redact = (text: string): string => composed.redactor.redact(text);
    if (options.format === 'json') {
      process.stdout.write(`${redact(JSON.stringify(toJsonReport(findings, proposal)))}\n`);
    } else {
      process.stdout.write(redact(toReport(findings, proposal, undefined)));
      process.stderr.write(redact(toNextSteps(findings, proposal, composed.deps.prompts.interactive)));
    }
    return exitCodes.passed;
  } finally {
    process.removeListener('SIGINT', interrupt);
  }
}

function propose(
  findings: ApiFindings,
  { scheme, issuer, clientId, grant, scope }: DiscoverOptions,
): Proposal | undefined {
  const proposal = toProposal(findings, {
    ...(scheme === undefined ? (issuer === undefined ? {} : { scheme: 'oauth2' }) : { scheme }),
    ...(issuer === undefined ? {} : { issuer }),
    ...(clientId === undefined ? {} : { client_id: clientId }),
    ...(grant === undefined ? {} : { grant }),
    ...(scope === undefined ? {} : { scope }),
  });
  if (proposal || issuer === undefined) return proposal;
  const known = findings.issuers.map((one) => one.issuer);
  throw new CountersignError('CS-BIND-APPROVAL', `${new URL(findings.origin).host} does not name this issuer.`, {
    next: known.length === 0 ? 'It names none.' : `It names ${known.map(printable).join(', ')}.`,
  });
}

async function addProposal(
  composed: Composed,
  findings: ApiFindings,
  proposal: Proposal | undefined,
  name: string,
  options: DiscoverOptions,
): Promise<number> {
  const { vault } = composed;
  const own = (await vault.definitions(undefined)).map((one) => one.name);
  const wrong = checkName(name, own);
  if (wrong !== undefined) throw new CountersignError('CS-DEF-NAME', wrong, { next: 'Choose another name.' });
  if (!proposal) {
    throw new CountersignError(
      'CS-AUTH-RESOURCE',
      `${new URL(findings.origin).host} says nothing that a definition could be made of.`,
    );
  }
  const registers = options.register === true && options.clientId === undefined;
  const missing = proposal.missing.filter((field) => !(registers && field === 'client_id'));
  if (missing.includes('client_id')) {
    throw usage(
      'The definition needs a client.',
      'Give --client-id ID, or --register where the provider registers clients.',
    );
  }
  if (missing.length > 0) {
    throw usage(
      `The definition needs ${missing.join(', ')}.`,
      'Add it with countersign credentials add NAME --definition JSON.',
    );
  }
  if (proposal.issuer) await ensureAgreed(composed, findings, proposal.issuer, proposal, name, options);
  const made = await makeClient(composed, proposal, registers);
  try {
    const definition = made?.definition ?? proposal.definition;
    await saveDefinition(composed, name, JSON.stringify(definition));
    const named = await vault.find(name, undefined);
    if (!named) throw new CountersignError('CS-DEF-UNKNOWN', `${name} was not kept.`);
    if (made && isOAuth(named)) await (await composed.clients()).keep(named, made);
    report(named, made, needsSecret(proposal), options);
    return exitCodes.passed;
  } catch (error) {
    if (made) await (await composed.clients()).discard(made);
    throw error;
  }
}

/** @throws CountersignError CS-BIND-APPROVAL */
async function ensureAgreed(
  composed: Composed,
  findings: ApiFindings,
  issuer: IssuerFindings,
  proposal: Proposal,
  name: string,
  options: DiscoverOptions,
): Promise<void> {
  // Named by hand: that is the yes of somebody who is not at a terminal.
  if (options.issuer !== undefined) return;
  const { definition } = proposal as { definition: OAuth2Definition };
  const api = new URL(findings.origin).host;
  const host = new URL(issuer.origin).host;
  const client = options.clientId ?? 'registered there now';
  const endpoints = new Set(
    Object.values(toEndpoints(issuer.server?.metadata ?? {})).map((url) => new URL(url).origin),
  );
  const agreed = await composed.deps.prompts.approve({
    credential: name,
    title: `Let ${host} sign you in for ${api}?`,
    lines: [
      { label: 'API', value: findings.origin },
      { label: 'Identity provider', value: issuer.issuer },
      { label: 'Its endpoints', value: [...endpoints].join(' ') },
      {
        label: 'Named by',
        value: issuer.namedBy === 'resource' ? 'the metadata of the API' : 'nobody; it is the API’s own origin',
      },
      { label: 'Grant', value: definition.grant },
      { label: 'Client', value: printable(client) },
      { label: 'Scope', value: printable(definition.scope ?? 'none') },
    ],
    changed: false,
  });
  if (agreed) return;
  throw new CountersignError('CS-BIND-APPROVAL', `Nobody agreed that ${host} signs in for ${api}.`, {
    next: `Run it at a terminal, or name it: --issuer ${issuer.issuer}`,
    facts: { api: findings.origin, issuer: issuer.issuer },
  });
}

async function makeClient(composed: Composed, proposal: Proposal, registers: boolean): Promise<NewClient | undefined> {
  if (!proposal.issuer) return undefined;
  const clients = await composed.clients();
  const definition = proposal.definition as OAuth2Definition;
  if (registers) return clients.register(proposal.issuer, definition);
  await clients.checkDocument(definition);
  return undefined;
}

/** The provider takes no client without a proof, and nobody was asked for one yet. */
function needsSecret({ issuer }: Proposal): boolean {
  const methods = issuer?.facts?.authMethods;
  return methods !== undefined && !methods.includes('none');
}

function report(named: NamedDefinition, made: NewClient | undefined, secret: boolean, options: DiscoverOptions): void {
  if (options.format === 'json') {
    const { name, hash, definition } = named;
    process.stdout.write(
      `${JSON.stringify({ name, added: true, definition, registered: made !== undefined, pin: hash })}\n`,
    );
    return;
  }
  for (const warning of made?.client.warnings ?? []) process.stderr.write(`${printable(warning)}\n`);
  const client = made ? ` Registered as ${printable(made.client.client_id)}.` : '';
  const next = isOAuth(named) && (made || !secret) ? `sign-in ${named.name}` : `add ${named.name}`;
  process.stdout.write(`${named.name} is added.${client}\nNext: countersign credentials ${next}\n`);
}
