/** The token of one request: its claims, its header, and where it is put. Source: RFC 7519 §4. */
import { randomUUID, type KeyObject } from 'node:crypto';
import { adjustClock } from '../clock-offset.ts';
import { keyError, loadPrivateKey } from '../private-key.ts';
import { Secret } from '../secret.ts';
import type { JwtDefinition } from '../schemes/jwt.ts';
import type { Attachment, FinalRequest, PrepareContext } from '../types.ts';
import { jwtAlgorithmsOf, signJwt } from './sign-jwt.ts';

/** Shorter keys can be guessed from one token (RFC 7518 §3.2). */
const leastBytes = 32;

interface Key {
  readonly alg: string;
  readonly key: KeyObject | Buffer;
  readonly behind: readonly Secret[];
}

export async function toJwtAttachment(context: PrepareContext<JwtDefinition>): Promise<Attachment> {
  const { definition, name, hash } = context.credential;
  const { alg, key, behind } = await loadKey(context);
  const header = definition.header ?? 'Authorization';
  const prefix = definition.prefix ?? (header.toLowerCase() === 'authorization' ? 'Bearer' : '');
  const clock = context.memo.of(`jwt ${name} ${hash}`, () => ({ skew: 0 }));
  const label = definition.subject ?? definition.issuer;
  return {
    headers: [],
    query: [],
    cookies: [],
    ...(label === undefined ? {} : { identity: { label, verified: false } }),
    behind,
    proof: {
      names: [header],
      retry: 'with the time of the server',
      headers(request) {
        const now = Math.floor((Date.now() + clock.skew) / 1000);
        const { key_id: kid } = definition;
        const head = { alg, typ: 'JWT', ...(kid === undefined ? {} : { kid }) };
        const token = signJwt(head, toClaims(definition, request, now), key, name);
        return Promise.resolve([
          {
            name: header,
            prefix: prefix === '' ? '' : `${prefix.trimEnd()} `,
            value: new Secret(token, `${name} token`),
          },
        ]);
      },
      answered: (answer) => adjustClock(answer, clock),
    },
  };
}

/** Times and id are ours whatever the definition says: a token that never ends is no token for one request. */
function toClaims(
  { issuer, subject, audience, claims, expires_in: life = 60, request_claim: claim }: JwtDefinition,
  { method, url }: FinalRequest,
  now: number,
): Readonly<Record<string, unknown>> {
  return {
    ...(claims as Readonly<Record<string, unknown>> | undefined),
    ...(issuer === undefined ? {} : { iss: issuer }),
    ...(subject === undefined ? {} : { sub: subject }),
    aud: audience ?? url.origin,
    ...(claim === undefined ? {} : { [claim]: `${method} ${url.host}${url.pathname}` }),
    iat: now,
    exp: now + life,
    jti: randomUUID(),
  };
}

async function loadKey(context: PrepareContext<JwtDefinition>): Promise<Key> {
  const { definition, name } = context.credential;
  const { algorithm } = definition;
  if (algorithm?.startsWith('HS')) {
    const secret = await context.secret();
    const key = Buffer.from(secret.reveal(), definition.secret_encoding === 'base64' ? 'base64' : 'utf8');
    if (key.length < leastBytes)
      throw keyError(name, 'is shorter than 32 bytes', 'A shorter one could be guessed from a token.');
    return { alg: algorithm, key, behind: [secret] };
  }
  const { key, behind } = await loadPrivateKey(context);
  const alg = algorithm ?? jwtAlgorithmsOf(key)[0];
  if (alg === undefined) throw keyError(name, 'is of a kind that signs no tokens', 'Use an Ed25519, EC or RSA key.');
  return { alg, key, behind };
}
