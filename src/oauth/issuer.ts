/**
 * An issuer identifier from whatever a person pastes, and the places where its metadata may be. It never relaxes the
 * comparison: that is `discovery.ts`. Source: OpenID Connect Discovery §4, RFC 8414 §3 (path appended and inserted).
 */
import { CountersignError } from '../errors/countersign-error.ts';
import { toInertText } from './server-text.ts';

const suffix = /\/\.well-known\/(openid-configuration|oauth-authorization-server)\/?$/;
const inserted = /^\/\.well-known\/(openid-configuration|oauth-authorization-server)(\/.+)$/;

/** The issuer as it was written, without well-known parts, query or fragment. Throws CS-AUTH-DISCOVERY. */
export function parseIssuer(text: string): string {
  const trimmed = text.trim();
  let url: URL;
  try {
    url = new URL(/^[a-z][a-z0-9+.-]*:/i.test(trimmed) ? trimmed : `https://${trimmed}`);
  } catch {
    throw refuse(trimmed, 'is not an address');
  }
  if (url.protocol !== 'https:') throw refuse(trimmed, 'is not an https address');
  if (url.username || url.password) throw refuse(trimmed, 'holds a user name or password');
  const wanted = inserted.exec(url.pathname)?.[2] ?? url.pathname.replace(suffix, '');
  if (wanted === url.pathname) {
    const kept = trimmed.replace(/[?#].*$/s, '');
    return kept.includes('://') ? kept : `https://${kept}`;
  }
  return wanted === '' || wanted === '/' ? url.origin : url.origin + wanted;
}

export interface WellKnown {
  readonly url: string;
  readonly kind: 'oidc' | 'oauth2';
}

/** In the order to try. */
export function toWellKnownUrls(issuer: string): readonly WellKnown[] {
  const url = new URL(issuer);
  const path = url.pathname.replace(/\/+$/, '');
  const urls: WellKnown[] = [
    { url: `${url.origin}${path}/.well-known/openid-configuration`, kind: 'oidc' },
    { url: `${url.origin}/.well-known/oauth-authorization-server${path}`, kind: 'oauth2' },
  ];
  if (path !== '') urls.push({ url: `${url.origin}${path}/.well-known/oauth-authorization-server`, kind: 'oauth2' });
  return urls;
}

/** Identical, but for the slash that a URL without a path always has. */
export function isSameIssuer(expected: string, actual: string): boolean {
  if (expected === actual) return true;
  try {
    const [left, right] = [new URL(expected), new URL(actual)];
    const bare = (url: URL, text: string): boolean => text === url.origin || text === `${url.origin}/`;
    return left.origin === right.origin && bare(left, expected) && bare(right, actual);
  } catch {
    return false;
  }
}

function refuse(text: string, why: string): CountersignError {
  return new CountersignError('CS-AUTH-DISCOVERY', `The issuer “${toInertText(text, 120)}” ${why}.`, {
    next: 'Give the issuer as an https address, as the identity provider prints it.',
  });
}
