/** Client id and secret in a Basic header, each form-encoded first. Source: RFC 6749 §2.3.1. */
import type { ClientAuthentication } from './client-authentication.ts';

export const clientSecretBasic: ClientAuthentication = {
  name: 'client_secret_basic',
  label: 'Secret in a header',
  description: 'The standard way: id and secret, encoded, in an Authorization header.',
  slots: [{ id: '', label: 'client secret', required: true }],
  toClientAuth: (library, { secret }) => library.ClientSecretBasic(secret),
};
