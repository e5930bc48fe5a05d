/**
 * The client signs a short-lived assertion with its own key; no shared secret travels. Its audience is the issuer as one
 * string, so that it is worth nothing elsewhere. Source: RFC 7523 §3, OIDC Core §9, auth.md M28, H34.
 */
import { loadKeySlot, toAssertionAudience } from '../key-slot.ts';
import type { SigningKey } from '../signing-key.ts';
import type { ClientAuthentication } from './client-authentication.ts';

export const privateKeyJwt: ClientAuthentication = {
  name: 'private_key_jwt',
  label: 'Signed with a private key',
  description: 'The strongest without a certificate: an assertion signed by the client’s own key.',
  slots: [
    { id: 'private_key', label: 'private key', required: true },
    { id: 'passphrase', label: 'passphrase of the private key', required: false },
  ],
  loadProof: async (operation) => ({ key: await loadKeySlot(operation), audience: toAssertionAudience(operation) }),
  toClientAuth(library, { key, audience }) {
    const { key: signer, alg, kid } = key as SigningKey;
    return library.PrivateKeyJwt(kid === undefined ? { key: signer } : { key: signer, kid }, {
      [library.modifyAssertion](header, payload) {
        header['alg'] = alg;
        if (audience !== undefined) payload['aud'] = audience;
      },
    });
  },
};
