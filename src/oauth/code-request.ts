/** The authorization request that asks for a code, and the address that carries it. Source: RFC 6749 §4.1.1, RFC 7636 §4.3. */
import { toAuthorizationUrl, toExtraParameters, type Parameter } from './authorization-url.ts';
import type { FlowSecrets } from './front-channel.ts';
import type { Operation } from './operation.ts';
import { toBrowserParameters } from './pushed-request.ts';
import { toResourceParameters, toSignInParameters } from './request-parameters.ts';
import type { ResponseShape } from './response-shape.ts';
import { toScopeList } from './token-answer.ts';

/** What a probe of the provider asks for otherwise than a sign-in does. */
export interface Deviation {
  /** `code_challenge_method` plain, which no sign-in uses. */
  readonly plain?: boolean;
  /** Takes the place of `prompt` and what demands a fresh sign-in. */
  readonly prompt?: 'none';
}

/** Throws CS-AUTH-ENDPOINT, and CS-AUTH-PUSHED for a request that is pushed first. */
export async function toCodeUrl(
  operation: Operation,
  redirectUri: string,
  secrets: FlowSecrets,
  { type, mode }: Pick<ResponseShape, 'type' | 'mode'>,
  { plain = false, prompt }: Deviation = {},
): Promise<string> {
  const { provider, credential } = operation;
  const { definition } = credential;
  const scopes = toScopeList(definition.scope);
  // An ID token is given for `openid` alone.
  const scope = type === 'code' || scopes.includes('openid') ? definition.scope : ['openid', ...scopes].join(' ');
  const digest = await crypto.subtle.digest('SHA-256', new TextEncoder().encode(secrets.verifier));
  const signIn = toSignInParameters(definition).filter(
    ([name]) => prompt === undefined || (name !== 'prompt' && name !== 'max_age'),
  );
  const extra = toExtraParameters(definition.authorize_parameters).kept;
  const parameters: readonly Parameter[] = [
    ['response_type', type],
    ...(mode === undefined ? [] : [['response_mode', mode] as const]),
    ['client_id', definition.client_id],
    ['redirect_uri', redirectUri],
    ...(scope ? [['scope', scope] as const] : []),
    ['state', secrets.state],
    ...(toScopeList(scope).includes('openid') ? [['nonce', secrets.nonce] as const] : []),
    ['code_challenge', plain ? secrets.verifier : Buffer.from(digest).toString('base64url')],
    ['code_challenge_method', plain ? 'plain' : 'S256'],
    ...toResourceParameters(definition),
    ...signIn,
    ...(prompt === undefined ? extra : extra.filter(([name]) => name !== 'prompt')),
    ...(prompt === undefined ? [] : [['prompt', prompt] as const]),
  ];
  const carried = await toBrowserParameters(operation, parameters);
  return toAuthorizationUrl(provider.metadata['authorization_endpoint'], carried, provider.issuer ?? provider.host);
}
