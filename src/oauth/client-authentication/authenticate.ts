/**
 * The step that chooses how the client proves itself and takes what it needs for that from the secret store. Nothing has
 * left this machine by then. Source: RFC 6749 §2.3, RFC 8414 §2.
 */
import { CountersignError } from '../../errors/countersign-error.ts';
import type { Operation } from '../operation.ts';
import { requireProfile } from '../profile.ts';
import { chooseClientAuthentication, type ChosenAuthentication } from './choose.ts';
import type { ClientProof } from './client-authentication.ts';

/** Throws CS-AUTH-METHOD, CS-AUTH-SECRET-MISSING, CS-AUTH-KEY, CS-AUTH-PROFILE. */
export function authenticateClient(
  operation: Operation,
): Promise<ChosenAuthentication & { readonly proof: ClientProof }> {
  const { credential, provider, trace } = operation;
  const { definition, name } = credential;
  return trace.step('client-authentication', async ({ detail }) => {
    const secret = await operation.secret('');
    const kept = { secret: secret !== undefined, key: await hasClientKey(operation) };
    const chosen = chooseClientAuthentication(definition.token_endpoint_auth_method, kept, provider.metadata);
    if (chosen.method.slots.some((slot) => slot.required && slot.id === '') && !secret) {
      throw new CountersignError('CS-AUTH-SECRET-MISSING', `${name} has no client secret on this machine.`);
    }
    const proof: ClientProof = { secret: secret?.reveal() ?? '', ...(await chosen.method.loadProof?.(operation)) };
    const { key } = proof;
    const { metadata, host } = provider;
    requireProfile({ definition, metadata, host, method: chosen.method.name, alg: key?.alg });
    detail(`${chosen.method.name}: ${chosen.why}${key === undefined ? '' : ` · ${key.alg}`}`);
    return { ...chosen, proof };
  });
}

/** The key of an assertion grant is that grant's, not the client's. */
async function hasClientKey(operation: Operation): Promise<boolean> {
  const { definition } = operation.credential;
  if (definition.token_endpoint_auth_method !== undefined || definition.grant.endsWith('jwt-bearer')) return false;
  return (await operation.secret('private_key')) !== undefined;
}
