/** Keycloak, at any host; known by the path of its realms. Sources: keycloak.org, as named with each fact. */
import type { Preset } from './preset.ts';

const apps = 'https://www.keycloak.org/securing-apps/oidc-layers';

export const keycloak: Preset = {
  id: 'keycloak',
  label: 'Keycloak',
  hosts: [],
  path: /^(?:\/auth)?\/realms\/[^/]+/,
  issuer: 'https://{host}/realms/{realm}',
  placeholders: {
    host: 'where Keycloak runs; up to version 16 the path begins with /auth',
    realm: 'the name of the realm',
  },
  fields: { grant: 'authorization_code', token_endpoint_auth_method: 'none', scope: 'openid' },
  redirect: { form: 'any_port', register: 'http://127.0.0.1/cb' },
  registration: {
    at: 'the admin console of the realm: Clients › Create client',
    steps: [
      'OpenID Connect; Client authentication off; Standard flow on.',
      'Valid redirect URIs: http://127.0.0.1/cb, without a port and without a star.',
      'Advanced › Proof Key for Code Exchange Code Challenge Method: S256, so that it is demanded.',
    ],
  },
  scopes: [
    { scope: 'openid', gives: 'who is signed in' },
    { scope: 'offline_access', gives: 'a refresh token that outlives the session' },
  ],
  facts: [
    { says: 'http://127.0.0.1 as a redirect URI allows any port.', source: `${apps}#_redirect_uris` },
    {
      says: 'Redirect URIs should be as specific as can be: a star opens the client to redirects elsewhere.',
      source: `${apps}#_redirect_uris`,
    },
    {
      says: 'PKCE is demanded of a client only when its code challenge method is set.',
      source: 'https://www.keycloak.org/docs/latest/server_admin/#_oidc_clients',
    },
  ],
};
