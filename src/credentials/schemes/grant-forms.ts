/** The forms of all grants, written by `node scripts/schema.ts` from the files in `oauth/grants/`. */
import type { GrantForm } from '../grant-form.ts';

export const grantForms: readonly GrantForm[] = [
  {
    name: 'authorization_code',
    fields: [
      {
        name: 'redirect',
        label: 'Redirect',
        description: 'How the browser comes back.',
        type: 'string',
        values: ['auto', 'loopback', 'uri_handler', 'paste'],
      },
      {
        name: 'redirect_port',
        label: 'Redirect port',
        description: 'A fixed port on 127.0.0.1, when the provider compares it.',
        type: 'number',
      },
      {
        name: 'redirect_path',
        label: 'Redirect path',
        description: 'The registered path, when it is not /cb.',
        type: 'string',
        example: '/callback',
      },
      {
        name: 'response_type',
        label: 'Response type',
        description: 'code; or code id_token for a provider that demands it (OpenID Connect Core §3.3).',
        type: 'string',
        values: ['code', 'code id_token'],
      },
      {
        name: 'response_mode',
        label: 'Response mode',
        description: 'How the answer comes back; jwt and its kin are signed by the provider (JARM).',
        type: 'string',
        values: ['query', 'fragment', 'form_post', 'jwt', 'query.jwt', 'form_post.jwt'],
      },
    ],
    needs: ['authorization_endpoint', 'token_endpoint'],
    clientSecret: 'optional',
    secrets: [
      { id: 'private_key', label: 'private key', required: true, when: 'require_signed_request_object' },
      {
        id: 'passphrase',
        label: 'passphrase of the private key',
        required: false,
        when: 'require_signed_request_object',
      },
    ],
    browser: true,
  },
  {
    name: 'client_credentials',
    fields: [],
    needs: ['token_endpoint'],
    clientSecret: 'required',
    secrets: [],
    browser: false,
  },
  {
    name: 'urn:ietf:params:oauth:grant-type:device_code',
    shortName: 'device_code',
    fields: [
      {
        name: 'device_authorization_endpoint',
        label: 'Device authorization endpoint',
        description: 'Where a device code is given, when the issuer has no metadata.',
        type: 'string',
        format: 'url',
      },
    ],
    needs: ['device_authorization_endpoint', 'token_endpoint'],
    clientSecret: 'optional',
    secrets: [],
    browser: false,
  },
  {
    name: 'urn:ietf:params:oauth:grant-type:token-exchange',
    shortName: 'token_exchange',
    fields: [
      {
        name: 'subject_credential',
        label: 'Subject credential',
        description: 'Name of the credential whose access token is exchanged.',
        type: 'string',
      },
      {
        name: 'requested_token_type',
        label: 'Requested token type',
        description: 'What is asked for, when the server needs to be told.',
        type: 'string',
        example: 'urn:ietf:params:oauth:token-type:access_token',
      },
    ],
    needs: ['token_endpoint'],
    clientSecret: 'required',
    secrets: [{ id: 'subject_token', label: 'subject token', required: true, unless: 'subject_credential' }],
    browser: false,
  },
  {
    name: 'urn:ietf:params:oauth:grant-type:jwt-bearer',
    shortName: 'jwt_bearer',
    fields: [
      {
        name: 'assertion_subject',
        label: 'Assertion subject',
        description: 'Who it speaks for, when that is not the client itself.',
        type: 'string',
      },
      {
        name: 'assertion_issuer',
        label: 'Assertion issuer',
        description: 'Who signs, as registered there, when that is not the client.',
        type: 'string',
      },
      { name: 'key_id', label: 'Key id', description: 'The kid the private key is registered under.', type: 'string' },
    ],
    needs: ['token_endpoint'],
    clientSecret: 'optional',
    secrets: [
      { id: 'private_key', label: 'private key', required: true },
      { id: 'passphrase', label: 'passphrase of the private key', required: false },
    ],
    browser: false,
  },
  {
    name: 'refresh_token',
    fields: [],
    needs: ['token_endpoint'],
    clientSecret: 'optional',
    secrets: [{ id: 'refresh_token', label: 'refresh token', required: true }],
    browser: false,
  },
  {
    name: 'password',
    fields: [{ name: 'username', label: 'User name', description: 'Who signs in.', type: 'string', required: true }],
    needs: ['token_endpoint'],
    clientSecret: 'optional',
    secrets: [{ id: 'password', label: 'password', required: false }],
    browser: false,
  },
  {
    name: 'implicit',
    fields: [],
    needs: ['authorization_endpoint'],
    clientSecret: 'never',
    secrets: [],
    browser: true,
  },
];
