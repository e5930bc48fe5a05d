/** The redirect or the code is not accepted. Source: RFC 6749 §4.1.2.1, §5.2, auth.md §6. */
import type { Adviser } from './advice.ts';

export const redirectAdvice: Adviser = ({ error, description, host, redirectUri, step }) => {
  const aboutRedirect = /redirect/i.test(description) || error === 'redirect_uri_mismatch';
  if (aboutRedirect && redirectUri !== undefined) {
    const free = redirectUri.replace(/:\d+/, '');
    return {
      code: 'CS-AUTH-REDIRECT',
      message: `${host} does not know the redirect ${redirectUri}.`,
      likely: 'Most likely: the client is registered with another redirect; they are compared byte by byte.',
      next: `Register ${free} there, or set redirect_port and redirect_path.`,
    };
  }
  if (step === 'token' && (error === 'invalid_grant' || error === 'invalid_code')) {
    return {
      code: 'CS-AUTH-CODE',
      message: `${host} does not accept the authorization code.`,
      likely: 'Most likely: it came too late, was used before, or was given for another redirect.',
      next: 'Sign in again; if it comes back, compare redirect_uri with the one registered there.',
    };
  }
  return undefined;
};
