/** `client_id` in the body beside client authentication in the header. Source: requests_oauthlib, `include_client_id`. */
import type { Quirk } from './quirk.ts';

export const clientIdInBody: Quirk = {
  name: 'client_id_in_body',
  description: 'Sends client_id in the body as well (servers that look for it there beside the Authorization header).',
  request(form, { client_id }) {
    if (!form.has('client_id')) form.set('client_id', client_id);
  },
};
