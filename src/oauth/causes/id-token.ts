/** An ID token that proves nothing. Source: OIDC Core §3.1.3.7, §5.3.2, §12.2, RFC 7515 §4, RFC 8725 §3, auth.md H18–H25. */
import { hasSkew, isOwn, type Cause, type Failure } from './cause.ts';

const about = { rule: 'OIDC Core, 3.1.3.7', code: 'CS-AUTH-ID-TOKEN' } as const;
const message = 'The ID token of <host> does not pass its checks.';

/** One row for each claim that is compared. */
function onClaim(claim: string, title: string, why: string, next: string): Cause {
  return {
    id: `id-token-${claim.replace('_', '-')}`,
    title,
    ...about,
    message,
    when: (failure) => failure.own === undefined && failure.claim === claim && !isTime(failure),
    likely: `Its ${claim} does not match: ${why}.`,
    next,
  };
}

const isTime = ({ libraryCode }: Failure): boolean => libraryCode === 'OAUTH_JWT_TIMESTAMP_CHECK_FAILED';
/** The words of the library for a claim that is not there, or is of another type. */
const isIncomplete = (message: string): boolean => /claim (missing|type|value)|"auth_time"/.test(message);
const isSignature = ({ libraryMessage, libraryCode, own }: Failure): boolean =>
  own === undefined &&
  libraryCode !== 'OAUTH_JWT_CLAIM_COMPARISON_FAILED' &&
  !isIncomplete(libraryMessage) &&
  /signature|algorithm|"alg"|"crit"|JWS|JWT|"kid"|JWK/i.test(libraryMessage);

