/**
 * What the browser brings of an ID token, checked before anything is built on it: signature, issuer, audience, nonce,
 * times, and the hash that ties it to the code or the token beside it.
 * Source: OIDC Core §3.2.2.10–11, §3.3.2.9–12, RFC 7518 §3.1.
 */
import { createHash } from 'node:crypto';
import { CountersignError } from '../errors/countersign-error.ts';
import { parseJsonObject } from '../credentials/json-object.ts';
import type { Operation } from './operation.ts';

type Claims = Readonly<Record<string, unknown>>;

/** The state, nonce and, for a code, verifier of one sign-in; unreserved characters only. */
export interface FlowSecrets {
  readonly state: string;
  readonly nonce: string;
  readonly verifier: string;
}

export function toFlowSecrets({ share }: Operation): FlowSecrets {
  const { ports } = share;
  const make = (bytes: number): string =>
    Buffer.from(ports.random?.(bytes) ?? crypto.getRandomValues(new Uint8Array(bytes))).toString('base64url');
  return { state: make(32), nonce: make(32), verifier: make(64) };
}

/** The claims of an ID token that came beside an access token. Throws what the library throws, and CS-AUTH-ID-TOKEN. */
export async function checkImplicitIdToken(
  operation: Operation,
  parameters: URLSearchParams,
  { state, nonce }: FlowSecrets,
): Promise<Claims> {
  const { library, config } = await operation.configuration();
  library.useIdTokenResponseType(config);
  const idToken = parameters.get('id_token') ?? '';
  const url = new URL('http://127.0.0.1/');
  url.hash = new URLSearchParams({ id_token: idToken, state }).toString();
  const { max_age: maxAge } = operation.credential.definition;
  const checks = { expectedState: state, ...(maxAge === undefined ? {} : { maxAge }) };
  const claims = (await library.implicitAuthentication(config, url, nonce, checks)) as unknown as Claims;
  requireHash(operation, idToken, claims, 'at_hash', parameters.get('access_token') ?? '');
  return claims;
}

/** Throws CS-AUTH-ID-TOKEN when the hash is not that of the value; it has to be there. */
function requireHash(operation: Operation, idToken: string, claims: Claims, name: string, value: string): void {
  const header = parseJsonObject(Buffer.from(idToken.split('.')[0] ?? '', 'base64url').toString());
  const alg = typeof header?.['alg'] === 'string' ? header['alg'] : '';
  // EdDSA over Ed25519 hashes with SHA-512.
  const size = /(\d{3})$/.exec(alg)?.[1] ?? '512';
  const digest = createHash(`sha${size}`).update(value, 'ascii').digest();
  if (claims[name] === digest.subarray(0, digest.length / 2).toString('base64url')) return;
  const { host } = operation.provider;
  throw new CountersignError('CS-AUTH-ID-TOKEN', `The ID token of ${host} does not belong to what came with it.`, {
    facts: { host, claim: name },
  });
}
