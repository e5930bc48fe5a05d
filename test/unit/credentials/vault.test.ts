import { describe, expect, it } from 'vitest';
import { Secret } from '../../../src/credentials/secret.ts';
import type { NamedDefinition, Session } from '../../../src/credentials/types.ts';
import { createPerson, createVault, file, root, toFile } from '../../support/vault-fixture.ts';

const key = { scheme: 'apiKey', in: 'header', name: 'X-API-Key', origins: ['https://api.example.com'] };
const session = (hash: string, more: Partial<Session> = {}): Session => ({
  accessToken: new Secret('at-0123456789', 'x'),
  refreshToken: new Secret('rt-0123456789', 'x'),
  idToken: new Secret('it-0123456789', 'x'),
  tokenType: 'Bearer',
  scope: ['a'],
  requestedScope: ['a', 'b'],
  obtainedAt: 5,
  expiresAt: 10,
  issuer: 'https://idp.example.com',
  identity: { label: 'Ada', subject: 's', verified: true },
  definitionHash: hash,
  ...more,
});

async function setup(credentials: Record<string, unknown> = { maps: key }) {
  const made = createVault();
  made.vault.setWorkspaceDefinitions(root, toFile(credentials));
  const find = async (name = 'maps', folder: string | null = root) =>
    (await made.vault.find(name, folder ?? undefined)) as NamedDefinition;
  return { ...made, find };
}

