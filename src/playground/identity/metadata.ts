/**
 * Middleware that tells a client what the library would not: which endpoints are on plain http for a browser, which
 * grants were added by hand; and that `offline_access` is agreed to each time.
 */
import type { KoaContextWithOIDC } from 'oidc-provider';
import type { IdentityOptions } from './identity-options.ts';

/** Says in the metadata what a browser opens on plain http, and names the grants that were added by hand. */
export function createMetadata(options: IdentityOptions) {
  const onPages = (url: unknown): string => options.pages + new URL(String(url)).pathname + new URL(String(url)).search;
  return async (ctx: KoaContextWithOIDC, next: () => Promise<void>): Promise<void> => {
    if (ctx.path === '/device' && ctx.method === 'GET' && typeof ctx.query['user_code'] === 'string') {
      // Shown in the field instead of being sent on by a script, so that a person looks at it.
      Object.assign(ctx.state, { userCode: ctx.query['user_code'].slice(0, 20) });
      ctx.query = {};
    }
    await next();
    if (typeof ctx.body !== 'object' || ctx.body === null || ctx.status !== 200) return;
    const body = ctx.body as Record<string, unknown>;
    if (ctx.path === '/device/auth') {
      body['verification_uri'] = onPages(body['verification_uri']);
      body['verification_uri_complete'] = onPages(body['verification_uri_complete']);
    } else if (/^\/\.well-known\/(openid-configuration|oauth-authorization-server)$/.test(ctx.path)) {
      body['authorization_endpoint'] = onPages(body['authorization_endpoint']);
      body['end_session_endpoint'] = onPages(body['end_session_endpoint']);
      body['response_types_supported'] = [...(body['response_types_supported'] as string[]), 'token'];
      body['grant_types_supported'] = [...new Set([...(body['grant_types_supported'] as string[]), 'implicit'])];
      body['service_documentation'] = options.pages;
    }
  };
}

/** `offline_access` has to be agreed to each time (OpenID Connect Core §11): asks, where the client forgot to. */
export async function askForOffline(ctx: KoaContextWithOIDC, next: () => Promise<void>): Promise<void> {
  const { scope, prompt, request, request_uri: pushed } = ctx.query;
  const wants = typeof scope === 'string' && scope.split(' ').includes('offline_access');
  if (ctx.path === '/auth' && wants && prompt === undefined && request === undefined && pushed === undefined) {
    ctx.query = { ...ctx.query, prompt: 'consent' };
  }
  await next();
}
