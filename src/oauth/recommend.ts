/**
 * Which grant and which client authentication to offer first, from who calls and from what the issuer says of itself,
 * each with one sentence of reason. Pure; a person may always choose another.
 * Source: design.md D1.3, RFC 8414 §2, RFC 8252 §8.5, RFC 9700 §2.
 */
import { clientAuthentications } from './client-authentication/registry.ts';
import type { ClientAuthentication } from './client-authentication/client-authentication.ts';
import type { DiscoveredServer } from './discovery.ts';
import type { Grant } from './grants/grant.ts';
import { grants } from './grants/registry.ts';

type Metadata = DiscoveredServer['metadata'];

export interface Recommended<T> {
  readonly choice: T;
  readonly reason: string;
}

/**
 * Grants in the order to offer, the recommended one first and legacy ones last.
 * @param who undefined when nobody said who calls
 */
export function recommendGrants(
  who: string | undefined,
  metadata: Metadata | undefined,
): readonly Recommended<Grant>[] {
  const all: readonly Grant[] = grants;
  const offered = grantTypesOf(metadata);
  const fitting = all.filter(
    (grant) => (who === undefined || grant.who === who) && (offered?.includes(grant.name) ?? true),
  );
  // An issuer that lists none of them is asked all the same: lists are often incomplete.
  const usable = fitting.length > 0 ? fitting : all.filter((grant) => who === undefined || grant.who === who);
  const sorted = [...usable.filter((grant) => !grant.legacy), ...usable.filter((grant) => grant.legacy)];
  return sorted.map((choice) => ({ choice, reason: toGrantReason(choice, metadata) }));
}

function toGrantReason(grant: Grant, metadata: Metadata | undefined): string {
  if (grant.legacy) return `RFC 9700 advises against it. ${grant.legacy.instead}`;
  if (metadata && grant.who === 'person' && grant.browser) {
    return offersS256(metadata)
      ? 'A person is calling and the issuer supports S256: the safest way it offers.'
      : 'A person is calling. PKCE S256 is used, though the issuer does not announce it.';
  }
  const signs = listOf(metadata, methodList)?.includes('private_key_jwt') ?? false;
  if (signs && grant.who === 'service' && grant.clientSecret === 'required') {
    return `${grant.reason} With private_key_jwt: no shared secret to leak.`;
  }
  return grant.reason;
}

const methodList = 'token_endpoint_auth_methods_supported';

/**
 * How the client may prove itself, the recommended way first; empty when the sign-in finds it by itself. A person's
 * client on this machine can keep no secret; a service always proves itself.
 */
export function recommendClientAuthentications(
  grant: Grant,
  metadata: Metadata | undefined,
): readonly Recommended<ClientAuthentication>[] {
  const alone = !grant.interactive;
  if (alone && grant.clientSecret !== 'required') return [];
  const offered = listOf(metadata, methodList);
  const all: readonly ClientAuthentication[] = clientAuthentications;
  const usable = all.filter(
    (method) =>
      !method.name.endsWith('_raw') &&
      (offered?.includes(method.name) ?? true) &&
      !(alone && method.slots.length === 0),
  );
  const order = (method: ClientAuthentication): number => {
    if (method.slots.length === 0) return 0;
    return alone && offered !== undefined && method.name === 'private_key_jwt' ? 1 : 2;
  };
  const sorted = [...usable].sort((a, b) => order(a) - order(b));
  return sorted.map((choice) => ({ choice, reason: toMethodReason(choice, alone, offered) }));
}

function toMethodReason(method: ClientAuthentication, alone: boolean, offered: readonly unknown[] | undefined): string {
  if (method.slots.length === 0) return 'A program on this machine can keep no secret; PKCE protects the sign-in.';
  if (alone && method.name === 'private_key_jwt') return 'No shared secret to leak: the client signs with its own key.';
  if (offered === undefined && method.name === 'client_secret_basic') {
    return 'What RFC 8414 means when an issuer does not say.';
  }
  return method.description;
}

export function offersS256(metadata: Metadata): boolean {
  return listOf(metadata, 'code_challenge_methods_supported')?.includes('S256') ?? false;
}

/** Registered names of the grants that the issuer lists. */
export function grantTypesOf(metadata: Metadata | undefined): readonly unknown[] | undefined {
  return listOf(metadata, 'grant_types_supported');
}

function listOf(metadata: Metadata | undefined, name: string): readonly unknown[] | undefined {
  const listed = metadata?.[name];
  return Array.isArray(listed) ? listed : undefined;
}
