/** `scope: null` counts as not said. Source: requests_oauthlib, mailchimp. */
import type { Quirk } from './quirk.ts';

export const nullScope: Quirk = {
  name: 'null_scope',
  description: 'Takes scope null as not said (Mailchimp).',
  map(answer) {
    const { scope, ...rest } = answer;
    return scope === null ? rest : answer;
  },
};
