/** Private keys in the forms people have them, made anew for each run. */
import { generateKeyPairSync, type KeyObject } from 'node:crypto';

export interface KeyForms {
  readonly pkcs8: string;
  /** SEC 1 for EC, PKCS#1 for RSA. */
  readonly old: string;
  readonly encrypted: string;
  readonly jwk: string;
  readonly publicKey: KeyObject;
}

export const passphrase = 'correct horse';

function toForms({ privateKey, publicKey }: { privateKey: KeyObject; publicKey: KeyObject }): KeyForms {
  const type = privateKey.asymmetricKeyType === 'rsa' ? 'pkcs1' : 'sec1';
  const pkcs8 = privateKey.export({ format: 'pem', type: 'pkcs8' }) as string;
  return {
    pkcs8,
    old: privateKey.asymmetricKeyType === 'ed25519' ? pkcs8 : (privateKey.export({ format: 'pem', type }) as string),
    encrypted: privateKey.export({ format: 'pem', type: 'pkcs8', cipher: 'aes-256-cbc', passphrase }) as string,
    jwk: JSON.stringify(privateKey.export({ format: 'jwk' })),
    publicKey,
  };
}

export const makeEcKey = (namedCurve = 'P-256'): KeyForms => toForms(generateKeyPairSync('ec', { namedCurve }));
export const makeRsaKey = (): KeyForms => toForms(generateKeyPairSync('rsa', { modulusLength: 2048 }));
export const makeEd25519Key = (): KeyForms => toForms(generateKeyPairSync('ed25519'));
