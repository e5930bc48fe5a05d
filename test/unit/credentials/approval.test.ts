import { describe, expect, it } from 'vitest';
import { toApprovalRequest } from '../../../src/credentials/approval-request.ts';
import { parseDefinitions } from '../../../src/credentials/definitions.ts';
import { Secret } from '../../../src/credentials/secret.ts';
import type { NamedDefinition } from '../../../src/credentials/types.ts';
import { createPerson, createVault, file, root, toFile } from '../../support/vault-fixture.ts';

const orders = {
  scheme: 'oauth2',
  grant: 'authorization_code',
  issuer: 'https://127.0.0.2:8444/',
  client_id: 'native',
  scope: 'openid orders.read',
  origins: ['https://127.0.0.2:8443'],
};

function named(definition: Record<string, unknown>): NamedDefinition {
  return parseDefinitions(JSON.stringify({ credentials: { orders: definition } }), { file, owner: 'workspace' })
    .definitions[0] as NamedDefinition;
}
function lines(definition: Record<string, unknown>, before?: Record<string, unknown>): readonly string[] {
  return toApprovalRequest(named(definition), before && named(before).definition).lines.map(
    ({ label, value, before: old }) => (old === undefined ? `${label}: ${value}` : `${label}: ${old} -> ${value}`),
  );
}

describe('toApprovalRequest', () => {
  it('asks with the lines in order', () => {
    expect(lines({ ...orders, authorization_endpoint: 'http://127.0.0.2:8445/auth' })).toEqual([
      'Sends to: https://127.0.0.2:8443',
      'Signs in at: https://127.0.0.2:8444',
      'Browser opens: http://127.0.0.2:8445',
      'Client: native',
      'Grant: authorization_code with PKCE',
      'Scope: openid orders.read',
      'Asked by: countersign.json, in shop',
    ]);
  });
  it('names the origin in the title', () =>
    expect(toApprovalRequest(named(orders)).title).toBe('Let orders use https://127.0.0.2:8443?'));
  it('counts further origins', () =>
    expect(
      toApprovalRequest(named({ ...orders, origins: ['https://a.example', 'https://b.example', 'https://c.example'] }))
        .title,
    ).toBe('Let orders use https://a.example and 2 more origins?'));
  it('puts each origin on a line', () =>
    expect(lines({ ...orders, origins: ['https://a.example', 'https://b.example'] }).slice(0, 2)).toEqual([
      'Sends to: https://a.example',
      'Sends to: https://b.example',
    ]));
  it('shows a look-alike in punycode', () =>
    expect(lines({ ...orders, origins: ['https://examplé.com'] })[0]).toBe(
      'Sends to: https://xn--exampl-gva.com (shown as examplé.com)',
    ));
  it('shows the tenant in an issuer’s path', () =>
    expect(lines({ ...orders, issuer: 'https://login.example.com/tenant-1' })[1]).toBe(
      'Signs in at: https://login.example.com/tenant-1',
    ));
  it('does not repeat endpoints of the issuer', () =>
    expect(lines({ ...orders, token_endpoint: 'https://127.0.0.2:8444/token' })).toEqual(lines(orders)));
  it('shows a token endpoint elsewhere', () =>
    expect(lines({ ...orders, token_endpoint: 'https://evil.example/token' })).toContain(
      'Token endpoint: https://evil.example',
    ));
  it('shows further fields', () => expect(lines({ ...orders, audience: 'x' })).toContain('audience: x'));
  it('cannot be given lines by a file', () =>
    expect(lines({ ...orders, client_id: 'native\nSends to: https://good.example\u202e' })).toContain(
      'Client: native⟪U+000A⟫Sends to: https://good.example⟪U+202E⟫',
    ));
  it('marks a legacy grant', () =>
    expect(lines({ ...orders, grant: 'password' })).toContain('Grant: password (legacy)'));
  it('asks for a key', () =>
    expect(lines({ scheme: 'apiKey', in: 'query', name: 'api_key', origins: ['https://a.example'] })).toEqual([
      'Sends to: https://a.example',
      'Scheme: apiKey',
      'in: query',
      'name: api_key',
      'Asked by: countersign.json, in shop',
    ]));

  it('shows what changed, and what did not', () => {
    const before = { ...orders, token_endpoint: 'https://127.0.0.2:8444/token' };
    const after = {
      ...before,
      token_endpoint: 'https://127.0.0.2:8444/oauth/token',
      origins: [...orders.origins, 'https://examplé.com'],
    };
    expect(lines(after, before)).toEqual([
      'Sends to:  -> https://xn--exampl-gva.com (shown as examplé.com)',
      'Token endpoint: https://127.0.0.2:8444/token -> https://127.0.0.2:8444/oauth/token',
      'Unchanged: https://127.0.0.2:8443, signs in at, client, grant, scope',
    ]);
  });
  it('tells long values apart by all of them', () => {
    const before = { ...orders, scope: `read ${'a'.repeat(1000)}` };
    expect(lines({ ...before, scope: `${before.scope}b admin` }, before)[0]).toBe(
      `Scope: ${before.scope} -> ${before.scope}b admin`,
    );
  });
  it('counts approved origins that stay', () => {
    const before = { ...orders, origins: ['a', 'b', 'c', 'd', 'e'].map((host) => `https://${host}.example`) };
    expect(lines({ ...before, client_id: 'x' }, before).at(-1)).toBe(
      'Unchanged: https://a.example, https://b.example, 3 more origins, signs in at, grant, scope',
    );
  });
  it('shows no secret that a variable put into a definition', () => {
    const { vault, redactor } = createVault();
    redactor.register(new Secret('canary-5172', 'variable k'));
    const asking = vault.approvalRequest(named({ ...orders, token_parameters: { tenant: 'canary-5172' } }));
    return expect(asking.then(({ lines: asked }) => asked.map(({ value }) => value))).resolves.toContain(
      '{"tenant":"•••• variable k"}',
    );
  });
  it('has a title for a change', () =>
    expect(toApprovalRequest(named(orders), named(orders).definition).title).toBe(
      'Let orders use what changed in countersign.json?',
    ));
  it('shows what is gone', () =>
    expect(lines({ ...orders, scope: undefined }, orders)[0]).toBe('Scope: openid orders.read -> '));
  for (const [key, value] of Object.entries({
    issuer: 'https://127.0.0.2:8444/x',
    client_id: 'b',
    scope: 'b',
    grant: 'implicit',
    audience: 'b',
    token_parameters: { x: '1' },
    default: true,
  })) {
    it(`no change of ${key} is silent`, () =>
      expect(lines({ ...orders, [key]: value }, orders).length).toBeGreaterThan(1));
  }
});

