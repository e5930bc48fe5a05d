/**
 * What a JSON Web Token says of itself, read without any check of its signature: facts for a sentence, and nothing to
 * decide by. Source: RFC 7519 §4.1.
 */
import { Buffer } from 'node:buffer';
import { parseJsonObject } from '../credentials/json-object.ts';
import { toShownText } from '../credentials/shown-text.ts';
import { span } from '../words/quantities.ts';

export interface JwtFacts {
  readonly issuer?: string;
  /** Milliseconds since the epoch. */
  readonly expiresAt?: number;
  /** Client the token was given to, where it says so (RFC 9068 §2.2). */
  readonly clientId?: string;
  readonly scope?: string;
  readonly audience: readonly string[];
  /** True for a token that says who signed in, which an API should not be shown. */
  readonly idToken: boolean;
}

const shape = /^eyJ[\w-]{4,}\.[\w-]{2,}\.[\w-]*$/;
/** A claim beyond this is no name any more. */
const longest = 400;

/** Undefined for everything that is no JWT. */
export function readJwt(text: string): JwtFacts | undefined {
  if (!shape.test(text)) return undefined;
  const [head, body] = text.split('.').map((part) => parseJsonObject(Buffer.from(part, 'base64url').toString('utf8')));
  if (!head || !body || typeof head['alg'] !== 'string') return undefined;
  const words = (name: string): string | undefined => {
    const value = body[name];
    return typeof value === 'string' && value !== '' && value.length <= longest ? value : undefined;
  };
  const exp = body['exp'];
  const aud = body['aud'];
  const audience = (Array.isArray(aud) ? aud : [aud]).filter((one): one is string => typeof one === 'string');
  const [issuer, clientId, scope] = [words('iss'), words('client_id') ?? words('azp'), words('scope')];
  return {
    ...(issuer === undefined ? {} : { issuer }),
    ...(typeof exp === 'number' && Number.isFinite(exp) && exp > 0 && exp < 1e11 ? { expiresAt: exp * 1000 } : {}),
    ...(clientId === undefined ? {} : { clientId }),
    ...(scope === undefined ? {} : { scope }),
    audience: audience.filter((one) => one.length <= longest).slice(0, 10),
    idToken: typeof body['nonce'] === 'string' && head['typ'] !== 'at+jwt',
  };
}

/** `It ends in 42 min. It comes from https://idp.example.com.` */
export function toJwtSentences(facts: JwtFacts, now: number): readonly string[] {
  const sentences: string[] = [];
  if (facts.expiresAt === undefined) sentences.push('It does not say when it ends.');
  else if (facts.expiresAt <= now) sentences.push(`It ended ${span(now - facts.expiresAt)} ago.`);
  else sentences.push(`It ends in ${span(facts.expiresAt - now)}.`);
  if (facts.issuer !== undefined) sentences.push(`It comes from ${toShownText(facts.issuer, 120)}.`);
  if (facts.idToken) sentences.push('It looks like an ID token; an API expects an access token.');
  return sentences;
}
