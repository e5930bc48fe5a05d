/** A network that shows one client certificate to one origin and no other. Source: RFC 8705 §2, auth.md §1.2 (mTLS). */
import type { TlsPolicy } from '../http/types.ts';
import type { ClientCertificate } from '../credentials/client-certificate.ts';

/** The policy as it is when there is no certificate. @param isFor whether an origin may see it */
export function withClientCertificate(
  tls: TlsPolicy,
  certificate: ClientCertificate | undefined,
  isFor: (origin: string) => boolean,
): TlsPolicy {
  if (!certificate) return tls;
  return {
    ...tls,
    exceptionFor: (origin) => tls.exceptionFor(origin),
    clientCertificateFor: (origin) => (isFor(origin) ? certificate : tls.clientCertificateFor?.(origin)),
  };
}
