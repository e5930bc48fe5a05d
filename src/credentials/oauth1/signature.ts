/**
 * The signature of OAuth 1.0a over one request: the base string and its seven methods. Source: RFC 5849 §3.4–3.6; SHA-2
 * methods as servers and `oauthlib` name them; the body hash of the OAuth Request Body Hash draft.
 */
import { createHash, createHmac, createSign } from 'node:crypto';
import type { Secret } from '../secret.ts';

export const signatureMethods = [
  'HMAC-SHA1',
  'HMAC-SHA256',
  'HMAC-SHA512',
  'RSA-SHA1',
  'RSA-SHA256',
  'RSA-SHA512',
  'PLAINTEXT',
] as const;

export type SignatureMethod = (typeof signatureMethods)[number];

export type Parameter = readonly [name: string, value: string];

export interface SigningKeys {
  /** The client's shared secret; '' for none. */
  readonly clientSecret: string;
  readonly tokenSecret: string;
  /** For the RSA methods. */
  readonly privateKey?: { readonly key: Secret; readonly passphrase?: Secret };
}

/** @param parameters of the query, of a form body and of the protocol, decoded @throws Error when the key cannot sign */
export function signOAuth1(
  signatureMethod: SignatureMethod,
  request: { readonly method: string; readonly url: URL },
  parameters: readonly Parameter[],
  keys: SigningKeys,
): string {
  const shared = `${encode(keys.clientSecret)}&${encode(keys.tokenSecret)}`;
  if (signatureMethod === 'PLAINTEXT') return shared;
  const text = toBaseString(request, parameters);
  const [family, hash = 'SHA1'] = signatureMethod.split('-');
  if (family === 'HMAC') return createHmac(hash.toLowerCase(), shared).update(text).digest('base64');
  if (!keys.privateKey) throw new Error('There is no private key.');
  const { key, passphrase } = keys.privateKey;
  return createSign(`RSA-${hash}`)
    .update(text)
    .sign({ key: key.reveal(), ...(passphrase === undefined ? {} : { passphrase: passphrase.reveal() }) }, 'base64');
}

/** §3.4.1. */
export function toBaseString(
  { method, url }: { readonly method: string; readonly url: URL },
  parameters: readonly Parameter[],
): string {
  const pairs = parameters
    .filter(([name]) => name !== 'oauth_signature' && name !== 'realm')
    .map(([name, value]): Parameter => [encode(name), encode(value)])
    .sort(([left, leftValue], [right, rightValue]) => compare(left, right) || compare(leftValue, rightValue))
    .map(([name, value]) => `${name}=${value}`)
    .join('&');
  return [method.toUpperCase(), `${url.protocol}//${url.host}${url.pathname}`, pairs].map(encode).join('&');
}

/** Of a query or a form body, decoded as a form is: `+` is a space (§3.4.1.3.1). */
export function toParameters(text: string): Parameter[] {
  return text
    .split('&')
    .filter((pair) => pair !== '')
    .map((pair): Parameter => {
      const at = pair.indexOf('=');
      const [name, value] = at < 0 ? [pair, ''] : [pair.slice(0, at), pair.slice(at + 1)];
      return [decode(name), decode(value)];
    });
}

export function toBodyHash(body: Uint8Array, signatureMethod: SignatureMethod): string {
  const hash = /SHA\d+$/.exec(signatureMethod)?.[0].toLowerCase() ?? 'sha1';
  return createHash(hash).update(body).digest('base64');
}

/** §3.6: everything but the unreserved characters, in UTF-8. */
export function encode(text: string): string {
  return encodeURIComponent(text).replace(/[!'()*]/g, (one) => `%${one.charCodeAt(0).toString(16).toUpperCase()}`);
}

function decode(text: string): string {
  const spaced = text.replaceAll('+', ' ');
  try {
    return decodeURIComponent(spaced);
  } catch {
    return spaced;
  }
}

/** By bytes; what is encoded is ASCII. */
function compare(left: string, right: string): number {
  return left < right ? -1 : left > right ? 1 : 0;
}
