/** Form-encoded token answers, as Facebook's `text/plain` and GitHub's without `Accept`. Source: requests_oauthlib, facebook. */
import type { Quirk } from './quirk.ts';

export const formAnswer: Quirk = {
  name: 'form_answer',
  description: 'Reads a token answer that is form-encoded instead of JSON (older Facebook, GitHub).',
  parse(text) {
    if (!/^[\w.~%+-]+=[^<>{}\s]*$/.test(text.trim())) return undefined;
    const { expires, ...answer } = Object.fromEntries(new URLSearchParams(text.trim()));
    return {
      ...answer,
      ...(expires === undefined || answer['expires_in'] !== undefined ? {} : { expires_in: expires }),
    };
  },
};
