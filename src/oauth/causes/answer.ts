/** The endpoint answered with something that is no answer to the question. Source: RFC 6749 §5, auth.md §6, M9, M26, H11–H16. */
import { isOwn, type Cause, type Failure } from './cause.ts';

const isAnswer = ({ step, own }: Failure): boolean => step !== 'redirect' && step !== 'userinfo' && own === undefined;
const isPage = ({ contentType }: Failure): boolean => /html/i.test(contentType ?? '');
const isMute = (failure: Failure, status: number): boolean =>
  isAnswer(failure) && failure.error === undefined && failure.status === status && !isPage(failure);

export const answerCauses: readonly Cause[] = [
  {
    id: 'token-endpoint-moved',
    title: 'The token endpoint redirects',
    rule: 'RFC 9700, 4.12',
    when: (failure) =>
      isAnswer(failure) && failure.status !== undefined && failure.status >= 300 && failure.status < 400,
    code: 'CS-AUTH-TOKEN',
    message: '<host> redirects its token endpoint, which is not followed.',
    likely: 'Most likely: the address of the token endpoint has changed; a secret is never sent on.',
    next: 'Correct the endpoint in the definition or in the metadata of the provider.',
  },
  {
    id: 'unregistered-error',
    title: 'An error whose name no standard has',
    rule: 'RFC 6749, 5.2',
    when: ({ error, own }) => error !== undefined && own === undefined,
    code: 'CS-AUTH-REFUSED',
    message: '<host> refused the request: <error>.',
    likely: 'Most likely: a rule of its own; what it says of it is in the last answer of the trace.',
    next: 'Open the trace to see what was asked and answered.',
  },
  {
    id: 'html-answer',
    title: 'A web page came instead of a token',
    rule: 'RFC 6749, 5.1',
    when: (failure) => isAnswer(failure) && isPage(failure),
    code: 'CS-AUTH-TOKEN',
    message: '<host> answered <status> with a web page instead of a token.',
    likely: 'Most likely: the address is that of a page, or a proxy or firewall answered.',
    next: 'Check the token endpoint, and the proxy of this machine.',
  },
  {
    id: 'mute-400',
    title: 'Refused with 400, and no reason given',
    rule: 'RFC 6749, 5.2',
    when: (failure) => isMute(failure, 400),
    code: 'CS-AUTH-TOKEN',
    message: '<host> refused with 400 and gave no reason.',
    likely: 'Most likely: the client, its secret or the grant is not accepted.',
    next: 'Check client_id, the secret and the grant there.',
  },
  {
    id: 'mute-403',
    title: 'Refused with 403, and no reason given',
    rule: 'RFC 9110, 15.5.4',
    when: (failure) => isMute(failure, 403),
    code: 'CS-AUTH-CLIENT',
    message: '<host> refused with 403 and gave no reason.',
    likely: 'Most likely: the client may not be used from this network, or a firewall stands before the endpoint.',
    next: 'Check the rules for client and network there; a client certificate may be asked for too.',
  },
  {
    id: 'endpoint-not-found',
    title: 'The endpoint does not exist',
    rule: 'RFC 6749, 3.2',
    when: (failure) => isMute(failure, 404) || isMute(failure, 405),
    code: 'CS-AUTH-TOKEN',
    message: '<host> has nothing at the address of the endpoint (<status>).',
    likely: 'Most likely: the endpoint in the definition is misspelt, or that of another tenant or version.',
    next: 'Take the endpoint out of the definition so that the metadata gives it, or correct it.',
  },
  {
    id: 'mute-refusal',
    title: 'Refused, and no reason given',
    rule: 'RFC 6749, 5.2',
    when: (failure) =>
      isAnswer(failure) &&
      failure.libraryCode === 'OAUTH_RESPONSE_IS_NOT_JSON' &&
      failure.status !== undefined &&
      failure.status >= 400,
    code: 'CS-AUTH-TOKEN',
    message: '<host> refused with <status> and gave no reason.',
    likely: 'Most likely: the client, its secret or the grant is not accepted.',
    next: 'Check client_id, the secret and the grant there.',
  },
  {
    id: 'token-type',
    title: 'The token is of a type that cannot be used',
    rule: 'RFC 6749, 7.1',
    when: (failure) => isAnswer(failure) && failure.libraryMessage.includes('token_type'),
    code: 'CS-AUTH-TOKEN',
    message: '<host> gave a token of a type that cannot be used.',
    likely: 'The answer has to say token_type Bearer.',
    next: 'If the token works as a bearer token, add the quirk missing_token_type or worded_token_type.',
  },
  {
    id: 'token-bound-unasked',
    title: 'The token is bound to a key that was not sent',
    rule: 'RFC 9449, 5',
    when: (failure) => isOwn(failure, 'CS-AUTH-TOKEN') && failure.own?.facts['bound'] === true,
    code: 'CS-AUTH-TOKEN',
    message: '<host> gave a token that is bound to a key nobody sent.',
    likely: 'Most likely: the client is registered there as one that uses DPoP.',
    next: 'Set dpop_bound_access_tokens to true in the definition, and sign in again.',
    fix: { title: 'Use DPoP', field: 'dpop_bound_access_tokens', value: 'true' },
  },
  {
    id: 'token-not-bound',
    title: 'The token is bound to no key',
    rule: 'RFC 9449, 5',
    when: (failure) => isOwn(failure, 'CS-AUTH-TOKEN') && failure.definition.dpop_bound_access_tokens === true,
    code: 'CS-AUTH-TOKEN',
    message: '<host> gave a token that is bound to no key.',
    likely: 'Most likely: DPoP is switched off there for this client.',
  },
  {
    id: 'answer-too-large',
    title: 'The answer is far too long',
    when: (failure) => isOwn(failure, 'CS-AUTH-ANSWER', 'CS-BODY-TOO-LARGE'),
    code: 'CS-AUTH-ANSWER',
    message: 'The answer of <host> is larger than 1024 KiB.',
    likely: 'Most likely: the address is that of a download or a page, not of an identity provider.',
    next: 'Check the issuer and the endpoints in the definition.',
  },
  {
    id: 'token-unusable',
    title: 'The token holds characters that no token has',
    rule: 'RFC 6750, 2.1',
    when: (failure) => isOwn(failure, 'CS-AUTH-TOKEN'),
    code: 'CS-AUTH-TOKEN',
    message: 'The access token of <host> holds characters that no token has.',
    likely: 'Most likely: something there puts text of its own where the token belongs.',
  },
  {
    id: 'answer-unusable',
    title: 'The answer holds no token',
    rule: 'RFC 6749, 5.1',
    when: (failure) => isAnswer(failure) && failure.libraryCode !== undefined,
    code: 'CS-AUTH-TOKEN',
    message: 'The answer of <host> holds no usable token.',
    likely: 'Most likely: it is not JSON as RFC 6749 says, or access_token is not in it; a quirk may read it.',
    next: 'Compare the answer in the trace with RFC 6749, 5.1, and see whether a quirk fits.',
  },
];
