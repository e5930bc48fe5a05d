/** A person who is asked on a device of theirs. Source: OpenID Connect CIBA Core §11, §13. */
import { isNamed, type Cause, type Failure } from './cause.ts';

const isAsking = ({ step }: Failure): boolean => step === 'own-backchannel-request';
const isWaiting = ({ step }: Failure): boolean => step === 'own-backchannel-token';
const about = { rule: 'CIBA Core, 13', code: 'CS-AUTH-REFUSED' } as const;

export const backchannelCauses: readonly Cause[] = [
  {
    id: 'ciba-user-unknown',
    title: 'The person to ask is not known',
    ...about,
    when: (failure) => isAsking(failure) && isNamed(failure, 'unknown_user_id', 'expired_login_hint_token'),
    message: '<host> does not know whom to ask.',
    likely: 'Most likely: login_hint is written otherwise there, or the last sign-in is too long ago to stand for it.',
    next: 'Set login_hint to what <host> calls the person: a user name, an address or a number.',
  },
  {
    id: 'ciba-binding-message',
    title: 'The binding message is refused',
    ...about,
    when: (failure) => isAsking(failure) && isNamed(failure, 'invalid_binding_message'),
    message: '<host> does not show the binding message.',
    likely: 'Most likely: it takes only short texts of plain letters.',
    next: 'Set binding_message to a text of the form that <host> documents.',
  },
  {
    id: 'ciba-user-code',
    title: 'A user code is asked for',
    ...about,
    when: (failure) => isAsking(failure) && isNamed(failure, 'missing_user_code', 'invalid_user_code'),
    message: '<host> wants a code of the person before it asks them.',
    likely: 'Most likely: the client is registered with backchannel_user_code_parameter.',
    next: 'Switch user codes off for the client there; none is kept here.',
  },
  {
    id: 'ciba-denied',
    title: 'The person declined on their device',
    rule: 'CIBA Core, 11',
    code: 'CS-AUTH-DENIED',
    when: (failure) => isWaiting(failure) && isNamed(failure, 'access_denied'),
    message: '<host> did not let <credential> in.',
    likely: 'Most likely: the person who was asked said no, or saw another text than here.',
    next: 'Sign in again, and compare the text on both screens before it is approved.',
  },
  {
    id: 'ciba-request-unknown',
    title: 'The request for approval is not known any more',
    rule: 'CIBA Core, 11',
    code: 'CS-AUTH-EXCHANGE',
    when: (failure) => isWaiting(failure) && isNamed(failure, 'invalid_grant'),
    message: '<host> does not know the request for approval any more.',
    likely: 'Most likely: it was used before, belongs to another client, or <host> started anew.',
    next: 'Sign in again.',
  },
];
