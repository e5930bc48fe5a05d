/** Every client-authentication method, preferred first. */
import type { ClientAuthentication } from './client-authentication.ts';
import { clientSecretBasicRaw } from './client-secret-basic-raw.ts';
import { clientSecretBasic } from './client-secret-basic.ts';
import { clientSecretPost } from './client-secret-post.ts';
import { none } from './none.ts';

export const clientAuthentications = [
  clientSecretBasic,
  clientSecretPost,
  clientSecretBasicRaw,
  none,
] as const satisfies readonly ClientAuthentication[];

export function findClientAuthentication(name: string): ClientAuthentication | undefined {
  return clientAuthentications.find((method) => method.name === name);
}
