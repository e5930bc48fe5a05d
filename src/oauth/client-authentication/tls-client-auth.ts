/**
 * The client proves itself by the certificate of its TLS connection, one signed by an authority (`tls_client_auth`) or by
 * itself. Certificate and key stand together in the slot `private_key`, as PEM or as PKCS#12. Source: RFC 8705 §2.1, §2.2, §5.
 */
import { toClientCertificate, toPkcs12, type ClientCertificate } from '../../credentials/client-certificate.ts';
import { CountersignError } from '../../errors/countersign-error.ts';
import type { Operation } from '../operation.ts';
import { toCertificates, toPem } from '../signing-key.ts';
import type { ClientAuthentication } from './client-authentication.ts';

const slots = [
  { id: 'private_key', label: 'certificate and private key', required: true },
  { id: 'passphrase', label: 'passphrase of the private key', required: false },
] as const;

export const tlsClientAuth: ClientAuthentication = {
  name: 'tls_client_auth',
  label: 'Client certificate',
  description: 'By the certificate of the connection; tokens may be bound to it.',
  slots,
  loadProof: async (operation) => ({ certificate: await loadCertificate(operation) }),
  toClientAuth: (library) => library.TlsClientAuth(),
};

export const selfSignedTlsClientAuth: ClientAuthentication = {
  ...tlsClientAuth,
  name: 'self_signed_tls_client_auth',
  label: 'Self-signed client certificate',
  description: 'By a certificate that the client made itself and registered.',
};

async function loadCertificate(operation: Operation): Promise<ClientCertificate> {
  const text = await operation.requireSecret('private_key', 'certificate and private key');
  const passphrase = await operation.secret('passphrase');
  if (toPkcs12(text.reveal())) return toClientCertificate(text.reveal(), passphrase);
  const [cert, key] = [toCertificates(text.reveal()), toPem(text.reveal())];
  if (cert === undefined || key === undefined) {
    const { name } = operation.credential;
    throw new CountersignError('CS-AUTH-KEY', `The private key of ${name} has no certificate with it.`, {
      next: 'Enter the PEM of the certificate and of its key, one after the other, or a PKCS#12 file as base64.',
      facts: { credential: name, slot: 'private_key' },
    });
  }
  return { cert, key, ...(passphrase === undefined ? {} : { passphrase }) };
}
