/** The token endpoint answered with something that is no token answer. Source: RFC 6749 §5.1, auth.md §6, M9, M26. */
import type { Adviser } from './advice.ts';

export const answerAdvice: Adviser = ({ status, contentType, host, error, libraryCode, step, libraryMessage }) => {
  if (step === 'redirect' || step === 'userinfo') return undefined;
  if (status !== undefined && status >= 300 && status < 400) {
    return {
      code: 'CS-AUTH-TOKEN',
      message: `${host} redirects its token endpoint, which is not followed.`,
      likely: 'Most likely: the address of the token endpoint has changed; a secret is never sent on.',
      next: 'Correct the endpoint in the definition or in the metadata of the provider.',
    };
  }
  if (status === 429 || status === 503) {
    return { code: 'CS-AUTH-UNREACHABLE', message: `${host} is busy (${status}).`, next: 'Try again later.' };
  }
  if (status !== undefined && status >= 500) {
    return {
      code: 'CS-AUTH-UNREACHABLE',
      message: `${host} answered with an error of its own (${status}).`,
      next: 'Try again later, or tell its owner.',
    };
  }
  if (error !== undefined) {
    return {
      code: 'CS-AUTH-REFUSED',
      message: `${host} refused the request: ${error}.`,
      next: 'Open the trace to see what was asked and answered.',
    };
  }
  if (/html/i.test(contentType ?? '')) {
    return {
      code: 'CS-AUTH-TOKEN',
      message: `${host} answered ${status ?? ''} with a web page instead of a token.`.replace('  ', ' '),
      likely: 'Most likely: the address is that of a page, or a proxy or firewall answered.',
      next: 'Check the token endpoint, and the proxy of this machine.',
    };
  }
  if (libraryCode === 'OAUTH_RESPONSE_IS_NOT_JSON' && status !== undefined && status >= 400) {
    return {
      code: 'CS-AUTH-TOKEN',
      message: `${host} refused with ${status} and gave no reason.`,
      likely: 'Most likely: the client, its secret or the grant is not accepted.',
      next: 'Check client_id, the secret and the grant there.',
    };
  }
  if (libraryMessage.includes('token_type')) {
    return {
      code: 'CS-AUTH-TOKEN',
      message: `${host} gave a token of a type that cannot be used.`,
      likely: 'The answer has to say token_type Bearer.',
    };
  }
  return undefined;
};
