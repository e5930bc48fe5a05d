/**
 * Reads `Set-Cookie` lines for show: name, value and attributes as the server wrote them. It stores and judges nothing;
 * whether a cookie would be kept is for a jar. Source: RFC 6265 §5.2.
 */
import type { HeaderPair } from './types.ts';
import { valuesOf } from './request-head.ts';

export interface ReceivedCookie {
  readonly name: string;
  readonly value: string;
  readonly domain?: string;
  readonly path?: string;
  /** ISO 8601, when the server's date could be read. */
  readonly expires?: string;
  /** Seconds. */
  readonly maxAge?: number;
  readonly secure: boolean;
  readonly httpOnly: boolean;
  readonly sameSite?: string;
  readonly partitioned: boolean;
}

const maxCookies = 200;

/** One line; undefined when it holds no cookie. */
export function parseSetCookie(line: string): ReceivedCookie | undefined {
  const [pair = '', ...attributes] = line.split(';');
  const equals = pair.indexOf('=');
  const name = equals === -1 ? '' : pair.slice(0, equals).trim();
  const value = pair.slice(equals + 1).trim();
  if (name === '' && value === '') return undefined;
  const known = new Map<string, string>();
  for (const attribute of attributes) {
    const at = attribute.indexOf('=');
    const key = (at === -1 ? attribute : attribute.slice(0, at)).trim().toLowerCase();
    known.set(key, at === -1 ? '' : attribute.slice(at + 1).trim());
  }
  const domain = known.get('domain')?.replace(/^\./, '').toLowerCase();
  const path = known.get('path');
  const sameSite = known.get('samesite');
  const expires = Date.parse(known.get('expires') ?? '');
  const maxAge = known.get('max-age');
  return {
    name,
    value,
    ...(domain === undefined || domain === '' ? {} : { domain }),
    ...(path?.startsWith('/') === true ? { path } : {}),
    ...(Number.isNaN(expires) ? {} : { expires: new Date(expires).toISOString() }),
    ...(maxAge !== undefined && /^-?\d{1,15}$/.test(maxAge) ? { maxAge: Number(maxAge) } : {}),
    secure: known.has('secure'),
    httpOnly: known.has('httponly'),
    ...(sameSite === undefined || sameSite === '' ? {} : { sameSite }),
    partitioned: known.has('partitioned'),
  };
}

/** All cookies of a response, in order, at most 200. */
export function parseReceivedCookies(headers: readonly HeaderPair[]): ReceivedCookie[] {
  return valuesOf(headers, 'set-cookie')
    .slice(0, maxCookies)
    .flatMap((line) => parseSetCookie(line) ?? []);
}
