import type { IncomingMessage, ServerResponse } from 'node:http';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { Secret } from '../../../src/credentials/secret.ts';
import {
  bodyText,
  createEngineFixture,
  fixtureRoot,
  type EngineFixture,
  type FixtureOptions,
} from '../../support/engine.ts';
import { serveHttp, type Listening } from '../../support/http-servers.ts';

interface Arrived {
  readonly method: string;
  readonly url: string;
  readonly headers: readonly string[];
  readonly body: string;
}

let server: Listening;
let other: Listening;
const arrived: Arrived[] = [];
const fixtures: EngineFixture[] = [];

async function answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
  let body = '';
  for await (const chunk of request) body += String(chunk);
  arrived.push({ method: request.method ?? '', url: request.url ?? '', headers: request.rawHeaders, body });
  const url = new URL(request.url ?? '/', 'http://x');
  const to = url.searchParams.get('to');
  if (to) return void response.writeHead(Number(url.searchParams.get('status') ?? 302), { location: to }).end();
  if (url.pathname === '/refuse') {
    return void response.writeHead(401, { 'www-authenticate': 'Bearer error="invalid_token"' }).end('no');
  }
  if (url.pathname.startsWith('/challenge/')) {
    const challenges = decodeURIComponent(url.pathname.slice('/challenge/'.length)).split('|');
    return void response.writeHead(401, { 'www-authenticate': challenges }).end('no');
  }
  if (url.pathname === '/login') {
    return void response
      .writeHead(200, { 'content-type': 'application/json' })
      .end('{"token":"tok-4711","user":{"id":7}}');
  }
  if (url.pathname === '/echo-key') return void response.end(request.headers['x-api-key'] ?? '');
  response.writeHead(200, { 'content-type': 'application/json' }).end('{"ok":true}');
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

function engine(options?: FixtureOptions): EngineFixture {
  const fixture = createEngineFixture(options);
  fixtures.push(fixture);
  return fixture;
}

async function withKey(options?: FixtureOptions): Promise<EngineFixture> {
  const fixture = engine(options);
  const text = JSON.stringify({
    credentials: { weather: { scheme: 'apiKey', in: 'header', name: 'X-API-Key', origins: [server.url] } },
  });
  fixture.vault.setWorkspaceDefinitions(fixtureRoot, { file: '/project/countersign.json', text });
  return fixture;
}

async function giveKey(fixture: EngineFixture, value = 'key-0815-secret'): Promise<void> {
  const named = await fixture.vault.find('weather', fixtureRoot);
  if (!named) throw new Error('weather is not defined');
  await fixture.vault.setSecret(named, '', new Secret(value, 'weather API key'));
}

describe('B1 variables in a file named with <', () => {
  const text = (directive = ''): string => `@a = 1\n${directive}POST ${server.url}/b\n\n< ./f.txt\n`;
  const files = { [`${fixtureRoot}/f.txt`]: 'a={{a}}', [`${fixtureRoot}/http-client.env.json`]: '{"dev": {}}' };
  const bodyOf = async (directive: string, settings: FixtureOptions = {}): Promise<string | undefined> => {
    const { send } = engine({ files, ...settings });
    expect((await send(text(directive))).error).toBeUndefined();
    return arrived.at(-1)?.body;
  };
  it('stay as they are', async () => expect(await bodyOf('')).toBe('a={{a}}'));
  it('are filled in by a directive', async () => expect(await bodyOf('# @injectVariables\n')).toBe('a=1'));
  it('are filled in by the setting', async () => expect(await bodyOf('', { bodyVariables: 'always' })).toBe('a=1'));
  it('are filled in by “auto” in a folder of JetBrains’', async () => {
    expect(await bodyOf('', { bodyVariables: 'auto' })).toBe('a=1');
    expect(await bodyOf('', { bodyVariables: 'auto', files: { [`${fixtureRoot}/f.txt`]: 'a={{a}}' } })).toBe('a={{a}}');
  });
  it('are not looked for in what is no text', async () => {
    const bytes = new Uint8Array([0xff, 0x7b, 0x7b, 0x61, 0x7d, 0x7d]);
    const { send } = engine({ files: { [`${fixtureRoot}/f.txt`]: bytes }, bodyVariables: 'always' });
    expect((await send(text())).request?.bodyBytes).toBe(6);
  });
});

describe('GraphQL', () => {
  it('takes the document from a file and the variables from below it', async () => {
    const { send } = engine({ files: { [`${fixtureRoot}/q.graphql`]: 'query Q($a: Int) {\n\n  b(a: $a)\n}\n' } });
    const { error } = await send(`GRAPHQL ${server.url}/g\n\n< ./q.graphql\n\n{"a": 1}\n`);
    expect(error).toBeUndefined();
    expect(arrived.map(({ body }) => JSON.parse(body) as unknown)).toEqual([
      { query: 'query Q($a: Int) {\n\n  b(a: $a)\n}', variables: { a: 1 }, operationName: 'Q' },
    ]);
  });
});

