/**
 * AWS Signature Version 4 in headers, over the request as it leaves. Source: AWS "Create a signed request" (canonical
 * request, string to sign, signing key), checked against AWS's own test suite.
 */
import { createHash, createHmac } from 'node:crypto';
import type { Secret } from '../secret.ts';
import type { FinalRequest } from '../types.ts';

export interface SigV4Keys {
  readonly accessKeyId: string;
  readonly secretAccessKey: Secret;
  readonly sessionToken?: Secret;
}

export interface SigV4Scope {
  readonly region: string;
  readonly service: string;
}

export interface SignedHeaders {
  /** What follows `AWS4-HMAC-SHA256 ` in `Authorization`. */
  readonly authorization: string;
  /** `X-Amz-Date`. */
  readonly date: string;
  /** `X-Amz-Content-Sha256`, which S3 asks for. */
  readonly contentHash: string | undefined;
}

/** Signed besides `X-Amz-*`: proxies may change any other header on the way. */
const alwaysSigned = new Set(['host', 'content-type', 'content-md5', 'date']);

/** @param now milliseconds since the epoch */
export async function signV4(
  request: FinalRequest,
  keys: SigV4Keys,
  { region, service }: SigV4Scope,
  now: number,
): Promise<SignedHeaders> {
  const date = new Date(now).toISOString().replace(/[-:]|\.\d{3}/g, '');
  const payload = await hashBody(request);
  const isS3 = service === 's3';
  const own: [string, string][] = [
    ['x-amz-date', date],
    ...(keys.sessionToken ? ([['x-amz-security-token', keys.sessionToken.reveal()]] as [string, string][]) : []),
    ...(isS3 ? ([['x-amz-content-sha256', payload]] as [string, string][]) : []),
  ];
  const headers = toCanonicalHeaders(request, own);
  const signed = headers.map(([name]) => name).join(';');
  const canonical = [
    request.method,
    toCanonicalPath(request.url, isS3),
    toCanonicalQuery(request.url),
    ...headers.map(([name, value]) => `${name}:${value}`),
    '',
    signed,
    payload,
  ].join('\n');
  const scope = `${date.slice(0, 8)}/${region}/${service}/aws4_request`;
  const toSign = ['AWS4-HMAC-SHA256', date, scope, sha256(canonical)].join('\n');
  const key = [date.slice(0, 8), region, service, 'aws4_request'].reduce<Buffer>(
    (before, part) => hmac(before, part),
    Buffer.from(`AWS4${keys.secretAccessKey.reveal()}`, 'utf8'),
  );
  const signature = hmac(key, toSign).toString('hex');
  return {
    authorization: `Credential=${keys.accessKeyId}/${scope}, SignedHeaders=${signed}, Signature=${signature}`,
    date,
    contentHash: isS3 ? payload : undefined,
  };
}

function hmac(key: Buffer, text: string): Buffer {
  return createHmac('sha256', key).update(text, 'utf8').digest();
}

function sha256(text: string): string {
  return createHash('sha256').update(text, 'utf8').digest('hex');
}

async function hashBody(request: FinalRequest): Promise<string> {
  const sum = createHash('sha256');
  for await (const chunk of request.body()) sum.update(chunk);
  return sum.digest('hex');
}

/** Names in lower case and order, values of one name joined, spaces folded. */
function toCanonicalHeaders(request: FinalRequest, own: readonly [string, string][]): [string, string][] {
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
function toCanonicalPath(url: URL, isS3: boolean): string {
  if (isS3)
    return url.pathname
      .split('/')
      .map((part) => strictly(decoded(part)))
      .join('/');
  return url.pathname.replace(/\/+/g, '/').split('/').map(strictly).join('/');
}

function toCanonicalQuery(url: URL): string {
  return url.search
    .replace(/^\?/, '')
    .split('&')
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
