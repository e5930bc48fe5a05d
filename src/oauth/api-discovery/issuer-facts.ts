/** What an issuer's metadata says, in the few facts that choosing a grant and a client needs. Source: RFC 8414 §2. */
import type { DiscoveredServer } from '../discovery.ts';
import { toScopes } from './challenge-facts.ts';
import type { IssuerFacts } from './findings.ts';
import { toNames } from './resource-metadata.ts';

export function toIssuerFacts({ metadata, kind }: DiscoveredServer): IssuerFacts {
  const list = (name: string): readonly string[] | undefined =>
    Array.isArray(metadata[name]) ? toNames(metadata[name]) : undefined;
  const challenges = list('code_challenge_methods_supported');
  const pushed = typeof metadata['pushed_authorization_request_endpoint'] === 'string';
  return {
    grants: list('grant_types_supported'),
    authMethods: list('token_endpoint_auth_methods_supported'),
    scopes: Array.isArray(metadata['scopes_supported']) ? toScopes(metadata['scopes_supported']) : undefined,
    registration: typeof metadata['registration_endpoint'] === 'string',
    clientIdMetadataDocument: metadata['client_id_metadata_document_supported'] === true,
    pkce: challenges?.includes('S256') ? 'S256' : challenges?.includes('plain') ? 'plain' : 'not announced',
    pushedRequests: !pushed
      ? 'no'
      : metadata['require_pushed_authorization_requests'] === true
        ? 'required'
        : 'offered',
    dpopAlgorithms: list('dpop_signing_alg_values_supported') ?? [],
    issInRedirect: metadata['authorization_response_iss_parameter_supported'] === true,
    openId: kind === 'oidc',
    device: typeof metadata['device_authorization_endpoint'] === 'string',
  };
}
