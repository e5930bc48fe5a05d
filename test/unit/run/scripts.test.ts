/** Handlers and pre-request scripts in the pipeline, over real sockets and a real sandbox. Source: dialects.md §13. */
import type { IncomingMessage, ServerResponse } from 'node:http';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { Secret } from '../../../src/credentials/secret.ts';
import {
  createEngineFixture,
  fixturePath,
  fixtureRoot,
  type EngineFixture,
  type FixtureOptions,
} from '../../support/engine.ts';
import { serveHttp, type Listening } from '../../support/http-servers.ts';

let server: Listening;
const arrived: IncomingMessage[] = [];
const fixtures: EngineFixture[] = [];
const token = 'tok-5d1f0a77c3e94b62';

function answer(request: IncomingMessage, response: ServerResponse): void {
  arrived.push(request);
  request.resume();
  const json = { id: 7, token, items: ['a', 'b'], path: request.url };
  response.writeHead(200, { 'content-type': 'application/json' }).end(JSON.stringify(json));
}

beforeAll(async () => {
  server = await serveHttp(answer);
});
afterAll(() => server.close());
afterEach(async () => {
  arrived.length = 0;
  for (const fixture of fixtures.splice(0)) await fixture.dispose();
});

function engine(options?: FixtureOptions): EngineFixture {
  const fixture = createEngineFixture(options);
  fixtures.push(fixture);
  return fixture;
}

const get = (rest: string): string => `### one\nGET ${server.url}/a\n\n${rest}\n`;

describe('response handlers', () => {
  it('give tests with the line they stand at', async () => {
    const result = await engine().send(
      get(
        '> {%\nclient.test("good", () => client.assert(response.status === 200));\nclient.test("bad", () => {\n  client.assert(response.body.id === 8, "id is " + response.body.id);\n});\n%}',
      ),
    );
    expect(result.error).toBeUndefined();
    expect(result.tests).toEqual([
      { name: 'good', passed: true, line: 5 },
      { name: 'bad', passed: false, message: 'id is 7', line: 7 },
    ]);
  });

  it('point at an error in the file, and keep the response', async () => {
    const text = get('> {%\n  client.log("x");\n  missing.thing();\n%}');
    const result = await engine().send(text);
    expect(result.exchange?.response.status).toBe(200);
    expect(result.log).toEqual(['x']);
    expect(result.error).toMatchObject({
      code: 'CS-SCRIPT-ERROR',
      message: 'The response script stopped: ReferenceError: missing is not defined.',
      place: { file: fixturePath, line: 6, column: 3, start: text.indexOf('missing') },
    });
  });

  it('point at an error on the line that opens the script', async () => {
    const text = get('> {% nope() %}');
    const result = await engine().send(text);
    expect(result.error?.place).toMatchObject({ line: 4, column: 6, start: text.indexOf('nope') });
  });

  it('run in order, each on its own, also after one that stopped', async () => {
    const result = await engine().send(get('> {% nope() %}\n\n> {% client.test("second", () => {}) %}'));
    expect(result.tests).toMatchObject([{ name: 'second', passed: true }]);
    expect(result.error?.code).toBe('CS-SCRIPT-ERROR');
  });

  it('run from a file beside the request file', async () => {
    const files = {
      [`${fixtureRoot}/check.js`]: '\nclient.test("from file", () => client.assert(response.body.id === 7));\noops()',
    };
    const result = await engine({ files }).send(get('> check.js'));
    expect(result.tests).toMatchObject([{ name: 'from file', passed: true }]);
    expect(result.error?.place).toEqual({ file: `${fixtureRoot}/check.js`, line: 3, column: 1 });
  });

  it('say that a script file is missing', async () => {
    const result = await engine().send(get('> ./absent.js'));
    expect(result.error).toMatchObject({ code: 'CS-FILE-MISSING', place: { line: 4 } });
    expect(result.exchange?.response.status).toBe(200);
  });

  it('are told of and not run where the setting forbids them', async () => {
    const fixture = engine({ runScripts: false });
    const result = await fixture.send(
      `### one\n< {% request.variables.set("a", "1") %}\nGET ${server.url}/a\n\n> {% nope() %}\n`,
    );
    expect(result.error).toBeUndefined();
    expect(result.notes).toMatchObject([{ code: 'CS-SCRIPT-UNSUPPORTED' }]);
  });

  const notRun = (what: string, script: string): void =>
    it(`are told of and not run: ${what}`, async () => {
      const result = await engine().send(get(script));
      expect(result.error).toBeUndefined();
      expect(result.tests).toEqual([]);
      expect(result.notes).toMatchObject([
        { code: 'CS-SCRIPT-UNSUPPORTED', message: expect.stringContaining('line 4') as string },
      ]);
    });
  notRun('a block for an event that is not known', '{{@streaming\n  console.log(1);\n}}');
  notRun('Lua', '> {%\n-- lua\nclient.log("x")\n%}');
});

