/** How the client proves itself. Source: RFC 9700 §2.5, RFC 6749 §2.3.1, RFC 7523 §3, RFC 8252 §8.5. */
import { listed, type Check } from './check.ts';

const sharesSecret = (method: string | undefined): boolean => method?.startsWith('client_secret_') === true;
const asymmetric = ['private_key_jwt', 'tls_client_auth', 'self_signed_tls_client_auth'];
const service = (grant: string): boolean =>
  grant === 'client_credentials' || grant === 'urn:ietf:params:oauth:grant-type:token-exchange';

export const clientChecks: readonly Check[] = [
  {
    code: 'CS-ADV-SECRET-OF-MANY',
    severity: 'information',
    title: 'A secret that everybody has',
    rule: 'RFC 8252, 8.5',
    asks: 'definition',
    field: 'token_endpoint_auth_method',
    when: ({ grant, method, preset }) =>
      grant === 'authorization_code' &&
      sharesSecret(method) &&
      !sharesSecret(preset?.fields.token_endpoint_auth_method),
    message: 'A secret that every person with <name> has proves nothing of who calls.',
    next: 'Register a public client (none) where the provider lets you; PKCE protects the code.',
  },
  {
    code: 'CS-ADV-SECRET-IN-BODY',
    severity: 'warning',
    title: 'The secret goes in the body',
    rule: 'RFC 6749, 2.3.1',
    asks: 'metadata',
    field: 'token_endpoint_auth_method',
    when: (facts) =>
      facts.method === 'client_secret_post' &&
      (listed(facts, 'token_endpoint_auth_methods_supported') ?? []).includes('client_secret_basic'),
    message: 'The secret of <name> goes in the body, though <host> takes it in the Authorization header.',
    next: 'Bodies end in logs more easily; use client_secret_basic.',
    fix: {
      title: 'Use client_secret_basic',
      changes: () => ({ token_endpoint_auth_method: 'client_secret_basic' }),
    },
  },
  {
    code: 'CS-ADV-RAW-BASIC',
    severity: 'information',
    title: 'The secret is not encoded',
    rule: 'RFC 6749, 2.3.1',
    asks: 'definition',
    field: 'token_endpoint_auth_method',
    when: ({ method }) => method === 'client_secret_basic_raw',
    message: '<name> sends its secret as it is, which only servers that do not decode it understand.',
    next: 'Keep it for such a server; a secret of letters and digits needs neither.',
  },
  {
    code: 'CS-ADV-ASYMMETRIC',
    severity: 'information',
    title: 'A shared secret where a key would do',
    rule: 'RFC 9700, 2.5',
    asks: 'metadata',
    field: 'token_endpoint_auth_method',
    when: (facts) =>
      service(facts.grant) &&
      !asymmetric.includes(facts.method ?? '') &&
      (listed(facts, 'token_endpoint_auth_methods_supported') ?? []).some((one) => asymmetric.includes(one)),
    message: '<name> shares a secret with <host>, which also takes a key or a certificate.',
    next: 'Register a public key and use private_key_jwt: then there is no secret to leak on either side.',
  },
  {
    code: 'CS-ADV-METHOD-UNLISTED',
    severity: 'warning',
    title: 'A client authentication that is not offered',
    rule: 'RFC 8414, 2',
    asks: 'metadata',
    field: 'token_endpoint_auth_method',
    when: (facts) => {
      const offered = listed(facts, 'token_endpoint_auth_methods_supported');
      return (
        facts.method !== undefined && offered !== undefined && !offered.includes(facts.method.replace(/_raw$/, ''))
      );
    },
    message: '<host> does not list <method>; it offers <methods_offered>.',
    next: 'Use one that it offers, or leave the field out to have it chosen.',
    fix: { title: 'Let the method be chosen', changes: () => ({ token_endpoint_auth_method: undefined }) },
  },
  {
    code: 'CS-ADV-ASSERTION-AUDIENCE',
    severity: 'warning',
    title: 'An assertion for more than the issuer',
    rule: 'FAPI 2.0 Security Profile, 5.3.3.1',
    asks: 'definition',
    field: 'assertion_audience',
    when: ({ oauth, method }) =>
      oauth.assertion_audience === 'token_endpoint' && (method === 'private_key_jwt' || method === 'client_secret_jwt'),
    message: 'With the endpoint as audience, another provider that names this endpoint can pass the assertion on.',
    next: 'Leave assertion_audience out; the issuer is then the audience. Keep it only for a server that refuses that.',
    fix: { title: 'Take assertion_audience out', changes: () => ({ assertion_audience: undefined }) },
  },
  {
    code: 'CS-ADV-MTLS-UNBOUND',
    severity: 'information',
    title: 'Tokens are not bound to the certificate',
    rule: 'RFC 8705, 3.3',
    asks: 'metadata',
    field: 'token_endpoint_auth_method',
    when: ({ method, metadata }) =>
      method?.endsWith('tls_client_auth') === true &&
      metadata !== undefined &&
      metadata['tls_client_certificate_bound_access_tokens'] !== true,
    message: '<name> proves itself by certificate, but <host> does not bind tokens to it.',
    next: 'A token that leaks can be used by others; ask the owner of <host> for bound tokens.',
  },
];
