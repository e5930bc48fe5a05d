/** `invalid_grant`: what was to be exchanged is not accepted, in the words of each grant. Source: RFC 6749 §5.2. */
import type { StepId } from '../trace-steps.ts';
import type { Advice, Adviser } from './advice.ts';

const byStep: Partial<Record<StepId, (host: string, skewMs: number | undefined) => Advice>> = {
  'device-token': (host) => ({
    code: 'CS-AUTH-CODE',
    message: `${host} does not accept the device code.`,
    likely: 'Most likely: it was used already, or belongs to another client.',
  }),
  'pasted-refresh': (host) => ({
    code: 'CS-AUTH-EXCHANGE',
    message: `${host} does not accept the refresh token.`,
    likely: 'Most likely: it has ended, was used before, or was given to another client.',
    next: 'Enter a newer refresh token.',
  }),
  'assertion-token': (host, skewMs) => ({
    code: 'CS-AUTH-EXCHANGE',
    message: `${host} does not accept the assertion.`,
    likely:
      skewMs !== undefined && Math.abs(skewMs) > 60_000
        ? `Most likely: the clocks of this machine and ${host} differ.`
        : 'Most likely: the key, assertion_issuer, assertion_subject or assertion_audience is not as registered there.',
    next: 'Compare the claims in the trace with what is registered there.',
  }),
  'exchange-token': (host) => ({
    code: 'CS-AUTH-EXCHANGE',
    message: `${host} does not accept the subject token.`,
    likely: 'Most likely: it has ended, or this client may not exchange it.',
    next: 'Check subject_token_type, and that the subject token is a current one.',
  }),
  'password-token': (host) => ({
    code: 'CS-AUTH-EXCHANGE',
    message: `${host} does not accept the user name and password.`,
    likely: 'Most likely: one of them is mistyped, or the account needs a second factor.',
    next: 'Enter the password again, or sign in with a browser (authorization_code).',
  }),
};

export const grantAdvice: Adviser = ({ error, step, host, skewMs }) =>
  error === 'invalid_grant' ? byStep[step]?.(host, skewMs) : undefined;
