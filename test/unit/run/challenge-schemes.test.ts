/** Schemes that answer or sign, through the whole engine: Digest at the playground, AWS over the request as it arrives. */
import { createHash, createHmac } from 'node:crypto';
import { readFileSync } from 'node:fs';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { Secret } from '../../../src/credentials/secret.ts';
import type { Definition } from '../../../src/credentials/types.ts';
import { createEngineFixture, type EngineFixture } from '../../support/engine.ts';
import { serveHttp, type Listening } from '../../support/http-servers.ts';
import { startPlayground, type RunningPlayground } from '../../support/playground.ts';

let playground: RunningPlayground;
let server: Listening;
let other: Listening;
const arrived: { host: string; headers: IncomingMessage['headers']; url: string; body: string }[] = [];
const fixtures: EngineFixture[] = [];

async function answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
  let body = '';
  for await (const chunk of request) body += String(chunk);
  arrived.push({ host: request.headers.host ?? '', headers: request.headers, url: request.url ?? '', body });
  const to = new URL(request.url ?? '/', 'http://x').searchParams.get('to');
  if (to) return void response.writeHead(302, { location: to }).end();
  if (request.url?.startsWith('/digest')) {
    return void response.writeHead(401, { 'www-authenticate': 'Digest realm="r", nonce="n", qop="auth"' }).end();
  }
  response.end('ok');
}

beforeAll(async () => {
  playground = await startPlayground();
  server = await serveHttp((request, response) => void answer(request, response));
  other = await serveHttp((request, response) => void answer(request, response));
}, 60_000);
afterAll(async () => {
  await playground.stop();
  await server.close();
  await other.close();
});
afterEach(async () => {
  arrived.length = 0;
  for (const fixture of fixtures.splice(0)) await fixture.dispose();
});

async function fixtureWith(
  definition: Record<string, unknown>,
  secrets: Record<string, string>,
): Promise<EngineFixture> {
  const fixture = createEngineFixture({ ca: [readFileSync(playground.info.ca, 'utf8')] });
  fixtures.push(fixture);
  await fixture.vault.saveDefinition('svc', definition as unknown as Definition);
  const named = await fixture.vault.find('svc', undefined);
  for (const [slot, value] of Object.entries(secrets)) {
    if (named) await fixture.vault.setSecret(named, slot, new Secret(value, 'secret'));
  }
  return fixture;
}

describe('Digest', () => {
  const statuses = (result: Awaited<ReturnType<EngineFixture['send']>>) =>
    result.exchange?.hops.map(({ response, why }) => [response?.status, why]);

  it('answers the challenge, and the next request before it is asked', async () => {
    const { api, basic } = playground.info;
    const fixture = await fixtureWith(
      { scheme: 'digest', username: basic.username, origins: [api] },
      { '': basic.password },
    );
    const first = await fixture.send(`# @auth svc\nGET ${api}/digest?page=1&of=2`);
    expect(first.error).toBeUndefined();
    expect(statuses(first)).toEqual([
      [401, 'first'],
      [200, 'answer to the Digest challenge'],
    ]);
    expect(first.exchange?.hops.at(-1)?.headers.find(([name]) => name === 'Authorization')?.[1]).toContain('SHA-256');
    const second = await fixture.send(`# @auth svc\nGET ${api}/digest`);
    expect(statuses(second)).toEqual([[200, 'first']]);
    expect(JSON.stringify(second.exchange?.hops)).not.toContain(basic.password);
    expect(second.request?.headers.find(({ name }) => name === 'Authorization')?.value.text).toBe(
      'Digest \u2022\u2022\u2022\u2022',
    );
  });
  it('understands the literal forms of other tools, and never sends their password', async () => {
    const { api, basic } = playground.info;
    const fixture = await fixtureWith({ scheme: 'bearer', origins: ['https://unused.example'] }, {});
    for (const pair of [`${basic.username} ${basic.password}`, `${basic.username}:${basic.password}`]) {
      const result = await fixture.send(`GET ${api}/digest\nAuthorization: Digest ${pair}`);
      expect(result.exchange?.response.status).toBe(200);
      expect(JSON.stringify(result.exchange?.hops)).not.toContain(basic.password);
      expect(result.credential).toMatchObject({ chosenBy: 'literal', scheme: 'digest' });
    }
  });
  it('leaves a finished answer as it is written', async () => {
    const fixture = await fixtureWith({ scheme: 'bearer', origins: ['https://unused.example'] }, {});
    await fixture.send(`GET ${server.url}/x\nAuthorization: Digest username="u", realm="r", response="0"`);
    expect(arrived[0]?.headers.authorization).toBe('Digest username="u", realm="r", response="0"');
  });
  it('asks once when the password is wrong', async () => {
    const fixture = await fixtureWith({ scheme: 'digest', username: 'u', origins: [server.url] }, { '': 'wrong' });
    const result = await fixture.send(`# @auth svc\nGET ${server.url}/digest`);
    expect(statuses(result)).toHaveLength(2);
    expect(result.exchange?.response.status).toBe(401);
  });
  it('A08 does not answer another origin, whoever leads there', async () => {
    const fixture = await fixtureWith(
      { scheme: 'digest', username: 'u', origins: [server.url] },
      { '': 'pw-0815-digest' },
    );
    await fixture.send(`# @auth svc\nGET ${server.url}/x?to=${encodeURIComponent(`${other.url}/digest`)}`);
    await fixture.send(
      `GET ${server.url}/x?to=${encodeURIComponent(`${other.url}/digest`)}\nAuthorization: Digest u pw-0815-digest`,
    );
    const there = arrived.filter(({ url }) => url.startsWith('/digest'));
    expect(there).toHaveLength(2);
    for (const { headers } of there) expect(headers.authorization).toBeUndefined();
  });
});

