/** Client id and secret as form parameters. Source: RFC 6749 §2.3.1, second form. */
import type { ClientAuthentication } from './client-authentication.ts';

export const clientSecretPost: ClientAuthentication = {
  name: 'client_secret_post',
  label: 'Secret in the body',
  description: 'For providers that do not read the Authorization header.',
  slots: [{ id: '', label: 'client secret', required: true }],
  toClientAuth: (library, { secret }) => library.ClientSecretPost(secret),
};
