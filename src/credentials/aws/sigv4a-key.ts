/**
 * The P-256 key that SigV4A derives from an access key: a counter-mode KDF, tried until the result lies in the group.
 * Source: AWS SigV4A; NIST SP 800-108 §4.1, FIPS 186-4 B.4.2.
 */
import { createECDH, createHmac, createPrivateKey, type KeyObject } from 'node:crypto';

/** The order of the group, less two. */
const largest = 0xffffffff00000000ffffffffffffffffbce6faada7179e84f3b9cac2fc632551n - 2n;

export function deriveSigV4aKey(accessKeyId: string, secretAccessKey: string): KeyObject {
  for (let counter = 1; counter < 255; counter++) {
    const candidate = createHmac('sha256', `AWS4A${secretAccessKey}`)
      .update(Buffer.from([0, 0, 0, 1]))
      .update('AWS4-ECDSA-P256-SHA256')
      .update(Buffer.from([0]))
      .update(accessKeyId, 'utf8')
      .update(Buffer.from([counter, 0, 0, 1, 0]))
      .digest('hex');
    const value = BigInt(`0x${candidate}`);
    if (value <= largest) return toKey(value + 1n);
  }
  throw new Error('No key can be derived.');
}

function toKey(scalar: bigint): KeyObject {
  const d = Buffer.from(scalar.toString(16).padStart(64, '0'), 'hex');
  const pair = createECDH('prime256v1');
  pair.setPrivateKey(d);
  const point = pair.getPublicKey();
  const [x, y] = [point.subarray(1, 33), point.subarray(33)].map((part) => part.toString('base64url'));
  return createPrivateKey({
    format: 'jwk',
    key: { kty: 'EC', crv: 'P-256', d: d.toString('base64url'), x: x as string, y: y as string },
  });
}