export const idTokenCauses: readonly Cause[] = [
  {
    id: 'userinfo-sub',
    title: 'The userinfo endpoint names another person',
    rule: 'OIDC Core, 5.3.2',
    when: ({ step, own }) => step === 'userinfo' && own === undefined,
    code: 'CS-AUTH-ID-TOKEN',
    message: '<host> names one person in the ID token and another at its userinfo endpoint.',
    likely: 'An answer may have been exchanged for that of someone else.',
    next: 'Nothing was stored. Tell the owner of the identity provider.',
  },
  {
    id: 'id-token-at-hash',
    title: 'The ID token belongs to another access token',
    rule: 'OIDC Core, 3.1.3.8',
    when: (failure) => isOwn(failure, 'CS-AUTH-ID-TOKEN') && failure.own?.facts['claim'] === 'at_hash',
    code: 'CS-AUTH-ID-TOKEN',
    message,
    likely: 'Its at_hash does not match: it belongs to another access token.',
    next: 'Nothing was stored. Tell the owner of the identity provider.',
  },
  {
    id: 'refreshed-sub',
    title: 'The refresh gave the session of another person',
    rule: 'OIDC Core, 12.2',
    when: (failure) => isOwn(failure, 'CS-AUTH-ID-TOKEN'),
    code: 'CS-AUTH-ID-TOKEN',
    message: '<host> renewed the session for another person.',
    likely: 'An answer may have been exchanged for that of someone else: iss or sub changed.',
  },
  {
    id: 'clock-skew',
    title: 'The clocks differ',
    rule: 'RFC 7519, 4.1.4',
    when: (failure) => isTime(failure) && hasSkew(failure),
    code: 'CS-AUTH-CLOCK',
    message: 'The clocks of this machine and <host> differ by <difference>.',
    likely: 'This machine’s clock is <direction>, so a fresh token looks as if it were outside its time.',
    next: 'Set the clock of this machine.',
  },
  {
    id: 'auth-time-old',
    title: 'The person signed in too long ago',
    ...about,
    when: (failure) => isTime(failure) && failure.claim === 'auth_time',
    message,
    likely: 'Its auth_time does not match: the person signed in too long ago for max_age.',
    next: 'Sign in again with prompt set to login, or take max_age out of the definition.',
  },
  {
    id: 'id-token-expired',
    title: 'The ID token is outside its time',
    rule: 'RFC 7519, 4.1.4',
    code: 'CS-AUTH-ID-TOKEN',
    when: isTime,
    message: 'The ID token of <host> is outside the time it is valid for.',
    likely: 'Most likely: the clock of the identity provider is wrong, or it sent an old token.',
    next: 'Tell the owner of <host>: compare iat, nbf and exp of its tokens with its clock.',
  },
  {
    id: 'id-token-missing',
    title: 'No ID token came',
    rule: 'OIDC Core, 3.1.3.3',
    code: 'CS-AUTH-ID-TOKEN',
    when: ({ libraryMessage, own }) => own === undefined && libraryMessage.includes('"id_token"'),
    message: '<host> gave no ID token, although openid was asked for.',
    likely: 'Most likely: the client may not have the scope openid, or the provider is no OpenID provider.',
    next: 'Allow openid for the client there, or take it out of the scope.',
  },
  {
    id: 'id-token-kid',
    title: 'The key of the ID token is not published',
    rule: 'RFC 7515, 4.1.4',
    code: 'CS-AUTH-ID-TOKEN',
    when: ({ libraryCode }) => libraryCode === 'OAUTH_KEY_SELECTION_FAILED',
    message: 'The key of the ID token is not among those <host> publishes.',
    likely: 'Most likely: its keys are just being changed.',
    next: 'Sign in again in a minute.',
  },
  {
    id: 'id-token-crit',
    title: 'The ID token demands an unknown extension',
    rule: 'RFC 7515, 4.1.11',
    code: 'CS-AUTH-ID-TOKEN',
    when: (failure) => isSignature(failure) && /crit/i.test(failure.libraryMessage),
    message: 'The signature of the ID token of <host> cannot be trusted.',
    likely: 'It demands an extension that is not known here.',
    next: 'Tell the owner of <host> that crit has to be empty.',
  },
  {
    id: 'id-token-alg',
    title: 'The algorithm of the ID token proves nothing',
    rule: 'RFC 8725, 3.1',
    code: 'CS-AUTH-ID-TOKEN',
    when: (failure) => isSignature(failure) && /algorithm|"alg"/i.test(failure.libraryMessage),
    message: 'The signature of the ID token of <host> cannot be trusted.',
    likely: 'It is not signed with an algorithm that the provider announced and that proves it.',
    next: 'Register the client there for ES256, PS256 or RS256 as id_token_signed_response_alg.',
  },
  {
    id: 'keys-unreadable',
    title: 'The keys of the provider cannot be read',
    rule: 'RFC 7517, 5',
    code: 'CS-AUTH-ID-TOKEN',
    when: ({ libraryMessage, step, own }) =>
      own === undefined &&
      step.endsWith('id-token') &&
      /JSON Web Key Set|JWKS|JWK formatted|"keys"/i.test(libraryMessage),
    message: 'The keys that <host> signs with cannot be read.',
    likely: 'Most likely: its jwks_uri does not answer, or answers with something else than keys.',
    next: 'Open the jwks_uri of the trace, and tell the owner of <host>.',
  },
  {
    id: 'id-token-signature',
    title: 'The signature of the ID token is wrong',
    rule: 'RFC 7515, 5.2',
    code: 'CS-AUTH-ID-TOKEN',
    when: isSignature,
    message: 'The signature of the ID token of <host> cannot be trusted.',
    likely: 'It is not signed by a published key, with an algorithm that proves it.',
    next: 'Nothing was stored. Check the issuer, and whether something stands between this machine and <host>.',
  },
  onClaim(
    'c_hash',
    'The ID token belongs to another code',
    'someone may have put another code beside it',
    'Nothing was sent. Sign in again; if it comes back, tell the owner of <host>.',
  ),
  onClaim(
    's_hash',
    'The ID token belongs to another sign-in',
    'it was made for another state',
    'Nothing was sent. Sign in again; if it comes back, tell the owner of <host>.',
  ),
  onClaim(
    'nonce',
    'The ID token is that of another sign-in',
    'it was made for another sign-in',
    'Sign in again; if it comes back, tell the owner of <host> that nonce has to be returned.',
  ),
  onClaim(
    'aud',
    'The ID token is for another client',
    'it was made for another client',
    'Check client_id in the definition against the registration there.',
  ),
  onClaim(
    'azp',
    'The ID token was asked for by another client',
    'it was made for another client',
    'Check client_id in the definition against the registration there.',
  ),
  onClaim(
    'iss',
    'The ID token speaks for another issuer',
    'it speaks for another issuer',
    'Write the issuer in the definition as the ID tokens there name it.',
  ),
  {
    id: 'auth-time-missing',
    title: 'The ID token does not say when the person signed in',
    rule: 'OIDC Core, 3.1.2.1',
    code: 'CS-AUTH-ID-TOKEN',
    when: ({ libraryMessage, own }) => own === undefined && libraryMessage.includes('"auth_time"'),
    message,
    likely: 'Its auth_time is missing, which has to be there when max_age is asked for.',
    next: 'Take max_age out of the definition, or ask the owner of <host> to send auth_time.',
  },
  {
    id: 'id-token-claim-missing',
    title: 'A claim of the ID token is missing',
    rule: 'OIDC Core, 2',
    code: 'CS-AUTH-ID-TOKEN',
    when: ({ libraryCode, libraryMessage, step, own }) =>
      own === undefined &&
      (libraryCode === 'OAUTH_JWT_CLAIM_COMPARISON_FAILED' ||
        (step.endsWith('id-token') && libraryCode !== undefined) ||
        /ID Token/i.test(libraryMessage)),
    message,
    likely: 'A claim that has to be there is missing or another one.',
    next: 'Tell the owner of <host> that iss, sub, aud, exp and iat have to be in every ID token.',
  },
];
