/**
 * The profile `fapi2`: what a definition and its provider have to bring before anything is asked for. It names the first
 * requirement that is not met. Source: FAPI 2.0 Security Profile §5.3.2–5.3.3.
 */
import { CountersignError } from '../errors/countersign-error.ts';
import type { OAuth2Definition } from '../credentials/types.ts';
import type { ServerMetadata } from './discovery.ts';

const methods = ['private_key_jwt', 'tls_client_auth', 'self_signed_tls_client_auth'];
const algorithms = ['PS256', 'ES256', 'EdDSA', 'Ed25519'];
const grants = ['authorization_code', 'client_credentials', 'refresh_token'];

export interface ProfileFacts {
  readonly definition: OAuth2Definition;
  readonly metadata: ServerMetadata;
  readonly host: string;
  /** The client authentication that was chosen. */
  readonly method: string;
  /** The algorithm its key signs with. */
  readonly alg: string | undefined;
}

/** The requirement that is missed, in words that follow a colon; undefined when all are met. */
export function toMissedRequirement({ definition, metadata, method, alg }: ProfileFacts): string | undefined {
  const certificate = method.endsWith('tls_client_auth');
  if (!grants.includes(definition.grant)) return 'the grant is none of its own';
  if (definition.issuer === undefined) return 'the definition names no issuer';
  if (!methods.includes(method)) return `client authentication is ${method}, not a key or a certificate`;
  if (alg !== undefined && !algorithms.includes(alg)) return `the client signs with ${alg}`;
  if (definition.dpop_bound_access_tokens !== true && !certificate) return 'tokens are bound to nothing';
  if (definition.grant !== 'authorization_code') return undefined;
  if (definition.response_type !== undefined && definition.response_type !== 'code')
    return 'it asks for more than a code';
  if (metadata['authorization_response_iss_parameter_supported'] !== true) return 'redirects do not name the issuer';
  if (typeof metadata['pushed_authorization_request_endpoint'] !== 'string') return 'requests cannot be pushed';
  const challenges = metadata['code_challenge_methods_supported'];
  return Array.isArray(challenges) && challenges.includes('S256') ? undefined : 'PKCE S256 is not announced';
}

/** Throws CS-AUTH-PROFILE. */
export function requireProfile(facts: ProfileFacts): void {
  if (facts.definition.profile !== 'fapi2') return;
  const missed = toMissedRequirement(facts);
  if (missed === undefined) return;
  throw new CountersignError('CS-AUTH-PROFILE', `${facts.host} does not meet the profile fapi2: ${missed}.`, {
    facts: { host: facts.host, requirement: missed },
  });
}
