/** What scripts can use: each surface against a real sandbox. Source: dialects.md §13. */
import { afterAll, describe, expect, it } from 'vitest';
import { createScriptFixture, sampleJob } from '../../support/scripts.ts';
import type { ScriptEvent, ScriptJob } from '../../../src/scripting/types.ts';

const fixture = createScriptFixture();
afterAll(() => fixture.dispose());

/** An expression and its value as JSON. */
function check(expression: string, expected: unknown, facts: Partial<ScriptJob> = {}): void {
  it(expression, async () => {
    const report = await fixture.run(`client.log(JSON.stringify(${expression}))`, facts);
    expect(report.fault).toBeUndefined();
    expect(report.events).toEqual([{ kind: 'log', text: JSON.stringify(expected) }]);
  });
}

/** A script and what it does. */
function checkEvents(code: string, expected: readonly ScriptEvent[]): void {
  it(code, async () => {
    const report = await fixture.run(code);
    expect(report.fault).toBeUndefined();
    expect(report.events).toEqual(expected);
  });
}

describe('response', () => {
  check('response.status', 200);
  check('response.body.id', 7);
  check('response.body.items.length', 2);
  check('typeof response.body', 'object');
  check('response.headers.valueOf("content-type")', 'application/json; charset=utf-8');
  check('response.headers.valueOf("Set-Cookie")', 'a=1');
  check('response.headers.valuesOf("set-cookie")', ['a=1', 'b=2']);
  check('response.headers.valueOf("absent")', null);
  check('response.headers.valuesOf("absent")', []);
  check('response.contentType', { mimeType: 'application/json', charset: 'utf-8' });
  const response = sampleJob.response!;
  check('response.body', 'plain', { response: { ...response, mimeType: 'text/plain', body: 'plain' } });
  check('response.body', '{"a":', { response: { ...response, body: '{"a":' } });
  check('response.body.a', 1, {
    response: { ...response, mimeType: 'application/problem+json', body: '\ufeff{"a":1}' },
  });
  check('typeof response', 'undefined', { when: 'pre-request' });

  it('tells that a body is too large when it is asked for', async () => {
    const report = await fixture.run('response.body', { response: { ...response, body: undefined } });
    expect(report.fault).toMatchObject({ kind: 'error', message: expect.stringContaining('too large') as string });
  });
});

describe('request', () => {
  check('request.method', 'POST');
  check('String(request.url)', 'https://api.example.com/orders');
  check('request.url()', 'https://api.example.com/orders');
  check('request.url.getRaw()', '{{host}}/orders');
  check('request.url.tryGetSubstituted()', 'https://api.example.com/orders');
  check('request.url.endsWith("/orders")', true);
  check('JSON.parse(request.body).n', 1);
  check('request.body.getRaw()', '{"n": {{n}}}');
  check('request.headers.all().length', 2);
  check('request.headers.findByName("x-note").value()', 'hello');
  check('request.headers.findByName("x-note").getRawValue()', '{{note}}');
  check('request.headers.findByName("x-note").name', 'X-Note');
  check('request.headers.findByName("absent")', null);
  check('request.environment.get("host")', 'https://api.example.com');
  check('request.environment.get("absent")', null);
  check('request.variables.isEmpty()', true);
  checkEvents('request.variables.set("a", {b: 1}); client.log(request.variables.get("a").b)', [
    { kind: 'set', scope: 'request', name: 'a', json: '{"b":1}' },
    { kind: 'log', text: '1' },
  ]);
});

describe('client.global', () => {
  check('client.global.get("known")', 'kept');
  check('client.global.get("absent")', null);
  check('client.global.isEmpty()', false);
  checkEvents('client.global.set("id", response.body.id)', [{ kind: 'set', scope: 'global', name: 'id', json: '7' }]);
  checkEvents('client.global.set("o", {a: [1]})', [{ kind: 'set', scope: 'global', name: 'o', json: '{"a":[1]}' }]);
  checkEvents('client.global.set("u", undefined)', [{ kind: 'set', scope: 'global', name: 'u', json: 'null' }]);
  checkEvents('client.global.clear("known")', [{ kind: 'clear', scope: 'global', name: 'known' }]);
  checkEvents('client.global.clearAll()', [{ kind: 'clearAll', scope: 'global' }]);
});

