/** What `profile: fapi2` demands; the sign-in refuses the same. Source: FAPI 2.0 Security Profile §5.3, §5.4. */
import { listed, offers, type Check, type CheckFacts } from './check.ts';

const strict = ({ oauth }: CheckFacts): boolean => oauth.profile === 'fapi2';
const asked = (facts: CheckFacts): boolean => strict(facts) && facts.metadata !== undefined;
const strong = ['private_key_jwt', 'tls_client_auth', 'self_signed_tls_client_auth'];
const algorithms = ['PS256', 'ES256', 'EdDSA', 'Ed25519'];
const grants = ['authorization_code', 'client_credentials', 'refresh_token'];

export const fapiChecks: readonly Check[] = [
  {
    code: 'CS-ADV-FAPI-GRANT',
    severity: 'error',
    title: 'fapi2: a grant that the profile does not have',
    rule: 'FAPI 2.0 Security Profile, 5.3.3',
    asks: 'definition',
    field: 'grant',
    when: (facts) => strict(facts) && !grants.includes(facts.grant),
    message: 'The profile fapi2 does not know <grant>.',
    next: 'Use authorization_code for a person, client_credentials for a service.',
  },
  {
    code: 'CS-ADV-FAPI-CLIENT',
    severity: 'error',
    title: 'fapi2: a client without a key of its own',
    rule: 'FAPI 2.0 Security Profile, 5.3.3.1',
    asks: 'definition',
    field: 'token_endpoint_auth_method',
    when: (facts) => strict(facts) && facts.method !== undefined && !strong.includes(facts.method),
    message: 'The profile fapi2 demands a key or a certificate; <name> uses <method>.',
    next: 'Use private_key_jwt or tls_client_auth.',
    fix: { title: 'Use private_key_jwt', changes: () => ({ token_endpoint_auth_method: 'private_key_jwt' }) },
  },
  {
    code: 'CS-ADV-FAPI-UNBOUND',
    severity: 'error',
    title: 'fapi2: tokens are bound to nothing',
    rule: 'FAPI 2.0 Security Profile, 5.3.3.1',
    asks: 'definition',
    field: 'dpop_bound_access_tokens',
    when: (facts) =>
      strict(facts) &&
      facts.oauth.dpop_bound_access_tokens !== true &&
      facts.method?.endsWith('tls_client_auth') !== true,
    message: 'The profile fapi2 demands tokens that are bound to a key or a certificate.',
    next: 'Set dpop_bound_access_tokens, or use a certificate.',
    fix: { title: 'Bind tokens to a key (DPoP)', changes: () => ({ dpop_bound_access_tokens: true }) },
  },
  {
    code: 'CS-ADV-FAPI-ALG',
    severity: 'error',
    title: 'fapi2: a signature that the profile does not have',
    rule: 'FAPI 2.0 Security Profile, 5.4.1',
    asks: 'definition',
    field: 'token_endpoint_auth_signing_alg',
    when: ({ oauth }) =>
      oauth.profile === 'fapi2' &&
      oauth.token_endpoint_auth_signing_alg !== undefined &&
      !algorithms.includes(oauth.token_endpoint_auth_signing_alg),
    message: 'The profile fapi2 takes PS256, ES256 and Ed25519; <name> signs with <alg>.',
    next: 'Use PS256 with an RSA key, ES256 with one of P-256.',
    fix: { title: 'Leave it to the key', changes: () => ({ token_endpoint_auth_signing_alg: undefined }) },
  },
  {
    code: 'CS-ADV-FAPI-ISSUER',
    severity: 'error',
    title: 'fapi2: no issuer',
    rule: 'FAPI 2.0 Security Profile, 5.3.3.1',
    asks: 'definition',
    field: 'profile',
    when: (facts) => strict(facts) && facts.oauth.issuer === undefined,
    message: 'The profile fapi2 takes the endpoints from the metadata of an issuer, and <name> names none.',
    next: 'Name the issuer.',
  },
  {
    code: 'CS-ADV-FAPI-PAR',
    severity: 'error',
    title: 'fapi2: requests cannot be pushed',
    rule: 'FAPI 2.0 Security Profile, 5.3.2.2',
    asks: 'metadata',
    field: 'profile',
    when: (facts) => asked(facts) && facts.browser && !offers(facts, 'pushed_authorization_request_endpoint'),
    message: 'The profile fapi2 demands pushed requests, and <host> takes none.',
    next: 'Ask its owner, or drop the profile.',
  },
  {
    code: 'CS-ADV-FAPI-PKCE',
    severity: 'error',
    title: 'fapi2: S256 is not announced',
    rule: 'FAPI 2.0 Security Profile, 5.3.2.2',
    asks: 'metadata',
    field: 'profile',
    when: (facts) =>
      asked(facts) && facts.browser && !(listed(facts, 'code_challenge_methods_supported') ?? []).includes('S256'),
    message: 'The profile fapi2 demands PKCE with S256, which <host> does not announce.',
    next: 'Ask its owner, or drop the profile.',
  },
  {
    code: 'CS-ADV-FAPI-ISS',
    severity: 'error',
    title: 'fapi2: redirects do not name the issuer',
    rule: 'FAPI 2.0 Security Profile, 5.3.2.2',
    asks: 'metadata',
    field: 'profile',
    when: (facts) =>
      asked(facts) && facts.browser && facts.metadata?.['authorization_response_iss_parameter_supported'] !== true,
    message: 'The profile fapi2 demands iss in redirects, which <host> does not promise.',
    next: 'Ask its owner, or drop the profile.',
  },
];