describe('client.global', () => {
  const second = (): string =>
    `\n### two\n# @name two\nGET ${server.url}/b/{{id}}/{{o.list[1]}}\n\n> {% client.test("kept", () => client.assert(client.global.get("id") === 7)) %}\n`;

  it('is there for later requests, as variable and in scripts', async () => {
    const fixture = engine();
    const text = `${get('> {% client.global.set("id", response.body.id); client.global.set("o", {list: response.body.items}) %}')}${second()}`;
    await fixture.send(text);
    const result = await fixture.send(text, { name: 'two' });
    expect(result.tests).toMatchObject([{ passed: true }]);
    expect(arrived.at(-1)?.url).toBe('/b/7/b');
  });

  it('wins over the file and gives way to the command line', async () => {
    const fixture = engine();
    const text = `@id = file\n${get('> {% client.global.set("id", 7) %}')}\n### two\n# @name two\nGET ${server.url}/{{id}}\n`;
    await fixture.send(text, { name: 'two' });
    await fixture.send(text);
    await fixture.send(text, { name: 'two' });
    await fixture.send(text, { name: 'two', overrides: new Map([['id', { text: 'given', secrets: [] }]]) });
    expect(arrived.map(({ url }) => url)).toEqual(['/file', '/a', '/7', '/given']);
  });

  it('is secret when its name says so, everywhere from then on', async () => {
    const fixture = engine();
    const text = `${get('> {% client.global.set("access_token", response.body.token); client.log("got", response.body.token) %}')}\n### two\n# @name two\nGET ${server.url}/b\nX-Token: {{access_token}}\n\n> {% client.log(request.headers.findByName("x-token").value()) %}\n`;
    const first = await fixture.send(text);
    expect(first.log?.join()).not.toContain(token);
    const result = await fixture.send(text, { name: 'two' });
    expect(arrived.at(-1)?.headers['x-token']).toBe(token);
    expect(JSON.stringify(result.request)).not.toContain(token);
    expect(result.log).toEqual(['•••• variable access_token']);
  });

  it('is secret when it holds a live secret, whatever its name', async () => {
    const fixture = engine();
    fixture.redactor.register(new Secret(token, 'orders access token'));
    const text = `${get('> {% client.global.set("plain", "x " + response.body.token) %}')}\n### two\n# @name two\nGET ${server.url}/b\nX-Plain: {{plain}}\n`;
    await fixture.send(text);
    const result = await fixture.send(text, { name: 'two' });
    expect(arrived.at(-1)?.headers['x-plain']).toBe(`x ${token}`);
    expect(JSON.stringify(result.request)).not.toContain(token);
  });

  it('ends with clear and clearAll', async () => {
    const fixture = engine();
    await fixture.send(get('> {% client.global.set("a", 1); client.global.set("b", 2); client.global.clear("a") %}'));
    expect(fixture.deps.scripts.globalsOf(fixtureRoot).entries()).toEqual([['b', '2']]);
    await fixture.send(get('> {% client.global.clearAll() %}'));
    expect(fixture.deps.scripts.globalsOf(fixtureRoot).entries()).toEqual([]);
  });
});

