/** What the browser brings beside or instead of a plain code. Source: JARM §2.4, OIDC Core §3.3.2–3, RFC 9700 §4.3. */
import { isOwn, type Cause, type Failure } from './cause.ts';

const isSigned = ({ step, own, error, libraryCode }: Failure): boolean =>
  step === 'signed-answer' && own === undefined && error === undefined && libraryCode !== undefined;
const isAbout = (failure: Failure, fact: string): boolean =>
  isOwn(failure, 'CS-AUTH-REFUSED', 'CS-AUTH-ID-TOKEN') && failure.own?.facts['front'] === fact;

export const frontChannelCauses: readonly Cause[] = [
  {
    id: 'signed-answer-unasked',
    title: 'A signed answer came that was not asked for',
    rule: 'JARM, 2.3',
    when: ({ step, libraryMessage }) => step === 'redirect' && libraryMessage.includes('contains a JARM response'),
    code: 'CS-AUTH-REFUSED',
    message: 'The redirect from <host> is a signed answer, which was not asked for.',
    likely: 'Most likely: the provider answers this client so always.',
    next: 'Set response_mode to jwt in the definition.',
    fix: { title: 'Take signed answers', field: 'response_mode', value: 'jwt' },
  },
  {
    id: 'signed-answer-plain',
    title: 'The answer is not signed',
    rule: 'JARM, 2.3',
    when: (failure) => isSigned(failure) && failure.libraryMessage.includes('does not contain a JARM response'),
    code: 'CS-AUTH-REFUSED',
    message: 'The redirect from <host> is not signed, although that was asked for.',
    likely: 'Most likely: the provider does not know response_mode jwt, or someone changed the answer.',
    next: 'Take response_mode out of the definition only if <host> never offered it.',
  },
  {
    id: 'signed-answer-untrusted',
    title: 'The signed answer does not pass its checks',
    rule: 'JARM, 2.4',
    when: isSigned,
    code: 'CS-AUTH-REFUSED',
    message: 'The signed answer of <host> does not pass its checks.',
    likely: 'It has ended, is for another client or of another issuer, or no published key has signed it.',
    next: 'Nothing was sent. Compare iss, aud, exp and the key of the answer with what <host> publishes.',
  },
  {
    id: 'token-in-query',
    title: 'A token came in the query',
    rule: 'RFC 9700, 4.3.2',
    when: (failure) => isAbout(failure, 'query'),
    code: 'CS-AUTH-REFUSED',
    message: 'The redirect from <host> brings a token in its query.',
    likely: 'Most likely: the provider does not follow response_mode; the browser has kept the address by now.',
    next: 'End the token at <host>, and ask its owner for response_mode fragment or form_post.',
  },
  {
    id: 'front-id-token-missing',
    title: 'No ID token came with the redirect',
    rule: 'OIDC Core, 3.2.2.5',
    when: (failure) => isAbout(failure, 'id_token'),
    code: 'CS-AUTH-ID-TOKEN',
    message: 'The redirect from <host> brings no ID token.',
    likely: 'Most likely: the client may not have the scope openid there.',
    next: 'Allow openid for the client there, or take it out of the scope.',
  },
  {
    id: 'id-token-unencrypted',
    title: 'The ID token is not encrypted',
    rule: 'OIDC Core, 3.1.3.7',
    when: (failure) => isAbout(failure, 'unencrypted'),
    code: 'CS-AUTH-ID-TOKEN',
    message: 'The ID token of <host> is not encrypted.',
    likely: 'Most likely: the client is not registered there with id_token_encrypted_response_alg.',
    next: 'Register the encryption and the public key there, or take it out of the definition.',
  },
  {
    id: 'id-token-encrypted',
    title: 'The answer is encrypted and no key opens it',
    rule: 'OIDC Core, 10.2',
    when: ({ own, libraryCode, libraryMessage }) =>
      own === undefined && (libraryCode === 'OAUTH_DECRYPTION_FAILED' || /JWE|decrypt/i.test(libraryMessage)),
    code: 'CS-AUTH-ID-TOKEN',
    message: 'The ID token of <host> is encrypted, and no key here opens it.',
    likely: 'Most likely: the client is registered with another public key or algorithm than is known here.',
    next: 'Set id_token_encrypted_response_alg as registered there, and enter the decryption key.',
  },
  {
    id: 'id-token-two-people',
    title: 'Two ID tokens of one sign-in speak of different people',
    rule: 'OIDC Core, 3.3.3.6',
    when: (failure) => isAbout(failure, 'sub'),
    code: 'CS-AUTH-ID-TOKEN',
    message: 'The two ID tokens of <host> speak of different people.',
    likely: 'An answer may have been exchanged for that of someone else: iss or sub differ.',
    next: 'Nothing was stored. Tell the owner of the identity provider.',
  },
];
