/** Exchanges over real sockets as HAR 1.2: the shape the format asks for, true sizes, and no secret in any field. */
import type { IncomingMessage, ServerResponse } from 'node:http';
import { gzipSync } from 'node:zlib';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { toHar } from '../../../src/convert/exporters/har.ts';
import { Secret } from '../../../src/credentials/secret.ts';
import { createEngineFixture, fixtureRoot, type EngineFixture } from '../../support/engine.ts';
import { serveHttp, type Listening } from '../../support/http-servers.ts';

const secrets = {
  password: 'canary pass/word+0815',
  key: 'canary-query-key-4711',
  cookie: 'canary-cookie-value',
  literal: 'canary-literal-token-99',
  issued: 'canary-issued-token-12',
} as const;
const basic = Buffer.from(`svc:${secrets.password}`).toString('base64');

let server: Listening;
const fixtures: EngineFixture[] = [];
const answer = '{"orders":[],"error":{"code":"NONE"},"access_token":"canary-issued-token-12"}'.padEnd(4000);

function respond(request: IncomingMessage, response: ServerResponse): void {
  request.resume();
  const url = new URL(request.url ?? '/', 'http://x');
  if (url.pathname === '/go') {
    const location = `/orders?code=${secrets.issued}&page=2#access_token=${secrets.issued}`;
    const cookie = `sid=${secrets.cookie}; Path=/; HttpOnly; Expires=Wed, 21 Oct 2099 07:28:00 GMT`;
    return void response.writeHead(302, { location, 'set-cookie': cookie }).end();
  }
  if (url.pathname === '/bytes') return void response.end(Buffer.from([0xff, 0, ...Buffer.from(secrets.key)]));
  response
    .writeHead(200, { 'content-type': 'application/json', 'content-encoding': 'gzip', 'x-auth-token': secrets.issued })
    .end(gzipSync(`${answer} ${request.headers.authorization ?? ''} ${request.url ?? ''}`));
}

beforeAll(async () => {
  server = await serveHttp(respond);
});
afterAll(() => server.close());
afterEach(async () => {
  for (const fixture of fixtures.splice(0)) await fixture.dispose();
});

async function exported(text: string): Promise<{ readonly text: string; readonly log: Log }> {
  const fixture = createEngineFixture({});
  fixtures.push(fixture);
  const credentials = {
    old: { scheme: 'basic', username: 'svc', origins: [server.url] },
    map: { scheme: 'apiKey', in: 'query', name: 'k1', origins: [server.url] },
  };
  fixture.vault.setWorkspaceDefinitions(fixtureRoot, {
    file: '/project/countersign.json',
    text: JSON.stringify({ credentials }),
  });
  for (const [name, value] of [
    ['old', secrets.password],
    ['map', secrets.key],
  ] as const) {
    const named = await fixture.vault.find(name, fixtureRoot);
    if (named) await fixture.vault.setSecret(named, '', new Secret(value, name));
  }
  const result = await fixture.send(text);
  expect(result.error).toBeUndefined();
  const har = await toHar(result, { version: '1.2.3', redact: (each) => fixture.redactor.redact(each) });
  return { text: JSON.stringify(har), log: (har as { log: Log }).log };
}

interface Entry {
  readonly startedDateTime: string;
  readonly time: number;
  readonly request: Readonly<Record<string, unknown>>;
  readonly response: Readonly<Record<string, unknown>> & { readonly content: Readonly<Record<string, unknown>> };
  readonly timings: Readonly<Record<string, number>>;
}
interface Log {
  readonly version: string;
  readonly creator: unknown;
  readonly entries: readonly Entry[];
  readonly comment: string;
}

const pairs = { name: 'string', value: 'string' };

