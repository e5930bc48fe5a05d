/** A request file names a credential and an address it must not go to (auth.md §4.2, W03, W06, R04 in part). */
import { describe, expect, it } from 'vitest';
import { inspect } from 'node:util';
import { fromJetBrainsAuth } from '../../src/credentials/jetbrains-auth.ts';
import { Secret } from '../../src/credentials/secret.ts';
import type { NamedDefinition } from '../../src/credentials/types.ts';
import { createEngineFixture } from '../support/engine.ts';
import { createPerson, createVault, root, toFile } from '../support/vault-fixture.ts';

const origins = ['https://api.good.example', 'https://*.svc.good.example:8443'];

const envFile = '/project/shop/http-client.env.json';

async function bindingOf(address: string): Promise<string | undefined> {
  const { vault } = createVault();
  vault.setWorkspaceDefinitions(root, toFile({ orders: { scheme: 'bearer', origins } }));
  const named = (await vault.find('orders', root)) as NamedDefinition;
  return vault.binding(named, new URL(address))?.message;
}

describe('W03 the credential goes to its origins only', () => {
  const refused: Readonly<Record<string, string>> = {
    'https://evil.example/': 'https://evil.example',
    'https://api.good.example@evil.example/': 'https://evil.example',
    'https://api.good.example:x@evil.example/': 'https://evil.example',
    'https://api.good.example.evil.example/': 'https://api.good.example.evil.example',
    'https://evil.example\\@api.good.example/': 'https://evil.example',
    'https:\\\\evil.example/api.good.example': 'https://evil.example',
    'https://evil.example#@api.good.example/': 'https://evil.example',
    'https://evil.example?@api.good.example/': 'https://evil.example',
    'ht\ttps://ev\nil.example/': 'https://evil.example',
    'https://api.good.example:444/': 'https://api.good.example:444',
    'http://api.good.example/': 'http://api.good.example',
    'http://api.good.example:443/': 'http://api.good.example:443',
    'https://api.gооd.example/': 'https://api.xn--gd-fmca.example (shown as api.gооd.example)',
    'https://api。good。example.evil.example/': 'https://api.good.example.evil.example',
    'https://x.api.good.example/': 'https://x.api.good.example',
    'https://a.b.svc.good.example:8443/': 'https://a.b.svc.good.example:8443',
    'https://svc.good.example:8443/': 'https://svc.good.example:8443',
    'https://evilsvc.good.example:8443/': 'https://evilsvc.good.example:8443',
    'https://2130706433/': 'https://127.0.0.1',
    'ftp://api.good.example/': 'ftp:',
  };
  for (const [address, shown] of Object.entries(refused)) {
    it(`W03 refuses ${JSON.stringify(address)} and shows where it would go`, async () => {
      expect(await bindingOf(address)).toBe(`orders may not go to ${shown}.`);
    });
  }
  const allowed = [
    'https://api.good.example/x?next=https://evil.example',
    'https://API.GOOD.EXAMPLE:443/',
    'https://user:pw@api.good.example/',
    'https://api。good。example/',
    'https://eu.svc.good.example:8443/',
  ];
  for (const address of allowed)
    it(`W03 allows ${address}`, async () => expect(await bindingOf(address)).toBeUndefined());

  it('W03 a request file cannot widen a binding by variables of its environment', async () => {
    const { vault } = createVault();
    const { prompts, asked } = createPerson(false);
    vault.setWorkspaceDefinitions(root, toFile({ orders: { scheme: 'bearer', origins: ['{{api}}'] } }));
    const template = (await vault.find('orders', root)) as NamedDefinition;
    const good = await vault.resolve(template, async () => 'https://api.good.example');
    await vault.approve(good);
    await vault.setSecret(good, '', new Secret('tok-canary-1', 'orders token'));
    const evil = await vault.resolve(template, async () => 'https://evil.example');
    await expect(vault.ensureApproved(evil, new URL('https://evil.example'), prompts)).rejects.toMatchObject({
      code: 'CS-BIND-APPROVAL',
    });
    await expect(vault.secret(evil)).rejects.toMatchObject({ code: 'CS-BIND-APPROVAL' });
    expect(asked[0]?.lines[0]).toEqual({ label: 'Sends to', value: '', before: 'https://api.good.example' });
  });

  it('W03 a template that is not filled in matches nothing', async () => {
    const { vault } = createVault();
    vault.setWorkspaceDefinitions(root, toFile({ orders: { scheme: 'bearer', origins: ['https://{{host}}'] } }));
    const named = (await vault.find('orders', root)) as NamedDefinition;
    expect(vault.binding(named, new URL('https://evil.example'))?.code).toBe('CS-BIND-ORIGIN');
  });
});

