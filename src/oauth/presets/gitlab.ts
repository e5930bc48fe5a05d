/** GitLab.com; a self-managed GitLab is the same at its own address. Sources: docs.gitlab.com, as named with each fact. */
import type { Preset } from './preset.ts';

export const gitlab: Preset = {
  id: 'gitlab',
  label: 'GitLab',
  hosts: ['gitlab.com'],
  issuer: 'https://gitlab.com',
  fields: {
    grant: 'authorization_code',
    token_endpoint_auth_method: 'none',
    redirect_port: 33418,
    scope: 'openid read_api',
  },
  redirect: { form: 'exact_port', register: 'http://127.0.0.1:33418/cb' },
  registration: {
    at: 'https://gitlab.com/-/user_settings/applications',
    steps: [
      'Add new application; the redirect URI is http://127.0.0.1:33418/cb.',
      'Clear “Confidential”: then no secret is needed.',
      'Choose every scope that will be asked for.',
    ],
  },
  scopes: [
    { scope: 'openid', gives: 'who is signed in' },
    { scope: 'read_api', gives: 'reading the API' },
    { scope: 'api', gives: 'the whole API' },
  ],
  facts: [
    {
      says: 'The code grant with PKCE needs no secret; the redirect URI has to match the registered one.',
      source: 'https://docs.gitlab.com/api/oauth2/#authorization-code-with-proof-key-for-code-exchange-pkce',
    },
    {
      says: 'An access token lasts two hours; a refresh replaces both tokens and ends the old ones.',
      source: 'https://docs.gitlab.com/api/oauth2/#authorization-code-with-proof-key-for-code-exchange-pkce',
    },
    {
      says: 'The device grant exists since 17.9.',
      source: 'https://docs.gitlab.com/api/oauth2/#device-authorization-grant-flow',
    },
    {
      says: 'Plain http redirects are allowed for development.',
      source: 'https://docs.gitlab.com/api/oauth2/#use-https-in-production',
    },
  ],
};
