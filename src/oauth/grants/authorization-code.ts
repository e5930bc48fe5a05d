/**
 * A person signs in with their own browser; the code comes back by redirect and is exchanged once. Always with S256,
 * exact state and redirect, `iss` where it is sent, nonce and a verified signature for an ID token.
 * Source: RFC 6749 §4.1, RFC 7636, RFC 9207, OIDC Core §3.1, auth.md M1, M3, M7, M14, M15.
 */
import { Secret } from '../../credentials/secret.ts';
import { CountersignError } from '../../errors/countersign-error.ts';
import { toExtraParameters } from '../authorization-url.ts';
import { awaitRedirect, type ReceivedRedirect } from '../browser-redirect.ts';
import { toCodeUrl } from '../code-request.ts';
import {
  checkHybridIdToken,
  openSignedAnswer,
  requireSamePerson,
  toFlowSecrets,
  type FlowSecrets,
} from '../front-channel.ts';
import { identify } from '../identify.ts';
import type { TokenAnswer } from '../library.ts';
import type { Operation } from '../operation.ts';
import { toResponseShape } from '../response-shape.ts';
import { toScopeList } from '../token-answer.ts';
import type { Grant } from './grant.ts';

export const authorizationCode: Grant = {
  name: 'authorization_code',
  label: 'Sign in with a browser',
  who: 'person',
  reason: 'The safest way it offers: your own browser, PKCE S256, and no password here.',
  fields: [
    {
      name: 'redirect',
      label: 'Redirect',
      description: 'How the browser comes back.',
      type: 'string',
      values: ['auto', 'loopback', 'uri_handler', 'paste'],
    },
    {
      name: 'redirect_port',
      label: 'Redirect port',
      description: 'A fixed port on 127.0.0.1, when the provider compares it.',
      type: 'number',
    },
    {
      name: 'redirect_path',
      label: 'Redirect path',
      description: 'The registered path, when it is not /cb.',
      type: 'string',
      example: '/callback',
    },
    {
      name: 'response_type',
      label: 'Response type',
      description: 'code; or code id_token for a provider that demands it (OpenID Connect Core §3.3).',
      type: 'string',
      values: ['code', 'code id_token'],
    },
    {
      name: 'response_mode',
      label: 'Response mode',
      description: 'How the answer comes back; jwt and its kin are signed by the provider (JARM).',
      type: 'string',
      values: ['query', 'fragment', 'form_post', 'jwt', 'query.jwt', 'form_post.jwt'],
    },
  ],
  needs: ['authorization_endpoint', 'token_endpoint'],
  clientSecret: 'optional',
  secrets: [
    { id: 'private_key', label: 'private key', required: true, when: 'require_signed_request_object' },
    {
      id: 'passphrase',
      label: 'passphrase of the private key',
      required: false,
      when: 'require_signed_request_object',
    },
  ],
  browser: true,
  interactive: true,
  plan: [
    'definition',
    'discovery',
    'client-authentication',
    'authorization-request',
    'redirect',
    'token',
    'id-token',
    'store',
  ],
  async obtain(operation) {
    requireS256(operation);
    const shape = toResponseShape(operation);
    const openid = shape.type !== 'code' || toScopeList(operation.credential.definition.scope).includes('openid');
    const secrets = toFlowSecrets(operation);
    operation.share.ports.onSecret(new Secret(secrets.verifier, `${operation.credential.name} code verifier`));
    const flow = {
      state: secrets.state,
      made: openid ? 'state and nonce' : 'state',
      place: shape.place,
      ...(shape.signed
        ? { unwrap: (wrapped: URLSearchParams) => openSignedAnswer(operation, wrapped, secrets.state) }
        : {}),
    };
    const redirect = await awaitRedirect(operation, flow, async (redirectUri) =>
      toCodeUrl(operation, redirectUri, secrets, shape),
    );
    if (shape.note !== undefined) operation.trace.amend('authorization-request', 'ok', shape.note);
    const front = shape.type === 'code' ? undefined : await checkHybridIdToken(operation, redirect.parameters, secrets);
    // Its issuer is that of the ID token, which has been checked (RFC 9207 §2.4).
    if (front && operation.provider.issuer !== undefined)
      redirect.url.searchParams.set('iss', operation.provider.issuer);
    const answer = await exchange(operation, redirect, secrets, openid);
    if (front) requireSamePerson(operation, front, answer.claims());
    const identity = await identify(operation, answer);
    return { answer, identity };
  },
};

/** Metadata that is silent is tried all the same; metadata that lists only weaker methods is refused (H09). */
function requireS256({ provider }: Operation): void {
  const methods = provider.metadata['code_challenge_methods_supported'];
  if (Array.isArray(methods) && methods.length > 0 && !methods.includes('S256')) {
    throw new CountersignError('CS-AUTH-PKCE', `${provider.host} offers no PKCE with S256.`);
  }
}

async function exchange(
  operation: Operation,
  redirect: ReceivedRedirect,
  secrets: FlowSecrets,
  openid: boolean,
): Promise<TokenAnswer> {
  const { definition } = operation.credential;
  const extra = new URLSearchParams();
  const { resource } = definition;
  for (const one of resource === undefined ? [] : typeof resource === 'string' ? [resource] : resource) {
    extra.append('resource', one);
  }
  for (const [name, value] of toExtraParameters(definition.token_parameters).kept) extra.append(name, value);
  const checked = openid && operation.provider.issuer !== undefined;
  return operation.requestTokens({
    step: 'token',
    redirectUri: redirect.redirectUri,
    run: (library, config, options) =>
      library.authorizationCodeGrant(
        config,
        redirect.url,
        {
          expectedState: secrets.state,
          pkceCodeVerifier: secrets.verifier,
          ...(checked ? { expectedNonce: secrets.nonce, idTokenExpected: true } : {}),
          ...(checked && definition.max_age !== undefined ? { maxAge: definition.max_age } : {}),
        },
        extra,
        options,
      ),
  });
}
