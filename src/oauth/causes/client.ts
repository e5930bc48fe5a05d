/** The client and how it proves itself. Source: RFC 6749 §2.3, §5.2, RFC 7523 §3, RFC 8705 §2, RFC 9449 §5–8, auth.md §6. */
import { hasSkew, isNamed, isOwn, type Cause, type Failure } from './cause.ts';

/** A 401 without an error name says the same as `invalid_client`, in less. */
const isRefused = (failure: Failure): boolean =>
  failure.step !== 'redirect' &&
  failure.own === undefined &&
  (isNamed(failure, 'invalid_client') ||
    (failure.error === undefined && failure.status === 401 && !(failure.contentType ?? '').includes('html')));
const signs = ({ method }: Failure): boolean => method === 'private_key_jwt' || method === 'client_secret_jwt';

export const clientCauses: readonly Cause[] = [
  {
    id: 'grant-disabled',
    title: 'The grant is not switched on for the client',
    rule: 'RFC 6749, 5.2',
    when: (failure) => isNamed(failure, 'unauthorized_client'),
    code: 'CS-AUTH-GRANT',
    message: '<host> does not let this client use <grant>.',
    likely: 'Most likely: the client is not registered for this grant.',
    next: 'Allow <grant> for the client there, or choose another grant.',
  },
  {
    id: 'grant-not-offered',
    title: 'The provider does not offer the grant',
    rule: 'RFC 6749, 5.2',
    when: (failure) => isNamed(failure, 'unsupported_grant_type'),
    code: 'CS-AUTH-GRANT',
    message: '<host> does not let this client use <grant>.',
    likely: 'Most likely: the grant is switched off there, for this client or for all.',
    next: 'Allow <grant> for the client there, or choose another grant.',
  },
  {
    id: 'dpop-nonce',
    title: 'The DPoP nonce is refused again',
    rule: 'RFC 9449, 8',
    when: (failure) => isNamed(failure, 'use_dpop_nonce'),
    code: 'CS-AUTH-REFUSED',
    message: '<host> asks for a DPoP nonce and refuses the one it gave.',
    likely: 'Most likely: several servers answer there that do not share their nonces, or it sends none.',
    next: 'Sign in again; if it comes back, tell the owner of <host>.',
  },
  {
    id: 'dpop-clock',
    title: 'The clocks differ, so the DPoP proof looks old',
    rule: 'RFC 9449, 11.1',
    when: (failure) => isNamed(failure, 'invalid_dpop_proof') && hasSkew(failure),
    code: 'CS-AUTH-CLOCK',
    message: 'The clocks of this machine and <host> differ by <difference>.',
    likely: 'Most likely: this machine’s clock is <direction>, so the DPoP proof is outside its time.',
    next: 'Set the clock of this machine.',
  },
  {
    id: 'dpop-proof',
    title: 'The DPoP proof is not accepted',
    rule: 'RFC 9449, 4.3',
    when: (failure) => isNamed(failure, 'invalid_dpop_proof'),
    code: 'CS-AUTH-REFUSED',
    message: '<host> does not accept the DPoP proof.',
    likely:
      'Most likely: a proxy changes the address, so the htu of the proof is another, or the algorithm is not taken.',
    next: 'Compare the address in the trace with the one that <host> knows of itself.',
  },
  {
    id: 'mtls-missing',
    title: 'A client certificate is asked for',
    rule: 'RFC 8705, 2',
    when: (failure) =>
      (isRefused(failure) || isNamed(failure, 'invalid_request')) &&
      failure.method?.includes('tls') !== true &&
      /client certificate|mutual.?tls|\bmtls\b|tls_client_auth|certificate (is )?(required|missing)/i.test(
        failure.description,
      ),
    code: 'CS-AUTH-CLIENT',
    message: '<host> asks this client for a certificate.',
    likely: 'Most likely: the client is registered with tls_client_auth (RFC 8705).',
    next: 'Set token_endpoint_auth_method to tls_client_auth, and enter the certificate with its key.',
  },
  {
    id: 'mtls-refused',
    title: 'The client certificate is not accepted',
    rule: 'RFC 8705, 2.1.2',
    when: (failure) =>
      isOwn(failure, 'CS-TLS-CLIENT-CERTIFICATE') || (isRefused(failure) && failure.method?.includes('tls') === true),
    code: 'CS-AUTH-CLIENT',
    message: '<host> does not accept the client certificate.',
    likely: 'Most likely: none was sent, or its subject or issuer is not the one registered for the client.',
    next: 'Compare subject and issuer of the certificate with what the client is registered with there.',
  },
  {
    id: 'assertion-clock',
    title: 'The clocks differ, so the client assertion looks old',
    rule: 'RFC 7523, 3',
    when: (failure) => isRefused(failure) && signs(failure) && hasSkew(failure),
    code: 'CS-AUTH-CLOCK',
    message: 'The clocks of this machine and <host> differ by <difference>.',
    likely: 'Most likely: this machine’s clock is <direction>, so the client assertion is outside its time.',
    next: 'Set the clock of this machine.',
  },
  {
    id: 'client-assertion-audience',
    title: 'The client assertion has another audience',
    rule: 'RFC 7523, 3',
    when: (failure) => isRefused(failure) && signs(failure) && /\baud(ience)?\b/i.test(failure.description),
    code: 'CS-AUTH-CLIENT',
    message: '<host> does not accept the audience of the client assertion.',
    likely: 'Most likely: it expects the address of its token endpoint as aud, not its issuer.',
    next: 'Set assertion_audience to the address that <host> expects.',
  },
  {
    id: 'client-assertion-refused',
    title: 'The client assertion is not accepted',
    rule: 'RFC 7523, 3',
    when: (failure) => isRefused(failure) && signs(failure),
    code: 'CS-AUTH-CLIENT',
    message: '<host> does not accept the signature of this client.',
    likely: 'Most likely: the public key is not registered there, or its kid or algorithm is another one.',
    next: 'Register the public key for the client there, and check key_id in the definition.',
  },
  {
    id: 'client-unknown',
    title: 'The client is not known',
    rule: 'RFC 6749, 5.2',
    when: (failure) =>
      isRefused(failure) &&
      /unknown|not (be )?(found|registered|known)|no such|does not exist|unregistered/i.test(failure.description),
    code: 'CS-AUTH-CLIENT',
    message: '<host> does not know this client.',
    likely: 'Most likely: client_id is misspelt, or is that of another environment or tenant.',
    next: 'Check client_id and issuer in the definition against the registration.',
  },
  {
    id: 'client-method',
    title: 'The client authentication is another one there',
    rule: 'RFC 7591, 2',
    when: (failure) =>
      (isRefused(failure) || isNamed(failure, 'invalid_request')) &&
      /auth(entication)?[ _]method|client_secret_(basic|post|jwt)|private_key_jwt|authorization header/i.test(
        failure.description,
      ),
    code: 'CS-AUTH-CLIENT',
    message: '<host> expects this client to prove itself in another way.',
    likely: 'Most likely: the client is registered with another method than <method>.',
    next: 'Set token_endpoint_auth_method to the one the client is registered with.',
  },
  {
    id: 'secret-missing',
    title: 'The client needs a secret',
    rule: 'RFC 6749, 2.3.1',
    when: (failure) => isRefused(failure) && failure.method === 'none',
    code: 'CS-AUTH-CLIENT',
    message: '<host> does not accept this client without a secret.',
    likely: 'Most likely: the client is a confidential one, or its client_id is another.',
    next: 'Enter the client secret, or check client_id.',
  },
  {
    id: 'secret-encoding',
    title: 'The secret is expected in another encoding',
    rule: 'RFC 6749, 2.3.1',
    when: (failure) => isRefused(failure) && failure.method === 'client_secret_basic' && failure.secretNeedsEncoding,
    code: 'CS-AUTH-CLIENT',
    message: 'The identity provider does not accept the client secret.',
    likely:
      'Most likely: the secret holds a character that client_secret_basic encodes (RFC 6749, 2.3.1), and this provider expects it unencoded.',
    next: 'Most likely it expects the secret unencoded (client_secret_basic_raw).',
    fix: {
      title: 'Try client_secret_basic_raw',
      field: 'token_endpoint_auth_method',
      value: 'client_secret_basic_raw',
    },
  },
  {
    id: 'secret-wrong',
    title: 'The secret is another one',
    rule: 'RFC 6749, 5.2',
    when: isRefused,
    code: 'CS-AUTH-CLIENT',
    message: 'The identity provider does not accept the client secret.',
    likely: 'Most likely: the secret or the client_id is another one, or it may not be sent as <method>.',
    next: 'Enter the secret again; if it is right, try another token_endpoint_auth_method.',
  },
  {
    id: 'secret-not-here',
    title: 'The secret was never entered here',
    when: (failure) => isOwn(failure, 'CS-AUTH-SECRET-MISSING'),
    code: 'CS-AUTH-SECRET-MISSING',
    message: '<credential> has no client secret on this machine.',
    likely: 'Most likely: the definition came with the folder; secrets never do.',
  },
  {
    id: 'key-unusable',
    title: 'The private key cannot be used',
    rule: 'RFC 7523, 3',
    when: (failure) => isOwn(failure, 'CS-AUTH-KEY'),
    code: 'CS-AUTH-KEY',
    message: 'The private key of <credential> cannot be used.',
    likely: 'Most likely: it is a public key, needs a passphrase, or does not fit the algorithm.',
  },
  {
    id: 'no-common-method',
    title: 'No client authentication is known to both sides',
    rule: 'RFC 8414, 2',
    when: (failure) => isOwn(failure, 'CS-AUTH-METHOD'),
    code: 'CS-AUTH-METHOD',
    message: 'The identity provider offers no client authentication that is known here.',
    likely: 'Most likely: the metadata lists methods of its own, or the definition names one that does not exist.',
  },
];
