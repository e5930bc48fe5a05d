/**
 * The client signs who it speaks for, and the server gives a token for that one: service accounts, impersonation that an
 * administrator has allowed. The assertion lives five minutes. Source: RFC 7523 §2.1, §3; auth.md §1.2.
 */
import { Secret } from '../../credentials/secret.ts';
import { toExtraParameters } from '../authorization-url.ts';
import { toIdentity } from '../identity.ts';
import { loadKeySlot, toAssertionAudience } from '../key-slot.ts';
import type { Operation } from '../operation.ts';
import { toResourceParameters } from '../request-parameters.ts';
import type { Grant } from './grant.ts';

const name = 'urn:ietf:params:oauth:grant-type:jwt-bearer';
const lifetimeSeconds = 300;
/** Claims that are not a definition's to set freely: they have fields, or are made for each assertion. */
const own: ReadonlySet<string> = new Set(['iss', 'sub', 'aud', 'iat', 'nbf', 'exp', 'jti']);

export const jwtBearer: Grant = {
  name,
  shortName: 'jwt_bearer',
  label: 'With a signed assertion',
  who: 'service',
  reason: 'A service account: its key signs for whom it asks, and no secret travels.',
  fields: [
    {
      name: 'assertion_subject',
      label: 'Assertion subject',
      description: 'Who it speaks for, when that is not the client itself.',
      type: 'string',
    },
    {
      name: 'assertion_issuer',
      label: 'Assertion issuer',
      description: 'Who signs, as registered there, when that is not the client.',
      type: 'string',
    },
    { name: 'key_id', label: 'Key id', description: 'The kid the private key is registered under.', type: 'string' },
  ],
  needs: ['token_endpoint'],
  clientSecret: 'optional',
  secrets: [
    { id: 'private_key', label: 'private key', required: true },
    { id: 'passphrase', label: 'passphrase of the private key', required: false },
  ],
  browser: false,
  interactive: false,
  plan: ['definition', 'discovery', 'client-authentication', 'assertion', 'assertion-token', 'store'],
  async obtain(operation) {
    const { definition } = operation.credential;
    const parameters = new URLSearchParams({ assertion: await sign(operation) });
    if (definition.scope) parameters.set('scope', definition.scope);
    for (const [key, value] of toResourceParameters(definition)) parameters.append(key, value);
    for (const [key, value] of toExtraParameters(definition.token_parameters).kept) parameters.append(key, value);
    const answer = await operation.requestTokens({
      step: 'assertion-token',
      dropIdToken: true,
      run: (library, config, options) => library.genericGrantRequest(config, name, parameters, options),
    });
    const { issuer } = operation.provider;
    const speaksFor = definition.assertion_subject ?? definition.client_id;
    return { answer, identity: toIdentity(undefined, undefined, { clientId: speaksFor, issuer, verified: false }) };
  },
};

function sign(operation: Operation): Promise<string> {
  const { credential, share, provider, trace } = operation;
  const { definition } = credential;
  return trace.step('assertion', async ({ detail }) => {
    const signer = await loadKeySlot(operation);
    const { SignJWT } = await import('jose');
    const iat = Math.floor((share.ports.clock.now() + provider.skewMs) / 1000);
    const claims = {
      ...toClaims(definition.assertion_claims),
      iss: definition.assertion_issuer ?? definition.client_id,
      sub: definition.assertion_subject ?? definition.client_id,
      aud: toAssertionAudience(operation),
      iat,
      exp: iat + lifetimeSeconds,
      jti: Buffer.from(crypto.getRandomValues(new Uint8Array(24))).toString('base64url'),
    };
    const assertion = await new SignJWT(claims)
      .setProtectedHeader({ alg: signer.alg, typ: 'JWT', ...(signer.kid === undefined ? {} : { kid: signer.kid }) })
      .sign(signer.key);
    share.ports.onSecret(new Secret(assertion, `${credential.name} assertion`));
    detail(`${signer.alg} · iss ${claims.iss} · sub ${claims.sub} · aud ${claims.aud} · ${lifetimeSeconds} s`);
    return assertion;
  });
}

function toClaims(value: unknown): Record<string, unknown> {
  if (value === null || typeof value !== 'object' || Array.isArray(value)) return {};
  return Object.fromEntries(Object.entries(value).filter(([claim]) => !own.has(claim)));
}
