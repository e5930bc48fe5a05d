/**
 * Request parameters that a definition may never set or override: they carry the protection of the flow, or have a
 * field of their own that the approval shows. Source: RFC 6749, RFC 7636, RFC 9101, RFC 8693, OpenID Connect Core §3.1.2.1.
 */
const both = [
  'client_id',
  'client_secret',
  'redirect_uri',
  'code_verifier',
  'client_assertion',
  'client_assertion_type',
  'scope',
];

const parametersByField = {
  authorize_parameters: new Set([
    ...both,
    'response_type',
    'response_mode',
    'state',
    'nonce',
    'code_challenge',
    'code_challenge_method',
    'request',
    'request_uri',
    'dpop_jkt',
  ]),
  token_parameters: new Set([
    ...both,
    'grant_type',
    'code',
    'refresh_token',
    'device_code',
    'assertion',
    'username',
    'password',
    'subject_token',
    'actor_token',
  ]),
};

/** The refused parameters of `authorize_parameters` and `token_parameters`, lower case; undefined for other fields. */
export const protectedParameters: ReadonlyMap<string, ReadonlySet<string>> = new Map(Object.entries(parametersByField));
