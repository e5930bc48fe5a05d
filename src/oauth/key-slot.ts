/** The signing key of a credential, from its slots `private_key` and `passphrase` and its fields. Source: contracts.md §3. */
import type { Operation } from './operation.ts';
import { loadSigningKey, type SigningKey } from './signing-key.ts';

/** Throws CS-AUTH-SECRET-MISSING, CS-AUTH-KEY. */
export async function loadKeySlot(operation: Operation): Promise<SigningKey> {
  const { credential, provider } = operation;
  const { definition, name } = credential;
  const text = await operation.requireSecret('private_key', 'private key');
  const passphrase = await operation.secret('passphrase');
  const offered = provider.metadata['token_endpoint_auth_signing_alg_values_supported'];
  return loadSigningKey(text.reveal(), {
    name,
    passphrase: passphrase?.reveal(),
    alg: definition.token_endpoint_auth_signing_alg,
    kid: definition.key_id,
    offered: Array.isArray(offered) ? offered.filter((one): one is string => typeof one === 'string') : [],
  });
}

/**
 * The audience of an assertion: the issuer as one string, unless the definition names another; `token_endpoint` stands
 * for that address, which some servers insist on. Source: RFC 7523bis, auth.md §6, H34.
 */
export function toAssertionAudience({ credential, provider }: Operation): string {
  const { assertion_audience: named } = credential.definition;
  const endpoint = provider.metadata['token_endpoint'] as string;
  if (named === undefined) return provider.issuer ?? endpoint;
  return named === 'token_endpoint' ? endpoint : named;
}
