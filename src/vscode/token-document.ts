/**
 * What an identity provider said of a session, as JSON for a person: times in local time beside, and what was checked in
 * words. Text of a server: it is shown inert. Pure. Source: RFC 7662 §2.2, OIDC Core §5.3.2.
 */
import { toInertJson } from '../oauth/server-text.ts';
import type { Introspection, UserInfo } from '../oauth/types.ts';
import { toLocalTimes } from './claims-document.ts';

/** @param toLocal of milliseconds since the epoch */
export function toIntrospectionDocument(
  credential: string,
  { host, token, signed, answer }: Introspection,
  toLocal: (at: number) => string,
): string {
  const note = signed
    ? 'a signed answer: typ, iss, aud and signature were checked (RFC 9701)'
    : 'not signed: the connection alone vouches for it';
  const about = { credential, asked: host, token: `${token}_token`, note };
  return `${toInertJson({ ...about, introspection: answer, ...toLocalTimes(answer, toLocal) }, 2)}\n`;
}

/** @param toLocal of milliseconds since the epoch */
export function toUserInfoDocument(
  credential: string,
  { host, claims }: UserInfo,
  toLocal: (at: number) => string,
): string {
  const about = { credential, asked: host, note: 'sub is that of the ID token' };
  return `${toInertJson({ ...about, userinfo: claims, ...toLocalTimes(claims, toLocal) }, 2)}\n`;
}