describe('approval', () => {
  const url = new URL('https://127.0.0.2:8443/orders');
  async function setup(approves = true, definition: Record<string, unknown> = orders) {
    const made = createVault();
    made.vault.setWorkspaceDefinitions(root, toFile({ orders: definition }));
    const find = async () => (await made.vault.find('orders', root)) as NamedDefinition;
    return { ...made, ...createPerson(approves), find };
  }

  it('is asked once, then known', async () => {
    const { vault, prompts, asked, find } = await setup();
    expect(await vault.approvalState(await find())).toBe('proposed');
    await vault.ensureApproved(await find(), url, prompts);
    await vault.ensureApproved(await find(), url, prompts);
    expect(asked.length).toBe(1);
    expect(await vault.approvalState(await find())).toBe('approved');
  });
  it('is asked once for requests that come together', async () => {
    const { vault, prompts, asked, find } = await setup();
    const definition = await find();
    await Promise.all(Array.from({ length: 5 }, () => vault.ensureApproved(definition, url, prompts)));
    expect(asked.length).toBe(1);
  });
  it('is refused when the person declines', async () => {
    const { vault, prompts, find } = await setup(false);
    await expect(vault.ensureApproved(await find(), url, prompts)).rejects.toMatchObject({ code: 'CS-BIND-APPROVAL' });
    expect(await vault.approvalState(await find())).toBe('proposed');
  });
  it('is refused where nobody can be asked', async () => {
    const { vault, prompts, asked, find } = await setup();
    await expect(vault.ensureApproved(await find(), url, { ...prompts, interactive: false })).rejects.toMatchObject({
      code: 'CS-BIND-APPROVAL',
    });
    expect(asked).toEqual([]);
  });
  it('is asked again on any change, with the difference', async () => {
    const { vault, prompts, asked, find } = await setup();
    await vault.ensureApproved(await find(), url, prompts);
    vault.setWorkspaceDefinitions(root, toFile({ orders: { ...orders, client_id: 'other' } }));
    expect(await vault.approvalState(await find())).toBe('changed');
    await vault.ensureApproved(await find(), url, prompts);
    expect(asked[1]).toMatchObject({
      changed: true,
      lines: [{ label: 'Client', value: 'other', before: 'native' }, {}],
    });
  });
  it('is asked again when a definition goes back to what it was', async () => {
    const { vault, prompts, asked, find } = await setup();
    for (const client_id of ['a', 'b', 'a']) {
      vault.setWorkspaceDefinitions(root, toFile({ orders: { ...orders, client_id } }));
      await vault.ensureApproved(await find(), url, prompts);
    }
    expect(asked.length).toBe(3);
  });
  it('holds for each environment that was approved', async () => {
    const { vault, prompts, asked, find } = await setup(true, { ...orders, origins: ['{{api}}'] });
    for (const host of ['dev', 'prod', 'dev', 'prod']) {
      const resolved = await vault.resolve(await find(), async () => `https://${host}.example.com`);
      await vault.ensureApproved(resolved, undefined, prompts);
    }
    expect(asked.length).toBe(2);
  });
  it('survives a restart, outside the workspace', async () => {
    const { vault, prompts, state, find } = await setup();
    await vault.ensureApproved(await find(), url, prompts);
    const again = createVault(undefined, state);
    again.vault.setWorkspaceDefinitions(root, toFile({ orders }));
    expect(await again.vault.approvalState((await again.vault.find('orders', root)) as NamedDefinition)).toBe(
      'approved',
    );
  });
  it('does not hold for the same name in another workspace', async () => {
    const { vault, prompts, find } = await setup();
    await vault.ensureApproved(await find(), url, prompts);
    vault.setWorkspaceDefinitions('/project/evil', {
      file: '/project/evil/countersign.json',
      text: toFile({ orders }).text,
    });
    expect(await vault.approvalState((await vault.find('orders', '/project/evil')) as NamedDefinition)).toBe(
      'proposed',
    );
  });
  it('counts damaged state as none', async () => {
    const { vault, state, find } = await setup();
    for (const damage of ['5', '[]', '{"x":5}', '{"x":[{"hash":1}]}']) {
      state.values.set('approvals', damage);
      vault.approvals.forgetSnapshot();
      expect(await vault.approvalState(await find())).toBe('proposed');
    }
  });
  it('can be revoked', async () => {
    const { vault, prompts, find } = await setup();
    await vault.ensureApproved(await find(), url, prompts);
    expect((await vault.approvals.list()).map(({ name }) => name)).toEqual(['orders']);
    await vault.approvals.revoke(await find());
    expect(await vault.approvalState(await find())).toBe('proposed');
  });

  describe('of one’s own definitions', () => {
    it('comes with making them', async () => {
      const { vault } = createVault();
      await vault.saveDefinition('mine', { scheme: 'bearer', origins: ['https://a.example'] });
      expect(await vault.approvalState((await vault.find('mine', undefined)) as NamedDefinition)).toBe('approved');
    });
    it('is needed for values a workspace fills in', async () => {
      const { vault } = createVault();
      await vault.saveDefinition('mine', { scheme: 'bearer', origins: ['{{host}}'] });
      const mine = (await vault.find('mine', undefined)) as NamedDefinition;
      const resolved = await vault.resolve(mine, async () => 'https://evil.example');
      expect(await vault.approvalState(resolved)).toBe('proposed');
    });
  });

  describe('in the CLI', () => {
    it('is given by --secret', async () => {
      const { vault, find } = await setup();
      vault.trustForProcess('orders');
      await vault.ensureApproved(await find(), url);
    });
    it('is given by the right pin', async () => {
      const { vault, find } = await setup();
      vault.trustForProcess('orders', (await find()).hash.toUpperCase());
      await vault.ensureApproved(await find(), url);
    });
    it('is refused by another pin, even when approved before', async () => {
      const { vault, prompts, find } = await setup();
      await vault.ensureApproved(await find(), url, prompts);
      vault.trustForProcess('orders', '00');
      await expect(vault.ensureApproved(await find(), url, prompts)).rejects.toMatchObject({
        code: 'CS-BIND-APPROVAL',
        message: 'orders is not the definition that was pinned.',
      });
    });
  });
});
