/** Every grant, in the order the wizard offers them. */
import { authorizationCode } from './authorization-code.ts';
import { ciba } from './ciba.ts';
import { clientCredentials } from './client-credentials.ts';
import { deviceCode } from './device-code.ts';
import { implicit } from './implicit.ts';
import { jwtBearer } from './jwt-bearer.ts';
import { password } from './password.ts';
import { refreshToken } from './refresh-token.ts';
import { samlBearer } from './saml-bearer.ts';
import { tokenExchange } from './token-exchange.ts';
import type { Grant } from './grant.ts';

export const grants = [
  authorizationCode,
  clientCredentials,
  deviceCode,
  ciba,
  tokenExchange,
  jwtBearer,
  samlBearer,
  refreshToken,
  password,
  implicit,
] as const satisfies readonly Grant[];

/** By registered name or short form. */
export function findGrant(name: string): Grant | undefined {
  return (grants as readonly Grant[]).find((grant) => grant.name === name || grant.shortName === name);
}
