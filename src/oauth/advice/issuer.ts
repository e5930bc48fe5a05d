/** The answer came from, or speaks for, someone else. Source: RFC 9207 §2.4, OIDC Core §3.1.3.7, §5.3.2. */
import type { Adviser } from './advice.ts';

export const issuerAdvice: Adviser = ({ step, libraryMessage, host }) => {
  if (step === 'redirect' && libraryMessage.includes('"iss" (issuer) missing')) {
    return {
      code: 'CS-AUTH-ISSUER',
      message: `The redirect does not say that it comes from ${host}.`,
      likely: 'Its metadata promises iss in every redirect; without it two providers can be mixed up.',
    };
  }
  if (step === 'redirect' && libraryMessage.includes('iss')) {
    return {
      code: 'CS-AUTH-ISSUER',
      message: `The redirect came from another identity provider than ${host}.`,
      likely: 'Someone may be mixing up two identity providers to get at the code.',
    };
  }
  if (step === 'userinfo') {
    return {
      code: 'CS-AUTH-ID-TOKEN',
      message: `${host} names one person in the ID token and another at its userinfo endpoint.`,
      likely: 'An answer may have been exchanged for that of someone else.',
      next: 'Nothing was stored. Tell the owner of the identity provider.',
    };
  }
  return undefined;
};
