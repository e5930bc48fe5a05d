/**
 * A client certificate alone: shown in the TLS handshake to the origins of the definition and to no other, with nothing
 * put on the request. Source: RFC 8446 §4.3.2, RFC 8705 §2.
 */
import { toClientCertificate } from '../client-certificate.ts';
import { optionalSecret } from '../optional-secret.ts';
import type { OtherDefinition, Scheme } from '../types.ts';

export const mtls: Scheme<OtherDefinition> = {
  id: 'mtls',
  label: 'Client certificate',
  description: 'A certificate and its private key (PEM or PKCS#12) that prove who calls, in the TLS handshake.',
  icon: 'verified',
  fields: [],
  slots: () => [
    { id: 'private_key', label: 'certificate and private key', required: true },
    { id: 'passphrase', label: 'passphrase of the private key', required: false },
  ],
  secretUse: () => ({ as: 'as a certificate and a proof of its key; the key itself is not sent' }),
  check({ origins }) {
    const plain: unknown = Array.isArray(origins)
      ? origins.find((each: unknown) => String(each).startsWith('http:'))
      : undefined;
    return plain === undefined ? [] : [{ field: 'origins', message: 'A client certificate needs https.' }];
  },
  async prepare(context) {
    const text = (await context.secret('private_key')).reveal();
    const passphrase = await optionalSecret(context, 'passphrase');
    const clientCertificate = toClientCertificate(text, passphrase);
    return { headers: [], query: [], cookies: [], clientCertificate };
  },
};
