/** Salesforce, external client apps. Sources: help.salesforce.com, as named with each fact. */
import type { Preset } from './preset.ts';

const help = 'https://help.salesforce.com/s/articleView?type=5&id=';

export const salesforce: Preset = {
  id: 'salesforce',
  label: 'Salesforce',
  hosts: ['login.salesforce.com', 'test.salesforce.com', '*.my.salesforce.com', '*.my.site.com'],
  issuer: 'https://login.salesforce.com',
  fields: {
    grant: 'authorization_code',
    token_endpoint_auth_method: 'none',
    redirect: 'uri_handler',
    scope: 'openid api refresh_token',
  },
  redirect: { form: 'application', register: 'vscode://countersign.countersign/signed-in' },
  registration: {
    at: 'Setup › External Client App Manager › New External Client App',
    steps: [
      'Enable OAuth; the callback URL is vscode://countersign.countersign/signed-in.',
      'Scopes: api, openid, refresh_token.',
      'Require PKCE; clear both “Require Secret” for a client without one.',
    ],
  },
  scopes: [
    { scope: 'api', gives: 'the REST API' },
    { scope: 'refresh_token', gives: 'a refresh token' },
  ],
  facts: [
    {
      says: 'The code grant takes code_challenge and code_verifier; PKCE and no secret is the way for clients that keep none.',
      source: `${help}xcloud.remoteaccess_oauth_web_server_flow_ca.htm`,
    },
    {
      says: 'Token answers hold issued_at and no expires_in: the token is renewed when the API refuses it.',
      source: `${help}xcloud.remoteaccess_oauth_web_server_flow_ca.htm`,
    },
    {
      says: 'A callback URL is https or an address of an application; plain http is for the name localhost, where Countersign does not listen.',
      source: `${help}sf.connected_app_create_api_integration.htm`,
    },
    {
      says: 'Metadata is at login.salesforce.com, at test.salesforce.com for sandboxes, and at the My Domain.',
      source: `${help}sf.remoteaccess_using_openid_discovery_endpoint.htm`,
    },
  ],
};
