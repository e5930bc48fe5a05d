/** GitHub, OAuth apps and the sign-in of GitHub Apps. Sources: docs.github.com, as named with each fact. */
import type { Preset } from './preset.ts';

const apps = 'https://docs.github.com/en/apps/oauth-apps/building-oauth-apps';

export const github: Preset = {
  id: 'github',
  label: 'GitHub',
  hosts: ['github.com'],
  fields: {
    grant: 'authorization_code',
    authorization_endpoint: 'https://github.com/login/oauth/authorize',
    token_endpoint: 'https://github.com/login/oauth/access_token',
    device_authorization_endpoint: 'https://github.com/login/device/code',
    token_endpoint_auth_method: 'client_secret_post',
    scope: 'read:user',
  },
  redirect: { form: 'any_port', register: 'http://127.0.0.1/cb' },
  registration: {
    at: 'https://github.com/settings/developers',
    steps: [
      'OAuth apps › New OAuth app; the callback URL is http://127.0.0.1/cb.',
      'Generate a client secret: the code grant needs it.',
      'For the device grant: Enable Device Flow; no secret is needed then.',
    ],
  },
  scopes: [
    { scope: 'repo', gives: 'private repositories' },
    { scope: 'read:user', gives: 'who is signed in' },
  ],
  facts: [
    {
      says: 'The port of a loopback redirect need not match the registered one; 127.0.0.1 is preferred to localhost.',
      source: `${apps}/authorizing-oauth-apps#loopback-redirect-urls`,
    },
    { says: 'client_id and client_secret go into the body.', source: `${apps}/authorizing-oauth-apps` },
    { says: 'PKCE with S256 is checked where it is used.', source: `${apps}/authorizing-oauth-apps` },
    {
      says: 'Errors come with status 200, scopes separated by commas, and the answer is a form without Accept: all three are read.',
      source: `${apps}/authorizing-oauth-apps`,
    },
    { says: 'The device grant has to be enabled for the app.', source: `${apps}/authorizing-oauth-apps#device-flow` },
  ],
};
