/** An ID token that proves nothing. Source: OIDC Core §3.1.3.7, RFC 8725 §3, auth.md H18–H23. */
import type { Adviser } from './advice.ts';

const claims: Readonly<Record<string, string>> = {
  nonce: 'it was made for another sign-in',
  aud: 'it was made for another client',
  azp: 'it was made for another client',
  iss: 'it speaks for another issuer',
  at_hash: 'it belongs to another access token',
  auth_time: 'the person signed in too long ago',
};

export const idTokenAdvice: Adviser = ({ step, libraryCode, libraryMessage, claim, host }) => {
  if (libraryMessage.includes('"id_token"')) {
    return {
      code: 'CS-AUTH-ID-TOKEN',
      message: `${host} gave no ID token, although openid was asked for.`,
      likely: 'Most likely: the client may not have the scope openid, or the provider is no OpenID provider.',
      next: 'Allow openid for the client there, or take it out of the scope.',
    };
  }
  if (libraryCode === 'OAUTH_KEY_SELECTION_FAILED') {
    return {
      code: 'CS-AUTH-ID-TOKEN',
      message: `The key of the ID token is not among those ${host} publishes.`,
      likely: 'Most likely: its keys are just being changed.',
      next: 'Sign in again in a minute.',
    };
  }
  if (
    /signature|algorithm|"alg"|"crit"|JWS|JWT|"kid"|JWK/i.test(libraryMessage) &&
    libraryCode !== 'OAUTH_JWT_CLAIM_COMPARISON_FAILED'
  ) {
    const crit = /crit/i.test(libraryMessage);
    return {
      code: 'CS-AUTH-ID-TOKEN',
      message: `The signature of the ID token of ${host} cannot be trusted.`,
      likely: crit
        ? 'It demands an extension that is not known here.'
        : 'It is not signed by a published key, with an algorithm that proves it.',
    };
  }
  if (
    libraryCode === 'OAUTH_JWT_CLAIM_COMPARISON_FAILED' ||
    (step === 'id-token' && libraryCode !== undefined) ||
    /ID Token/i.test(libraryMessage)
  ) {
    const why = claim === undefined ? undefined : claims[claim];
    return {
      code: 'CS-AUTH-ID-TOKEN',
      message: `The ID token of ${host} does not pass its checks.`,
      likely:
        why === undefined
          ? 'A claim that has to be there is missing or another one.'
          : `Its ${claim} does not match: ${why}.`,
    };
  }
  return undefined;
};
