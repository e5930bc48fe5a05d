/**
 * Nobody is there to ask, as in CI and in a workspace that is not trusted: a proposed credential is neither read nor
 * used, whatever names it, and its issuer hears nothing (auth.md W07). That VS Code sends nothing at all in Restricted
 * Mode is shown in the host suite.
 */
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { Secret } from '../../src/credentials/secret.ts';
import { createEngineFixture, fixtureRoot, type EngineFixture } from '../support/engine.ts';
import { serveHttp, type Listening } from '../support/http-servers.ts';
import { ScriptedIdp } from '../support/scripted-idp.ts';

let idp: ScriptedIdp;
let api: Listening;
const seen: string[] = [];
const fixtures: EngineFixture[] = [];
const canary = 'canary-w07-5d0e8f3a1c';

beforeAll(async () => {
  idp = await ScriptedIdp.start();
  api = await serveHttp((request, response) => {
    seen.push(`${request.url ?? ''} ${request.rawHeaders.join(' ')}`);
    response.end('ok');
  });
});
afterAll(async () => {
  await idp.stop();
  await api.close();
});
beforeEach(() => {
  idp.reset();
  seen.length = 0;
});
afterEach(async () => {
  for (const fixture of fixtures.splice(0)) await fixture.dispose();
});

/** Secrets and a session are stored; the definitions come from the folder; nobody approved them. */
async function cloned(interactive: boolean): Promise<EngineFixture> {
  const fixture = createEngineFixture({ interactive, ca: [idp.ca] });
  fixtures.push(fixture);
  const oauth = { scheme: 'oauth2', issuer: idp.issuer, client_id: 'cli', scope: 'orders.read', origins: [api.url] };
  const credentials = {
    key: { scheme: 'apiKey', in: 'header', name: 'X-API-Key', origins: [api.url], default: true },
    batch: { ...oauth, grant: 'client_credentials' },
    orders: { ...oauth, grant: 'authorization_code' },
  };
  fixture.vault.setWorkspaceDefinitions(fixtureRoot, {
    file: `${fixtureRoot}/countersign.json`,
    text: JSON.stringify({ credentials }),
  });
  for (const name of ['key', 'batch']) {
    const named = await fixture.vault.find(name, fixtureRoot);
    if (named) await fixture.vault.setSecret(named, '', new Secret(canary, name));
  }
  const orders = await fixture.vault.find('orders', fixtureRoot);
  if (orders) {
    await fixture.vault.setSession(orders, {
      accessToken: new Secret(canary, 'orders access token'),
      tokenType: 'Bearer',
      scope: ['orders.read'],
      requestedScope: ['orders.read'],
      obtainedAt: Date.now(),
      expiresAt: Date.now() + 3600_000,
      issuer: idp.issuer,
      definitionHash: orders.hash,
    });
  }
  fixture.secrets.calls.length = 0;
  return fixture;
}

const ways: readonly (readonly [string, (origin: string) => string])[] = [
  ['a directive for a key', (origin) => `# @auth key\nGET ${origin}/a\n`],
  ['a directive for a service account', (origin) => `# @auth batch\nGET ${origin}/a\n`],
  ['a directive for a signed-in person', (origin) => `# @auth orders\nGET ${origin}/a\n`],
  ['the default of its origin', (origin) => `GET ${origin}/a\n`],
  ['a token in a header', (origin) => `GET ${origin}/a\nX-Token: {{$auth.token("orders")}}\n`],
  ['a token in the address', (origin) => `GET ${origin}/a?t={{$auth.token("orders")}}\n`],
  ['a token in the body', (origin) => `POST ${origin}/a\n\n{{$auth.token("key")}}\n`],
];

describe('W07 nobody is there to approve', () => {
  for (const [what, text] of ways) {
    it(`W07 ${what}: nothing is sent, no secret is read, no issuer is asked`, async () => {
      const fixture = await cloned(false);
      const result = await fixture.send(text(api.url));
      expect(result.error?.code).toBe('CS-BIND-APPROVAL');
      expect(seen).toEqual([]);
      expect(idp.hits).toEqual([]);
      expect(fixture.secrets.calls.filter((call) => call.startsWith('get'))).toEqual([]);
      expect(fixture.asked).toEqual([]);
      expect(result.secretSent).toBe(false);
    });
  }

  it('W07 with a person who says yes, the same is sent', async () => {
    const fixture = await cloned(true);
    const result = await fixture.send(`# @auth key\nGET ${api.url}/a\n`);
    expect(result.error).toBeUndefined();
    expect(fixture.asked).toHaveLength(1);
    expect(seen.join()).toContain(canary);
    expect(fixture.secrets.calls.some((call) => call.startsWith('get'))).toBe(true);
  });

  it('W07 a request without a credential goes out bare', async () => {
    const fixture = await cloned(false);
    const result = await fixture.send(`# @auth none\nGET ${api.url}/a\n`);
    expect(result.exchange?.response.status).toBe(200);
    expect(seen.join()).not.toContain(canary);
  });
});
