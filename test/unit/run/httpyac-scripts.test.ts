/** httpYac's scripts and assertions in the pipeline, over real sockets and a real sandbox. Source: dialects.md §13. */
import type { IncomingMessage, ServerResponse } from 'node:http';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { judge, parseAssertion } from '../../../src/run/assertions.ts';
import { createEngineFixture, type EngineFixture, type FixtureOptions } from '../../support/engine.ts';
import { serveHttp, type Listening } from '../../support/http-servers.ts';

let server: Listening;
const arrived: IncomingMessage[] = [];
const fixtures: EngineFixture[] = [];

function answer(request: IncomingMessage, response: ServerResponse): void {
  arrived.push(request);
  request.resume();
  if (request.url === '/xml') {
    return void response
      .writeHead(200, { 'content-type': 'application/xml' })
      .end('<slideshow title="Sample"><slide/></slideshow>');
  }
  const json = { id: 7, token: 'tok-5d1f0a77c3e94b62', items: ['a', 'b'], show: { title: 'Sample Slide Show' } };
  response.writeHead(200, { 'content-type': 'application/json', 'x-two': ['1', '2'] }).end(JSON.stringify(json));
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

const get = (rest: string, before = ''): string => `### one\n${before}GET ${server.url}/a\n\n${rest}\n`;

describe('blocks of httpYac', () => {
  it('give tests, with their helpers and Node\u2019s assert', async () => {
    const result = await engine().send(
      get(
        [
          '{{',
          '  const { equal, deepStrictEqual } = require("assert");',
          '  test.status(200);',
          '  test.header("content-type", "application/json");',
          '  test.headerContains("content-type", "xml");',
          '  test.hasResponseBody();',
          '  test.totalTime(60000);',
          '  test("id", () => equal(response.parsedBody.id, 7));',
          '  test("items", () => deepStrictEqual(response.parsedBody.items, ["a", "c"]));',
          '  await test("later", async () => { await sleep(5); equal(response.statusCode, 200); });',
          '}}',
        ].join('\n'),
      ),
    );
    expect(result.error).toBeUndefined();
    expect(result.notes).toEqual([]);
    expect(result.tests.map(({ name, passed, line }) => [name, passed, line])).toEqual([
      ['response status equals 200', true, 6],
      ['response header content-type equals application/json', true, 7],
      ['response header content-type contains xml', false, 8],
      ['response body exists', true, 9],
      ['totalTime exceeded 60000ms', true, 10],
      ['id', true, 11],
      ['items', false, 12],
      ['later', true, 13],
    ]);
    expect(result.tests[2]?.message).toContain('application/json');
    expect(result.tests[6]?.message).toContain('["a","b"] deeply and strictly equals ["a","c"]');
  });
  it('export variables to later requests of the file, and of no other', async () => {
    const fixture = engine();
    const text = [
      '### first',
      `GET ${server.url}/a`,
      '',
      '{{',
      '  exports.found = response.parsedBody.show;',
      '  $global.everywhere = response.parsedBody.id;',
      '}}',
      '### second',
      '{{',
      '  exports.path = found.title.length + "-" + $global.everywhere;',
      '}}',
      `GET ${server.url}/{{path}}/{{found.title}}`,
    ].join('\n');
    await fixture.send(text, { name: 'first' });
    const result = await fixture.send(text, { name: 'second' });
    expect(result.error).toBeUndefined();
    expect(arrived.at(-1)?.url).toBe('/17-7/Sample%20Slide%20Show');
    expect([...fixture.deps.scripts.kept('/project', '/project/other.http').keys()]).toEqual(['everywhere']);
  });
  it('read variables by name, a secret one as dots', async () => {
    const env = JSON.stringify({ dev: { user: 'ada' } });
    const hidden = JSON.stringify({ dev: { api_key: 'key-4711-0815-secret' } });
    const fixture = engine({
      files: { '/project/http-client.env.json': env, '/project/http-client.private.env.json': hidden },
    });
    const result = await fixture.send(get('{{\n  console.log(user, String(api_key), page)\n}}', '@page = 3\n'), {
      environments: ['dev'],
    });
    expect(result.log).toEqual(['ada \u2022\u2022\u2022\u2022 3']);
  });
  it('for every request run with each: marked ones, and those of a part without a request', async () => {
    const text = [
      '{{',
      '  exports.base = "v1";',
      '}}',
      '### first',
      `GET ${server.url}/{{base}}/one`,
      '',
      '{{+',
      '  test.status(200);',
      '}}',
      '### second',
      `GET ${server.url}/{{base}}/two`,
    ].join('\n');
    const fixture = engine();
    const first = await fixture.send(text, { name: 'first' });
    const second = await fixture.send(text, { name: 'second' });
    expect(arrived.map(({ url }) => url)).toEqual(['/v1/one', '/v1/two']);
    expect([first, second].map(({ tests }) => tests.map(({ passed, line }) => [passed, line]))).toEqual([
      [[true, 8]],
      [[true, 8]],
    ]);
  });
  it('point at an error in the file, in the first line of the block as well', async () => {
    const place = async (script: string) => (await engine().send(get(script))).error?.place;
    // The engine counts from the end of the statement before: one less.
    expect(await place('> {% const { ok } = require("assert"); missing.thing(); %}')).toMatchObject({
      line: 4,
      column: 39,
    });
    expect(await place('{{\n  missing.thing();\n}}')).toMatchObject({ line: 5, column: 3 });
  });
  it('get no module that is not offered, no file and no network', async () => {
    const result = await engine().send(get('{{\n  const fs = require("fs");\n}}'));
    expect(result.error?.code).toBe('CS-SCRIPT-ERROR');
    expect(result.error?.message).toContain('fs is not offered');
    const reach = await engine().send(
      get('{{\n  console.log(typeof process, typeof fetch, typeof XMLHttpRequest, typeof globalThis.require)\n}}'),
    );
    expect(reach.log).toEqual(['undefined undefined undefined function']);
  });
  it('cannot change the request unseen', async () => {
    const result = await engine().send(get('', '{{\n  request.headers["x-a"] = "1";\n}}\n'));
    expect(result.error?.message).toContain('cannot change the headers of the request');
    expect(arrived).toHaveLength(0);
  });
  it('run between {% and %} as well, when they are httpYac\u2019s', async () => {
    const result = await engine().send(
      get('> {%\n  const { equal } = require("assert");\n  test("ok", () => equal(response.statusCode, 200));\n%}'),
    );
    expect(result.tests).toEqual([{ name: 'ok', passed: true, line: 6 }]);
  });
  it('do not keep what a script that failed had exported', async () => {
    const fixture = engine();
    await fixture.send(get('{{\n  exports.half = 1;\n  throw new Error("no");\n}}'));
    expect([...fixture.deps.scripts.kept('/project', '/project/requests.http').keys()]).toEqual([]);
  });
});

describe('assertions', () => {
  it('are tests of their own, named by their text', async () => {
    const lines = [
      '?? status == 200',
      '?? status == 404',
      '?? header content-type startsWith application/',
      '?? header x-none exists',
      '?? body includes Slide',
      '?? body show.title == Sample Slide Show',
      '?? body $.items[1] == b',
      '?? js response.parsedBody.items.length * 2 == 4',
      '?? js response.parsedBody.items isArray',
      '?? duration < 60000',
      '?? body show.title matches /^sample/i',
      '?? status == {{wanted}}',
      '?? nonsense == 1',
    ];
    const result = await engine().send(get(lines.join('\n'), '@wanted = 200\n'));
    expect(result.error).toBeUndefined();
    expect(result.tests.map(({ name, passed, line }) => [`?? ${name}`, passed, line])).toEqual(
      lines.map((line, index) => [line, ![1, 3, 12].includes(index), 5 + index]),
    );
    expect(result.tests[1]?.message).toBe('It is 200.');
    expect(result.tests[3]?.message).toBe('It is nothing.');
    expect(result.tests[12]?.message).toContain('\u201cnonsense\u201d is not one of');
  });
  it('read XML by XPath', async () => {
    const result = await engine().send(
      `GET ${server.url}/xml\n\n?? xpath /slideshow/@title == Sample\n?? xpath //none exists`,
    );
    expect(result.tests.map(({ passed }) => passed)).toEqual([true, false]);
  });
  it('with a pattern that never ends are ended', { timeout: 40_000 }, async () => {
    const result = await engine().send(get(`?? js "${'a'.repeat(60)}!" matches ^(a+)+$`));
    expect(result.tests[0]?.passed).toBe(false);
    expect(result.tests[0]?.message).toMatch(/longer than/);
  });
  it.each([
    ['status == 200', 200, true],
    ['status == 200.0', 200, true],
    ['status != 404', 200, true],
    ['status >= 200', 200, true],
    ['status < 200', 200, false],
    ['body == "a b"', 'a b', true],
    ['body endsWith c', 'abc', true],
    ['js x == {"a": 1}', { a: 1 }, true],
    ['js x contains 2', [1, 2], true],
    ['js x isTrue', true, true],
    ['js x isFalse', true, false],
    ['js x == null', null, true],
    ['header x isNumber', '12', true],
    ['header x isString', '12', true],
    ['body md5 900150983cd24fb0d6963f7d28e17f72', 'abc', true],
    ['body sha256 ungWv48Bz+pBQUDeXa4iI7ADYaOWF3qctBD/YfIAFa0=', 'abc', true],
    ['body exists', '', false],
  ])('%s', (text, actual, holds) => {
    const parsed = parseAssertion(text);
    if (typeof parsed === 'string') throw new Error(parsed);
    expect(judge(parsed, actual) === undefined).toBe(holds);
  });
  it('say what is wrong with one that cannot be read', () => {
    expect(parseAssertion('status is 200')).toContain('no operator');
    expect(parseAssertion('')).toContain('is not one of');
  });
});
