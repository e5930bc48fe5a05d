/** Token answers with 201 instead of 200. Source: RFC 6749 §5.1, auth.md M26. */
import type { Quirk } from './quirk.ts';

export const createdAnswer: Quirk = {
  name: 'created_answer',
  description: 'Takes a token answer with status 201.',
  status: (status) => (status === 201 ? 200 : status),
};
