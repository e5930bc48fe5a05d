/** `expires_in: 0` counts as an hour. Source: requests_oauthlib, mailchimp, whose tokens last for ever. */
import type { Quirk } from './quirk.ts';

export const zeroLifetime: Quirk = {
  name: 'zero_lifetime',
  description: 'Takes expires_in 0 as an hour (Mailchimp).',
  map: (answer) => (Number(answer['expires_in'] ?? 1) === 0 ? { ...answer, expires_in: 3600 } : answer),
};
