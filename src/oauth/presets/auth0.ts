/** Auth0, native applications. Sources: auth0.com/docs, as named with each fact. */
import type { Preset } from './preset.ts';

const docs = 'https://auth0.com/docs';

export const auth0: Preset = {
  id: 'auth0',
  label: 'Auth0',
  hosts: ['*.auth0.com'],
  issuer: 'https://{domain}/',
  placeholders: { domain: 'the domain of the tenant; the issuer ends with a slash' },
  fields: {
    grant: 'authorization_code',
    token_endpoint_auth_method: 'none',
    redirect_port: 33418,
    scope: 'openid profile offline_access',
    audience: 'https://API_IDENTIFIER',
  },
  redirect: { form: 'exact_port', register: 'http://127.0.0.1:33418/cb' },
  registration: {
    at: 'https://manage.auth0.com',
    steps: [
      'Applications › Create Application › Native.',
      'Allowed Callback URLs: http://127.0.0.1:33418/cb.',
      'APIs › the API › Allow Offline Access, for refresh tokens.',
    ],
  },
  scopes: [
    { scope: 'offline_access', gives: 'a refresh token, where the API allows it' },
    { scope: 'openid profile email', gives: 'who is signed in' },
  ],
  facts: [
    {
      says: 'Without audience the access token is opaque and good for userinfo only.',
      source: `${docs}/secure/tokens/access-tokens/get-access-tokens`,
    },
    {
      says: 'The redirect has to be one of the Allowed Callback URLs; S256 is the only PKCE method.',
      source: `${docs}/get-started/authentication-and-authorization-flow/authorization-code-flow-with-pkce/call-your-api-using-the-authorization-code-flow-with-pkce`,
    },
    {
      says: 'offline_access gives a refresh token.',
      source: `${docs}/secure/tokens/refresh-tokens/get-refresh-tokens`,
    },
  ],
};
