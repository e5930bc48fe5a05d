/**
 * AWS Signature Version 4 over the request as it leaves, in headers or in the query (presigned), for one region or, with
 * an asymmetric key, for several (SigV4A). Source: AWS "Create a signed request" (canonical request, string to sign,
 * signing key), checked against AWS's own test suite.
 */
import { createHash, createHmac, sign } from 'node:crypto';
import type { Secret } from '../secret.ts';
import type { FinalRequest } from '../types.ts';
import { hashBody, toCanonicalHeaders, toCanonicalPath, toCanonicalQuery } from './canonical-request.ts';
import { deriveSigV4aKey } from './sigv4a-key.ts';

export interface SigV4Keys {
  readonly accessKeyId: string;
  readonly secretAccessKey: Secret;
  readonly sessionToken?: Secret;
}

export interface SigV4Scope {
  readonly region: string;
  readonly service: string;
  /** `*`, or regions with commas between: SigV4A signs for all of them. */
  readonly regionSet?: string;
}

export interface SignedHeaders {
  readonly algorithm: string;
  /** What follows the algorithm in `Authorization`. */
  readonly authorization: string;
  /** `X-Amz-Date`. */
  readonly date: string;
  /** `X-Amz-Content-Sha256`, which S3 asks for. */
  readonly contentHash: string | undefined;
}

/** Signed besides `X-Amz-*`: proxies may change any other header on the way. */
const signedInHeaders = new Set(['host', 'content-type', 'content-md5', 'date']);
/** A presigned address may be used by another client, which writes its own headers. */
const signedInQuery = new Set(['host']);

/** @param now milliseconds since the epoch */
export async function signV4(
  request: FinalRequest,
  keys: SigV4Keys,
  scope: SigV4Scope,
  now: number,
): Promise<SignedHeaders> {
  const signing = begin(keys, scope, now);
  const payload = await hashBody(request);
  const isS3 = scope.service === 's3';
  const own: [string, string][] = [
    ['x-amz-date', signing.date],
    ...(scope.regionSet === undefined ? [] : ([['x-amz-region-set', scope.regionSet]] as [string, string][])),
    ...(keys.sessionToken ? ([['x-amz-security-token', keys.sessionToken.reveal()]] as [string, string][]) : []),
    ...(isS3 ? ([['x-amz-content-sha256', payload]] as [string, string][]) : []),
  ];
  const headers = toCanonicalHeaders(request, own, signedInHeaders);
  const signed = headers.map(([name]) => name).join(';');
  const query = toCanonicalQuery(request.url);
  const signature = finish(signing, keys, scope, toCanonicalRequest(request, query, headers, payload, isS3));
  return {
    algorithm: signing.algorithm,
    authorization: `Credential=${signing.credential}, SignedHeaders=${signed}, Signature=${signature}`,
    date: signing.date,
    contentHash: isS3 ? payload : undefined,
  };
}

/** The parameters of a presigned address, the signature last. @param expiresIn seconds */
export async function presignV4(
  request: FinalRequest,
  keys: SigV4Keys,
  scope: SigV4Scope,
  now: number,
  expiresIn: number,
): Promise<readonly (readonly [name: string, value: string])[]> {
  const signing = begin(keys, scope, now);
  const isS3 = scope.service === 's3';
  // The body of an upload to S3 comes from whoever uses the address.
  const payload = isS3 ? 'UNSIGNED-PAYLOAD' : await hashBody(request);
  const headers = toCanonicalHeaders(request, [], signedInQuery);
  const own: [string, string][] = [
    ['X-Amz-Algorithm', signing.algorithm],
    ['X-Amz-Credential', signing.credential],
    ['X-Amz-Date', signing.date],
    ['X-Amz-Expires', String(expiresIn)],
    ...(scope.regionSet === undefined ? [] : ([['X-Amz-Region-Set', scope.regionSet]] as [string, string][])),
    ...(keys.sessionToken ? ([['X-Amz-Security-Token', keys.sessionToken.reveal()]] as [string, string][]) : []),
    ['X-Amz-SignedHeaders', headers.map(([name]) => name).join(';')],
  ];
  const query = toCanonicalQuery(request.url, own);
  const signature = finish(signing, keys, scope, toCanonicalRequest(request, query, headers, payload, isS3));
  return [...own, ['X-Amz-Signature', signature]];
}

interface Signing {
  readonly algorithm: string;
  readonly date: string;
  readonly day: string;
  readonly scope: string;
  readonly credential: string;
}

function begin(keys: SigV4Keys, { region, service, regionSet }: SigV4Scope, now: number): Signing {
  const date = new Date(now).toISOString().replace(/[-:]|\.\d{3}/g, '');
  const day = date.slice(0, 8);
  const scope = [day, ...(regionSet === undefined ? [region] : []), service, 'aws4_request'].join('/');
  const algorithm = regionSet === undefined ? 'AWS4-HMAC-SHA256' : 'AWS4-ECDSA-P256-SHA256';
  return { algorithm, date, day, scope, credential: `${keys.accessKeyId}/${scope}` };
}

function toCanonicalRequest(
  request: FinalRequest,
  query: string,
  headers: readonly (readonly [string, string])[],
  payload: string,
  isS3: boolean,
): string {
  return [
    request.method,
    toCanonicalPath(request.url, isS3),
    query,
    ...headers.map(([name, value]) => `${name}:${value}`),
    '',
    headers.map(([name]) => name).join(';'),
    payload,
  ].join('\n');
}

function finish(
  { algorithm, date, day, scope }: Signing,
  keys: SigV4Keys,
  { region, service, regionSet }: SigV4Scope,
  canonical: string,
): string {
  const toSign = [algorithm, date, scope, createHash('sha256').update(canonical, 'utf8').digest('hex')].join('\n');
  if (regionSet !== undefined) {
    const key = deriveSigV4aKey(keys.accessKeyId, keys.secretAccessKey.reveal());
    return sign('sha256', Buffer.from(toSign), key).toString('hex');
  }
  const key = [day, region, service, 'aws4_request'].reduce<Buffer>(
    (before, part) => hmac(before, part),
    Buffer.from(`AWS4${keys.secretAccessKey.reveal()}`, 'utf8'),
  );
  return hmac(key, toSign).toString('hex');
}

function hmac(key: Buffer, text: string): Buffer {
  return createHmac('sha256', key).update(text, 'utf8').digest();
}