describe('AWS', () => {
  const key = 'wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY';
  /** As the service would check it, from what arrived. */
  function signatureOf({ headers, url, body }: (typeof arrived)[number], region: string, service: string): string {
    const text = String(headers.authorization);
    const names = /SignedHeaders=([^,]+)/.exec(text)?.[1] ?? '';
    const sha = (part: string): string => createHash('sha256').update(part).digest('hex');
    const date = String(headers['x-amz-date']);
    const [path = '', query = ''] = url.split('?');
    const canonical = [
      'POST',
      path,
      query,
      ...names.split(';').map((name) => `${name}:${String(headers[name])}`),
      '',
      names,
      sha(body),
    ].join('\n');
    const scope = `${date.slice(0, 8)}/${region}/${service}/aws4_request`;
    const hmac = (with_: Buffer | string, part: string): Buffer => createHmac('sha256', with_).update(part).digest();
    const signing = hmac(hmac(hmac(hmac(`AWS4${key}`, date.slice(0, 8)), region), service), 'aws4_request');
    return hmac(signing, ['AWS4-HMAC-SHA256', date, scope, sha(canonical)].join('\n')).toString('hex');
  }
  const request = (auth: string): string =>
    `${auth}POST ${server.url}/things?a=1&b=2\nContent-Type: application/json\nX-Amz-Target: T.Put\nX-Other: 1`;
  const body = '\n\n{"id": 1}';

  it('signs the request as it arrives', async () => {
    const fixture = await fixtureWith(
      {
        scheme: 'aws-sigv4',
        access_key_id: 'AKIDEXAMPLE',
        region: 'eu-west-1',
        service: 'execute-api',
        origins: [server.url],
      },
      { '': key, session_token: 'session-4711' },
    );
    const result = await fixture.send(request('# @auth svc\n') + body);
    expect(result.error).toBeUndefined();
    const [there] = arrived;
    if (!there) throw new Error('nothing arrived');
    expect(there.headers.authorization).toContain(signatureOf(there, 'eu-west-1', 'execute-api'));
    expect(there.headers.authorization).toContain(
      'SignedHeaders=content-type;host;x-amz-date;x-amz-security-token;x-amz-target',
    );
    expect(there.headers['x-amz-security-token']).toBe('session-4711');
    expect(result.request?.headers.find(({ name }) => name === 'X-Amz-Date')?.value.text).toMatch(/^\d{8}T\d{6}Z$/);
    expect(JSON.stringify(result.request)).not.toContain('session-4711');
  });
  it('understands the literal form, with its options in any order', async () => {
    const fixture = await fixtureWith({ scheme: 'bearer', origins: ['https://unused.example'] }, {});
    const literal = `Authorization: AWS AKIDEXAMPLE ${key} service:es token:tok-1 region:us-west-2`;
    await fixture.send(`${request('')}\n${literal}${body}`);
    const [there] = arrived;
    if (!there) throw new Error('nothing arrived');
    expect(there.headers.authorization).toContain(signatureOf(there, 'us-west-2', 'es'));
    expect(JSON.stringify(there)).not.toContain(key);
  });
  it('says what is missing for a host that is none of AWS', async () => {
    const fixture = await fixtureWith({ scheme: 'bearer', origins: ['https://unused.example'] }, {});
    const result = await fixture.send(`GET ${server.url}/x\nAuthorization: AWS AKIDEXAMPLE ${key}`);
    expect(result.error).toMatchObject({ code: 'CS-DEF-FIELD' });
    expect(result.error?.next).toContain('region:NAME');
    expect(arrived).toHaveLength(0);
  });
});
