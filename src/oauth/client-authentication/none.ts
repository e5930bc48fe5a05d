/** A public client: names itself and proves nothing; PKCE and the redirect protect it. Source: RFC 6749 §2.1. */
import type { ClientAuthentication } from './client-authentication.ts';

export const none: ClientAuthentication = {
  name: 'none',
  label: 'None (public client)',
  description: 'The client has no secret; PKCE protects the sign-in.',
  slots: [],
  toClientAuth: (library) => library.None(),
};