describe('client.test', () => {
  checkEvents('client.test("one", function () { client.assert(true) })', [
    { kind: 'test', name: 'one', passed: true, place: { line: 1, column: 7 } },
  ]);
  checkEvents('\nclient.test("two", () => {\n  client.assert(1 === 2, "not equal");\n})', [
    { kind: 'test', name: 'two', passed: false, message: 'not equal', place: { line: 3, column: 23 } },
  ]);
  checkEvents('client.test("three", () => nothing.here)', [
    {
      kind: 'test',
      name: 'three',
      passed: false,
      message: 'ReferenceError: nothing is not defined',
      place: { line: 1, column: 1 },
    },
  ]);
  checkEvents('client.test("late", async () => { await null; client.assert(false, "no") })', [
    { kind: 'test', name: 'late', passed: false, message: 'no', place: { line: 1, column: 60 } },
  ]);
  checkEvents('client.test("a", () => { throw 5 }); client.test("b", () => {})', [
    { kind: 'test', name: 'a', passed: false, message: '5', place: { line: 1, column: 7 } },
    { kind: 'test', name: 'b', passed: true, place: { line: 1, column: 44 } },
  ]);
  checkEvents('client.log("before"); client.exit(); client.log("after")', [{ kind: 'log', text: 'before' }]);
  checkEvents('client.test("t", () => { client.exit() }); client.log("after")', []);
});

describe('log', () => {
  checkEvents('client.log("a", 1, {b: 2})', [{ kind: 'log', text: 'a 1 {"b":2}' }]);
  checkEvents('console.log(undefined, null)', [{ kind: 'log', text: 'undefined null' }]);
  checkEvents('console.error(new Error("e"))', [{ kind: 'log', text: 'Error: e' }]);
  checkEvents('const a = {}; a.a = a; client.log(a)', [{ kind: 'log', text: '[object Object]' }]);
});

describe('crypto', () => {
  const hello = 'crypto.sha256().updateWithText("hel").updateWithText("lo").digest()';
  check(`${hello}.toHex()`, '2cf24dba5fb0a30e26e83b2ac5b9e29e1b161e5c1fa7425e73043362938b9824');
  check(`${hello}.toBase64()`, 'LPJNul+wow4m6DsqxbninhsWHlwfp0JecwQzYpOLmCQ=');
  check(`${hello}.toBase64(true)`, 'LPJNul-wow4m6DsqxbninhsWHlwfp0JecwQzYpOLmCQ');
  check('crypto.md5().updateWithHex("616263").digest().toHex()', '900150983cd24fb0d6963f7d28e17f72');
  check('crypto.sha1().updateWithBase64("YWJj").digest().toHex()', 'a9993e364706816aba3e25717850c26c9cd0d89d');
  check('crypto.sha384().digest().toHex().length', 96);
  check('crypto.sha512().digest().toHex().length', 128);
  // RFC 4231 §4.3
  const data = '.updateWithText("what do ya want for nothing?").digest().toHex()';
  const mac = '5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843';
  check(`crypto.hmac.sha256().withTextSecret("Jefe")${data}`, mac);
  check(`crypto.hmac.sha256().withHexSecret("4a656665")${data}`, mac);
  check(`crypto.hmac.sha256().withBase64Secret("SmVmZQ==")${data}`, mac);
  check(`crypto.hmac.sha256().withTextSecret(request.environment.get("key"))${data}`, mac);
});

