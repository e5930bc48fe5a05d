/** A PEM block or a private JWK: a secret of a client, of no use before there is a client. Source: RFC 7468, RFC 7517. */
import type { Recogniser } from '../pasted.ts';

export const privateKey: Recogniser = {
  id: 'private-key',
  read(text) {
    const pem = /^-----BEGIN [A-Z ]{0,40}-----/.test(text);
    const jwk = text.startsWith('{') && /"kty"\s*:/.test(text) && /"(?:d|k)"\s*:/.test(text);
    if (!pem && !jwk) return undefined;
    return {
      found: [],
      problem: 'This is a key of a client. Say who is calling, A service; the key is asked for last, out of sight.',
    };
  },
};
