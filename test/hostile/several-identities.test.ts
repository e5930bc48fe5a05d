/**
 * One request as several identities, over real sockets: whatever the file, the server and the scripts do, nothing of one
 * identity is in the request of another, and one that fails stops no other.
 */
import type { IncomingMessage, ServerResponse } from 'node:http';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { Secret } from '../../src/credentials/secret.ts';
import { parseRequestFile } from '../../src/language/parse-request-file.ts';
import { sendAsEach, type Identity } from '../../src/run/identities.ts';
import type { RunResult } from '../../src/run/types.ts';
import {
  createEngineFixture,
  fixturePath,
  fixtureRoot,
  type EngineFixture,
  type FixtureOptions,
} from '../support/engine.ts';
import { serveHttp, type Listening } from '../support/http-servers.ts';

const tokens: Readonly<Record<string, string>> = {
  admin: 'canary-admin-3f81c2d9aa',
  user: 'canary-user-77b0e4c1bb',
  key: 'canary-key-91d2f6e0cc',
};

let server: Listening;
let other: Listening;
const arrived: { readonly raw: string; readonly cookie: string | undefined }[] = [];
const fixtures: EngineFixture[] = [];

async function answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
  let body = '';
  for await (const chunk of request) body += String(chunk);
  arrived.push({
    raw: [request.method, request.url, ...request.rawHeaders, body].join('\n'),
    cookie: request.headers.cookie,
  });
  const authorization = request.headers.authorization ?? '';
  const status = authorization.includes('admin') ? 200 : authorization === '' ? 401 : 403;
  const echoed = authorization.replace(/^Bearer /, '');
  response
    .writeHead(status, { 'content-type': 'application/json', 'set-cookie': `sid=of-${echoed || 'nobody'}; Path=/` })
    .end(JSON.stringify({ echoed, status }));
}

beforeAll(async () => {
  server = await serveHttp((request, response) => void answer(request, response));
  other = await serveHttp((request, response) => void answer(request, response));
});
afterAll(async () => {
  await server.close();
  await other.close();
});
afterEach(async () => {
  arrived.length = 0;
  for (const fixture of fixtures.splice(0)) await fixture.dispose();
});

async function engine(options: FixtureOptions = {}): Promise<EngineFixture> {
  const fixture = createEngineFixture(options);
  fixtures.push(fixture);
  const bearer = { scheme: 'bearer', origins: [server.url] };
  const credentials = {
    admin: bearer,
    user: bearer,
    key: { scheme: 'apiKey', in: 'header', name: 'X-API-Key', origins: [server.url] },
    elsewhere: { scheme: 'bearer', origins: [other.url] },
    empty: bearer,
  };
  const text = JSON.stringify({ credentials });
  fixture.vault.setWorkspaceDefinitions(fixtureRoot, { file: '/project/countersign.json', text });
  for (const [name, value] of Object.entries(tokens)) {
    const named = await fixture.vault.find(name, fixtureRoot);
    if (!named) throw new Error(name);
    await fixture.vault.setSecret(named, '', new Secret(value, name));
  }
  return fixture;
}

async function matrix(fixture: EngineFixture, text: string, names: string): Promise<readonly RunResult[]> {
  const file = parseRequestFile(text);
  const identities = names.split(',').map((name): Identity => (name === 'none' ? 'none' : { credential: name }));
  const request = file.requests.length - 1;
  const input = { text, path: fixturePath, root: fixtureRoot, request, environments: [] };
  const signal = new AbortController().signal;
  return sendAsEach(fixture.engine, { ...input, signal }, identities, file, { ends: () => undefined });
}

/** Which of the tokens a request on the wire held. */
function held(index: number): string[] {
  return Object.keys(tokens).filter((name) => arrived[index]?.raw.includes(tokens[name] as string));
}

const statuses = (results: readonly RunResult[]): unknown[] =>
  results.map(({ exchange, error }) => exchange?.response.status ?? error?.code);