describe('sending', () => {
  it('sends what the file says, in its order and case', async () => {
    const result = await engine().send(
      `POST ${server.url}/a?b=1\nX-First: 1\nx-SECOND: 2\nContent-Type: application/json\n\n{"a": 1}\n`,
    );
    expect(result.error).toBeUndefined();
    expect(result.exchange?.response.status).toBe(200);
    expect(arrived[0]).toMatchObject({ method: 'POST', url: '/a?b=1', body: '{"a": 1}' });
    const names = arrived[0]?.headers.filter((_, index) => index % 2 === 0);
    expect(names?.filter((name) => /^x-/i.test(name))).toEqual(['X-First', 'x-SECOND']);
  });

  it('resolves variables, and request variables from the answer before', async () => {
    const fixture = engine();
    const text = `@base = ${server.url}\n### login\n# @name login\nGET {{base}}/login\n\n### next\n# @name next\nGET {{base}}/x/{{login.response.body.$.user.id}}\nAuthorization: Bearer {{login.response.body.$.token}}\n`;
    const early = await fixture.send(text, { name: 'next' });
    expect(early.error?.code).toBe('CS-VAR-NOT-SENT');
    expect(arrived).toHaveLength(0);
    await fixture.send(text, { name: 'login' });
    const result = await fixture.send(text, { name: 'next' });
    expect(result.error).toBeUndefined();
    expect(arrived[1]?.url).toBe('/x/7');
    expect(arrived[1]?.headers).toContain('Bearer tok-4711');
    expect(JSON.stringify(result.request)).not.toContain('tok-4711');
  });

  it('is a result, not an error, when the server says 401', async () => {
    const result = await engine().send(`GET ${server.url}/refuse\n`);
    expect(result.error).toBeUndefined();
    expect(result.exchange?.response.status).toBe(401);
  });

  it('says that an unknown variable is unknown, with its place, and sends nothing', async () => {
    const result = await engine().send(`GET ${server.url}/{{nope}}\n`);
    expect(result.error).toMatchObject({ code: 'CS-VAR-UNKNOWN' });
    expect(result.error?.place?.start).toBe(`GET ${server.url}/`.length);
    expect(arrived).toHaveLength(0);
  });

  it('tells that a verb of another protocol is not sent', async () => {
    const result = await engine().send('WS wss://example.com/socket\n');
    expect(result.error?.code).toBe('CS-HTTP-PROTOCOL');
  });

  it('asks for prompted values, hidden where the name says so, and shows dots', async () => {
    const fixture = engine({ inputs: { password: 'pw-998877' } });
    const result = await fixture.send(
      `# @prompt password\nPOST ${server.url}/a\nContent-Type: text/plain\n\n{{password}}`,
    );
    expect(result.error).toBeUndefined();
    expect(arrived[0]?.body).toBe('pw-998877');
    expect(result.request?.body?.text).toBe('••••');
  });

  it('stops when a prompt is declined', async () => {
    const result = await engine().send(`# @prompt name\nGET ${server.url}/{{name}}\n`);
    expect(result.error?.code).toBe('CS-NET-CANCELLED');
    expect(arrived).toHaveLength(0);
  });

  it('wraps GraphQL', async () => {
    await engine().send(`POST ${server.url}/g\nX-Request-Type: GraphQL\n\nquery Q { a }\n\n{"x": 1}`);
    expect(JSON.parse(arrived[0]?.body ?? '')).toEqual({
      query: 'query Q { a }',
      operationName: 'Q',
      variables: { x: 1 },
    });
    expect(arrived[0]?.headers).toContain('application/json');
    expect(arrived[0]?.headers.join()).not.toMatch(/x-request-type/i);
  });

  it('sends the bytes of a file in the workspace', async () => {
    const fixture = engine({ files: { '/project/data.bin': new Uint8Array([0, 255, 1]) } });
    const result = await fixture.send(`POST ${server.url}/a\nContent-Type: application/octet-stream\n\n< ./data.bin\n`);
    expect(result.error).toBeUndefined();
    expect(result.request?.bodyBytes).toBe(3);
  });

  it('reports a missing file where it is named', async () => {
    const result = await engine().send(`POST ${server.url}/a\n\n< ./gone.json\n`);
    expect(result.error?.code).toBe('CS-FILE-MISSING');
    expect(result.error?.place?.start).toBeGreaterThan(0);
  });

  it('writes a history without secrets', async () => {
    const fixture = engine();
    await fixture.send(`@key = x\nGET ${server.url}/a?k={{$processEnv NONE}}\n`).catch(() => undefined);
    await fixture.send(`GET ${server.url}/b\nAuthorization: Bearer canary-token-1\n`);
    const entries = await fixture.history.entries();
    expect(entries[0]).toMatchObject({ method: 'GET', status: 200, credential: 'literal in the file' });
    expect(JSON.stringify(entries)).not.toContain('canary-token-1');
  });
});

