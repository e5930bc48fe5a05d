/** The end of Add Credential: everything is kept, or nothing is, and a client that was registered is taken back. */
import { describe, expect, it } from 'vitest';
import { Secret } from '../../../src/credentials/secret.ts';
import type { NamedDefinition, OAuth2Definition } from '../../../src/credentials/types.ts';
import type { NewClient } from '../../../src/run/client-setup.ts';
import { emptyDraft, type Draft } from '../../../src/vscode/wizard/draft.ts';
import { keepCredential, type KeepPorts } from '../../../src/vscode/wizard/keep-credential.ts';
import { MemorySecretStore, SecretContent } from '../../support/memory-secret-store.ts';
import { createVault } from '../../support/vault-fixture.ts';

type Clients = Awaited<ReturnType<KeepPorts['clients']>>;

/** An identity provider that registers clients, and remembers which it has. */
function createRegistrar(fails: Partial<Record<'register' | 'keep', boolean>> = {}) {
  const registered = new Set<string>();
  const networks: string[] = [];
  const clients: Clients = {
    register: (issuer, proposed): Promise<NewClient> => {
      networks.push(issuer.network);
      if (fails.register) return Promise.reject(new Error('no registration'));
      registered.add('made');
      const client = { client_id: 'made', token_endpoint_auth_method: 'none', warnings: [] };
      return Promise.resolve({
        definition: { ...proposed, client_id: 'made', token_endpoint_auth_method: 'none' },
        client,
        network: issuer.network,
        steps: [],
      });
    },
    keep: () => (fails.keep ? Promise.reject(new Error('the store is gone')) : Promise.resolve()),
    discard: ({ client }) => {
      registered.delete(client.client_id);
      return Promise.resolve(undefined);
    },
  };
  return { registered, networks, clients: () => Promise.resolve(clients) };
}

function registering(endpoint = 'https://idp.example.com/register'): Draft {
  const metadata = { issuer: 'https://idp.example.com', registration_endpoint: endpoint };
  const server = { metadata, wellKnown: '', kind: 'oidc' as const, skewMs: 0, at: 0, warnings: [] };
  return Object.assign(emptyDraft(), {
    scheme: 'oauth2',
    name: 'orders',
    issuer: 'https://idp.example.com',
    findings: { server },
    client: 'registration' as const,
    fields: { grant: 'authorization_code', origins: ['https://api.example.com'] },
  });
}

function keyed(): Draft {
  return Object.assign(emptyDraft(), {
    scheme: 'apiKey',
    name: 'maps',
    fields: { in: 'header', name: 'X-API-Key', origins: ['https://api.example.com'] },
    secrets: new Map([['', new Secret('key-value-1', 'API key')]]),
  });
}

const names = async (vault: ReturnType<typeof createVault>['vault']): Promise<readonly string[]> =>
  (await vault.definitions(undefined)).map(({ name }) => name);

describe('the end of Add Credential', () => {
  it('keeps a definition with its secret in the store', async () => {
    const { vault } = createVault();
    const named = await keepCredential(keyed(), { vault, clients: createRegistrar().clients });
    expect(named.definition).toEqual({
      scheme: 'apiKey',
      in: 'header',
      name: 'X-API-Key',
      origins: ['https://api.example.com'],
    });
    const kept = await vault.findSecret(named, '');
    expect([kept?.reveal(), kept?.label]).toEqual(['key-value-1', 'maps API key']);
  });

  it('keeps the client that the issuer made, and no placeholder of it', async () => {
    const { vault } = createVault();
    const registrar = createRegistrar();
    const named = (await keepCredential(registering(), {
      vault,
      clients: registrar.clients,
    })) as NamedDefinition<OAuth2Definition>;
    expect(named.definition).toMatchObject({
      client_id: 'made',
      grant: 'authorization_code',
      issuer: 'https://idp.example.com',
    });
    expect([...registrar.registered]).toEqual(['made']);
  });

  it('keeps nothing when the store loses or refuses the secret', async () => {
    for (const faults of [{ rejectSet: true }, { rejectSet: true, rejectDelete: true }]) {
      const store = new MemorySecretStore(new SecretContent(), {});
      const { vault } = createVault(store);
      await vault.durability();
      Object.assign(store.faults, faults);
      await expect(keepCredential(keyed(), { vault, clients: createRegistrar().clients })).rejects.toThrow();
      expect(await names(vault)).toEqual([]);
    }
  });

  it('keeps nothing when the client cannot be registered', async () => {
    const { vault } = createVault();
    const { clients } = createRegistrar({ register: true });
    await expect(keepCredential(registering(), { vault, clients })).rejects.toThrow('no registration');
    expect(await names(vault)).toEqual([]);
  });

  it('takes the client back when it cannot be kept', async () => {
    const { vault } = createVault();
    const registrar = createRegistrar({ keep: true });
    await expect(keepCredential(registering(), { vault, clients: registrar.clients })).rejects.toThrow(
      'the store is gone',
    );
    expect(await names(vault)).toEqual([]);
    expect([...registrar.registered]).toEqual([]);
  });

  it('takes the client back when the person cancelled meanwhile', async () => {
    const { vault } = createVault();
    const registrar = createRegistrar();
    const cancelled = AbortSignal.abort();
    await expect(keepCredential(registering(), { vault, clients: registrar.clients }, cancelled)).rejects.toThrow();
    expect(await names(vault)).toEqual([]);
    expect([...registrar.registered]).toEqual([]);
  });

  it('lets an issuer that a person named register at its own address only', async () => {
    const { vault } = createVault();
    const own = createRegistrar();
    await keepCredential(registering(), { vault, clients: own.clients });
    const elsewhere = createRegistrar();
    const draft = Object.assign(registering('https://other.example.com/register'), { name: 'second' });
    await keepCredential(draft, { vault, clients: elsewhere.clients });
    expect([own.networks, elsewhere.networks]).toEqual([['loopback'], ['public']]);
  });

  it('keeps no definition that is not complete', async () => {
    const { vault } = createVault();
    const draft = Object.assign(keyed(), { fields: { in: 'header' } });
    await expect(keepCredential(draft, { vault, clients: createRegistrar().clients })).rejects.toMatchObject({
      code: 'CS-DEF-FIELD',
    });
    expect(await names(vault)).toEqual([]);
  });
});
