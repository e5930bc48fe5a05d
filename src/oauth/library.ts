/** Brings `openid-client` in when the first token is needed, so that activation and `--help` do not pay for it. */
export type OpenIdClient = typeof import('openid-client');
export type Configuration = import('openid-client').Configuration;
export type DPoPOptions = import('openid-client').DPoPOptions;
export type TokenAnswer = import('openid-client').TokenEndpointResponse &
  import('openid-client').TokenEndpointResponseHelpers;

export function loadOpenIdClient(): Promise<OpenIdClient> {
  return import('openid-client');
}
