/**
 * A refresh token that the person already has, pasted once into the secret store. From then on the session renews as any
 * other, also when the server gives a new one each time. Source: RFC 6749 §6.
 */
import type { Secret } from '../../credentials/secret.ts';
import { toExtraParameters } from '../authorization-url.ts';
import { abortable } from '../capped-fetch.ts';
import { identify } from '../identify.ts';
import type { TokenAnswer } from '../library.ts';
import type { Operation } from '../operation.ts';
import { toLockName } from '../refresh.ts';
import { toResourceParameters } from '../request-parameters.ts';
import type { Grant } from './grant.ts';

export const refreshToken: Grant = {
  name: 'refresh_token',
  label: 'With a refresh token you have',
  who: 'service',
  reason: 'For a refresh token that another program was given; nobody has to sign in.',
  fields: [],
  needs: ['token_endpoint'],
  clientSecret: 'optional',
  secrets: [{ id: 'refresh_token', label: 'refresh token', required: true }],
  browser: false,
  interactive: false,
  plan: ['definition', 'discovery', 'client-authentication', 'pasted-refresh', 'id-token', 'store'],
  async obtain(operation) {
    const { definition } = operation.credential;
    const token = await takeToken(operation);
    const parameters = new URLSearchParams();
    if (definition.scope) parameters.set('scope', definition.scope);
    for (const [name, value] of toResourceParameters(definition)) {
      if (name === 'resource') parameters.append(name, value);
    }
    for (const [name, value] of toExtraParameters(definition.token_parameters).kept) parameters.append(name, value);
    const answer = await operation.requestTokens({
      step: 'pasted-refresh',
      run: (library, config, options) => library.refreshTokenGrant(config, token.reveal(), parameters, options),
    });
    // A server that gives no new one means the same to be used again.
    const identity = await identify(operation, answer);
    const kept = { ...answer, refresh_token: answer.refresh_token ?? token.reveal() } as unknown as TokenAnswer;
    return { answer: kept, identity };
  },
};

/** Between the answer to another window and its session at rest. */
const storingMs = 5000;

/**
 * The pasted token, or the one that another window got for it a moment ago: a rotating server would take a second use of
 * the pasted one for theft. The lock is held until the session is stored (auth.md §3.5).
 */
async function takeToken(operation: Operation): Promise<Secret> {
  const { credential, share, signal } = operation;
  const { ports, limits } = share;
  const pasted = await operation.requireSecret('refresh_token', 'refresh token');
  const lock = `${toLockName(operation)}-pasted`;
  const release = await ports.lock.acquire(lock, { staleMs: limits.lockStaleMs, signal });
  operation.onEnd(release);
  const stored = await abortable(
    ports.sessions.get(credential).catch(() => undefined),
    signal,
  );
  return (stored && stored.obtainedAt >= operation.startedAt - storingMs ? stored.refreshToken : undefined) ?? pasted;
}
