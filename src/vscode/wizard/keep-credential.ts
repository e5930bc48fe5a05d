/**
 * The end of Add Credential: the client is registered where that was chosen, definition and secrets are kept together,
 * or nothing is: what fails half-way takes back what was made before it. Source: ux.md D1, RFC 7591, RFC 7592.
 */
import { newDefinition } from '../../credentials/new-definition.ts';
import { Secret } from '../../credentials/secret.ts';
import { schemeOf } from '../../credentials/schemes/registry.ts';
import type { Definition, NamedDefinition, OAuth2Definition } from '../../credentials/types.ts';
import type { Vault } from '../../credentials/vault.ts';
import { CountersignError } from '../../errors/countersign-error.ts';
import type { AddressClass } from '../../http/address-class.ts';
import type { IssuerFindings } from '../../oauth/api-discovery/findings.ts';
import type { ClientSetUp, NewClient } from '../../run/client-setup.ts';
import { toFields, type Draft } from './draft.ts';

export interface KeepPorts {
  readonly vault: Pick<Vault, 'saveDefinition' | 'definitions' | 'setSecret' | 'removeCredential' | 'durability'>;
  clients(): Promise<Pick<ClientSetUp, 'register' | 'keep' | 'discard'>>;
}

/** @returns the credential as it is kept. Throws CS-DEF-FIELD, CS-STORE-REJECTED, CS-AUTH-REGISTRATION, CS-NET-* */
export async function keepCredential(draft: Draft, ports: KeepPorts, signal?: AbortSignal): Promise<NamedDefinition> {
  const made = newDefinition(draft.scheme ?? '', toFields(draft));
  if (!made.ok) {
    throw new CountersignError('CS-DEF-FIELD', made.problems[0]?.message ?? 'The definition is not complete.');
  }
  if (draft.client !== 'registration') return keep(draft, made.definition, ports, undefined);
  const clients = await ports.clients();
  const issuer = toRegistrar(draft);
  const client = await clients.register(issuer, made.definition as OAuth2Definition, { signal });
  try {
    signal?.throwIfAborted();
    return await keep(draft, client.definition, ports, client);
  } catch (error) {
    await clients.discard(client);
    throw error;
  }
}

async function keep(
  draft: Draft,
  definition: Definition,
  { vault, clients }: KeepPorts,
  client: NewClient | undefined,
): Promise<NamedDefinition> {
  const { name } = draft;
  const lasts = (await vault.durability()).kind !== 'memory';
  await vault.saveDefinition(name, definition);
  const all = await vault.definitions(undefined);
  const own = all.find((each) => each.owner === 'user' && each.name === name);
  if (!own) throw new CountersignError('CS-DEF-FIELD', `${name} was not kept.`);
  try {
    const slots = schemeOf(definition)?.slots(definition) ?? [];
    for (const [slot, value] of draft.secrets) {
      const label = slots.find(({ id }) => id === slot)?.label ?? 'secret';
      const kept = await vault.setSecret(own, slot, new Secret(value.reveal(), `${name} ${label}`));
      if (!kept && lasts) {
        throw new CountersignError('CS-STORE-REJECTED', `The secret store did not accept the secret of ${name}.`, {
          next: 'Nothing was kept. Unlock the keyring of this system and try again.',
        });
      }
    }
    if (client) await (await clients()).keep(own as NamedDefinition<OAuth2Definition>, client);
    return own;
  } catch (error) {
    // What went wrong first is what is told, whatever the store says to this.
    await vault.removeCredential(own).catch(() => undefined);
    throw error;
  }
}

/** The issuer as registration takes it; one that a person named is where they said it is. */
function toRegistrar(draft: Draft): IssuerFindings {
  if (draft.foundIssuer) return draft.foundIssuer;
  const { server } = draft.findings;
  if (!server)
    throw new CountersignError('CS-AUTH-REGISTRATION', 'The issuer has no metadata, so nothing can be registered.');
  const { issuer } = server.metadata;
  const { origin } = new URL(issuer);
  return { issuer, origin, elsewhere: false, namedBy: 'origin', network: toNetwork(draft, origin), server };
}

/** An endpoint at the address that the person typed may be anywhere; one elsewhere only on the internet. */
function toNetwork(draft: Draft, origin: string): AddressClass {
  const endpoint = draft.findings.server?.metadata['registration_endpoint'];
  const same = typeof endpoint === 'string' && URL.canParse(endpoint) && new URL(endpoint).origin === origin;
  return same ? 'loopback' : 'public';
}
