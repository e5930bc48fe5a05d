/** The secret store misbehaves (auth.md §4.2, S01, S02, S06, S07). */
import { describe, expect, it } from 'vitest';
import { Secret } from '../../src/credentials/secret.ts';
import type { NamedDefinition, Session } from '../../src/credentials/types.ts';
import type { VaultChange } from '../../src/credentials/vault-types.ts';
import { MemorySecretStore, SecretContent, type StoreFaults } from '../support/memory-secret-store.ts';
import { MemoryStateStore } from '../support/memory-state-store.ts';
import { createVault, root, toFile } from '../support/vault-fixture.ts';

const key = { scheme: 'apiKey', in: 'header', name: 'X-API-Key', origins: ['https://api.example.com'] };

function toSession(token: string, hash: string): Session {
  return {
    accessToken: new Secret(token, 'maps access token'),
    tokenType: 'Bearer',
    scope: [],
    requestedScope: [],
    obtainedAt: 1,
    definitionHash: hash,
  };
}

async function setup(secrets = new MemorySecretStore(), state = new MemoryStateStore(), names = ['maps']) {
  const made = createVault(secrets, state);
  made.vault.setWorkspaceDefinitions(root, toFile(Object.fromEntries(names.map((name) => [name, key]))));
  const find = async (name = 'maps') => (await made.vault.find(name, root)) as NamedDefinition;
  await made.vault.approve(await find());
  return { ...made, find };
}

/** Waits until the condition holds: changes are told after a pause. */
async function until(condition: () => boolean): Promise<void> {
  while (!condition()) await new Promise((done) => setTimeout(done, 2));
}

describe('a store that does not keep', () => {
  const faults: Readonly<Record<string, StoreFaults>> = {
    'rejects writes': { rejectSet: true },
    'rejects everything': { rejectSet: true, rejectGet: true },
    'drops what it takes': { drop: true },
    'cannot decrypt': { forget: true },
  };
  for (const [name, fault] of Object.entries(faults)) {
    it(`S01 keeps secret and session usable in memory, with a warning, when it ${name}`, async () => {
      const { vault, find } = await setup(new MemorySecretStore(undefined, fault));
      expect(await vault.setSecret(await find(), '', new Secret('k-canary-1', 'x'))).toBe(false);
      expect((await vault.secret(await find())).reveal()).toBe('k-canary-1');
      await vault.setSession(await find(), toSession('at-canary-1', (await find()).hash));
      expect((await vault.session(await find()))?.accessToken.reveal()).toBe('at-canary-1');
      expect([...vault.storeWarnings]).toContain('CS-STORE-REJECTED');
      expect(await vault.status(await find())).toMatchObject({ memoryOnly: true, hasSession: true });
    });
  }

  it('S01 offers to enter the secret when the store cannot be read', async () => {
    const content = new SecretContent();
    const first = await setup(new MemorySecretStore(content));
    await first.vault.setSecret(await first.find(), '', new Secret('k-canary-1', 'x'));
    const second = await setup(new MemorySecretStore(content, { rejectGet: true }), first.state);
    await expect(second.vault.secret(await second.find())).rejects.toMatchObject({ code: 'CS-AUTH-SECRET-MISSING' });
    expect([...second.vault.storeWarnings]).toEqual(['CS-STORE-UNREADABLE']);
  });

  const damages: Readonly<Record<string, string>> = {
    'is not JSON': '{"version":1,"accessToken":"at-cana',
    'is null': 'null',
    'is a list': '[1]',
    'has an old form': '{"access_token":"at-canary-1"}',
    'has a newer version':
      '{"version":99,"accessToken":"at-canary-1","tokenType":"Bearer","obtainedAt":1,"definitionHash":"x"}',
    'has a token of another type':
      '{"version":1,"accessToken":{"a":1},"tokenType":"Bearer","obtainedAt":1,"definitionHash":"x"}',
    'is empty': '',
  };
  for (const [name, damage] of Object.entries(damages)) {
    it(`S01 sets a session aside that ${name}`, async () => {
      const { vault, secrets, find } = await setup();
      await vault.setSession(await find(), toSession('at-canary-1', (await find()).hash));
      const [stored] = [...secrets.content.values.keys()];
      secrets.content.values.set(stored as string, damage);
      expect(await vault.session(await find())).toBeUndefined();
      expect([...secrets.content.values]).toEqual([
        [(stored as string).replace('countersign/', 'countersign/quarantine/'), damage],
      ]);
      expect([...vault.storeWarnings]).toEqual(['CS-STORE-UNREADABLE']);
      await vault.setSession(await find(), toSession('at-canary-2', (await find()).hash));
      expect((await vault.session(await find()))?.accessToken.reveal()).toBe('at-canary-2');
    });
  }
});

