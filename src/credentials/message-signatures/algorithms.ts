/** The signature algorithms of HTTP message signatures, each with the keys it fits. Source: RFC 9421 §3.3. */
import { constants, createHmac, sign, type KeyObject } from 'node:crypto';
import { keyError } from '../private-key.ts';

export const algorithms = [
  'ed25519',
  'ecdsa-p256-sha256',
  'ecdsa-p384-sha384',
  'rsa-pss-sha512',
  'rsa-v1_5-sha256',
  'hmac-sha256',
] as const;

export type Algorithm = (typeof algorithms)[number];

export function isAlgorithm(text: unknown): text is Algorithm {
  return (algorithms as readonly unknown[]).includes(text);
}

/** The algorithm that a key is for where nothing is said. @throws CountersignError CS-AUTH-KEY */
export function algorithmOf(key: KeyObject, name: string): Algorithm {
  const found = algorithms.find((each) => each !== 'rsa-v1_5-sha256' && fits(key, each));
  if (!found)
    throw keyError(name, 'is of a kind that signs no messages', 'Use an Ed25519, EC (P-256, P-384) or RSA key.');
  return found;
}

/** @throws CountersignError CS-AUTH-KEY when the key is of another kind */
export function signBase(base: Buffer, algorithm: Algorithm, key: KeyObject | Buffer, name: string): Buffer {
  if (Buffer.isBuffer(key)) return createHmac('sha256', key).update(base).digest();
  if (!fits(key, algorithm)) throw keyError(name, `does not fit ${algorithm}`);
  switch (algorithm) {
    case 'ed25519':
      return sign(null, base, key);
    case 'ecdsa-p256-sha256':
      return sign('sha256', base, { key, dsaEncoding: 'ieee-p1363' });
    case 'ecdsa-p384-sha384':
      return sign('sha384', base, { key, dsaEncoding: 'ieee-p1363' });
    case 'rsa-pss-sha512':
      return sign('sha512', base, { key, padding: constants.RSA_PKCS1_PSS_PADDING, saltLength: 64 });
    default:
      return sign('sha256', base, key);
  }
}

function fits({ asymmetricKeyType: type, asymmetricKeyDetails: details }: KeyObject, algorithm: Algorithm): boolean {
  switch (algorithm) {
    case 'ed25519':
      return type === 'ed25519';
    case 'ecdsa-p256-sha256':
      return type === 'ec' && details?.namedCurve === 'prime256v1';
    case 'ecdsa-p384-sha384':
      return type === 'ec' && details?.namedCurve === 'secp384r1';
    case 'rsa-pss-sha512':
      return type === 'rsa' || type === 'rsa-pss';
    case 'rsa-v1_5-sha256':
      return type === 'rsa';
    case 'hmac-sha256':
      return false;
  }
}
