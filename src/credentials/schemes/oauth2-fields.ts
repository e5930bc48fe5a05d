/** The fields of an `oauth2` definition, in wizard order, by their registered names. Source: contracts.md §3, RFC 7591, RFC 8414. */
import type { FieldInfo } from '../types.ts';
import { grantForms } from './grant-forms.ts';

const endpoint = (name: string, description: string): FieldInfo => ({
  name,
  label: name.replaceAll('_', ' '),
  description,
  type: 'string',
  format: 'url',
});

const encryption = ['RSA-OAEP', 'RSA-OAEP-256', 'RSA-OAEP-384', 'RSA-OAEP-512'].concat([
  'ECDH-ES',
  'ECDH-ES+A128KW',
  'ECDH-ES+A192KW',
  'ECDH-ES+A256KW',
]);

const shared: readonly FieldInfo[] = [
  {
    name: 'grant',
    label: 'Grant',
    description: 'How the token is asked for, by its registered name.',
    type: 'string',
    required: true,
    values: grantForms.flatMap(({ name, shortName }) => (shortName === undefined ? [name] : [shortName, name])),
  },
  {
    name: 'issuer',
    label: 'Issuer',
    description: 'Address of the identity provider; its metadata gives the endpoints.',
    type: 'string',
    format: 'url',
    example: 'https://idp.example.com',
  },
  {
    name: 'client_id',
    label: 'Client',
    description: 'The name this tool is registered under at the identity provider.',
    type: 'string',
    required: true,
  },
  {
    name: 'scope',
    label: 'Scope',
    description: 'What is asked for, separated by spaces.',
    type: 'string',
    example: 'openid orders.read',
  },
  endpoint(
    'authorization_endpoint',
    'Where the browser signs in (RFC 6749 §3.1). From the issuer’s metadata when absent.',
  ),
  endpoint('token_endpoint', 'Where tokens are given (RFC 6749 §3.2). From the issuer’s metadata when absent.'),
  endpoint('device_authorization_endpoint', 'Where a device code is given (RFC 8628 §3.1).'),
  endpoint('revocation_endpoint', 'Where tokens are revoked (RFC 7009).'),
  endpoint('introspection_endpoint', 'Where tokens are looked up (RFC 7662).'),
  endpoint('userinfo_endpoint', 'Who is signed in (OpenID Connect Core §5.3).'),
  endpoint('end_session_endpoint', 'Where the browser signs out (OpenID Connect RP-Initiated Logout).'),
  endpoint('jwks_uri', 'The keys that sign ID tokens (RFC 7517).'),
  {
    name: 'token_endpoint_auth_method',
    label: 'Client authentication',
    description: 'How the client proves itself at the token endpoint (RFC 7591 §2).',
    type: 'string',
    values: [
      'none',
      'client_secret_basic',
      'client_secret_basic_raw',
      'client_secret_post',
      'client_secret_jwt',
      'private_key_jwt',
      'tls_client_auth',
      'self_signed_tls_client_auth',
    ],
  },
  {
    name: 'token_endpoint_auth_signing_alg',
    label: 'Signature algorithm',
    description: 'Of the client’s signatures; from its key and the issuer’s metadata when absent.',
    type: 'string',
    values: ['ES256', 'ES384', 'ES512', 'PS256', 'PS384', 'PS512', 'RS256', 'RS384', 'RS512', 'EdDSA', 'Ed25519'],
  },
  {
    name: 'id_token_encrypted_response_alg',
    label: 'ID token encryption',
    description: 'As registered; ID tokens then come encrypted to the decryption key (OpenID Registration §2).',
    type: 'string',
    values: encryption,
  },
  {
    name: 'id_token_encrypted_response_enc',
    label: 'ID token content encryption',
    description: 'As registered; any that holds when absent.',
    type: 'string',
    values: ['A128CBC-HS256', 'A192CBC-HS384', 'A256CBC-HS512', 'A128GCM', 'A192GCM', 'A256GCM'],
  },
  {
    name: 'userinfo_encrypted_response_alg',
    label: 'Userinfo encryption',
    description: 'As registered, when userinfo comes encrypted.',
    type: 'string',
    values: encryption,
  },
  {
    name: 'userinfo_signed_response_alg',
    label: 'Userinfo signature',
    description: 'As registered; userinfo then has to be a signed JWT.',
    type: 'string',
    values: ['ES256', 'ES384', 'ES512', 'PS256', 'PS384', 'PS512', 'RS256', 'RS384', 'RS512', 'EdDSA', 'Ed25519'],
  },
  {
    name: 'key_id',
    label: 'Key id',
    description: 'The kid under which the private key is registered.',
    type: 'string',
  },
  {
    name: 'assertion_issuer',
    label: 'Assertion issuer',
    description: 'iss of the assertion (RFC 7523 §3); the client when absent.',
    type: 'string',
  },
  {
    name: 'assertion_subject',
    label: 'Assertion subject',
    description: 'sub of the assertion: who it speaks for; the client when absent.',
    type: 'string',
  },
  {
    name: 'assertion_audience',
    label: 'Assertion audience',
    description: 'aud of assertions; the issuer when absent, token_endpoint for that address.',
    type: 'string',
  },
  {
    name: 'assertion_claims',
    label: 'Assertion claims',
    description: 'Further claims of the assertion.',
    type: 'object',
  },
  {
    name: 'subject_credential',
    label: 'Subject credential',
    description: 'Name of the credential whose access token is exchanged (RFC 8693).',
    type: 'string',
  },
  {
    name: 'subject_token_type',
    label: 'Subject token type',
    description: 'What is exchanged (RFC 8693 §3); an access token when absent.',
    type: 'string',
    example: 'urn:ietf:params:oauth:token-type:access_token',
  },
  {
    name: 'requested_token_type',
    label: 'Requested token type',
    description: 'What is asked for in exchange (RFC 8693 §3).',
    type: 'string',
    example: 'urn:ietf:params:oauth:token-type:access_token',
  },
  { name: 'resource', label: 'Resource', description: 'The API the token is for (RFC 8707).', type: 'string[]' },
  {
    name: 'audience',
    label: 'Audience',
    description: 'The API the token is for, where a provider asks for it so.',
    type: 'string',
  },
  {
    name: 'authorization_details',
    label: 'Authorization details',
    description: 'Fine-grained rights (RFC 9396).',
    type: 'object',
  },
  {
    name: 'acr_values',
    label: 'Authentication class',
    description: 'How strong the sign-in must be (OpenID Connect Core §3.1.2.1).',
    type: 'string',
  },
  {
    name: 'max_age',
    label: 'Maximum age',
    description: 'Sign in again when the last one is older, in seconds.',
    type: 'number',
  },
  { name: 'prompt', label: 'Prompt', description: 'none, login, consent or select_account.', type: 'string' },
  { name: 'login_hint', label: 'Login hint', description: 'Who is expected to sign in.', type: 'string' },
  { name: 'username', label: 'User name', description: 'For the legacy password grant only.', type: 'string' },
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
    description: 'A fixed port on 127.0.0.1, where the provider asks for one.',
    type: 'number',
  },
  {
    name: 'redirect_path',
    label: 'Redirect path',
    description: 'The path of the redirect.',
    type: 'string',
    example: '/cb',
  },
  {
    name: 'require_pushed_authorization_requests',
    label: 'Pushed requests',
    description: 'Refuse to sign in without PAR (RFC 9126).',
    type: 'boolean',
  },
  {
    name: 'require_signed_request_object',
    label: 'Signed requests',
    description: 'Send the request as a signed JWT (RFC 9101).',
    type: 'boolean',
  },
  { name: 'dpop_bound_access_tokens', label: 'DPoP', description: 'Bind tokens to a key (RFC 9449).', type: 'boolean' },
  {
    name: 'profile',
    label: 'Profile',
    description: 'fapi2 refuses everything weaker.',
    type: 'string',
    values: ['default', 'fapi2'],
  },
  {
    name: 'quirks',
    label: 'Quirks',
    description:
      'Deviations of this provider to tolerate: form_answer, camel_case, authed_user, error_list, null_scope, zero_lifetime, worded_token_type, missing_token_type, created_answer, refresh_scope, client_id_in_body, token_in_query, slack_token_in_query, linkedin_token_in_query.',
    type: 'string[]',
  },
  {
    name: 'quirk_rules',
    label: 'Quirk rules',
    description: 'How the token answer of a provider that no quirk fits is to be read, as data.',
    type: 'object',
  },
  {
    name: 'authorize_parameters',
    label: 'Authorization parameters',
    description: 'Further parameters of the authorization request.',
    type: 'object',
  },
  {
    name: 'token_parameters',
    label: 'Token parameters',
    description: 'Further parameters of the token request.',
    type: 'object',
  },
];

const named = new Set(shared.map(({ name }) => name));

/** Those of every definition, then those that one grant alone brings along. */
export const oauth2Fields: readonly FieldInfo[] = [
  ...shared,
  ...grantForms
    .flatMap(({ fields }) => fields)
    .filter((field, index, all) => !named.has(field.name) && all.findIndex(({ name }) => name === field.name) === index)
    // What one grant cannot do without, another does not know.
    .map(({ required: _required, ...field }) => field),
];
