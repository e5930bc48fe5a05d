/**
 * Answers that only this client can read: an encrypted ID token or userinfo, opened with a key of the client that never
 * leaves. Only algorithms that hold are taken; RSA1_5 is not one. What is inside is signed and checked like any other.
 * Source: OIDC Core §3.1.3.7 (1), §5.3.2, §16.14; RFC 7516, RFC 7518 §4; auth.md §1.2 (padding oracle).
 */
import type { CryptoKey } from 'jose';
import { CountersignError } from '../errors/countersign-error.ts';
import type { Operation } from './operation.ts';
import { toPrivateJwk } from './signing-key.ts';
import type { Configuration, OpenIdClient, TokenAnswer } from './library.ts';

/** RFC 7518 §4.1, without RSA1_5, symmetric keys and passwords. */
const keyAlgorithms = [
  'RSA-OAEP',
  'RSA-OAEP-256',
  'RSA-OAEP-384',
  'RSA-OAEP-512',
  'ECDH-ES',
  'ECDH-ES+A128KW',
  'ECDH-ES+A192KW',
  'ECDH-ES+A256KW',
];
const contentAlgorithms = ['A128GCM', 'A192GCM', 'A256GCM', 'A128CBC-HS256', 'A192CBC-HS384', 'A256CBC-HS512'];

export interface Decryption {
  readonly keys: readonly { readonly key: CryptoKey; readonly alg: string }[];
  /** Content encryption that is taken. */
  readonly content: readonly string[];
  /** True when an ID token has to come encrypted. */
  readonly idToken: boolean;
}

/** Undefined when the definition registers no encryption. Throws CS-AUTH-SECRET-MISSING, CS-AUTH-KEY, CS-DEF-FIELD. */
export async function loadDecryption(operation: Operation): Promise<Decryption | undefined> {
  const { definition, name } = operation.credential;
  const {
    id_token_encrypted_response_alg: idToken,
    userinfo_encrypted_response_alg: userinfo,
    id_token_encrypted_response_enc: content,
  } = definition;
  const algs = [...new Set([idToken, userinfo].filter((alg) => alg !== undefined))];
  if (algs.length === 0) return undefined;
  for (const [field, value, known] of [
    ...algs.map((alg) => ['id_token_encrypted_response_alg', alg, keyAlgorithms] as const),
    ['id_token_encrypted_response_enc', content ?? 'A256GCM', contentAlgorithms] as const,
  ]) {
    if (known.includes(value)) continue;
    throw new CountersignError('CS-DEF-FIELD', `“${field}” of ${name} names an algorithm that is not taken.`, {
      next: `Register one of ${known.join(', ')}.`,
      facts: { name, field },
    });
  }
  const text = await operation.requireSecret('decryption_key', 'decryption key');
  const passphrase = await operation.secret('decryption_passphrase');
  const refuse = (why: string, next?: string): CountersignError =>
    new CountersignError('CS-AUTH-KEY', `The decryption key of ${name} ${why}.`, {
      ...(next === undefined ? {} : { next }),
      facts: { credential: name, slot: 'decryption_key' },
    });
  const options = { passphrase: passphrase?.reveal(), kid: undefined, use: 'enc' } as const;
  const { key_ops: _ops, use: _use, alg: _alg, ext: _ext, ...jwk } = toPrivateJwk(text.reveal(), options, refuse);
  const { importJWK } = await import('jose');
  const keys = await Promise.all(
    algs.map(async (alg) => {
      if (!fits(jwk, alg))
        throw refuse(`does not fit ${alg}`, 'RSA keys go with RSA-OAEP, P-256 and X25519 with ECDH-ES.');
      try {
        return { key: (await importJWK({ ...jwk, alg }, alg, { extractable: false })) as CryptoKey, alg };
      } catch {
        throw refuse('is damaged');
      }
    }),
  );
  return { keys, content: content === undefined ? contentAlgorithms : [content], idToken: idToken !== undefined };
}

function fits({ kty, crv }: { readonly kty?: string; readonly crv?: string }, alg: string): boolean {
  return alg.startsWith('RSA') ? kty === 'RSA' : crv === 'P-256' || crv === 'X25519';
}

/** Lets the library open encrypted answers with these keys and no other. */
export function enableDecryption(library: OpenIdClient, config: Configuration, { keys, content }: Decryption): void {
  library.enableDecryptingResponses(config, [...content], ...keys);
}

/** The signed token within. Throws what the library throws. */
export async function decryptToken({ keys, content }: Decryption, jwe: string): Promise<string> {
  const { compactDecrypt } = await import('jose');
  const { plaintext } = await compactDecrypt(
    jwe,
    ({ alg }) => {
      const found = keys.find((one) => one.alg === alg);
      if (!found) throw new Error('no key for this JWE algorithm');
      return found.key;
    },
    { keyManagementAlgorithms: keys.map(({ alg }) => alg), contentEncryptionAlgorithms: [...content] },
  );
  return new TextDecoder().decode(plaintext);
}

/**
 * Puts the signed ID token in the place of the encrypted one: its hash and a later logout speak of it. An unencrypted one
 * where encryption was registered is refused (OIDC Core §3.1.3.7). Throws CS-AUTH-ID-TOKEN.
 */
export function openIdToken(
  operation: Operation,
  library: OpenIdClient,
  answer: TokenAnswer,
  onSigned: (jwt: string) => void,
): void {
  const { decryption, provider } = operation;
  if (answer.id_token === undefined || !decryption?.idToken) return;
  requireEncrypted(answer.id_token, provider.host);
  const opened = library.getDecryptedResponses(answer);
  const signed = typeof opened === 'object' ? opened.id_token?.token_endpoint : opened;
  if (signed === undefined) return;
  onSigned(signed);
  Object.assign(answer, { id_token: signed });
}

/** Throws CS-AUTH-ID-TOKEN for a token anybody on the way could have read. */
export function requireEncrypted(token: string, host: string): void {
  if (token.split('.').length === 5) return;
  throw new CountersignError('CS-AUTH-ID-TOKEN', `The ID token of ${host} is not encrypted.`, {
    facts: { host, front: 'unencrypted' },
  });
}
