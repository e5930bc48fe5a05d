/**
 * After a run that lacked a credential or met an unknown authority: what would be signed in to and sent to, and the ways
 * on, at a terminal and in CI. Source: design.md I2.1.
 */
import { takesBrowser } from '../credentials/common-fields.ts';
import type { NamedDefinition } from '../credentials/types.ts';
import { isOAuth } from '../run/authorize.ts';
import type { ComposedEngine } from '../run/compose-engine.ts';
import { exitCodes } from './exit-codes.ts';
import type { FinishedRun } from './output/format.ts';
import type { Job } from './run-jobs.ts';

export async function credentialHints(
  results: readonly FinishedRun[],
  jobs: readonly Job[],
  composed: Pick<ComposedEngine, 'vault' | 'deps'>,
): Promise<string> {
  const needed = new Map<string, FinishedRun>();
  for (const result of results) {
    // An account of VS Code has no way in from a terminal; its error says what to do instead.
    if (!result.error || result.error.code === 'CS-AUTH-ACCOUNT') continue;
    if (exitCodes.forError(result.error) !== exitCodes.credentialNeeded) continue;
    const name = result.credential?.name ?? result.error.facts['name'];
    if (typeof name === 'string' && !needed.has(name)) needed.set(name, result);
  }
  const hints = [...needed].map(async ([name, result]) => {
    const root = jobs.find((job) => job.path === result.path)?.root;
    return hint(name, result, await composed.vault.find(name, root));
  });
  return (await Promise.all(hints)).join('') + setUpHint(results) + authorityHint(results);
}

const unknownAuthority: ReadonlySet<string> = new Set(['CS-TLS-UNTRUSTED', 'CS-TLS-SELF-SIGNED', 'CS-TLS-CHAIN']);

/** Where a window offers to trust a certificate, a terminal has an option. */
function authorityHint(results: readonly FinishedRun[]): string {
  return results.some(({ error }) => error && unknownAuthority.has(error.code))
    ? '\nTo trust an authority of your own in a run:\n  --ca FILE\n'
    : '';
}

/** For APIs that refused a request without a credential and take sign-ins; one line an origin. */
function setUpHint(results: readonly FinishedRun[]): string {
  const offers = new Map<string, string>();
  for (const { setUp } of results) {
    if (setUp && !offers.has(new URL(setUp.url).origin)) offers.set(new URL(setUp.url).origin, setUp.url);
  }
  const lines = [...offers].map(([origin, url]) => `  ${origin}: countersign credentials discover ${quoted(url)}\n`);
  return lines.length === 0 ? '' : `\nSign-in can be set up. Next:\n${lines.join('')}`;
}

/** As a word of a shell, whatever a redirect made of the address. */
function quoted(url: string): string {
  return /^[\w:/.%@-]+$/.test(url) ? url : `'${url.replaceAll("'", '%27')}'`;
}

function hint(name: string, result: FinishedRun, named: NamedDefinition | undefined): string {
  const to = result.request && /^[a-z]+:\/\/[^/?#]*/i.exec(result.request.url.text)?.[0];
  const signInAt = named && isOAuth(named) ? (named.definition.issuer ?? named.definition.token_endpoint) : undefined;
  const asked = signInAt?.includes('{{') ? undefined : signInAt;
  const interactive = named && isOAuth(named) && takesBrowser(named.definition.grant);
  const command = !named ? `add ${name} --definition JSON` : interactive ? `sign-in ${name}` : `add ${name}`;
  const env = result.environment === undefined ? '' : ` --env ${result.environment}`;
  const lines = [
    `${name} is needed${to ? ` to send to ${to}` : ''}.`,
    ...(asked === undefined ? [] : [`  It would sign in at ${asked}`]),
    'Next, at a terminal:',
    `  countersign credentials ${command}${env}`,
    ...(named
      ? ['Next, in CI:', `  --secret ${name}=ENVVAR --pin HASH (credentials show ${name}${env} prints it)`]
      : []),
  ];
  return `\n${lines.join('\n')}\n`;
}