describe('W03 a credential of an environment file is bound to what was approved, never to everything', () => {
  const good = new URL('https://api.good.example/x');
  const evil = new URL('https://evil.example/');
  async function setup() {
    const made = createVault();
    const fields = { Type: 'OAuth2', 'Grant Type': 'Client Credentials', 'Token URL': 'https://idp.example/token' };
    const loaded = fromJetBrainsAuth('jb', { ...fields, 'Client ID': 'x' }, { 'Client Secret': 'jb-canary' }, envFile);
    made.vault.setForeignDefinitions(root, loaded.definition ? [loaded.definition] : []);
    const jb = (await made.vault.find('jb', root)) as NamedDefinition;
    return { ...made, ...createPerson(true), jb };
  }

  it('W03 an approval without an address opens no address', async () => {
    const { vault, prompts, asked, state, jb } = await setup();
    await vault.ensureApproved(jb, undefined, prompts);
    expect((await vault.secret(jb)).reveal()).toBe('jb-canary');
    expect(vault.originsOf(jb)).toEqual([]);
    expect(await state.get('approvals')).toBeUndefined();
    expect(await vault.approvalState(jb)).toBe('proposed');
    const nobody = { ...prompts, interactive: false };
    for (const url of [good, evil]) {
      await expect(vault.ensureApproved(jb, url, nobody)).rejects.toMatchObject({ code: 'CS-BIND-APPROVAL' });
    }
    await vault.ensureApproved(jb, good, prompts);
    expect(asked.map(({ title }) => title).at(-1)).toBe('Let jb use https://api.good.example?');
    expect(vault.binding(jb, good)).toBeUndefined();
    expect(vault.binding(jb, evil)?.code).toBe('CS-BIND-ORIGIN');
    await expect(vault.ensureApproved(jb, evil, prompts)).rejects.toMatchObject({ code: 'CS-BIND-ORIGIN' });
  });
  it('W03 an approval for nothing in the stored state counts as none', async () => {
    const { vault, prompts, state, jb } = await setup();
    await vault.ensureApproved(jb, good, prompts);
    const stored = JSON.stringify(await state.get('approvals')).replace('["https://api.good.example"]', '[]');
    await state.set('approvals', JSON.parse(stored));
    vault.approvals.forgetSnapshot();
    expect(await vault.approvalState(jb)).toBe('proposed');
  });
  it('W03 requests to two origins at the same time ask for each, and both are kept', async () => {
    const { vault, prompts, asked, jb } = await setup();
    await Promise.all([vault.ensureApproved(jb, good, prompts), vault.ensureApproved(jb, evil, prompts)]);
    expect(asked.map(({ title }) => title).sort()).toEqual([
      'Let jb use https://api.good.example?',
      'Let jb use https://evil.example?',
    ]);
    expect([...vault.originsOf(jb)].sort()).toEqual(['https://api.good.example', 'https://evil.example']);
  });
  it('W03 a file cannot choose the origin for a secret given on the command line', async () => {
    const { vault, jb } = await setup();
    vault.provideSecret('jb', new Secret('given-canary', 'jb secret'));
    vault.trustForProcess('jb');
    expect(vault.binding(jb, evil)?.code).toBe('CS-BIND-APPROVAL');
    await expect(vault.ensureApproved(jb, evil)).rejects.toMatchObject({ code: 'CS-BIND-APPROVAL' });
  });
  it('W03 a token in the address asks for the address it turns out to be', async () => {
    const engine = createEngineFixture({ approves: true });
    const loaded = fromJetBrainsAuth('jb', { Type: 'Mock' }, { Token: 'jb-canary' }, '/project/http-client.env.json');
    engine.vault.setForeignDefinitions('/project', loaded.definition ? [loaded.definition] : []);
    await engine.send('GET http://127.0.0.1:9/?t={{$auth.token("jb")}}\n');
    expect(engine.asked.at(-1)?.title).toBe('Let jb use http://127.0.0.1:9?');
    await engine.dispose();
  });
});

describe('R04 a secret cannot be printed by accident', () => {
  const secret = new Secret('tok-canary-1', 'orders token');
  const ways: Readonly<Record<string, () => string>> = {
    template: () => ['', secret, ''].join(),
    concatenation: () => 'x' + String(secret),
    JSON: () => JSON.stringify({ secret }),
    inspect: () => inspect({ secret }, { depth: 9, showHidden: true }),
    'an error’s cause': () => inspect(new Error('x', { cause: { secret } }), { showHidden: true }),
    keys: () => Object.entries(secret).join(),
    clone: () => inspect(structuredClone({ ...secret })),
  };
  for (const [name, print] of Object.entries(ways))
    it(`R04 not by ${name}`, () => expect(print()).not.toContain('canary'));

  it('R04 no error of the vault holds one', async () => {
    const { vault } = createVault();
    vault.setWorkspaceDefinitions(root, toFile({ orders: { scheme: 'bearer', origins } }));
    const named = (await vault.find('orders', root)) as NamedDefinition;
    await vault.setSecret(named, '', secret);
    const error: unknown = await vault.secret(named).catch((caught: unknown) => caught);
    expect(inspect(error, { depth: 9, showHidden: true })).not.toContain('canary');
  });
});
