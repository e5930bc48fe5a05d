/**
 * The name of the scheme at the beginning of an `Authorization`, when it is one that is known: what stands there
 * otherwise may be the secret itself. Source: RFC 9110 §11.6.2, the IANA registry of HTTP authentication schemes.
 */
const known = new Set([
  ...['basic', 'bearer', 'digest', 'dpop', 'gnap', 'hoba', 'mutual', 'negotiate', 'oauth', 'privatetoken'],
  ...['scram-sha-1', 'scram-sha-256', 'vapid', 'concealed'],
  // Of tools and services.
  ...['apikey', 'api-key', 'aws', 'aws4-hmac-sha256', 'hawk', 'jwt', 'key', 'ntlm', 'oauth2', 'sharedkey', 'signature'],
  ...['ssws', 'sso-key', 'token', 'genie-key', 'zoho-oauthtoken', 'discogs', 'bot'],
]);

/** As it is written; '' when none that is known has something after it. */
export function schemeNameOf(authorization: string): string {
  const name = /^([!#$%&'*+.^_`|~\w-]{1,40})[ \t]/.exec(authorization)?.[1] ?? '';
  return known.has(name.toLowerCase()) ? name : '';
}
