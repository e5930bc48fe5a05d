/** Amazon Cognito user pools with a domain. Sources: docs.aws.amazon.com, as named with each fact. */
import type { Preset } from './preset.ts';

const guide = 'https://docs.aws.amazon.com/cognito/latest/developerguide';

export const cognito: Preset = {
  id: 'cognito',
  label: 'AWS Cognito',
  hosts: ['cognito-idp.*.amazonaws.com', '*.amazoncognito.com'],
  issuer: 'https://cognito-idp.{region}.amazonaws.com/{pool}',
  placeholders: { region: 'the AWS region', pool: 'the id of the user pool, which begins with the region' },
  fields: {
    grant: 'authorization_code',
    token_endpoint_auth_method: 'none',
    redirect_port: 33418,
    scope: 'openid',
  },
  redirect: { form: 'exact_port', register: 'http://127.0.0.1:33418/cb' },
  registration: {
    at: 'https://console.aws.amazon.com/cognito',
    steps: [
      'User pools › the pool › App clients › Create; a client of a desktop application has no secret.',
      'Allowed callback URL: http://127.0.0.1:33418/cb.',
      'OAuth grant type: Authorization code grant; choose the scopes.',
      'Branding › Domain: without one the pool has no authorization endpoint.',
    ],
  },
  scopes: [
    { scope: 'openid', gives: 'who is signed in' },
    { scope: 'aws.cognito.signin.user.admin', gives: 'the person’s own attributes' },
    { scope: 'RESOURCE_SERVER/SCOPE', gives: 'an API that is defined as a resource server of the pool' },
  ],
  facts: [
    {
      says: 'Callback URLs are https, or http at localhost, 127.0.0.1 or [::1], with a port of one’s choice, each registered as it is.',
      source:
        'https://docs.aws.amazon.com/cognito-user-identity-pools/latest/APIReference/API_CreateUserPoolClient.html',
    },
    { says: 'S256 is the only PKCE method.', source: `${guide}/authorization-endpoint.html` },
    { says: 'A client with a secret authenticates with Basic or in the body.', source: `${guide}/token-endpoint.html` },
    {
      says: 'The endpoints exist once the pool has a domain.',
      source: `${guide}/cognito-userpools-server-contract-reference.html`,
    },
  ],
};