describe('names that scripts set', () => {
  it('are known before the script has run, with what to do first', async () => {
    const text = `### login\n# @name login\nGET ${server.url}/a\n\n> {% client.global.set("id", 1) %}\n\n### two\n# @name two\nGET ${server.url}/{{id}}\n`;
    const result = await engine().send(text, { name: 'two' });
    expect(result.error).toMatchObject({ code: 'CS-VAR-NOT-SENT', next: 'Send login first, then this one.' });
    expect(arrived).toEqual([]);
  });

  it('give way to every other source', async () => {
    const text = `@id = file\n### two\n# @name two\nGET ${server.url}/{{id}}\n\n> {% client.global.set("id", 1) %}\n`;
    await engine().send(text, { name: 'two' });
    expect(arrived.map(({ url }) => url)).toEqual(['/file']);
  });

  it('of one request are not known in another', async () => {
    const text = `### one\n< {% request.variables.set("x", 1) %}\nGET ${server.url}/a\n\n### two\n# @name two\nGET ${server.url}/{{x}}\n`;
    expect((await engine().send(text, { name: 'two' })).error?.code).toBe('CS-VAR-UNKNOWN');
  });
});

describe('scripts before the request', () => {
  it('set variables of this request, above all others', async () => {
    const fixture = engine();
    const text = `@id = file\n### one\n< {% request.variables.set("id", "script") %}\nGET ${server.url}/{{id}}\n\n> {% client.test("seen", () => client.assert(request.variables.get("id") === "script")) %}\n\n### two\n# @name two\nGET ${server.url}/{{id}}\n`;
    const result = await fixture.send(text);
    expect(result.tests).toMatchObject([{ passed: true }]);
    await fixture.send(text, { name: 'two' });
    expect(arrived.map(({ url }) => url)).toEqual(['/script', '/file']);
  });

  it('see the request as written and with what is known', async () => {
    const text = `@host = ${server.url}\n### one\n< {% request.variables.set("sum", request.url.getRaw() + "|" + request.url.tryGetSubstituted() + "|" + request.body.tryGetSubstituted()) %}\nPOST {{host}}/x\nX-Sum: {{sum}}\n\n{"h": "{{host}}"}\n`;
    await engine().send(text);
    expect(arrived.at(-1)?.headers['x-sum']).toBe(`{{host}}/x|${server.url}/x|{"h": "${server.url}"}`);
  });

  it('stop the request when they stop', async () => {
    const result = await engine().send(`### one\n< {%\n  nope()\n%}\nGET ${server.url}/a\n`);
    expect(result.error).toMatchObject({
      code: 'CS-SCRIPT-ERROR',
      place: { line: 3, column: 3 },
      next: expect.stringContaining('not sent') as string,
    });
    expect(arrived).toEqual([]);
  });

  it('use a secret of the environment as a key, and never see it', async () => {
    const files = {
      [`${fixtureRoot}/http-client.env.json`]: '{"dev": {"region": "eu"}}',
      [`${fixtureRoot}/http-client.private.env.json`]: '{"dev": {"signing": "Jefe"}}',
    };
    const text = `### one\n< {%\nconst key = request.environment.get("signing");\nrequest.variables.set("seen", String(key) + request.environment.get("region"));\nrequest.variables.set("mac", crypto.hmac.sha256().withTextSecret(key).updateWithText("what do ya want for nothing?").digest().toHex());\n%}\nGET ${server.url}/a?seen={{seen}}\nX-Mac: {{mac}}\n`;
    await engine({ files }).send(text, { environments: ['dev'] });
    expect(arrived.at(-1)?.headers['x-mac']).toBe('5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843');
    expect(decodeURIComponent(arrived.at(-1)?.url ?? '')).toBe('/a?seen=••••eu');
  });
});
