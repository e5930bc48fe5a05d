/**
 * The token itself comes back through the browser, in the fragment of the redirect: for servers that know nothing
 * better. It never stands in an address that is sent or kept, `state` is exact, and an ID token beside it is checked with
 * its `at_hash`. There is nothing to renew: the browser opens again. Source: RFC 6749 §4.2, OIDC Core §3.2.
 */
import { CountersignError } from '../../errors/countersign-error.ts';
import { Secret } from '../../credentials/secret.ts';
import { toAuthorizationUrl, toExtraParameters, type Parameter } from '../authorization-url.ts';
import { awaitRedirect } from '../browser-redirect.ts';
import { checkImplicitIdToken, toFlowSecrets, type FlowSecrets } from '../front-channel.ts';
import { identify } from '../identify.ts';
import type { TokenAnswer } from '../library.ts';
import type { Operation } from '../operation.ts';
import { toResourceParameters, toSignInParameters } from '../request-parameters.ts';
import { toQuirks } from '../quirks/registry.ts';
import { toNormalizedAnswer, toScopeList } from '../token-answer.ts';
import type { Grant } from './grant.ts';

export const implicit: Grant = {
  name: 'implicit',
  label: 'Token through the browser (implicit)',
  who: 'legacy',
  reason: 'Only for a server that offers nothing else.',
  legacy: {
    warning: 'RFC 9700 advises against it: the token passes through the browser and cannot be renewed.',
    instead: 'Use authorization_code with PKCE, which every current server offers to the same clients.',
  },
  fields: [],
  needs: ['authorization_endpoint'],
  clientSecret: 'never',
  secrets: [],
  browser: true,
  interactive: true,
  plan: [
    'definition',
    'discovery',
    'client-authentication',
    'authorization-request',
    'redirect',
    'fragment-token',
    'id-token',
    'store',
  ],
  async obtain(operation) {
    const secrets = toFlowSecrets(operation);
    const withIdToken = offersIdToken(operation);
    const flow = {
      state: secrets.state,
      made: withIdToken ? 'state and nonce' : 'state',
      place: 'fragment',
      brings: 'access_token',
    } as const;
    const { parameters } = await awaitRedirect(operation, flow, (redirectUri) =>
      Promise.resolve(toUrl(operation, redirectUri, secrets, withIdToken)),
    );
    const answer = await readAnswer(operation, parameters, secrets, withIdToken);
    return { answer, identity: await identify(operation, answer) };
  },
};

/** An ID token is asked for where it is wanted, offered, and can be checked. */
function offersIdToken({ credential, provider }: Operation): boolean {
  const listed = provider.metadata['response_types_supported'];
  const offered = Array.isArray(listed) && listed.some((one) => one === 'id_token token' || one === 'token id_token');
  const checkable = provider.issuer !== undefined && typeof provider.metadata['jwks_uri'] === 'string';
  return offered && checkable && toScopeList(credential.definition.scope).includes('openid');
}

function toUrl(
  { provider, credential }: Operation,
  redirectUri: string,
  { state, nonce }: FlowSecrets,
  withIdToken: boolean,
): string {
  const { definition } = credential;
  const parameters: readonly Parameter[] = [
    ['response_type', withIdToken ? 'id_token token' : 'token'],
    ['client_id', definition.client_id],
    ['redirect_uri', redirectUri],
    ...(definition.scope ? [['scope', definition.scope] as const] : []),
    ['state', state],
    ...(withIdToken ? [['nonce', nonce] as const] : []),
    ...toResourceParameters(definition),
    ...toSignInParameters(definition),
    ...toExtraParameters(definition.authorize_parameters).kept,
  ];
  return toAuthorizationUrl(provider.metadata['authorization_endpoint'], parameters, provider.issuer ?? provider.host);
}

function readAnswer(
  operation: Operation,
  parameters: URLSearchParams,
  secrets: FlowSecrets,
  withIdToken: boolean,
): Promise<TokenAnswer> {
  const { provider, credential, share, trace } = operation;
  operation.tokenStep = 'fragment-token';
  return trace.step('fragment-token', async ({ detail, warn }) => {
    if (parameters.has('refresh_token')) warn('a refresh token came too, which has no place there; it is not kept');
    const plain = new URLSearchParams([...parameters].filter(([name]) => name !== 'refresh_token'));
    const notes = { warnings: [] as string[] };
    const normal = await toNormalizedAnswer(Response.json(Object.fromEntries(plain)), {
      host: provider.host,
      quirks: toQuirks(credential.definition),
      dropIdToken: !withIdToken,
      onToken: (value, name) => share.ports.onSecret(new Secret(value, `${credential.name} ${name.replace('_', ' ')}`)),
      notes,
    });
    notes.warnings.forEach(warn);
    const json = (await normal.json()) as Record<string, unknown>;
    const type = typeof json['token_type'] === 'string' ? json['token_type'].toLowerCase() : '';
    if (type !== 'bearer') {
      throw new CountersignError('CS-AUTH-TOKEN', `The redirect from ${provider.host} brings no bearer token.`, {
        next: 'If it sends no token_type at all, add the quirk missing_token_type.',
        facts: { host: provider.host },
      });
    }
    if (credential.definition.dpop_bound_access_tokens === true) warn('a token of this grant can be bound to no key');
    if (withIdToken && !plain.has('id_token')) {
      throw new CountersignError('CS-AUTH-ID-TOKEN', `The redirect from ${provider.host} brings no ID token.`, {
        facts: { host: provider.host, front: 'id_token' },
      });
    }
    const claims = withIdToken
      ? await operation.guard('id-token', () => checkImplicitIdToken(operation, plain, secrets))
      : undefined;
    const seconds = json['expires_in'] as number | undefined;
    detail(`token_type bearer${seconds === undefined ? '' : ` · expires_in ${seconds}`} · out of the fragment`);
    return { ...json, token_type: type, claims: () => claims, expiresIn: () => seconds } as unknown as TokenAnswer;
  });
}
