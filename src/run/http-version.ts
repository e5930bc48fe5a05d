/**
 * The version of HTTP that a request line asks for, and what is said when the server spoke another. Pure.
 * Source: dialects.md §4 R4; RFC 9113 §3.3.
 */
import type { Exchange, HttpVersion, OutgoingRequest } from '../http/types.ts';
import type { SentRequest } from './types.ts';

/** On plain http there is nobody to agree with, so HTTP/2 is spoken at once there. @param written `HTTP/2` or null */
export function toHttpVersion(written: string | null, url: URL): Pick<OutgoingRequest, 'httpVersion'> {
  const version = written?.replace(/^HTTP\//i, '') ?? '';
  if (version === '') return {};
  if (version === '1.0' || version === '1.1') return { httpVersion: version };
  const known = /prior/i.test(version) || (version.startsWith('2') && url.protocol === 'http:');
  return { httpVersion: known ? '2-prior-knowledge' : '2' };
}

/** What is asked for, before anybody answered. */
export function shownVersion(version: HttpVersion | undefined): string {
  return version === undefined ? 'HTTP/1.1' : `HTTP/${version.replace(/-.*/, '')}`;
}

/** The request with the version that was agreed to. */
export function withAgreedVersion(
  request: SentRequest | undefined,
  exchange: Exchange | undefined,
): SentRequest | undefined {
  const spoken = exchange?.hops[0]?.response?.httpVersion;
  if (!request || spoken === undefined) return request;
  if (spoken.startsWith('2')) return { ...request, httpVersion: 'HTTP/2' };
  return request.httpVersion.startsWith('HTTP/2') ? { ...request, httpVersion: 'HTTP/1.1' } : request;
}

/** @param written of the request line */
export function versionNote(written: string | null, exchange: Exchange): string | undefined {
  const spoken = exchange.hops[0]?.response?.httpVersion ?? '';
  if (written?.startsWith('HTTP/3') === true) return `HTTP/3 is not offered here; HTTP/${spoken} was spoken.`;
  if (written?.startsWith('HTTP/2') !== true || spoken.startsWith('2')) return undefined;
  return `${new URL(exchange.hops[0]?.url ?? '').host} does not offer HTTP/2; HTTP/${spoken} was spoken.`;
}