describe('vault', () => {
  it('reads nothing when it is made', async () => {
    const { secrets, state } = createVault();
    await new Promise((done) => setTimeout(done, 5));
    expect(secrets.calls).toEqual([]);
    expect(state.values.size).toBe(0);
  });

  it('finds a workspace’s definition before one’s own, and says which', async () => {
    const { vault, find } = await setup();
    await vault.saveDefinition('maps', { scheme: 'bearer', origins: ['https://own.example'] });
    expect([(await find()).owner, (await find('maps', null)).owner]).toEqual(['workspace', 'user']);
    expect((await vault.status(await find())).hides?.owner).toBe('user');
    expect(await vault.names(root)).toEqual(['maps']);
  });

  it('gives no secret before approval, and does not even read it', async () => {
    const { vault, secrets, find } = await setup();
    await vault.setSecret(await find(), '', new Secret('k-canary-1', 'x'));
    secrets.calls.length = 0;
    await expect(vault.secret(await find())).rejects.toMatchObject({ code: 'CS-BIND-APPROVAL' });
    expect(secrets.calls).toEqual([]);
    await vault.approve(await find());
    expect((await vault.secret(await find())).reveal()).toBe('k-canary-1');
  });

  it('says which secret is missing', async () => {
    const { vault, find } = await setup();
    await vault.approve(await find());
    await expect(vault.secret(await find())).rejects.toMatchObject({
      code: 'CS-AUTH-SECRET-MISSING',
      message: 'maps has no API key on this machine.',
    });
  });

  it('does not share a secret with a credential of that name in another workspace', async () => {
    const { vault, find } = await setup();
    await vault.setSecret(await find(), '', new Secret('k-canary-1', 'x'));
    const evil = { ...key, origins: ['https://evil.example'] };
    vault.setWorkspaceDefinitions('/evil', {
      file: '/evil/countersign.json',
      text: JSON.stringify({ credentials: { maps: evil } }),
    });
    const other = await find('maps', '/evil');
    await vault.approve(other);
    expect(await vault.findSecret(other)).toBeUndefined();
  });

  it('does not share one’s own secret with a workspace', async () => {
    const { vault, find } = await setup();
    await vault.saveDefinition('maps', { ...key, scheme: 'apiKey' });
    await vault.setSecret(await find('maps', null), '', new Secret('k-canary-1', 'x'));
    await vault.approve(await find());
    expect(await vault.findSecret(await find())).toBeUndefined();
  });

  it('gives no secret after the definition changed, until it is approved again', async () => {
    const { vault, find } = await setup();
    await vault.approve(await find());
    await vault.setSecret(await find(), '', new Secret('k-canary-1', 'x'));
    vault.setWorkspaceDefinitions(root, toFile({ maps: { ...key, origins: ['https://evil.example'] } }));
    await expect(vault.secret(await find())).rejects.toMatchObject({ code: 'CS-BIND-APPROVAL' });
  });

  it('keeps slots apart', async () => {
    const { vault, secrets, find } = await setup();
    await vault.approve(await find());
    await vault.setSecret(await find(), 'private_key', new Secret('k-canary-2', 'x'));
    expect(await vault.findSecret(await find())).toBeUndefined();
    expect((await vault.findSecret(await find(), 'private_key'))?.reveal()).toBe('k-canary-2');
    expect([...secrets.content.values.keys()][0]).toMatch(/^countersign\/secret\/w-[\da-f]{16}\/maps\.private_key$/);
  });

  it('prefers a secret given to the process', async () => {
    const { vault, find } = await setup();
    vault.trustForProcess('maps');
    vault.provideSecret('maps', new Secret('from-environment', 'x'));
    await vault.setSecret(await find(), '', new Secret('from-store', 'x'));
    expect((await vault.secret(await find())).reveal()).toBe('from-environment');
  });

  it('makes what it touches known to the redactor', async () => {
    const { vault, redactor, find } = await setup();
    await vault.setSecret(await find(), '', new Secret('k-canary-1', 'maps API key'));
    await vault.setSession(await find(), session((await find()).hash));
    expect(redactor.redact('k-canary-1 at-0123456789 rt-0123456789 it-0123456789')).not.toMatch(/canary|0123456789/);
  });

  it('keeps secrets of variables away from credentials', async () => {
    const { vault, find } = await setup();
    await vault.setSecret(await find(), '', new Secret('k-canary-1', 'x'));
    expect(await vault.variableSecret(root, 'maps')).toBeUndefined();
    await vault.setVariableSecret(root, 'maps', new Secret('variable-1', 'x'));
    expect((await vault.variableSecret(root, 'maps'))?.reveal()).toBe('variable-1');
    expect(await vault.variableSecret('/evil', 'maps')).toBeUndefined();
  });

  it('keeps a session whole', async () => {
    const { vault, find } = await setup();
    await vault.setSession(await find(), session((await find()).hash));
    const read = (await vault.session(await find())) as Session;
    const { accessToken, refreshToken, idToken, ...facts } = read;
    expect([accessToken.reveal(), refreshToken?.reveal(), idToken?.reveal()]).toEqual([
      'at-0123456789',
      'rt-0123456789',
      'it-0123456789',
    ]);
    expect(accessToken.label).toBe('maps access token');
    const { accessToken: _a, refreshToken: _r, idToken: _i, ...expected } = session((await find()).hash);
    expect(facts).toEqual(expected);
  });
  it('keeps the ID token apart, and notices a torn write', async () => {
    const { vault, secrets, find } = await setup();
    await vault.setSession(await find(), session((await find()).hash));
    const [mainKey] = [...secrets.content.values.keys()].filter((each) => !each.endsWith('id_token'));
    expect(secrets.content.values.get(mainKey as string)).not.toContain('it-0123456789');
    const other = JSON.parse(secrets.content.values.get(mainKey as string) as string) as Record<string, unknown>;
    secrets.content.values.set(mainKey as string, JSON.stringify({ ...other, accessToken: 'at-newer' }));
    expect((await vault.session(await find()))?.idToken).toBeUndefined();
  });
  it('drops an old ID token with a new session that has none', async () => {
    const { vault, find } = await setup();
    await vault.setSession(await find(), session((await find()).hash));
    const { idToken: _, ...without } = session((await find()).hash);
    await vault.setSession(await find(), without);
    expect((await vault.session(await find()))?.idToken).toBeUndefined();
  });
  it('gives no session of another definition', async () => {
    const { vault, find } = await setup();
    await vault.setSession(await find(), session((await find()).hash));
    vault.setWorkspaceDefinitions(root, toFile({ maps: { ...key, name: 'X-Other' } }));
    expect(await vault.session(await find())).toBeUndefined();
  });
  it('forgets a session', async () => {
    const { vault, secrets, find } = await setup();
    await vault.setSession(await find(), session((await find()).hash));
    await vault.deleteSession(await find());
    expect([...secrets.content.values.keys()]).toEqual([]);
  });

  it('tells its state without reading a secret', async () => {
    const { vault, secrets, find } = await setup();
    await vault.setSecret(await find(), '', new Secret('k-canary-1', 'x'));
    secrets.calls.length = 0;
    expect(await vault.status(await find())).toEqual({
      approval: 'proposed',
      origins: ['https://api.example.com'],
      slots: [{ id: '', label: 'API key', required: true, present: true }],
      hasSession: false,
      memoryOnly: false,
      place: 'test keyring',
    });
    expect(secrets.calls.filter((call) => call.startsWith('get'))).toEqual([]);
  });

  it('removes everything of a credential, and nothing of another', async () => {
    const { vault, secrets, find } = await setup({ maps: key, maps2: key });
    for (const name of ['maps', 'maps2']) {
      await vault.setSecret(await find(name), '', new Secret('k-canary-1', 'x'));
      await vault.setSession(await find(name), session((await find(name)).hash));
      await vault.approve(await find(name));
    }
    await vault.removeCredential(await find());
    expect([...secrets.content.values.keys()].filter((each) => /\/maps(?:[./]|$)/.test(each))).toEqual([]);
    expect([...secrets.content.values.keys()].length).toBe(3);
    expect([await vault.approvalState(await find()), await vault.approvalState(await find('maps2'))]).toEqual([
      'proposed',
      'approved',
    ]);
  });

  it('renames one of its own with its secrets', async () => {
    const { vault } = createVault();
    await vault.saveDefinition('old', { ...key, scheme: 'apiKey' });
    const find = async (name: string) => (await vault.find(name, undefined)) as NamedDefinition;
    await vault.setSecret(await find('old'), '', new Secret('k-canary-1', 'x'));
    await vault.setSession(await find('old'), session((await find('old')).hash));
    await vault.renameCredential(await find('old'), 'new');
    expect(await vault.names(undefined)).toEqual(['new']);
    expect((await vault.secret(await find('new'))).reveal()).toBe('k-canary-1');
    expect((await vault.session(await find('new')))?.accessToken.reveal()).toBe('at-0123456789');
  });
  it('does not rename over another', async () => {
    const { vault } = createVault();
    for (const name of ['a', 'b']) await vault.saveDefinition(name, { ...key, scheme: 'apiKey' });
    const a = (await vault.find('a', undefined)) as NamedDefinition;
    await expect(vault.renameCredential(a, 'b')).rejects.toMatchObject({ code: 'CS-DEF-NAME' });
  });

  it('finds the default of an origin', async () => {
    const { vault } = await setup({ a: key, b: { ...key, default: true } });
    expect((await vault.defaultFor(new URL('https://api.example.com/x'), root))?.name).toBe('b');
    expect(await vault.defaultFor(new URL('https://evil.example/x'), root)).toBeUndefined();
  });
  it('finds a default whose origin is a variable', async () => {
    const { vault } = await setup({ b: { ...key, origins: ['{{api}}'], default: true } });
    const url = new URL('https://dev.example.com/x');
    expect(await vault.defaultFor(url, root)).toBeUndefined();
    expect((await vault.defaultFor(url, root, async () => 'https://dev.example.com'))?.name).toBe('b');
  });
  it('binds by wildcard once definitions were read', async () => {
    const { vault, find } = await setup({ maps: { ...key, origins: ['https://*.example.com'] } });
    expect(vault.binding(await find(), new URL('https://eu.example.com/'))).toBeUndefined();
    expect(vault.binding(await find(), new URL('https://example.com.evil.example/'))?.code).toBe('CS-BIND-ORIGIN');
  });
  it('forgets a folder', async () => {
    const { vault, find } = await setup();
    vault.forgetWorkspace(root);
    expect(await find()).toBeUndefined();
  });
});

