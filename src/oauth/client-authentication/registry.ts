/** Every client-authentication method, preferred first. */
import type { ClientAuthentication } from './client-authentication.ts';
import { clientSecretBasicRaw } from './client-secret-basic-raw.ts';
import { clientSecretBasic } from './client-secret-basic.ts';
import { clientSecretJwt } from './client-secret-jwt.ts';
import { clientSecretPost } from './client-secret-post.ts';
import { none } from './none.ts';
import { privateKeyJwt } from './private-key-jwt.ts';
import { selfSignedTlsClientAuth, tlsClientAuth } from './tls-client-auth.ts';

export const clientAuthentications = [
  clientSecretBasic,
  clientSecretPost,
  clientSecretJwt,
  privateKeyJwt,
  tlsClientAuth,
  selfSignedTlsClientAuth,
  clientSecretBasicRaw,
  none,
] as const satisfies readonly ClientAuthentication[];

export function findClientAuthentication(name: string): ClientAuthentication | undefined {
  return clientAuthentications.find((method) => method.name === name);
}
