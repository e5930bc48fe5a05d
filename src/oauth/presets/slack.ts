/** Slack, user tokens by OAuth v2 with PKCE. Sources: docs.slack.dev, as named with each fact. */
import type { Preset } from './preset.ts';

const docs = 'https://docs.slack.dev';

export const slack: Preset = {
  id: 'slack',
  label: 'Slack',
  hosts: ['slack.com', '*.slack.com'],
  fields: {
    grant: 'authorization_code',
    authorization_endpoint: 'https://slack.com/oauth/v2/authorize',
    token_endpoint: 'https://slack.com/api/oauth.v2.access',
    token_endpoint_auth_method: 'none',
    redirect: 'uri_handler',
    quirks: ['authed_user'],
    authorize_parameters: { user_scope: 'users:read' },
  },
  redirect: { form: 'application', register: 'vscode://countersign.countersign/signed-in' },
  registration: {
    at: 'https://api.slack.com/apps',
    steps: [
      'Create New App.',
      'OAuth & Permissions › Redirect URLs: vscode://countersign.countersign/signed-in; User Token Scopes as needed.',
      'Turn on PKCE: the app is then a public client for good, and its refresh tokens last 30 days.',
    ],
  },
  scopes: [
    { scope: 'user_scope=users:read', gives: 'a token of the person; asked for in authorize_parameters' },
    { scope: 'scope=chat:write', gives: 'a token of the app, with its secret and an https redirect only' },
  ],
  facts: [
    {
      says: 'PKCE makes an app a public client, needs no secret, always rotates for custom schemes, and lets refresh tokens last 30 days.',
      source: `${docs}/authentication/using-pkce`,
    },
    { says: 'A desktop redirect cannot ask for scopes of the bot.', source: `${docs}/changelog/2026/03/30/pkce` },
    {
      says: 'The person’s token is in authed_user, and an error has status 200 with ok false: both are read.',
      source: `${docs}/reference/methods/oauth.v2.access`,
    },
  ],
};