/** Each field that HAR 1.2 asks for, with its type. */
function checkShape(log: Log): void {
  expect([log.version, log.creator]).toEqual(['1.2', { name: 'Countersign', version: '1.2.3' }]);
  const typed = (object: object, fields: Readonly<Record<string, string>>): void => {
    const found = Object.fromEntries(
      Object.keys(fields).map((name) => {
        const value = (object as Readonly<Record<string, unknown>>)[name];
        return [name, Array.isArray(value) ? 'array' : typeof value];
      }),
    );
    expect(found).toEqual(fields);
  };
  for (const entry of log.entries) {
    typed(entry, {
      startedDateTime: 'string',
      time: 'number',
      request: 'object',
      response: 'object',
      cache: 'object',
      timings: 'object',
    });
    expect(new Date(entry.startedDateTime).toISOString()).toBe(entry.startedDateTime);
    const both = {
      cookies: 'array',
      headers: 'array',
      headersSize: 'number',
      bodySize: 'number',
      httpVersion: 'string',
    };
    typed(entry.request, { method: 'string', url: 'string', queryString: 'array', ...both });
    typed(entry.response, {
      status: 'number',
      statusText: 'string',
      redirectURL: 'string',
      content: 'object',
      ...both,
    });
    typed(entry.response.content, { size: 'number', mimeType: 'string' });
    const lists = [entry.request, entry.response].flatMap((each) => [
      each['cookies'],
      each['headers'],
      each['queryString'] ?? [],
    ]);
    for (const item of (lists as object[][]).flat()) typed(item, pairs);
    const { ssl = 0, ...others } = entry.timings;
    expect(Object.keys(entry.timings).sort()).toEqual(['blocked', 'connect', 'dns', 'receive', 'send', 'ssl', 'wait']);
    const sum = Object.values(others).reduce((all, each) => all + Math.max(0, each), 0);
    expect(sum).toBeCloseTo(entry.time, 3);
    expect(ssl).toBeLessThanOrEqual(entry.time);
  }
}

function checkSecrets(text: string): void {
  const spellings = [...Object.values(secrets), basic, encodeURIComponent(secrets.password)];
  for (const each of spellings) {
    expect(text).not.toContain(each);
    expect(text).not.toContain(Buffer.from(each).toString('base64').replace(/=+$/, ''));
  }
}

describe('an exchange as HAR', () => {
  it('has an entry a redirect, the fields of HAR 1.2, and true sizes and times', async () => {
    const { log, text } = await exported(
      `# @auth old\nPOST ${server.url}/go?a=1&a=2\nContent-Type: application/json\n\n{"a":1}`,
    );
    checkShape(log);
    checkSecrets(text);
    expect(log.comment).toContain('Redacted');
    expect(log.entries.map(({ request, response }) => [request['method'], response['status']])).toEqual([
      ['POST', 302],
      ['GET', 200],
    ]);
    const [first, last] = log.entries as [Entry, Entry];
    expect(first.request).toMatchObject({
      bodySize: 7,
      queryString: [
        { name: 'a', value: '1' },
        { name: 'a', value: '2' },
      ],
      postData: { mimeType: 'application/json', text: '{"a":1}' },
    });
    expect(first.response).toMatchObject({
      redirectURL: '/orders?code=••••&page=2#access_token=••••',
      cookies: [
        { name: 'sid', value: '••••', path: '/', httpOnly: true, secure: false, expires: '2099-10-21T07:28:00.000Z' },
      ],
    });
    expect(last.request['cookies']).toEqual([{ name: 'sid', value: '••••' }]);
    expect(last.request['headers']).toContainEqual({ name: 'Authorization', value: 'Basic ••••' });
    const { content } = last.response;
    expect(content['size']).toBeGreaterThan(4000);
    expect(content['compression']).toBe((content['size'] as number) - (last.response['bodySize'] as number));
    expect(content['text']).toContain('"error":{"code":"NONE"},"access_token":"••••"');
  });

  it.each([
    ['a key in the query, echoed', () => `# @auth map\nGET ${server.url}/orders?x=1`],
    [
      'what the file writes',
      () =>
        `GET ${server.url}/orders?token=${secrets.literal}\nAuthorization: Bearer ${secrets.literal}\nX-Api-Key: ${secrets.literal}\nCookie: a=${secrets.cookie}; b=${secrets.cookie}\n`,
    ],
    [
      'a password in the address',
      () => `GET ${server.url.replace('//', `//svc:${encodeURIComponent(secrets.password)}@`)}/go`,
    ],
    [
      'a form',
      () =>
        `POST ${server.url}/go\nContent-Type: application/x-www-form-urlencoded\n\ngrant_type=password&password=${secrets.literal}&client_secret=${secrets.literal}`,
    ],
    [
      'JSON that is sent',
      () =>
        `POST ${server.url}/go\nContent-Type: application/json\n\n{"password": "${secrets.literal}", "note": "kept"}`,
    ],
    ['bytes that are no text', () => `# @auth map\nGET ${server.url}/bytes`],
  ])('no secret in any field: %s', async (_what, text) => {
    const har = await exported(text());
    checkShape(har.log);
    checkSecrets(har.text);
  });

  it('of a request that was not answered there is none', async () => {
    const fixture = createEngineFixture({});
    fixtures.push(fixture);
    const result = await fixture.send('# @auth nobody\nGET http://127.0.0.1:9/');
    expect(await toHar(result, { version: '1', redact: (each) => each })).toBeUndefined();
  });
});
