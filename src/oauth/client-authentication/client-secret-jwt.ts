/** The secret signs an assertion (HS256) and does not travel itself. Source: OIDC Core §9, RFC 7523 §3. */
import { toAssertionAudience } from '../key-slot.ts';
import type { ClientAuthentication } from './client-authentication.ts';

export const clientSecretJwt: ClientAuthentication = {
  name: 'client_secret_jwt',
  label: 'Signed with the secret',
  description: 'The secret signs an assertion and never travels.',
  slots: [{ id: '', label: 'client secret', required: true }],
  loadProof: (operation) => Promise.resolve({ audience: toAssertionAudience(operation) }),
  toClientAuth: (library, { secret, audience }) =>
    library.ClientSecretJwt(secret, {
      [library.modifyAssertion](_header, payload) {
        if (audience !== undefined) payload['aud'] = audience;
      },
    }),
};
