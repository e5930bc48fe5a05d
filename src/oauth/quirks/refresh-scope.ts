/** `scope` sent along when a token is renewed, as requests_oauthlib always does. Source: RFC 6749 §6, which makes it optional. */
import type { Quirk } from './quirk.ts';

export const refreshScope: Quirk = {
  name: 'refresh_scope',
  description: 'Sends the scope again when a token is renewed (servers that else give the default scope).',
  request(form, { scope }) {
    if (form.get('grant_type') === 'refresh_token' && scope !== undefined && !form.has('scope'))
      form.set('scope', scope);
  },
};
