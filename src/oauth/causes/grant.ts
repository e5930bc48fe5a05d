/** What was to be exchanged for a token is not accepted, in the words of each grant. Source: RFC 6749 §5.2, §6, RFC 7523, 8628, 8693. */
import type { StepId } from '../trace-steps.ts';
import { hasSkew, isNamed, isOwn, type Cause, type Failure } from './cause.ts';

const at = (step: StepId, failure: Failure): boolean => failure.step === step && isNamed(failure, 'invalid_grant');

export const grantCauses: readonly Cause[] = [
  {
    id: 'device-code-expired',
    title: 'The device code was not entered in time',
    rule: 'RFC 8628, 3.5',
    when: (failure) => failure.step === 'device-token' && isOwn(failure, 'CS-AUTH-EXPIRED'),
    code: 'CS-AUTH-EXPIRED',
    message: 'The code for <host> was not entered in time.',
    likely: 'Most likely: nobody entered it, or the page there showed an error.',
  },
  {
    id: 'device-code-refused',
    title: 'The device code is not accepted',
    rule: 'RFC 8628, 3.5',
    when: (failure) => at('device-token', failure),
    code: 'CS-AUTH-CODE',
    message: '<host> does not accept the device code.',
    likely: 'Most likely: it was used already, or belongs to another client.',
    next: 'Sign in again for a new code.',
  },
  {
    id: 'pasted-refresh-token',
    title: 'The refresh token that was entered is not accepted',
    rule: 'RFC 6749, 6',
    when: (failure) => at('pasted-refresh', failure),
    code: 'CS-AUTH-EXCHANGE',
    message: '<host> does not accept the refresh token.',
    likely: 'Most likely: it has ended, was used before, or was given to another client.',
    next: 'Enter a newer refresh token.',
  },
  {
    id: 'refresh-token-reused',
    title: 'The refresh token was used before',
    rule: 'RFC 9700, 4.14.2',
    when: (failure) =>
      at('refresh', failure) && /already|re-?use|replay|redeemed|consumed|family|used/i.test(failure.description),
    code: 'CS-AUTH-CODE',
    message: '<host> does not accept the refresh token.',
    likely: 'Most likely: another copy of it was used elsewhere, so <host> ended the whole session.',
    next: 'Sign in again; let each program sign in for itself instead of sharing a refresh token.',
  },
  {
    id: 'refresh-token-expired',
    title: 'The refresh token has ended',
    rule: 'RFC 6749, 6',
    when: (failure) => at('refresh', failure),
    code: 'CS-AUTH-CODE',
    message: '<host> does not accept the refresh token.',
    likely: 'Most likely: it has ended, or the session was closed there.',
    next: 'Sign in again.',
  },
  {
    id: 'assertion-expired',
    title: 'The assertion is outside its time',
    rule: 'RFC 7523, 3',
    when: (failure) =>
      at('assertion-token', failure) &&
      (hasSkew(failure) || /expire|\bexp\b|\bnbf\b|\biat\b|in the future|too old/i.test(failure.description)),
    code: 'CS-AUTH-EXCHANGE',
    message: '<host> does not accept the assertion.',
    likely: 'Most likely: the clocks of this machine and <host> differ.',
    next: 'Set the clock of this machine, or ask the owner of <host> about its clock.',
  },
  {
    id: 'assertion-audience',
    title: 'The assertion has another audience',
    rule: 'RFC 7523, 3',
    when: (failure) => at('assertion-token', failure) && /\baud(ience)?\b/i.test(failure.description),
    code: 'CS-AUTH-EXCHANGE',
    message: '<host> does not accept the audience of the assertion.',
    likely: 'Most likely: it expects the address of its token endpoint as aud, not its issuer.',
    next: 'Set assertion_audience to what <host> expects.',
  },
  {
    id: 'assertion-refused',
    title: 'The assertion is not accepted',
    rule: 'RFC 7523, 3',
    when: (failure) => at('assertion-token', failure),
    code: 'CS-AUTH-EXCHANGE',
    message: '<host> does not accept the assertion.',
    likely:
      'Most likely: the key, assertion_issuer, assertion_subject or assertion_audience is not as registered there.',
    next: 'Compare the claims in the trace with what is registered there.',
  },
  {
    id: 'subject-token-refused',
    title: 'The token to exchange is not accepted',
    rule: 'RFC 8693, 2.2.2',
    when: (failure) => at('exchange-token', failure),
    code: 'CS-AUTH-EXCHANGE',
    message: '<host> does not accept the subject token.',
    likely: 'Most likely: it has ended, or this client may not exchange it.',
    next: 'Check subject_token_type, and that the subject token is a current one.',
  },
  {
    id: 'password-refused',
    title: 'User name and password are not accepted',
    rule: 'RFC 6749, 4.3',
    when: (failure) => at('password-token', failure),
    code: 'CS-AUTH-EXCHANGE',
    message: '<host> does not accept the user name and password.',
    likely: 'Most likely: one of them is mistyped, or the account needs a second factor.',
    next: 'Enter the password again, or sign in with a browser (authorization_code).',
  },
];
