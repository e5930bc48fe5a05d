/**
 * The canonical form of a request, which AWS and we both sign: path, query, headers, hash of the body.
 * Source: AWS "Create a signed request", step 1.
 */
import { createHash } from 'node:crypto';
import type { FinalRequest } from '../types.ts';

export async function hashBody(request: FinalRequest): Promise<string> {
  const sum = createHash('sha256');
  for await (const chunk of request.body()) sum.update(chunk);
  return sum.digest('hex');
}

/** Names in lower case and order, values of one name joined, spaces folded. @param own those that signing puts on */
export function toCanonicalHeaders(
  request: FinalRequest,
  own: readonly (readonly [string, string])[],
  alwaysSigned: ReadonlySet<string>,
): [string, string][] {
  const replaced = new Set(own.map(([name]) => name));
  const values = new Map<string, string[]>([['host', [request.url.host]]]);
  let hostWritten = false;
  for (const [name, value] of request.headers) {
    const key = name.toLowerCase();
    if (replaced.has(key) || !(alwaysSigned.has(key) || key.startsWith('x-amz-'))) continue;
    if (key === 'host' && !hostWritten) {
      hostWritten = true;
      values.set(key, []);
    }
    values.set(key, [...(values.get(key) ?? []), value]);
  }
  for (const [name, value] of own) values.set(name, [value]);
  return [...values]
    .map(([name, all]): [string, string] => [name, all.map((value) => value.trim().replace(/ +/g, ' ')).join(',')])
    .sort(([left], [right]) => (left < right ? -1 : 1));
}

/** Each segment encoded once more than on the wire, slashes folded; but for S3, whose keys are taken as they are. */
export function toCanonicalPath(url: URL, isS3: boolean): string {
  if (isS3)
    return url.pathname
      .split('/')
      .map((part) => strictly(decoded(part)))
      .join('/');
  return url.pathname.replace(/\/+/g, '/').split('/').map(strictly).join('/');
}

/** @param own parameters that signing puts on */
export function toCanonicalQuery(url: URL, own: readonly (readonly [string, string])[] = []): string {
  const added = own.map(([name, value]) => `${strictly(name)}=${strictly(value)}`);
  return [...url.search.replace(/^\?/, '').split('&'), ...added]
    .filter((pair) => pair !== '')
    .map((pair): [string, string] => {
      const at = pair.indexOf('=');
      const [name, value] = at < 0 ? [pair, ''] : [pair.slice(0, at), pair.slice(at + 1)];
      return [strictly(decoded(name.replaceAll('+', ' '))), strictly(decoded(value.replaceAll('+', ' ')))];
    })
    .sort(([left, leftValue], [right, rightValue]) =>
      left === right ? (leftValue < rightValue ? -1 : 1) : left < right ? -1 : 1,
    )
    .map(([name, value]) => `${name}=${value}`)
    .join('&');
}

function decoded(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}

/** Everything but the unreserved characters of RFC 3986. */
function strictly(text: string): string {
  return encodeURIComponent(text).replace(/[!'()*]/g, (one) => `%${one.charCodeAt(0).toString(16).toUpperCase()}`);
}
