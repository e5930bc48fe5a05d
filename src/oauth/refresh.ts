/**
 * Renewing a session so that no refresh token is ever sent twice blindly: under a lock across windows, with the stored
 * session re-read inside it, a mark on it before the request leaves, and the new tokens stored before their first use.
 * Source: auth.md §3.5 (1)–(6), M13, H25, S03–S05; RFC 6749 §6, RFC 9700 §4.14.
 */
import type { Secret } from '../credentials/secret.ts';
import type { Session } from '../credentials/types.ts';
import { CountersignError } from '../errors/countersign-error.ts';
import { abortable, wasNeverSent } from './capped-fetch.ts';
import { toIdentity } from './identity.ts';
import type { TokenAnswer } from './library.ts';
import type { Operation } from './operation.ts';
import { toExtraParameters } from './authorization-url.ts';
import { isPossiblySpent, isRefreshable, isSameSecret, isUsable, toSession, withoutMarker } from './session.ts';
import { storeSession } from './session-storage.ts';
import { toScopeDifference, toVettedTokens } from './token-answer.ts';

export interface RefreshRequest {
  /** The access token that must not be handed out again. */
  readonly rejected: Secret | undefined;
  /** True when a person asked for it: a session that is still good is renewed all the same. */
  readonly force: boolean;
}

/** Throws CS-AUTH-ENDED, CS-AUTH-SIGN-IN-NEEDED, CS-AUTH-UNREACHABLE or what the network said. */
export async function refreshSession(operation: Operation, request: RefreshRequest): Promise<Session> {
  const { credential, share, signal } = operation;
  const { ports, limits } = share;
  const before = await abortable(ports.sessions.get(credential), signal);
  const release = await ports.lock.acquire(toLockName(operation), { staleMs: limits.lockStaleMs, signal });
  try {
    const stored = await abortable(ports.sessions.get(credential), signal);
    if (!stored) throw toNeeded(credential.name);
    const renewedElsewhere = !isSameSecret(before?.accessToken, stored.accessToken);
    if (isUsable(stored, credential, ports.clock.now(), request.rejected) && (!request.force || renewedElsewhere)) {
      return stored;
    }
    requireRefreshable(operation, stored);
    await operation.prepare(false);
    return await refreshStored(operation, stored, true);
  } finally {
    await release();
  }
}

async function refreshStored(operation: Operation, stored: Session, mayRetry: boolean): Promise<Session> {
  const { credential, share } = operation;
  const { ports } = share;
  operation.signal.throwIfAborted();
  operation.dpopKey = stored.dpopKey;
  // From here until the answer is stored, a crash leaves the mark, and the token is not sent again.
  await ports.sessions.set(credential, { ...stored, refreshStartedAt: ports.clock.now() });
  let answer: TokenAnswer;
  try {
    answer = await requestRefresh(operation, stored);
  } catch (error) {
    const other = await afterFailure(operation, stored, error);
    if (other && mayRetry) return refreshStored(operation, other, false);
    throw error;
  }
  const session = await toRefreshedSession(operation, stored, answer);
  const now = await ports.sessions.get(credential);
  if (now && !isSameSecret(now.refreshToken, stored.refreshToken)) return now;
  if (!now) throw toNeeded(credential.name);
  await storeSession(operation, session);
  return session;
}

function requestRefresh(operation: Operation, stored: Session): Promise<TokenAnswer> {
  const { definition } = operation.credential;
  const parameters = new URLSearchParams();
  const { resource } = definition;
  for (const one of resource === undefined ? [] : typeof resource === 'string' ? [resource] : resource) {
    parameters.append('resource', one);
  }
  for (const [name, value] of toExtraParameters(definition.token_parameters).kept) parameters.append(name, value);
  return operation.requestTokens({
    step: 'refresh',
    run: (library, config, options) =>
      library.refreshTokenGrant(config, (stored.refreshToken as Secret).reveal(), parameters, options),
  });
}

