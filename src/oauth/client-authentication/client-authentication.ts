/** What a client-authentication method is: one file here, one line in `registry.ts`. Names are those of RFC 7591 §2. */
import type { SecretSlot } from '../../credentials/types.ts';
import type { OpenIdClient } from '../library.ts';
import type { Operation } from '../operation.ts';
import type { ClientCertificate } from '../../credentials/client-certificate.ts';
import type { SigningKey } from '../signing-key.ts';

/** Puts the client's proof on a token-endpoint request: `openid-client` calls it. */
export type AuthenticateClient = import('openid-client').ClientAuth;

/** What the client proves itself with, revealed: lives as long as one operation. */
export interface ClientProof {
  /** Of the main slot; '' when it has none. */
  readonly secret: string;
  readonly key?: SigningKey;
  /** Of an assertion. */
  readonly audience?: string;
  readonly certificate?: ClientCertificate;
}

export interface ClientAuthentication {
  /** Registered name, as in `token_endpoint_auth_method`. */
  readonly name: string;
  readonly label: string;
  /** One sentence for the wizard. */
  readonly description: string;
  /** Secrets it takes; the main slot first. */
  readonly slots: readonly SecretSlot[];
  /** What it needs beyond the main secret. Throws CS-AUTH-SECRET-MISSING, CS-AUTH-KEY. */
  loadProof?(operation: Operation): Promise<Omit<ClientProof, 'secret'>>;
  toClientAuth(library: OpenIdClient, proof: ClientProof): AuthenticateClient;
}
