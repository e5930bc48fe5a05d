/** Checks a DPoP proof that came with an access token: key, method, address, time, token hash, single use (RFC 9449 §4.3). */
import { createHash, createHmac } from 'node:crypto';
import { calculateJwkThumbprint, decodeJwt, EmbeddedJWK, jwtVerify } from 'jose';
import type { Call } from './call.ts';

const windowSeconds = 300;

function toProof(call: Call): string | undefined {
  const proofs = call.request.headersDistinct['dpop'];
  return proofs?.length === 1 ? proofs[0] : undefined;
}

/** The nonce in the proof of this request; undefined when there is none. */
export function toNonce(call: Call): string | undefined {
  try {
    const nonce = decodeJwt(toProof(call) ?? '')['nonce'];
    return typeof nonce === 'string' ? nonce : undefined;
  } catch {
    return undefined;
  }
}

/** The nonce this server wants at the moment: a new one every five minutes, from its secret. */
export function toServerNonce(call: Call): string {
  const turn = String(Math.floor(Date.now() / 1_000 / windowSeconds));
  return createHmac('sha256', call.api.secrets.nonceSecret).update(`dpop ${turn}`).digest('base64url').slice(0, 24);
}

/** Remembers `id` until `windowSeconds` have passed; false when it is remembered already. */
function isFirstUse(call: Call, id: string): boolean {
  const { seen } = call.api;
  const now = Date.now();
  for (const [known, until] of seen) if (until < now) seen.delete(known);
  if (seen.has(id)) return false;
  seen.set(id, now + windowSeconds * 2_000);
  return true;
}

/** Undefined when the proof fits the request, the token and the thumbprint; else a sentence. */
export async function checkProof(call: Call, token: string, thumbprint: string): Promise<string | undefined> {
  const proof = toProof(call);
  if (proof === undefined) return 'The request has no DPoP proof, or more than one.';
  try {
    const { payload, protectedHeader } = await jwtVerify(proof, EmbeddedJWK, {
      algorithms: ['ES256', 'EdDSA', 'Ed25519'],
      typ: 'dpop+jwt',
    });
    const here = `${call.api.origin}${call.url.pathname}`;
    const at = typeof payload['htu'] === 'string' ? URL.parse(payload['htu']) : null;
    if (payload['htm'] !== call.method) return 'The DPoP proof is for another method.';
    if (at === null || at.origin + at.pathname !== here) return 'The DPoP proof is for another address.';
    if (Math.abs(Date.now() / 1_000 - (payload.iat ?? 0)) > windowSeconds) return 'The DPoP proof is not recent.';
    const hash = createHash('sha256').update(token).digest('base64url');
    if (payload['ath'] !== hash) return 'The DPoP proof is for another access token.';
    if (protectedHeader.jwk === undefined || (await calculateJwkThumbprint(protectedHeader.jwk)) !== thumbprint) {
      return 'The DPoP proof is signed by another key than the token is bound to.';
    }
    if (payload.jti === undefined || !isFirstUse(call, `dpop:${payload.jti}`)) return 'The DPoP proof was used before.';
    return undefined;
  } catch {
    return 'The DPoP proof is not a JWT signed by the key in its header.';
  }
}
