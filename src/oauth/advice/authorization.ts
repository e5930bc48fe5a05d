/** Errors with a registered name that a person or a policy caused. Source: RFC 6749 §4.1.2.1, OIDC Core §3.1.2.6. */
import type { Adviser } from './advice.ts';

export const authorizationAdvice: Adviser = ({ error, host, scope, credential }) => {
  switch (error) {
    case 'access_denied':
      return {
        code: 'CS-AUTH-DENIED',
        message: `${host} did not let ${credential} in.`,
        likely: 'Most likely: the request was declined in the browser, or a policy there says no.',
      };
    case 'invalid_scope':
    case 'scope_invalid':
      return {
        code: 'CS-AUTH-SCOPE',
        message: `${host} does not grant the scope that was asked for.`,
        likely: `Most likely: a scope is misspelt, or this client may not have it. Asked for: ${scope ?? 'none'}.`,
        next: 'Check the scope in the definition against what the client is registered for.',
      };
    case 'invalid_target':
      return {
        code: 'CS-AUTH-REFUSED',
        message: `${host} does not know the resource that was asked for.`,
        likely: 'Most likely: resource or audience has to be written as it is registered there.',
        next: 'Check resource and audience in the definition.',
      };
    case 'login_required':
    case 'interaction_required':
    case 'consent_required':
    case 'account_selection_required':
      return {
        code: 'CS-AUTH-REFUSED',
        message: `${host} needs a person to go on: ${error}.`,
        likely: 'Most likely: prompt=none is set, and nobody is signed in there.',
        next: 'Take prompt out of the definition and sign in again.',
      };
    case 'temporarily_unavailable':
    case 'server_error':
      return { code: 'CS-AUTH-UNREACHABLE', message: `${host} cannot answer now: ${error}.`, next: 'Try again later.' };
    default:
      return undefined;
  }
};
