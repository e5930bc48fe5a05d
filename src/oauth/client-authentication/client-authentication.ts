/** What a client-authentication method is: one file here, one line in `registry.ts`. Names are those of RFC 7591 §2. */
import type { SecretSlot } from '../../credentials/types.ts';
import type { OpenIdClient } from '../library.ts';

/** Puts the client's proof on a token-endpoint request: `openid-client` calls it. */
export type AuthenticateClient = import('openid-client').ClientAuth;

export interface ClientAuthentication {
  /** Registered name, as in `token_endpoint_auth_method`. */
  readonly name: string;
  readonly label: string;
  /** One sentence for the wizard. */
  readonly description: string;
  /** Secrets it takes; the main slot first. */
  readonly slots: readonly SecretSlot[];
  /** @param secret of the main slot, revealed; '' when it has none. */
  toClientAuth(library: OpenIdClient, secret: string): AuthenticateClient;
}