describe('definitions of environment files', () => {
  const url = new URL('https://api.example.com/orders');
  const hash = 'f'.repeat(64);
  const foreign: NamedDefinition = {
    name: 'jb',
    definition: { scheme: 'basic', username: 'u', origins: [] },
    owner: 'workspace',
    file,
    hash,
    originsFromUse: true,
  };
  async function withForeign(approves = true) {
    const made = await setup({});
    made.vault.setForeignDefinitions(root, [
      { named: foreign, secrets: new Map([['', new Secret('{{pw}}', 'jb password')]]) },
    ]);
    const jb = await made.vault.resolve(await made.find('jb'), async (text) => text.replace('{{pw}}', 'pass-canary'));
    return { ...made, ...createPerson(approves), jb };
  }

  it('are bound to the origin they are first used for', async () => {
    const { vault, prompts, asked, jb } = await withForeign();
    expect(vault.binding(jb, url)).toBeUndefined();
    await vault.ensureApproved(jb, url, prompts);
    expect(asked[0]?.title).toBe('Let jb use https://api.example.com?');
    expect(vault.binding(jb, url)).toBeUndefined();
    expect(vault.binding(jb, new URL('https://evil.example/'))?.code).toBe('CS-BIND-ORIGIN');
    await expect(vault.ensureApproved(jb, new URL('https://evil.example/'), prompts)).rejects.toMatchObject({
      code: 'CS-BIND-ORIGIN',
    });
    expect(vault.originsOf(jb)).toEqual(['https://api.example.com']);
  });
  it('go nowhere in the CLI that was not approved, whatever a request says first', async () => {
    const { vault, jb } = await withForeign();
    vault.trustForProcess('jb');
    await expect(vault.ensureApproved(jb, url)).rejects.toMatchObject({
      code: 'CS-BIND-APPROVAL',
      next: 'Define jb with its origins in countersign.json.',
    });
    expect(vault.binding(jb, url)?.code).toBe('CS-BIND-APPROVAL');
  });
  it('go in the CLI where they were approved before', async () => {
    const { vault, prompts, jb } = await withForeign();
    await vault.ensureApproved(jb, url, prompts);
    vault.trustForProcess('jb');
    await vault.ensureApproved(jb, url);
    expect(vault.binding(jb, new URL('https://evil.example/'))?.code).toBe('CS-BIND-ORIGIN');
  });
  it('take their secret from the private file, variables filled in', async () => {
    const { vault, prompts, jb, redactor } = await withForeign();
    await vault.ensureApproved(jb, url, prompts);
    expect((await vault.secret(jb)).reveal()).toBe('pass-canary');
    expect(redactor.holdsSecret('pass-canary')).toBe(true);
  });
  it('prefer the secret store', async () => {
    const { vault, prompts, jb } = await withForeign();
    await vault.ensureApproved(jb, url, prompts);
    await vault.setSecret(jb, '', new Secret('from-store', 'x'));
    expect((await vault.secret(jb)).reveal()).toBe('from-store');
  });
});
