/** Header fields between Node's flat lists, our pairs, and the form that HTTP/2 has for them. Pure. Source: RFC 9113 §8. */
import { CountersignError } from '../../errors/countersign-error.ts';
import type { RequestHead } from '../request-head.ts';
import type { HeaderPair } from '../types.ts';

/** Node's flat list of names and values as pairs; pseudo fields are no headers. */
export function toPairs(raw: readonly string[]): HeaderPair[] {
  const pairs: HeaderPair[] = [];
  for (let index = 0; index + 1 < raw.length; index += 2) {
    const name = raw[index] ?? '';
    if (!name.startsWith(':')) pairs.push([name, raw[index + 1] ?? '']);
  }
  return pairs;
}

/** About one connection, of which HTTP/2 has none of its own (RFC 9113 §8.2.2); `Host` becomes `:authority`. */
const hopByHop: ReadonlySet<string> = new Set([
  'connection',
  'host',
  'http2-settings',
  'keep-alive',
  'proxy-connection',
  'transfer-encoding',
  'upgrade',
]);

/** The fields as HTTP/2 writes them: lower case, in order, without those of a connection. */
export function toHttp2Fields(head: RequestHead): HeaderPair[] {
  return head.headers.flatMap(([name, value]): HeaderPair[] => {
    const lower = name.toLowerCase();
    if (hopByHop.has(lower) || (lower === 'te' && value.trim().toLowerCase() !== 'trailers')) return [];
    return [[lower, value.trim()]];
  });
}

const secretName = /authorization|cookie|key|token|secret|password|signature/;

/** Names that no compression table may keep (RFC 7541 §7.1.3). */
export function neverIndexed(fields: readonly HeaderPair[]): string[] {
  return [...new Set(fields.map(([name]) => name).filter((name) => secretName.test(name)))];
}

/** What node:http2 takes: one key a name, repeats as a list. */
export function toHttp2Headers(
  head: RequestHead,
  pseudo: { readonly scheme: string; readonly host: string },
  fields: readonly HeaderPair[],
): Record<string, string | string[]> {
  const written = head.headers.find(([name]) => name.toLowerCase() === 'host')?.[1].trim();
  const headers = Object.assign(Object.create(null) as Record<string, string | string[]>, {
    ':method': head.method,
    ':scheme': pseudo.scheme,
    ':authority': written ?? pseudo.host,
    ':path': head.target,
  });
  for (const [name, value] of fields) {
    const before = headers[name];
    headers[name] = before === undefined ? value : [...(Array.isArray(before) ? before : [before]), value];
  }
  return headers;
}

/** For a field that may stand once only and was written twice. */
export function repeatedField(cause: unknown): CountersignError {
  return new CountersignError('CS-HTTP-HEADER', 'A header is there more than once that HTTP/2 allows once.', {
    cause,
    next: 'Leave one of them, or write HTTP/1.1 behind the address.',
  });
}