describe('a store in memory', () => {
  async function restart(content: SecretContent, state: MemoryStateStore, durable = true) {
    const store = new MemorySecretStore(content);
    store.durable = durable;
    return createVault(store, state).vault.durability();
  }
  it('S02 is found out at the second start, and told once', async () => {
    const state = new MemoryStateStore();
    expect(await restart(new SecretContent(), state)).toEqual({ kind: 'unknown', tell: false });
    expect(await restart(new SecretContent(), state)).toEqual({ kind: 'memory', tell: true });
    expect(await restart(new SecretContent(), state)).toEqual({ kind: 'memory', tell: false });
  });
  it('S02 is told from one that lasts', async () => {
    const [state, content] = [new MemoryStateStore(), new SecretContent()];
    await restart(content, state);
    expect(await restart(content, state)).toEqual({ kind: 'durable', tell: false });
  });
  it('S02 is told at once where the store says so', async () => {
    expect(await restart(new SecretContent(), new MemoryStateStore(), false)).toEqual({ kind: 'memory', tell: true });
  });
  it('S02 is told at once where nothing is kept', async () => {
    const { vault } = createVault(new MemorySecretStore(undefined, { drop: true }));
    expect(await vault.durability()).toEqual({ kind: 'memory', tell: true });
  });
  it('S02 never writes a secret anywhere else', async () => {
    const { vault, state, find } = await setup(new MemorySecretStore(undefined, { rejectSet: true }));
    await vault.setSecret(await find(), '', new Secret('k-canary-1', 'x'));
    await vault.setSession(await find(), toSession('at-canary-1', (await find()).hash));
    expect(JSON.stringify([...state.values])).not.toContain('canary');
  });
});

describe('another window', () => {
  it('S06 removes a secret: it is gone here, and an event says so', async () => {
    const content = new SecretContent();
    const here = await setup(new MemorySecretStore(content));
    await here.vault.setSecret(await here.find(), '', new Secret('k-canary-1', 'x'));
    await here.vault.setSession(await here.find(), toSession('at-canary-1', (await here.find()).hash));
    const there = await setup(new MemorySecretStore(content), here.state);
    const seen: VaultChange[] = [];
    here.vault.onDidChange((changes) => seen.push(...changes));
    await there.vault.deleteSecret(await there.find());
    await there.vault.deleteSession(await there.find());
    await until(
      () =>
        seen.some(({ kind }) => kind === 'secret') &&
        seen.some(({ kind, removed }) => kind === 'session' && removed === true),
    );
    expect(seen).toContainEqual({ kind: 'secret', name: 'maps', removed: true });
    expect(seen).toContainEqual({ kind: 'session', name: 'maps', removed: true });
    expect(await here.vault.session(await here.find())).toBeUndefined();
    await expect(here.vault.secret(await here.find())).rejects.toMatchObject({ code: 'CS-AUTH-SECRET-MISSING' });
  });
  it('S06 leaves a secret that a request holds already usable', async () => {
    const { vault, find } = await setup();
    await vault.setSecret(await find(), '', new Secret('k-canary-1', 'x'));
    const held = await vault.secret(await find());
    await vault.deleteSecret(await find());
    expect(held.reveal()).toBe('k-canary-1');
  });
  it('S06 is seen without a cache: a new value is used at once', async () => {
    const { vault, secrets, find } = await setup();
    await vault.setSecret(await find(), '', new Secret('k-canary-1', 'x'));
    const [stored] = [...secrets.content.values.keys()];
    secrets.content.values.set(stored as string, 'k-canary-2');
    expect((await vault.secret(await find())).reveal()).toBe('k-canary-2');
  });
});

describe('many changes', () => {
  it('S07 a storm of 50 sessions of 64 kB arrives as few calls, and reads nothing', async () => {
    const names = Array.from({ length: 50 }, (_, i) => `c${i}`);
    const { vault, secrets, find } = await setup(undefined, undefined, ['maps', ...names]);
    const calls: (readonly VaultChange[])[] = [];
    vault.onDidChange((changes) => calls.push(changes));
    const definitions = await Promise.all(names.map((name) => find(name)));
    const token = 'x'.repeat(65_536);
    await Promise.all(definitions.map((named, i) => vault.setSession(named, toSession(`${token}${i}`, named.hash))));
    await until(() => new Set(calls.flat().map(({ name }) => name)).size >= 50);
    expect(calls.length).toBeLessThan(25);
    secrets.calls.length = 0;
    for (const stored of secrets.content.values.keys()) secrets.content.announce(stored);
    const before = calls.length;
    await until(() => calls.length > before);
    expect(secrets.calls.filter((call) => call.startsWith('get'))).toEqual([]);
  });
  it('S07 nothing is read when a vault is made over many sessions', async () => {
    const content = new SecretContent();
    for (let i = 0; i < 50; i++) content.values.set(`countersign/session/user/c${i}/abc`, 'x'.repeat(65_536));
    const store = new MemorySecretStore(content);
    createVault(store);
    await new Promise((done) => setTimeout(done, 5));
    expect(store.calls).toEqual([]);
  });
});
