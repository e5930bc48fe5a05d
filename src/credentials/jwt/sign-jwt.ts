/** JWS in its compact form, with the algorithms of RFC 7518 §3 and RFC 8037 that a key here can make. */
import { constants, createHmac, sign, type KeyObject } from 'node:crypto';
import { keyError } from '../private-key.ts';

const curves: Readonly<Record<string, string>> = { prime256v1: 'ES256', secp384r1: 'ES384', secp521r1: 'ES512' };
const rsa = ['RS256', 'RS384', 'RS512', 'PS256', 'PS384', 'PS512'];

/** The algorithms that a private key fits, the usual one first. */
export function jwtAlgorithmsOf(key: KeyObject): readonly string[] {
  switch (key.asymmetricKeyType) {
    case 'rsa':
      return rsa;
    case 'rsa-pss':
      return rsa.slice(3);
    case 'ed25519':
      return ['EdDSA'];
    case 'ec':
      return [curves[key.asymmetricKeyDetails?.namedCurve ?? '']].flatMap((each) => each ?? []);
    default:
      return [];
  }
}

/** @param name of the credential, for errors @throws CountersignError CS-AUTH-KEY when the key does not fit */
export function signJwt(
  header: Readonly<Record<string, unknown>> & { readonly alg: string },
  claims: Readonly<Record<string, unknown>>,
  key: KeyObject | Buffer,
  name: string,
): string {
  const text = [header, claims].map((part) => Buffer.from(JSON.stringify(part)).toString('base64url')).join('.');
  return `${text}.${signatureOf(Buffer.from(text), header.alg, key, name).toString('base64url')}`;
}

function signatureOf(bytes: Buffer, alg: string, key: KeyObject | Buffer, name: string): Buffer {
  const hash = `sha${alg.slice(2)}`;
  if (Buffer.isBuffer(key)) return createHmac(hash, key).update(bytes).digest();
  if (!jwtAlgorithmsOf(key).includes(alg)) throw keyError(name, `does not fit ${alg}`);
  if (alg === 'EdDSA') return sign(null, bytes, key);
  if (alg.startsWith('ES')) return sign(hash, bytes, { key, dsaEncoding: 'ieee-p1363' });
  return alg.startsWith('PS')
    ? sign(hash, bytes, {
        key,
        padding: constants.RSA_PKCS1_PSS_PADDING,
        saltLength: constants.RSA_PSS_SALTLEN_DIGEST,
      })
    : sign(hash, bytes, key);
}
