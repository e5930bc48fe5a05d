/**
 * Tokens bound to a key: the key of a session, the proofs at the token endpoint, and one proof for each API request and
 * hop. Nonces are kept by origin and used as they come. Source: RFC 9449 §4–9, auth.md §1.2, M20, M28, H33.
 */
import { Secret } from '../credentials/secret.ts';
import type { AnsweredRequest, RequestProof, Session } from '../credentials/types.ts';
import type { Clock } from '../ports.ts';

/** What the server may choose from, preferred first. */
const algorithms = ['ES256', 'EdDSA', 'PS256', 'RS256'] as const;

/** A new private key as JWK text, kept with the session so that it outlives this process. */
export async function makeDpopKey(offered: unknown, name: string): Promise<Secret> {
  const { exportJWK, generateKeyPair } = await import('jose');
  const alg = Array.isArray(offered) ? (algorithms.find((one) => offered.includes(one)) ?? 'ES256') : 'ES256';
  const { privateKey } = await generateKeyPair(alg, { extractable: true });
  return new Secret(JSON.stringify({ ...(await exportJWK(privateKey)), alg }), `${name} DPoP key`);
}

export interface DpopKeyPair {
  readonly alg: string;
  readonly privateKey: CryptoKey;
  readonly publicKey: CryptoKey;
  readonly publicJwk: Readonly<Record<string, unknown>>;
}

/** The pair from the kept text; the private half cannot be taken out again. Rejects when the text is none of ours. */
export async function loadDpopKey(text: Secret): Promise<DpopKeyPair> {
  const { importJWK } = await import('jose');
  const jwk = JSON.parse(text.reveal()) as import('jose').JWK & { alg: string };
  const { kty, crv, x, y, n, e, alg } = jwk;
  const publicJwk = Object.fromEntries(
    Object.entries({ kty, crv, x, y, n, e }).filter(([, value]) => value !== undefined),
  );
  const [privateKey, publicKey] = await Promise.all([
    importJWK({ ...jwk, ext: false }, alg, { extractable: false }),
    importJWK({ ...publicJwk, ext: true }, alg, { extractable: true }),
  ]);
  return { alg, privateKey: privateKey as CryptoKey, publicKey: publicKey as CryptoKey, publicJwk };
}

/** A nonce may only hold what stands in a quoted string (RFC 9449 §8.1); a long one is no nonce. */
export function isNonce(value: string | null | undefined): value is string {
  return typeof value === 'string' && /^[\x21\x23-\x5b\x5d-\x7e]{1,512}$/.test(value);
}

/** The last nonce of each origin. One for a broker: requests of all credentials share it, as servers do. */
export class DpopNonces {
  readonly #byOrigin = new Map<string, string>();

  get(origin: string): string | undefined {
    return this.#byOrigin.get(origin);
  }

  set(origin: string, nonce: string): void {
    this.#byOrigin.delete(origin);
    this.#byOrigin.set(origin, nonce);
    const [oldest] = this.#byOrigin.keys();
    if (this.#byOrigin.size > 100 && oldest !== undefined) this.#byOrigin.delete(oldest);
  }
}

/** Proofs for the API requests of one session. */
export async function createRequestProof(
  session: Session & { readonly dpopKey: Secret },
  nonces: DpopNonces,
  clock: Clock,
): Promise<RequestProof> {
  const [{ SignJWT }, pair] = await Promise.all([import('jose'), loadDpopKey(session.dpopKey)]);
  const hash = await crypto.subtle.digest('SHA-256', new TextEncoder().encode(session.accessToken.reveal()));
  const ath = Buffer.from(hash).toString('base64url');
  return {
    names: ['DPoP'],
    retry: 'retry with a nonce',
    async headers({ method, url }) {
      const nonce = nonces.get(url.origin);
      const proof = await new SignJWT({
        jti: Buffer.from(crypto.getRandomValues(new Uint8Array(24))).toString('base64url'),
        htm: method,
        htu: url.origin + url.pathname,
        iat: Math.floor(clock.now() / 1000),
        ath,
        ...(nonce === undefined ? {} : { nonce }),
      })
        .setProtectedHeader({ alg: pair.alg, typ: 'dpop+jwt', jwk: pair.publicJwk })
        .sign(pair.privateKey);
      return [{ name: 'DPoP', prefix: '', value: new Secret(proof, 'DPoP proof') }];
    },
    answered({ status, url, headers }: AnsweredRequest) {
      const value = (name: string): string | undefined => headers.find(([one]) => one.toLowerCase() === name)?.[1];
      const nonce = value('dpop-nonce');
      const isNew = isNonce(nonce) && nonce !== nonces.get(url.origin);
      if (isNonce(nonce)) nonces.set(url.origin, nonce);
      const asked = headers.some(
        ([name, text]) => name.toLowerCase() === 'www-authenticate' && /\berror\s*=\s*"?use_dpop_nonce\b/i.test(text),
      );
      return status === 401 && asked && isNew;
    },
  };
}
