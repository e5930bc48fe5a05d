/**
 * What an API says of how to come in, as lines for a terminal or one JSON object. Whatever a server wrote is inert by now
 * and is made printable once more here.
 */
import type { Definition } from '../credentials/types.ts';
import type { ApiFindings, IssuerFindings } from '../oauth/api-discovery/findings.ts';
import type { Proposal } from '../oauth/api-discovery/proposal.ts';
import type { TraceStep } from '../oauth/types.ts';
import { printable } from './output/terminal-text.ts';

const marks: Readonly<Record<TraceStep['outcome'], string>> = {
  ok: 'ok',
  failed: 'failed',
  warning: 'warning',
  skipped: '-',
};

/** @param name under which the definition is shown; a placeholder when the person gave none */
export function toReport(findings: ApiFindings, proposal: Proposal | undefined, name: string | undefined): string {
  const lines = [
    ...findings.steps.map(toStepLine),
    '',
    ...toRow('Answer', [findings.open ? `${findings.status}: it asks for nothing` : String(findings.status)]),
    ...toRow('Asks for', findings.challenges.map(toChallengeText)),
    ...toRow('Resource', toResourceText(findings)),
    ...findings.issuers.flatMap((issuer) => toRow('Issuer', toIssuerLines(issuer))),
    ...toRow(
      'Not used',
      findings.warnings.map(({ code, message }) => `${code}: ${message}`),
    ),
    ...toRow('Proposed', proposal ? [proposal.definition.scheme, ...proposal.reasons] : ['nothing']),
  ];
  if (proposal) {
    const shown = { credentials: { [name ?? 'NAME']: withoutMissing(proposal) } };
    lines.push('', ...JSON.stringify(shown, undefined, 2).split('\n'));
  }
  return `${lines.map(printable).join('\n')}\n`;
}

/** How to go on, for stderr; empty when there is nothing to add. */
export function toNextSteps(findings: ApiFindings, proposal: Proposal | undefined, isTerminal: boolean): string {
  if (!proposal || findings.open) return '';
  const base = `countersign credentials discover '${findings.url.replaceAll("'", '%27')}' --add NAME`;
  const missing = proposal.missing.filter((field) => field !== 'client_id');
  if (missing.length > 0) {
    return `Next: countersign credentials add NAME --definition JSON, with ${missing.join(', ')} in it.\n`;
  }
  const issuer = isTerminal || !proposal.issuer ? '' : ` --issuer ${proposal.issuer.issuer}`;
  const ways = {
    own: `  ${base}${issuer} --client-id ID      a client that is registered`,
    document: `  ${base}${issuer} --client-id https://…   the address of your client metadata document`,
    registration: `  ${base}${issuer} --register          it registers one itself`,
  };
  const lines = proposal.clients.length === 0 ? [`  ${base}`] : proposal.clients.map((way) => ways[way]);
  return printableLines(['Next:', ...lines]);
}

function printableLines(lines: readonly string[]): string {
  return `${lines.map(printable).join('\n')}\n`;
}

/** One object: findings without raw metadata, and the definition in the form of countersign.json. */
export function toJsonReport(findings: ApiFindings, proposal: Proposal | undefined): object {
  return {
    ...findings,
    challenges: findings.challenges.map(({ resourceMetadata: _unvetted, ...challenge }) => challenge),
    issuers: findings.issuers.map(({ server, ...issuer }) => ({
      ...issuer,
      ...(server ? { endpoints: toEndpoints(server.metadata) } : {}),
    })),
    steps: findings.steps.map(({ request: _request, response: _response, ...step }) => step),
    proposal: proposal
      ? {
          definition: withoutMissing(proposal),
          missing: proposal.missing,
          clients: proposal.clients,
          reasons: proposal.reasons,
        }
      : null,
  };
}

/** The endpoints' origins, which a person compares; the addresses passed the vetting of discovery. */
export function toEndpoints(metadata: Readonly<Record<string, unknown>>): Readonly<Record<string, string>> {
  const named = Object.entries(metadata).filter(([name]) => /_endpoint$|^jwks_uri$/.test(name));
  return Object.fromEntries(
    named.flatMap(([name, value]) => {
      const url = typeof value === 'string' ? URL.parse(value) : null;
      return url ? [[name, url.href]] : [];
    }),
  );
}

function withoutMissing({ definition, missing }: Proposal): Definition {
  return Object.fromEntries(
    Object.entries(definition).filter(([name]) => !missing.includes(name)),
  ) as unknown as Definition;
}

function toStepLine({ outcome, title, detail, rule }: TraceStep): string {
  const facts = [detail, rule?.text].filter((one) => one !== undefined).join(' · ');
  return `${marks[outcome].padEnd(8)} ${title}${facts === '' ? '' : ` · ${facts}`}`;
}

function toRow(label: string, values: readonly string[]): string[] {
  return values.map((value, index) => `${(index === 0 ? label : '').padEnd(11)} ${value}`);
}

function toChallengeText({ scheme, realm, error, scope, key, answeredBy }: ApiFindings['challenges'][number]): string {
  const facts = [
    realm === undefined ? undefined : `realm “${realm}”`,
    error,
    scope.length === 0 ? undefined : `scope ${scope.join(' ')}`,
    key === undefined ? undefined : `${key.name} in ${key.in}`,
    answeredBy === undefined ? 'not known here' : undefined,
  ].filter((one) => one !== undefined);
  return facts.length === 0 ? scheme : `${scheme}: ${facts.join(', ')}`;
}

function toResourceText({ resource }: ApiFindings): readonly string[] {
  if (!resource) return [];
  return [
    `${resource.resource}${resource.name === undefined ? '' : ` (“${resource.name}”)`}`,
    ...(resource.scopes.length === 0 ? [] : [`scopes ${resource.scopes.join(' ')}`]),
    ...(resource.dpopRequired ? ['takes DPoP-bound tokens only'] : []),
  ];
}

function toIssuerLines({ issuer, origin, elsewhere, problem, facts }: IssuerFindings): readonly string[] {
  const head = `${issuer}${elsewhere ? ` (another origin: ${origin})` : ''}`;
  if (problem) return [head, `${problem.code}: ${problem.message}`];
  if (!facts) return [head];
  const list = (name: string, values: readonly string[] | undefined): string =>
    `${name} ${values === undefined ? 'not listed' : values.join(' ') || 'none'}`;
  return [
    head,
    list('grants', facts.grants),
    list('client authentication', facts.authMethods),
    [
      `PKCE ${facts.pkce}`,
      `pushed requests ${facts.pushedRequests}`,
      `DPoP ${facts.dpopAlgorithms.join(' ') || 'no'}`,
      `registration ${facts.registration ? 'yes' : 'no'}`,
      `metadata document as client ${facts.clientIdMetadataDocument ? 'yes' : 'no'}`,
    ].join(' · '),
  ];
}