describe('an answer that asks for a sign-in', () => {
  const offer = async (challenge: string, text = ''): Promise<unknown> => {
    const path = `/challenge/${encodeURIComponent(challenge)}`;
    return (await engine().send(`GET ${server.url}${path}?page=1\n${text}`)).setUp;
  };
  it('offers to set it up where the challenge takes tokens or names metadata', async () => {
    expect(await offer('Bearer realm="x"')).toEqual({
      url: `${server.url}/challenge/Bearer%20realm%3D%22x%22`,
      namesMetadata: false,
    });
    expect(await offer('Basic realm="a"|Bearer resource_metadata="https://api.example/prm"')).toMatchObject({
      namesMetadata: true,
    });
    expect(await offer('DPoP algs="ES256"')).toMatchObject({ namesMetadata: false });
    expect(await offer('Custom resource_metadata="x"')).toMatchObject({ namesMetadata: true });
  });
  it('A06 offers nothing for a password, nor where a credential was sent', async () => {
    expect(await offer('Basic realm="a"')).toBeUndefined();
    expect(await offer('Digest realm="a", nonce="b"')).toBeUndefined();
    expect(await offer('"')).toBeUndefined();
    expect(await offer('Bearer', 'Authorization: Bearer mine\n')).toBeUndefined();
    expect((await engine().send(`GET ${server.url}/ok\n`)).setUp).toBeUndefined();
  });
  it('names no secret of the address', async () => {
    const fixture = engine();
    fixture.redactor.register(new Secret('k3y-in-a-path', 'key'));
    const result = await fixture.send(`GET ${server.url}/challenge/Bearer%20k3y-in-a-path\n`);
    expect(result.exchange?.response.status).toBe(401);
    expect(result.setUp).toEqual({ url: new URL(server.url).origin, namesMetadata: false });
  });
});

describe('credentials', () => {
  it('asks once, puts the key on, and shows dots', async () => {
    const fixture = await withKey();
    await giveKey(fixture);
    const text = `# @auth weather\nGET ${server.url}/a\n`;
    const result = await fixture.send(text);
    expect(result.error).toBeUndefined();
    expect(result.credential).toMatchObject({ name: 'weather', scheme: 'apiKey', chosenBy: 'directive' });
    expect(result.attached).toEqual([{ hop: 0, attached: true }]);
    expect(result.secretSent).toBe(true);
    expect(arrived[0]?.headers).toContain('key-0815-secret');
    expect(JSON.stringify(result.request)).not.toContain('key-0815-secret');
    expect(fixture.asked).toHaveLength(1);
    await fixture.send(text);
    expect(fixture.asked).toHaveLength(1);
  });

  it('sends nothing when the person does not approve', async () => {
    const fixture = await withKey({ approves: false });
    const result = await fixture.send(`# @auth weather\nGET ${server.url}/a\n`);
    expect(result.error?.code).toBe('CS-BIND-APPROVAL');
    expect(arrived).toHaveLength(0);
  });

  it('sends nothing when nobody is there to approve', async () => {
    const fixture = await withKey({ interactive: false });
    const result = await fixture.send(`# @auth weather\nGET ${server.url}/a\n`);
    expect(result.error?.code).toBe('CS-BIND-APPROVAL');
  });

  it('says which secret is missing', async () => {
    const result = await (await withKey()).send(`# @auth weather\nGET ${server.url}/a\n`);
    expect(result.error).toMatchObject({
      code: 'CS-AUTH-SECRET-MISSING',
      message: 'weather has no API key on this machine.',
    });
    expect(arrived).toHaveLength(0);
  });

  it('says that a credential is not defined, and which are', async () => {
    const result = await (await withKey()).send(`# @auth wether\nGET ${server.url}/a\n`);
    expect(result.error?.code).toBe('CS-DEF-UNKNOWN');
    expect(result.error?.next).toContain('weather');
  });

  it('sends as nobody on request, without the literal header either', async () => {
    const fixture = engine();
    await fixture.send(`GET ${server.url}/a\nAuthorization: Bearer x-literal-1\n`, { as: 'none' });
    expect(arrived[0]?.headers.join()).not.toContain('x-literal-1');
  });

  it('keeps the key from the origin a redirect leads to, and says so', async () => {
    const fixture = await withKey();
    await giveKey(fixture);
    const result = await fixture.send(
      `# @auth weather\nGET ${server.url}/r?to=${encodeURIComponent(`${other.url}/b`)}\n`,
    );
    expect(result.exchange?.hops).toHaveLength(2);
    expect(result.attached.map((each) => each.attached)).toEqual([true, false]);
    expect(arrived[1]?.headers.join()).not.toContain('key-0815-secret');
    expect(result.notes[0]?.message).toContain('weather was not sent');
  });

  it('puts the key on again after a redirect within its origin', async () => {
    const fixture = await withKey();
    await giveKey(fixture);
    await fixture.send(`# @auth weather\nGET ${server.url}/r?to=/b\n`);
    expect(arrived[1]?.headers.join()).toContain('key-0815-secret');
  });

  it('hides a secret that the server echoes', async () => {
    const fixture = await withKey();
    await giveKey(fixture);
    const result = await fixture.send(`# @auth weather\nGET ${server.url}/echo-key\n`);
    const body = await bodyText(result);
    expect(body).toBe('key-0815-secret');
    expect(fixture.redactor.redact(body)).toBe('•••• weather API key');
  });
});
