/**
 * What the browser brings of an ID token, checked before anything is built on it: signature, issuer, audience, nonce,
 * times, and the hash that ties it to the code or the token beside it.
 * Source: OIDC Core §3.2.2.10–11, §3.3.2.9–12, RFC 7518 §3.1.
 */
import { createHash } from 'node:crypto';
import { CountersignError } from '../errors/countersign-error.ts';
import { Secret } from '../credentials/secret.ts';
import { parseJsonObject } from '../credentials/json-object.ts';
import { decryptToken, requireEncrypted } from './decryption.ts';
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
  const idToken = await toSigned(operation, parameters.get('id_token') ?? '');
  const url = new URL('http://127.0.0.1/');
  url.hash = new URLSearchParams({ id_token: idToken, state }).toString();
  const { max_age: maxAge } = operation.credential.definition;
  const checks = { expectedState: state, ...(maxAge === undefined ? {} : { maxAge }) };
  const claims = (await library.implicitAuthentication(config, url, nonce, checks)) as unknown as Claims;
  requireHash(operation, idToken, claims, 'at_hash', parameters.get('access_token') ?? '');
  return claims;
}

/**
 * The claims of an ID token that came beside a code: `c_hash` has to be that of the code, `s_hash` that of the state where
 * it is there. Nothing has been sent to the token endpoint by then. Throws CS-AUTH-ID-TOKEN, CS-AUTH-CLOCK.
 */
export function checkHybridIdToken(
  operation: Operation,
  parameters: URLSearchParams,
  { state, nonce }: FlowSecrets,
): Promise<Claims> {
  const { provider, credential, trace } = operation;
  return trace.step('front-id-token', async ({ detail }) => {
    const idToken = await toSigned(operation, parameters.get('id_token') ?? '');
    await operation.guard('front-id-token', async () => {
      const { validateCodeIdTokenResponse } = await import('oauth4webapi');
      const { server, client, options } = await toDirect(operation, toTenant(idToken));
      await validateCodeIdTokenResponse(
        server,
        client,
        new URLSearchParams([...[...parameters].filter(([name]) => name !== 'id_token'), ['id_token', idToken]]),
        nonce,
        state,
        credential.definition.max_age,
        options,
      );
    });
    operation.showKeys();
    const claims = parsePart(idToken, 1) ?? {};
    const hashes = claims['s_hash'] === undefined ? 'c_hash' : 'c_hash, s_hash';
    detail(`of ${provider.host}: iss, aud, nonce, exp, ${hashes} match`);
    return claims;
  });
}

/** The plain parameters of an answer that is a signed JWT: signature, issuer, audience and expiry are checked. */
export function openSignedAnswer(
  operation: Operation,
  parameters: URLSearchParams,
  state: string,
): Promise<URLSearchParams> {
  return operation.trace.step('signed-answer', async ({ detail }) => {
    const opened = await operation.guard('signed-answer', async () => {
      const { validateJwtAuthResponse } = await import('oauth4webapi');
      const { server, client, options } = await toDirect(operation, undefined);
      return validateJwtAuthResponse(server, client, new URLSearchParams(parameters), state, options);
    });
    operation.showKeys();
    detail('signature, iss, aud, exp match');
    return new URLSearchParams(opened);
  });
}

/** Throws CS-AUTH-ID-TOKEN: both ID tokens of a sign-in speak of one person at one issuer (OIDC Core §3.3.3.6). */
export function requireSamePerson({ provider }: Operation, front: Claims, claims: Claims | undefined): void {
  if (claims?.['sub'] === front['sub'] && claims?.['iss'] === front['iss']) return;
  const { host } = provider;
  throw new CountersignError('CS-AUTH-ID-TOKEN', `The two ID tokens of ${host} speak of different people.`, {
    facts: { host, front: 'sub' },
  });
}

/** The provider, the client and the network as the protocol library takes them below `openid-client`. */
async function toDirect(operation: Operation, tenant: string | undefined) {
  const { customFetch, clockSkew } = await import('oauth4webapi');
  const { provider, credential } = operation;
  const { fetch } = operation;
  const issuer =
    tenant === undefined ? provider.metadata.issuer : provider.metadata.issuer.replace('{tenantid}', tenant);
  return {
    server: { ...provider.metadata, issuer },
    client: {
      client_id: credential.definition.client_id,
      ...(Math.abs(provider.skewMs) > 60_000 ? { [clockSkew]: provider.skewMs / 1000 } : {}),
    },
    options: { [customFetch]: fetch as unknown as typeof globalThis.fetch, signal: operation.signal },
  };
}

/** The tenant that a token of Entra names, where its metadata holds a pattern. */
function toTenant(idToken: string): string | undefined {
  const tenant = parsePart(idToken, 1)?.['tid'];
  return typeof tenant === 'string' && /^[0-9a-f-]{36}$/.test(tenant) ? tenant : undefined;
}

/** The ID token itself, taken out of its encryption where that was registered. Throws CS-AUTH-ID-TOKEN. */
async function toSigned(operation: Operation, idToken: string): Promise<string> {
  const { decryption, provider, share, credential } = operation;
  if (!decryption?.idToken || idToken === '') return idToken;
  requireEncrypted(idToken, provider.host);
  const signed = await operation.guard('front-id-token', () => decryptToken(decryption, idToken));
  share.ports.onSecret(new Secret(signed, `${credential.name} ID token`));
  return signed;
}

function parsePart(jwt: string, index: number): Record<string, unknown> | undefined {
  return parseJsonObject(Buffer.from(jwt.split('.')[index] ?? '', 'base64url').toString());
}

/** Throws CS-AUTH-ID-TOKEN when the hash is not that of the value; it has to be there. */
function requireHash(operation: Operation, idToken: string, claims: Claims, name: string, value: string): void {
  const header = parsePart(idToken, 0);
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
