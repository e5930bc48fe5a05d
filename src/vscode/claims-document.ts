/**
 * The claims of a session's tokens as JSON for a person: decoded without the signature, times in local time beside, and
 * what nothing vouches for labelled so. A token itself is never in it. Pure. Source: design.md C3.1, RFC 7519 §4.1.
 */
import { Buffer } from 'node:buffer';
import { parseJsonObject } from '../credentials/json-object.ts';
import type { Session } from '../credentials/types.ts';
import { toInertJson } from '../oauth/server-text.ts';

const times = ['iat', 'nbf', 'exp', 'auth_time', 'updated_at'];

/** @param toLocal of milliseconds since the epoch */
export function toClaimsDocument(
  credential: string,
  session: Pick<Session, 'accessToken' | 'idToken' | 'identity' | 'scope' | 'expiresAt'>,
  toLocal: (at: number) => string,
): string {
  const verified = session.identity?.verified === true;
  const tokens = {
    ...(session.idToken === undefined
      ? {}
      : {
          id_token: toPart(
            session.idToken.reveal(),
            verified
              ? 'signature, iss, aud and nonce were checked at sign-in'
              : 'not verified: nothing vouches for these claims',
            toLocal,
          ),
        }),
    access_token: toPart(
      session.accessToken.reveal(),
      'not verified: it is the API that checks this token; these claims are shown, not used',
      toLocal,
    ),
  };
  const about = {
    credential,
    ...(session.identity === undefined ? {} : { signed_in_as: session.identity.label }),
    scope: session.scope.join(' '),
    ...(session.expiresAt === undefined ? {} : { access_token_ends: toLocal(session.expiresAt) }),
  };
  return `${toInertJson({ ...about, ...tokens }, 2)}\n`;
}

type Json = Record<string, unknown>;

function toPart(token: string, note: string, toLocal: (at: number) => string): Json {
  const parts = token.split('.');
  const header = parts.length === 3 ? parsePart(parts[0]) : undefined;
  const claims = parts.length === 3 ? parsePart(parts[1]) : undefined;
  if (!header || !claims) return { note: 'opaque: it holds no claims that a client can read' };
  return { note, header, claims, ...toLocalTimes(claims, toLocal) };
}

/** `local_times` of the claims that are times; nothing where there is none. */
export function toLocalTimes(
  claims: Readonly<Record<string, unknown>>,
  toLocal: (at: number) => string,
): { readonly local_times?: Readonly<Record<string, string>> } {
  const local: Record<string, string> = {};
  for (const name of times) {
    const seconds = claims[name];
    if (typeof seconds === 'number' && Math.abs(seconds) < 8.64e12) local[name] = toLocal(seconds * 1000);
  }
  return Object.keys(local).length === 0 ? {} : { local_times: local };
}

function parsePart(part: string | undefined): Json | undefined {
  return parseJsonObject(Buffer.from(part ?? '', 'base64url').toString('utf8'));
}
