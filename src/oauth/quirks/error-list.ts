/** Errors as a list, `errors[0].errorType`. Source: requests_oauthlib, fitbit. */
import type { Quirk } from './quirk.ts';

export const errorList: Quirk = {
  name: 'error_list',
  description: 'Reads the error from a list of errors (Fitbit).',
  map(answer) {
    const { errors } = answer;
    const first: unknown = Array.isArray(errors) ? errors[0] : undefined;
    if (answer['error'] !== undefined || first === null || typeof first !== 'object') return answer;
    const { errorType, message } = first as { errorType?: unknown; message?: unknown };
    if (typeof errorType !== 'string') return answer;
    return { ...answer, error: errorType, ...(typeof message === 'string' ? { error_description: message } : {}) };
  },
};
