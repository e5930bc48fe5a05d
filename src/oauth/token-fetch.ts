/**
 * The fetch of one token request: sends the exact redirect of the first leg, puts known deviations of the answer right, and
 * tells the redactor of every token before anything else sees it. Source: auth.md M3, M23, M26, H33.
 */
import { Secret } from '../credentials/secret.ts';
import { connectionOf, noteConnection } from '../http/response-connection.ts';
import { isNonce } from './dpop.ts';
import type { Operation, TokenRequest } from './operation.ts';
import type { OAuthFetch } from './ports.ts';
import { toQuirks } from './quirks/registry.ts';
import { toNormalizedAnswer } from './token-answer.ts';

/** @param seen whether an ID token came, so that its checks can be told from those of the answer */
export function toTokenFetch(
  operation: Operation,
  request: TokenRequest,
  notes: { warnings: string[] },
  seen: { idToken: boolean },
): OAuthFetch {
  const { provider, credential, share } = operation;
  const tokenEndpoint = new URL(provider.metadata['token_endpoint'] as string).href;
  const fetch = operation.fetch;
  const quirks = toQuirks(credential.definition);
  return async (url, init) => {
    if (url !== tokenEndpoint) return fetch(url, init);
    if (request.redirectUri !== undefined && init.body instanceof URLSearchParams) {
      init.body.set('redirect_uri', request.redirectUri);
    }
    if (init.body instanceof URLSearchParams) {
      for (const quirk of quirks) quirk.request?.(init.body, credential.definition);
    }
    const response = await fetch(url, init);
    return toNormalizedAnswer(response, {
      host: provider.host,
      quirks,
      dropIdToken: request.dropIdToken === true || provider.issuer === undefined,
      onToken: (value, name) => {
        if (name === 'id_token') seen.idToken = true;
        share.ports.onSecret(new Secret(value, `${credential.name} ${name.replace('_', ' ')}`));
      },
      notes,
    });
  };
}

/** The token part of the answer was fine; what did not pass is the ID token in it. */
export function isIdTokenError(error: unknown): boolean {
  for (let at: unknown = error; at instanceof Error; at = at.cause) {
    const code = (at as { code?: unknown }).code;
    if (code === 'OAUTH_RESPONSE_BODY_ERROR' || code === 'OAUTH_WWW_AUTHENTICATE_CHALLENGE') return false;
    if (at.name === 'CountersignError') return false;
    if (/"response" body "(access_token|token_type|expires_in|scope|refresh_token)"|token_type/.test(at.message))
      return false;
  }
  return true;
}

/** Without a nonce that is none: the library would copy it into the next proof (H33). */
export function toCheckedNonce(response: Response): Response {
  const nonce = response.headers.get('dpop-nonce');
  if (nonce === null || isNonce(nonce)) return response;
  const headers = new Headers(response.headers);
  headers.delete('dpop-nonce');
  const checked = new Response(response.body, { status: response.status, headers });
  const connection = connectionOf(response);
  if (connection) noteConnection(checked, connection);
  return checked;
}
