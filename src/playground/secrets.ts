/**
 * Everything random that the playground keeps: client secrets, passwords, keys of the issuer, the last ports. Made at
 * the first start in a data folder and read back at every later one, so nothing in the repository opens anything.
 */
import { randomBytes } from 'node:crypto';
import { join } from 'node:path';
import { exportJWK, generateKeyPair } from 'jose';
import type { JWK } from 'jose';
import { loadJson, writePrivateFile } from './private-file.ts';

export interface Secrets {
  readonly version: 1;
  readonly clientSecret: string;
  readonly userPassword: string;
  readonly adminPassword: string;
  readonly apiKey: string;
  readonly basicPassword: string;
  readonly cookieKey: string;
  /** 32 bytes, base64url: for DPoP nonces of the issuer and of the API. */
  readonly nonceSecret: string;
  /** Private keys that the issuer signs with: ES256 and RS256. */
  readonly issuerKeys: readonly JWK[];
  /** Private key of the client that authenticates with private_key_jwt. */
  readonly jwtClientKey: JWK;
}

const unambiguous = 'abcdefghjkmnpqrstuvwxyz23456789';

/** A password that a person can type: three groups of four letters and digits, none alike (about 59 bits). */
function createPassword(): string {
  const letters = Array.from(randomBytes(12), (byte) => unambiguous[byte % unambiguous.length] ?? 'a');
  return [letters.slice(0, 4), letters.slice(4, 8), letters.slice(8)].map((group) => group.join('')).join('-');
}

async function createKey(alg: 'ES256' | 'RS256', kid: string): Promise<JWK> {
  const { privateKey } = await generateKeyPair(alg, { extractable: true });
  return { ...(await exportJWK(privateKey)), kid, alg, use: 'sig' };
}

async function createSecrets(): Promise<Secrets> {
  const token = (bytes: number): string => randomBytes(bytes).toString('base64url');
  const [es256, rs256, client] = await Promise.all([
    createKey('ES256', `es-${token(6)}`),
    createKey('RS256', `rs-${token(6)}`),
    createKey('ES256', `client-${token(6)}`),
  ]);
  return {
    version: 1,
    clientSecret: token(32),
    userPassword: createPassword(),
    adminPassword: createPassword(),
    apiKey: token(24),
    basicPassword: createPassword(),
    cookieKey: token(32),
    nonceSecret: token(32),
    issuerKeys: [rs256, es256],
    jwtClientKey: client,
  };
}

/** The secrets of a data folder, made and written on the first call for it. */
export async function loadSecrets(folder: string): Promise<Secrets> {
  const path = join(folder, 'secrets.json');
  const kept = (await loadJson(path)) as Secrets | undefined;
  if (kept?.version === 1) return kept;
  const made = await createSecrets();
  await writePrivateFile(path, JSON.stringify(made, null, 2));
  return made;
}
