/** From vetted tokens to the session that is stored, and whether a stored one can still be used. Pure. */
import type { Secret } from '../credentials/secret.ts';
import type { Identity, Session } from '../credentials/types.ts';
import type { OAuthCredential } from './ports.ts';
import { toScopeList, type VettedTokens } from './token-answer.ts';

/** A token is not handed out in its last minute; of a short-lived one, not in its last quarter. */
const marginMs = 60_000;

export function toSession(
  credential: OAuthCredential,
  tokens: VettedTokens,
  about: {
    readonly now: number;
    readonly issuer: string | undefined;
    readonly identity: Identity | undefined;
    readonly dpopKey: Secret | undefined;
  },
  previous?: Session,
): Session {
  const refreshToken = tokens.refreshToken ?? previous?.refreshToken;
  const idToken = tokens.idToken ?? previous?.idToken;
  const identity = about.identity ?? previous?.identity;
  return {
    accessToken: tokens.accessToken,
    ...(refreshToken === undefined ? {} : { refreshToken }),
    ...(idToken === undefined ? {} : { idToken }),
    tokenType: tokens.tokenType,
    ...(about.dpopKey === undefined ? {} : { dpopKey: about.dpopKey }),
    scope: tokens.scope,
    requestedScope: toScopeList(credential.definition.scope),
    obtainedAt: about.now,
    ...(tokens.expiresIn === undefined ? {} : { expiresAt: about.now + tokens.expiresIn * 1000 }),
    ...(about.issuer === undefined ? {} : { issuer: about.issuer }),
    ...(identity === undefined ? {} : { identity }),
    definitionHash: credential.hash,
    ...(previous && tokens.refreshToken === undefined && refreshToken ? { refreshTokenReusable: true } : {}),
  };
}

/** The session without what an unfinished refresh left on it. */
export function withoutMarker(session: Session): Session {
  const { refreshStartedAt: _marker, ...rest } = session;
  return rest;
}

/** The session as a sign-out leaves it until it is deleted: neither used nor refreshed by anybody any more. */
export function toEndedNow(session: Session, now: number): Session {
  return { ...withoutMarker(session), expiresAt: now, endedAt: now };
}

export function isSameSecret(left: Secret | undefined, right: Secret | undefined): boolean {
  return left !== undefined && left.reveal() === right?.reveal();
}

/** True when the access token may be handed out now. */
export function isUsable(
  session: Session | undefined,
  credential: OAuthCredential,
  now: number,
  rejected: Secret | undefined,
): session is Session {
  if (session?.definitionHash !== credential.hash || isSameSecret(session.accessToken, rejected)) return false;
  if (session.expiresAt === undefined) return true;
  const lifetime = session.expiresAt - session.obtainedAt;
  return session.expiresAt - now > Math.min(marginMs, lifetime / 4);
}

/** True when a refresh may be tried without a person; whether it may be sent is decided inside the lock. */
export function isRefreshable(session: Session | undefined, credential: OAuthCredential): session is Session {
  return (
    session?.definitionHash === credential.hash && session.refreshToken !== undefined && session.endedAt === undefined
  );
}

/**
 * True when its refresh token was sent by someone whose answer never came to rest here. Only the holder of the lock can
 * tell: without it, the answer may still be on its way.
 */
export function isPossiblySpent(session: Session): boolean {
  return session.refreshStartedAt !== undefined && session.refreshTokenReusable !== true;
}
