/** The matrix of one request as several identities: expectations, bodies beside the first, and ending early. */
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { fitsStatus, parseExpectations } from '../../../src/language/directives/expect-status.ts';
import { parseRequestFile } from '../../../src/language/parse-request-file.ts';
import { sendAsEach, type Identity } from '../../../src/run/identities.ts';
import type { IdentityFacts } from '../../../src/run/types.ts';
import { createEngineFixture, fixturePath, fixtureRoot, type EngineFixture } from '../../support/engine.ts';
import { serveHttp, type Listening } from '../../support/http-servers.ts';

describe('the value of # @expect-status', () => {
  const check = (value: string, expected: Record<string, string>, unread: readonly string[] = []): void => {
    const found = parseExpectations(value);
    expect(Object.fromEntries(found.expected.map(({ who, statuses }) => [who, statuses.join(',')]))).toEqual(expected);
    expect(found.unread).toEqual(unread);
  };

  it('names who and what they get', () => {
    check('admin=200 user=403 none=401', { admin: '200', user: '403', none: '401' });
    check('  a=2XX\tb=200,204 ', { a: '2xx', b: '200,204' });
    check('a=b=200', { 'a=b': '200' });
    check('', {});
  });
  it('tells what is none of that', () => {
    check('admin', {}, ['admin']);
    check('admin=ok =200 x=20 y=600 z=200, w=200', { w: '200' }, ['admin=ok', '=200', 'x=20', 'y=600', 'z=200,']);
  });
  it('fits by number or class', () => {
    expect([fitsStatus(204, ['2xx']), fitsStatus(304, ['2xx']), fitsStatus(204, ['200', '204'])]).toEqual([
      true,
      false,
      true,
    ]);
  });
});

describe('several identities', () => {
  let server: Listening;
  const fixtures: EngineFixture[] = [];
  beforeAll(async () => {
    server = await serveHttp((request, response) => {
      const who = request.headers['x-api-key'] ?? 'nobody';
      const orders =
        who === 'nobody' ? { error: 'who?' } : { orders: [1, 2], ...(who === 'key-of-b' ? { mine: 1 } : {}) };
      const type = request.url === '/text' ? 'text/plain' : 'application/json';
      response.writeHead(who === 'nobody' ? 401 : 200, { 'content-type': type }).end(JSON.stringify(orders));
    });
  });
  afterAll(() => server.close());
  afterEach(async () => {
    for (const fixture of fixtures.splice(0)) await fixture.dispose();
  });

  async function facts(
    text: string,
    names: readonly string[],
    stopAfter = names.length,
  ): Promise<(IdentityFacts | undefined)[]> {
    const fixture = createEngineFixture({});
    fixtures.push(fixture);
    const of = { scheme: 'apiKey', in: 'header', name: 'X-API-Key', origins: [server.url] };
    const credentials = { a: of, a2: of, b: of };
    fixture.vault.setWorkspaceDefinitions(fixtureRoot, {
      file: '/project/countersign.json',
      text: JSON.stringify({ credentials }),
    });
    const { Secret } = await import('../../../src/credentials/secret.ts');
    for (const [name, key] of [
      ['a', 'key-of-a'],
      ['a2', 'key-of-a2'],
      ['b', 'key-of-b'],
    ] as const) {
      const named = await fixture.vault.find(name, fixtureRoot);
      if (named) await fixture.vault.setSecret(named, '', new Secret(key, name));
    }
    const file = parseRequestFile(text);
    const abort = new AbortController();
    let ended = 0;
    const results = await sendAsEach(
      fixture.engine,
      { text, path: fixturePath, root: fixtureRoot, request: 0, environments: [], signal: abort.signal },
      names.map((name): Identity => (name === 'none' ? 'none' : { credential: name })),
      file,
      {
        ends: () => {
          if (++ended === stopAfter) abort.abort();
        },
      },
    );
    return results.map(({ comparison }) => comparison);
  }

  it('tells of each what was expected and how its body stands to the first', async () => {
    const text = `# @expect-status a=200 b=403\n# @expect-status none=4xx\nGET ${server.url}/orders`;
    expect(await facts(text, ['a', 'a2', 'b', 'none'])).toEqual([
      { as: 'a', expected: '200', asExpected: true, body: { kind: 'reference' } },
      { as: 'a2', body: { kind: 'same', as: 'a' } },
      {
        as: 'b',
        expected: '403',
        asExpected: false,
        body: { kind: 'differs', from: 'a', differences: 1, more: false },
      },
      {
        as: 'none',
        expected: '4xx',
        asExpected: true,
        body: { kind: 'differs', from: 'a', differences: 2, more: false },
      },
    ]);
  });

  it('compares what is not JSON as bytes; the first that was answered is the one to compare with', async () => {
    expect(await facts(`GET ${server.url}/text`, ['unknown', 'a', 'b'])).toEqual([
      { as: 'unknown' },
      { as: 'a', body: { kind: 'reference' } },
      { as: 'b', body: { kind: 'differs', from: 'a' } },
    ]);
  });

  it('an identity that was not answered did not do what is expected of it', async () => {
    expect(await facts(`# @expect-status unknown=200\nGET ${server.url}/`, ['unknown'])).toEqual([
      { as: 'unknown', expected: '200', asExpected: false },
    ]);
  });

  it('ends when it is cancelled', async () => {
    expect(await facts(`GET ${server.url}/`, ['a', 'b', 'none'], 1)).toHaveLength(1);
  });

  it('a directive that cannot be read is an error at its place', async () => {
    const fixture = createEngineFixture({});
    fixtures.push(fixture);
    const { error } = await fixture.send(`# @expect-status none=401 admin:200\nGET ${server.url}/`);
    expect([error?.code, error?.place?.line]).toEqual(['CS-PARSE-DIRECTIVE', 1]);
    const judged = await fixture.send(`# @expect-status none=200\nGET ${server.url}/`);
    expect(judged.tests).toEqual([
      { name: 'status 200 with no credential', passed: false, line: 1, message: 'expected 200, got 401' },
    ]);
  });
});
