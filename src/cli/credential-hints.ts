/**
 * After a run that lacked a credential: what would be signed in to and sent to, and both ways on, at a terminal and in
 * CI. Source: design.md I2.1.
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
    if (!result.error || exitCodes.forError(result.error) !== exitCodes.credentialNeeded) continue;
    const name = result.credential?.name ?? result.error.facts['name'];
    if (typeof name === 'string' && !needed.has(name)) needed.set(name, result);
  }
  const hints = [...needed].map(async ([name, result]) => {
    const root = jobs.find((job) => job.path === result.path)?.root;
    return hint(name, result, await composed.vault.find(name, root));
  });
  return (await Promise.all(hints)).join('');
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
