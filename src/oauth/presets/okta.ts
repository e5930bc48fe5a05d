/** Okta, the org's own authorization server or a custom one. Sources: developer.okta.com, as named with each fact. */
import type { Preset } from './preset.ts';

const docs = 'https://developer.okta.com/docs';

export const okta: Preset = {
  id: 'okta',
  label: 'Okta',
  hosts: ['*.okta.com', '*.oktapreview.com', '*.okta-emea.com', '*.okta-gov.com'],
  issuer: 'https://{domain}/oauth2/{server}',
  placeholders: {
    domain: 'the domain of the org',
    server: 'the id of the authorization server, often default; the org’s own server has no /oauth2/… at all',
  },
  fields: {
    grant: 'authorization_code',
    token_endpoint_auth_method: 'none',
    redirect_port: 33418,
    scope: 'openid profile offline_access',
  },
  redirect: { form: 'exact_port', register: 'http://127.0.0.1:33418/cb' },
  registration: {
    at: 'the admin console of the org: Applications › Create App Integration',
    steps: [
      'OIDC, Native Application.',
      'Grants: Authorization Code and Refresh Token.',
      'Sign-in redirect URI: http://127.0.0.1:33418/cb.',
      'Assign people or groups, else nobody can sign in.',
    ],
  },
  scopes: [
    { scope: 'offline_access', gives: 'a refresh token' },
    { scope: 'okta.users.read', gives: 'the management API; the org’s own server only' },
  ],
  facts: [
    {
      says: 'A redirect URI has to be one of those registered for the client.',
      source: `${docs}/api/openapi/okta-oauth/oauth/tag/OrgAS/`,
    },
    {
      says: 'Access tokens of the org’s own server are for Okta’s APIs and cannot be checked by others; a custom server is for one’s own.',
      source: `${docs}/concepts/auth-servers/`,
    },
    {
      says: 'offline_access gives a refresh token, which can be set to rotate.',
      source: `${docs}/guides/refresh-tokens/main/`,
    },
    {
      says: 'Native clients use PKCE and no secret.',
      source: `${docs}/guides/implement-grant-type/authcodepkce/main/`,
    },
  ],
};
