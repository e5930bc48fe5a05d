/**
 * The implicit grant for the legacy client: an access token in the fragment of the redirect. The provider's library has
 * no `response_type=token`, so the request runs as a code flow and the code is turned into a token on its way out.
 * RFC 9700 §2.1.2 says not to use it; it is here to be recognised. Source: RFC 6749 §4.2.
 */
import type { KoaContextWithOIDC } from 'oidc-provider';
import { clientIds } from './clients.ts';
import { issueAccessToken } from './grants.ts';
import type { GrantContext } from './grants.ts';

/** An extra authorization parameter of our own that marks the request through sign-in and consent. */
export const implicitMark = 'playground_implicit';

async function toFragment(context: GrantContext, ctx: KoaContextWithOIDC, location: URL): Promise<void> {
  const answer = new URLSearchParams(location.hash.slice(1));
  const value = answer.get('code');
  const code = value === null ? undefined : await context.provider.AuthorizationCode.find(value);
  if (code?.accountId === undefined) return;
  await code.destroy();
  const issued = await issueAccessToken(context, ctx, {
    accountId: code.accountId,
    scopes: [...code.scopes],
    grantType: 'implicit',
    claims: { acr: code.acr, auth_time: code.authTime },
  });
  answer.delete('code');
  for (const [name, text] of Object.entries(issued)) answer.set(name, String(text));
  location.hash = answer.toString();
  ctx.redirect(location.href);
}

/** Middleware around the authorization endpoint and its continuation. */
export function createImplicit(context: GrantContext) {
  return async (ctx: KoaContextWithOIDC, next: () => Promise<void>): Promise<void> => {
    if (ctx.method !== 'GET' || !/^\/auth(?:\/|$)/.test(ctx.path)) {
      await next();
      return;
    }
    const query = { ...ctx.query };
    delete query[implicitMark];
    if (query['response_type'] === 'token' && query['client_id'] === clientIds.legacy) {
      Object.assign(query, { response_type: 'code', response_mode: 'fragment', [implicitMark]: 'yes' });
    }
    if (ctx.path === '/auth') ctx.query = query;
    await next();
    const target = URL.parse(ctx.response.get('Location'));
    if (target !== null && ctx.oidc.params?.[implicitMark] === 'yes') await toFragment(context, ctx, target);
  };
}
