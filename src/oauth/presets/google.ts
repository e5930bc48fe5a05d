/** Google, clients of type “Desktop app”. Sources: developers.google.com, as named with each fact. */
import type { Preset } from './preset.ts';

const native = 'https://developers.google.com/identity/protocols/oauth2/native-app';

export const google: Preset = {
  id: 'google',
  label: 'Google',
  hosts: ['accounts.google.com', 'oauth2.googleapis.com'],
  issuer: 'https://accounts.google.com',
  fields: { grant: 'authorization_code', token_endpoint_auth_method: 'client_secret_post', scope: 'openid email' },
  redirect: { form: 'any_port', register: 'nothing: a desktop client may use any port of 127.0.0.1' },
  registration: {
    at: 'https://console.cloud.google.com/auth/clients',
    steps: [
      'Enable the API in the project.',
      'Clients › Create client › Desktop app.',
      'Keep the client secret: a desktop client sends one too, though it proves nothing.',
    ],
  },
  scopes: [
    { scope: 'openid email', gives: 'who is signed in' },
    { scope: 'https://www.googleapis.com/auth/…', gives: 'one API; the list is on the page of each' },
  ],
  facts: [
    {
      says: 'A desktop client comes back to http://127.0.0.1 with any port.',
      source: `${native}#redirect-uri_loopback`,
    },
    {
      says: 'Installed apps have a client secret that is not treated as one, and use PKCE.',
      source: `${native}#obtainingaccesstokens`,
    },
    {
      says: 'A web client gets a refresh token only with access_type=offline, and again only with prompt=consent.',
      source: 'https://developers.google.com/identity/protocols/oauth2/web-server#offline',
    },
    {
      says: 'The device grant takes few scopes only.',
      source: 'https://developers.google.com/identity/protocols/oauth2/limited-input-device#allowedscopes',
    },
  ],
};
