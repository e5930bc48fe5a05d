/**
 * The API as the identity provider sees it: the one resource of RFC 8707, which is also the default, so that a client
 * that names none gets a token for it all the same.
 */
import type { Configuration } from 'oidc-provider';
import { errors } from 'oidc-provider';
import { allScopes } from './clients.ts';

type ResourceFeature = NonNullable<NonNullable<Configuration['features']>['resourceIndicators']>;

/** What the provider has to know of the API at `api` (an origin, also the audience). */
export function toResourceServer(api: string, accessTokenTtl: number) {
  return {
    scope: allScopes.join(' '),
    audience: api,
    accessTokenTTL: accessTokenTtl,
    accessTokenFormat: 'jwt' as const,
    jwt: { sign: { alg: 'ES256' as const } },
  };
}

export function toResourceFeature(api: string, accessTokenTtl: number): ResourceFeature {
  return {
    enabled: true,
    defaultResource: (_ctx, _client, oneOf) => {
      const asked = oneOf;
      return asked === undefined || asked.length === 0 ? api : asked.length === 1 ? (asked[0] ?? api) : [...asked];
    },
    useGrantedResource: () => true,
    getResourceServerInfo: (_ctx, resource) => {
      const named = URL.parse(resource);
      if (named?.origin !== api) throw new errors.InvalidTarget();
      return toResourceServer(api, accessTokenTtl);
    },
  };
}