/** What the store says after a refresh that gave nothing. Resolves to another window's session to try instead. */
async function afterFailure(operation: Operation, stored: Session, error: unknown): Promise<Session | undefined> {
  const { credential, share } = operation;
  const { ports } = share;
  const facts = error instanceof CountersignError ? error.facts : {};
  const now = await ports.sessions.get(credential).catch(() => undefined);
  if (!now || !isSameSecret(now.refreshToken, stored.refreshToken)) {
    return now && isRefreshable(now, credential) && !isPossiblySpent(now) && facts['error'] === 'invalid_grant'
      ? now
      : undefined;
  }
  const { endedAt: _ended, ...clean } = withoutMarker(stored);
  if (facts['error'] === 'invalid_grant') {
    await ports.sessions.set(credential, { ...clean, endedAt: ports.clock.now() }).catch(() => undefined);
    return undefined;
  }
  if (wasNeverSent(error) || isRefusal(facts)) await ports.sessions.set(credential, clean).catch(() => undefined);
  return undefined;
}

/** The server said no to the request as a whole, so it did not spend the refresh token. */
function isRefusal(facts: Readonly<Record<string, unknown>>): boolean {
  const { error, status } = facts as { error?: unknown; status?: unknown };
  if (typeof status !== 'number') return false;
  return status === 429 || status === 503 || (status >= 400 && status < 500 && typeof error === 'string');
}

/** The new session, which has to speak for the same person as the old one (OIDC Core §12.2). */
async function toRefreshedSession(operation: Operation, stored: Session, answer: TokenAnswer): Promise<Session> {
  const { credential, provider, share, trace } = operation;
  const claims = answer.claims() as Record<string, unknown> | undefined;
  const signed = provider.issuer !== undefined && typeof provider.metadata['jwks_uri'] === 'string';
  if (claims) {
    await trace.step('id-token', async ({ detail }) => {
      const subject = stored.identity?.subject;
      const issuer = stored.identity?.issuer;
      if (
        (subject !== undefined && claims['sub'] !== subject) ||
        (issuer !== undefined && provider.issuer !== issuer)
      ) {
        await share.ports.sessions.set(credential, { ...withoutMarker(stored), endedAt: share.ports.clock.now() });
        throw new CountersignError('CS-AUTH-ID-TOKEN', `${provider.host} renewed the session for another person.`, {
          next: 'The new tokens were thrown away. Sign in again.',
        });
      }
      detail('same iss and sub as before');
    });
  }
  const fresh = toIdentity(claims, undefined, {
    clientId: credential.definition.client_id,
    issuer: provider.issuer,
    verified: signed,
  });
  const tokens = toVettedTokens(answer, {
    credential: credential.name,
    host: provider.host,
    requested: stored.scope,
  });
  const difference = toScopeDifference(stored.scope, tokens.scope);
  if (difference !== undefined) trace.amend('refresh', 'warning', `scope changed: ${difference}`);
  const about = {
    now: share.ports.clock.now(),
    issuer: provider.issuer,
    identity: stored.identity ?? (claims ? fresh : undefined),
    dpopKey: operation.dpopKey,
  };
  return toSession(credential, tokens, about, stored);
}

function requireRefreshable(operation: Operation, stored: Session): void {
  const { credential } = operation;
  if (stored.endedAt !== undefined || isPossiblySpent(stored)) throw toEnded(credential.name);
  if (!isRefreshable(stored, credential)) throw toNeeded(credential.name);
}

export function toEnded(name: string): CountersignError {
  return new CountersignError('CS-AUTH-ENDED', `The session of ${name} has ended.`);
}

export function toNeeded(name: string): CountersignError {
  return new CountersignError('CS-AUTH-SIGN-IN-NEEDED', `${name} is not signed in.`);
}

export function toLockName({ credential }: Pick<Operation, 'credential'>): string {
  return `session-${credential.name}-${credential.hash.slice(0, 16)}`;
}