describe('one request as several identities', () => {
  it('each carries its own token and no other, and no cookie of another', async () => {
    const fixture = await engine();
    const results = await matrix(fixture, `GET ${server.url}/orders`, 'admin,user,key,none');
    expect(statuses(results)).toEqual([200, 403, 401, 401]);
    expect([0, 1, 2, 3].map(held)).toEqual([['admin'], ['user'], ['key'], []]);
    expect(arrived.map(({ cookie }) => cookie)).toEqual([undefined, undefined, undefined, undefined]);
    await fixture.send(`# @auth user\nGET ${server.url}/later`);
    expect(arrived.at(-1)?.cookie).toBeUndefined();
  });

  it('takes along neither cookies nor tokens that were there before', async () => {
    const fixture = await engine();
    await fixture.send(`# @auth admin\nGET ${server.url}/login`);
    await fixture.send(`GET ${server.url}/login`, { as: { credential: 'admin' } });
    arrived.length = 0;
    await matrix(fixture, `GET ${server.url}/orders`, 'admin,user,none');
    expect(arrived.map(({ cookie }) => cookie)).toEqual([undefined, undefined, undefined]);
    expect(held(2)).toEqual([]);
  });

  it.each([
    ['Authorization', 'Authorization: Bearer {{$auth.token("admin")}}'],
    ['a header of its own', 'X-Session: {{$auth.token("admin")}}'],
    ['Cookie', 'Cookie: t={{$auth.token("admin")}}'],
    ['a literal', `Authorization: Bearer ${tokens['admin'] ?? ''}`],
  ])('what the file writes into %s for one is not sent for the others', async (_where, header) => {
    const fixture = await engine();
    const results = await matrix(fixture, `GET ${server.url}/orders\n${header}\n`, 'admin,user,key,none');
    expect(results.map(({ error }) => error?.code)).toEqual([undefined, undefined, undefined, undefined]);
    expect([1, 2, 3].map(held)).toEqual([['user'], ['key'], []]);
  });

  it.each([
    ['address', (url: string) => `GET ${url}/orders?t={{$auth.token("admin")}}`],
    ['body', (url: string) => `POST ${url}/orders\n\n{"t": "{{$auth.token("admin")}}"}`],
  ])('a token in the %s is an error of every other row', async (_where, text) => {
    const fixture = await engine();
    const results = await matrix(fixture, text(server.url), 'user,admin,none');
    expect(statuses(results)).toEqual(['CS-AUTH-OTHER-IDENTITY', 200, 'CS-AUTH-OTHER-IDENTITY']);
    expect(arrived).toHaveLength(1);
    expect(held(0)).toEqual(['admin']);
  });

  it('what a script keeps of one answer is not there for the next identity, nor afterwards', async () => {
    const fixture = await engine();
    const text = `GET ${server.url}/orders
X-Kept: {{kept}}

> {%
client.global.set("kept", "of-" + response.body.echoed);
%}
`;
    const results = await matrix(fixture, `@kept = none\n${text}`, 'admin,user,none');
    expect(statuses(results)).toEqual([200, 403, 401]);
    expect([1, 2].map(held)).toEqual([['user'], []]);
    expect(fixture.deps.scripts.globalsOf(fixtureRoot).entries()).toEqual([]);
  });

  it('an answer to one does not become {{name.response}} of another', async () => {
    const fixture = await engine();
    const text = `# @name me\nGET ${server.url}/orders\nX-Before: {{me.response.body.$.echoed}}\n`;
    await matrix(fixture, text, 'admin,user,none');
    expect(arrived.flatMap((_, index) => (held(index).includes('admin') ? [index] : []))).not.toContain(1);
    expect(fixture.engine.captures.forFile(fixturePath).has('me')).toBe(false);
  });

  it('unbound, unknown and secretless identities are rows with their error; the rest is sent', async () => {
    const fixture = await engine();
    const results = await matrix(fixture, `GET ${server.url}/orders`, 'elsewhere,nobody-knows,empty,user,none');
    expect(statuses(results)).toEqual(['CS-BIND-ORIGIN', 'CS-DEF-UNKNOWN', 'CS-AUTH-SECRET-MISSING', 403, 401]);
    expect(results.map(({ comparison }) => comparison?.as)).toEqual([
      'elsewhere',
      'nobody-knows',
      'empty',
      'user',
      'none',
    ]);
    expect(arrived).toHaveLength(2);
  });

  it('a declined approval is one question and one row', async () => {
    const fixture = await engine({ approves: false });
    const text = `# @name first\n# @auth admin\nGET ${server.url}/first\n\n###\n# @force-ref first\nGET ${server.url}/orders`;
    const results = await matrix(fixture, text, 'admin,user,none');
    expect(statuses(results)).toEqual(['CS-BIND-APPROVAL', 'CS-BIND-APPROVAL', 'CS-BIND-APPROVAL']);
    expect(fixture.asked.map(({ credential }) => credential)).toEqual(['admin']);
    const plain = await matrix(fixture, `GET ${server.url}/orders`, 'admin,user,none');
    expect(statuses(plain)).toEqual(['CS-BIND-APPROVAL', 'CS-BIND-APPROVAL', 401]);
  });

  it('a secret that a server echoes is in no fact of a row', async () => {
    const fixture = await engine();
    const results = await matrix(fixture, `# @expect-status admin=200\nGET ${server.url}/orders`, 'admin,user');
    const facts = JSON.stringify(
      results.map(({ comparison, tests, notes, request }) => ({ comparison, tests, notes, request })),
    );
    for (const token of Object.values(tokens)) expect(facts).not.toContain(token);
  });
});