describe('jsonPath, Window, $random', () => {
  check('jsonPath(response.body, "$.id")', 7);
  check('jsonPath(response.body, "$.items[*].name")', ['a', 'b']);
  check('jsonPath(response.body, "$.items[0].name")', 'a');
  check(`jsonPath(response.body, "$.nested['odd key']")`, true);
  check('jsonPath(response.body, "$.absent")', null);
  check('jsonPath(response.body, "$..name")', ['a', 'b']);
  check('jsonPath(response.body, "items[1].name")', 'b');
  check('jsonPath({a: [1, 2, 3, 4]}, "$.a[-1]")', 4);
  check('jsonPath({a: [1, 2, 3, 4]}, "$.a[1:3]")', [2, 3]);
  check('jsonPath({a: [1, 2, 3, 4]}, "$.a[::-1]")', [4, 3, 2, 1]);
  check('jsonPath({a: [1, 2, 3, 4]}, "$.a[0,2]")', [1, 3]);
  check('jsonPath({a: [1, 2, 3, 4]}, "$.a[?(@ > 2)]")', [3, 4]);
  check('jsonPath([{n: 1, t: "x"}, {n: 5, t: "y"}], "$[?(@.n < 3 || @.t == \'y\')].n")', [1, 5]);
  check('jsonPath([{n: 1}, {m: 5}], "$[?(!@.n)]")', [{ m: 5 }]);
  check('jsonPath([{n: 1, m: 1}, {n: 2}], "$[?@.n == 1 && @.m]")', [{ n: 1, m: 1 }]);
  check('jsonPath({max: 2, a: [1, 2, 3]}, "$.a[?(@ >= $.max)]")', [2, 3]);
  check('jsonPath({"größe-x": 1}, "$.größe-x")', 1);
  check('jsonPath(\'{"a": {"b": null}}\', "$.a.b")', null);
  check('jsonPath({a: 1}, "$")', { a: 1 });
  check('jsonPath({a: 1}, "$.toString")', null);
  check('Window.btoa("user:pass")', 'dXNlcjpwYXNz');
  check('Window.atob("dXNlcjpwYXNz")', 'user:pass');
  check('/^[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/.test($random.uuid)', true);
  check('$random.uuid === $random.uuid', false);
  check('[...Array(50)].every(() => { const n = $random.integer(3, 5); return n === 3 || n === 4 })', true);
  check('/^[a-zA-Z]{12}$/.test($random.alphabetic(12))', true);
  check('/^[0-9a-f]{9}$/.test($random.hexadecimal(9))', true);
  check('$random.email.endsWith("@example.com")', true);
  check('Math.abs($timestamp - Date.now() / 1000) < 2', true);
});

describe('faults', () => {
  const fault = (code: string, expected: object): void =>
    it(code, async () => expect((await fixture.run(code)).fault).toMatchObject(expected));
  fault('\n  nothing.here', {
    kind: 'error',
    message: 'ReferenceError: nothing is not defined',
    place: { line: 2, column: 3 },
  });
  fault('a b', { kind: 'error', message: expect.stringContaining('SyntaxError') as string, place: { line: 1 } });
  fault('crypto.hmac.md5().withTextSecret(request.environment.get("absent"))', {
    kind: 'error',
    message: 'The secret has no value.',
  });
  fault('throw "text"', { kind: 'error', message: 'text' });
  fault('throw {get message() { throw 1 }}', { kind: 'error' });
  fault('Promise.reject(new Error("late"))', { kind: 'error', message: 'late' });
  fault('client.test("never", () => new Promise(() => {}))', {
    kind: 'error',
    message: expect.stringContaining('waits') as string,
  });
  fault('jsonPath(response.body, "$[")', { kind: 'error', place: { line: 1 } });
  fault('(async () => { await null; nothing() })()', {
    kind: 'error',
    message: 'ReferenceError: nothing is not defined',
  });

  it('keeps what came before a fault', async () => {
    const report = await fixture.run('client.log("first"); nothing()');
    expect(report.events).toEqual([{ kind: 'log', text: 'first' }]);
    expect(report.fault?.kind).toBe('error');
  });

  it('starts each script anew', async () => {
    await fixture.run('globalThis.left = 1; Array.prototype.map = null; client.test = null');
    expect(
      await fixture.run('client.test("clean", () => client.assert(typeof left === "undefined" && [1].map))'),
    ).toMatchObject({
      events: [{ passed: true }],
    });
  });
});
