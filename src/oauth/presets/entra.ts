/** Microsoft Entra ID, v2.0 endpoints. Sources: learn.microsoft.com, as named with each fact. */
import type { Preset } from './preset.ts';

const docs = 'https://learn.microsoft.com/entra/identity-platform';

export const entra: Preset = {
  id: 'entra',
  label: 'Microsoft Entra ID',
  hosts: ['login.microsoftonline.com', 'login.microsoftonline.us', 'login.partner.microsoftonline.cn'],
  issuer: 'https://login.microsoftonline.com/{tenant}/v2.0',
  placeholders: {
    tenant: 'the directory (tenant) id; not common or organizations, whose metadata names no one issuer',
  },
  fields: { grant: 'authorization_code', token_endpoint_auth_method: 'none', scope: 'openid profile offline_access' },
  redirect: { form: 'any_port', register: 'http://127.0.0.1/cb' },
  registration: {
    at: 'https://entra.microsoft.com',
    steps: [
      'App registrations › New registration.',
      'Authentication › Mobile and desktop applications; the address http://127.0.0.1/cb has to be written into the manifest, since the form refuses http with a number.',
      'For the device grant: Authentication › Allow public client flows.',
    ],
  },
  scopes: [
    { scope: 'offline_access', gives: 'a refresh token' },
    { scope: 'api://CLIENT_ID_OF_THE_API/.default', gives: 'what was consented to for one API; one API a token' },
  ],
  facts: [
    {
      says: 'The port of a loopback redirect is ignored, 127.0.0.1 is preferred to localhost and goes into the manifest, and [::1] is not supported.',
      source: `${docs}/reply-url#localhost-exceptions`,
    },
    {
      says: 'Native clients sign in with the authorization code and PKCE and send no secret.',
      source: `${docs}/v2-oauth2-auth-code-flow`,
    },
    { says: 'offline_access gives a refresh token.', source: `${docs}/scopes-oidc#the-offline_access-scope` },
    { says: 'The metadata of a tenant is at {tenant}/v2.0.', source: `${docs}/v2-protocols-oidc` },
  ],
};
