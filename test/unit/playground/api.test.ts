import { createHash } from 'node:crypto';
import { brotliDecompressSync, gunzipSync, zstdDecompressSync } from 'node:zlib';
import { request } from 'node:https';
import { readFileSync } from 'node:fs';
import * as oc from 'openid-client';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { chooseEncoding } from '../../../src/playground/api/respond.ts';
import { createPlaygroundClient, signIn } from '../../support/playground-client.ts';
import type { PlaygroundClient } from '../../support/playground-client.ts';
import { startPlayground } from '../../support/playground.ts';
import type { PlaygroundInfo, RunningPlayground } from '../../support/playground.ts';

let running: RunningPlayground;
let info: PlaygroundInfo;
let client: PlaygroundClient;
let bearer: Record<string, string>;
let readOnly: Record<string, string>;
beforeAll(async () => {
  running = await startPlayground();
  ({ info } = running);
  client = createPlaygroundClient(info);
  const configuration = await client.discover(info.clients.native.client_id, oc.None());
  const tokens = await signIn(configuration, info.user, { scope: 'openid orders.read orders.write' });
  bearer = { Authorization: `Bearer ${tokens.access_token}` };
  const narrow = await oc.refreshTokenGrant(configuration, tokens.refresh_token ?? '', { scope: 'orders.read' });
  readOnly = { Authorization: `Bearer ${narrow.access_token}` };
});
afterAll(async () => {
  await client.close();
  await running.stop();
});

async function json(path: string, headers: Record<string, string> = {}): Promise<Record<string, unknown>> {
  const response = await client.get(path, { headers });
  expect(response.status, path).toBe(200);
  return (await response.json()) as Record<string, unknown>;
}

interface Raw {
  readonly status: number | undefined;
  readonly headers: Readonly<Record<string, string | string[] | undefined>>;
  readonly body: Buffer;
}

/** Without anything that a fetch adds or decodes. */
async function raw(path: string, headers: string[] = [], method = 'GET', body?: Buffer): Promise<Raw> {
  return new Promise((resolve, reject) => {
    const url = new URL(path, info.api);
    const options = { method, ca: readFileSync(info.ca), setHost: false, headers: ['Host', url.host, ...headers] };
    const sent = request(url, options as object, (response) => {
      const chunks: Buffer[] = [];
      response.on('data', (chunk: Buffer) => chunks.push(chunk));
      response.on('end', () => {
        resolve({ status: response.statusCode, headers: response.headers, body: Buffer.concat(chunks) });
      });
    });
    sent.once('error', reject);
    sent.end(body);
  });
}

describe('what is open', () => {
  it('/public needs nothing', async () => {
    expect(await json('/public')).toMatchObject({ message: expect.stringContaining('Hello') as string });
  });

  it('the protected resource names its issuer (RFC 9728)', async () => {
    expect(await json('/.well-known/oauth-protected-resource')).toMatchObject({
      resource: info.api,
      authorization_servers: [info.issuer],
    });
  });

  it('describes itself as OpenAPI', async () => {
    const description = (await json('/orders/openapi.json')) as { openapi: string; paths: object };
    expect(description.openapi).toBe('3.1.0');
    expect(Object.keys(description.paths)).toContain('/orders/{id}');
  });
});

describe('orders', () => {
  it('are about twenty, newest first, in pages', async () => {
    const all = (await json('/orders', bearer)) as unknown as { id: string }[];
    expect(all.length).toBeGreaterThanOrEqual(20);
    const response = await client.get('/orders?limit=5&page=2', { headers: bearer });
    expect(await response.json()).toHaveLength(5);
    expect(response.headers.get('link')).toMatch(/page=1>; rel="prev", .*page=3>; rel="next"/);
    expect(await json('/orders/ord_1001', bearer)).toMatchObject({ id: 'ord_1001' });
    expect((await client.get('/orders/ord_9999', { headers: bearer })).status).toBe(404);
  });

  const post = async (body: string, headers: Record<string, string>) =>
    client.get('/orders', { method: 'POST', body, headers: { 'Content-Type': 'application/json', ...headers } });

  it('can be made', async () => {
    const response = await post('{"items":[{"sku":"INK-002","quantity":2}],"note":"now"}', bearer);
    expect(response.status).toBe(201);
    const order = (await response.json()) as { id: string };
    expect(order).toMatchObject({ status: 'open', total: 25.8, note: 'now' });
    expect(response.headers.get('location')).toBe(`${info.api}/orders/${order.id}`);
    expect(await json(`/orders/${order.id}`, bearer)).toEqual(order);
  });

  it.each([
    ['{"items":[]}', 422],
    ['{"items":[{"sku":"NOPE"}]}', 422],
    ['{"items":[{"sku":"INK-002","quantity":-1}]}', 422],
    ['[]', 422],
    ['{"items":', 400],
  ])('say what is wrong with %s', async (body, status) => {
    const response = await post(body, bearer);
    expect(response.status).toBe(status);
    expect(response.headers.get('content-type')).toBe('application/problem+json');
  });

  it('need orders.write to be made: 403 names the scope', async () => {
    const response = await post('{"items":[{"sku":"INK-002"}]}', readOnly);
    expect(response.status).toBe(403);
    const challenge = response.headers.get('www-authenticate') ?? '';
    expect(challenge).toContain('error="insufficient_scope"');
    expect(challenge).toContain('scope="orders.write"');
  });
});

describe('every 401 has a challenge', () => {
  it.each([
    ['/orders', {}, /^Bearer realm="[^"]+", scope="orders\.read", resource_metadata="https:/],
    ['/orders', { Authorization: 'Bearer not-a-token' }, /^Bearer .*error="invalid_token"/],
    ['/me', {}, /^Bearer realm=/],
    ['/admin', {}, /^Bearer realm=/],
    ['/dpop', {}, /^DPoP realm=.*algs="ES256"/],
    ['/weather', {}, /^ApiKey realm=.*name="X-API-Key"/],
    ['/weather', { 'X-API-Key': 'wrong' }, /^ApiKey /],
    ['/basic', {}, /^Basic realm="[^"]+", charset="UTF-8"$/],
    ['/digest', {}, /^Digest realm="[^"]+", qop="auth", algorithm=SHA-256, nonce=".*Digest .*algorithm=MD5/],
    ['/digest?algorithm=MD5', {}, /^Digest realm="[^"]+", qop="auth", algorithm=MD5/],
    ['/mtls', {}, /^Mutual realm=/],
    ['/status/401', {}, /^Bearer realm=/],
  ])('%s %o', async (path, headers, challenge) => {
    const response = await client.get(path, { headers: headers as Record<string, string> });
    expect(response.status).toBe(401);
    expect(response.headers.get('www-authenticate')).toMatch(challenge);
  });

  it('and names the step-up at /admin', async () => {
    const response = await client.get('/admin', { headers: bearer });
    expect(response.status).toBe(401);
    expect(response.headers.get('www-authenticate')).toMatch(
      /error="insufficient_user_authentication".*acr_values="[^"]+".*max_age="300"/,
    );
  });
});

describe('keys and passwords', () => {
  it('takes the API key in header, query or cookie', async () => {
    const { value } = info.apiKey;
    expect(await json('/weather', { 'X-API-Key': value })).toMatchObject({ city: 'Oslo', keyCameIn: 'header' });
    expect(await json(`/weather?city=Bergen&api_key=${value}`)).toMatchObject({ city: 'Bergen', keyCameIn: 'query' });
    expect(await json('/weather', { Cookie: `a=b; api_key=${value}` })).toMatchObject({ keyCameIn: 'cookie' });
  });

  it('takes Basic', async () => {
    const { username, password } = info.basic;
    const encode = (text: string): string => `Basic ${Buffer.from(text).toString('base64')}`;
    expect(await json('/basic', { Authorization: encode(`${username}:${password}`) })).toMatchObject({ username });
    for (const wrong of [`${username}:no`, `nobody:${password}`, username, `${username}:${password}:`]) {
      expect((await client.get('/basic', { headers: { Authorization: encode(wrong) } })).status, wrong).toBe(401);
    }
  });

  interface Answer {
    readonly algorithm?: 'SHA-256' | 'MD5';
    readonly password?: string;
    readonly uri?: string;
    readonly nc?: string;
    readonly nonce?: string;
  }

  /** Answers the challenge as RFC 7616 §3.4 says. */
  async function toDigest(answer: Answer = {}): Promise<string> {
    const { algorithm = 'SHA-256', password = info.basic.password, uri = '/digest', nc = '00000001' } = answer;
    const { headers } = await client.get(`/digest?algorithm=${algorithm}`);
    const challenge = headers.get('www-authenticate') ?? '';
    const pick = (name: string): string => new RegExp(`${name}="([^"]+)"`).exec(challenge)?.[1] ?? '';
    const hash = (text: string): string =>
      createHash(algorithm === 'MD5' ? 'md5' : 'sha256')
        .update(text)
        .digest('hex');
    const nonce = answer.nonce ?? pick('nonce');
    const secret = hash(`${info.basic.username}:${pick('realm')}:${password}`);
    const response = hash(`${secret}:${nonce}:${nc}:cafe:auth:${hash(`GET:${uri}`)}`);
    return (
      `Digest username="${info.basic.username}", realm="${pick('realm')}", nonce="${nonce}", uri="${uri}", ` +
      `algorithm=${algorithm}, qop=auth, nc=${nc}, cnonce="cafe", response="${response}", opaque="${pick('opaque')}"`
    );
  }

  it.each(['SHA-256', 'MD5'] as const)('takes Digest with %s', async (algorithm) => {
    const Authorization = await toDigest({ algorithm });
    expect(await json('/digest', { Authorization })).toMatchObject({ scheme: 'Digest', algorithm });
  });

  it('counts: the same Digest answer again is stale, the next count is not', async () => {
    const Authorization = await toDigest();
    const nonce = /nonce="([^"]+)"/.exec(Authorization)?.[1] ?? '';
    await json('/digest', { Authorization });
    const again = await client.get('/digest', { headers: { Authorization } });
    expect(again.status).toBe(401);
    expect(again.headers.get('www-authenticate')).toContain('stale=true');
    await json('/digest', { Authorization: await toDigest({ nonce, nc: '00000002' }) });
  });

  it.each([
    ['a wrong password', { password: 'no' }],
    ['another address', { uri: '/basic' }],
    ['a nonce that is not ours', { nonce: '1795520119.AAAAAAAAAAAAAAAAAAAAAA' }],
  ])('refuses Digest with %s', async (_name, answer) => {
    const response = await client.get('/digest', { headers: { Authorization: await toDigest(answer) } });
    expect(response.status).toBe(401);
    expect(response.headers.get('www-authenticate')).not.toContain('stale');
  });
});

describe('behaviour', () => {
  it.each([301, 302, 303, 307, 308])('redirects with %i', async (status) => {
    const response = await client.get(`/redirect?to=https://example.com/a?b=c&status=${String(status)}`);
    expect(response.status).toBe(status);
    expect(response.headers.get('location')).toBe('https://example.com/a?b=c');
  });

  it('redirects to a path of its own, by default with 302', async () => {
    const response = await client.get('/redirect?to=/public');
    expect([response.status, response.headers.get('location')]).toEqual([302, `${info.api}/public`]);
    expect((await client.get('/redirect?to=/public&status=200')).status).toBe(400);
    expect((await client.get('/redirect')).status).toBe(400);
  });

  it.each([200, 201, 204, 304, 404, 418, 429, 500, 503, 599])('answers %i when asked to', async (status) => {
    const response = await client.get(`/status/${String(status)}`);
    expect(response.status).toBe(status);
    if (status === 204 || status === 304) expect(await response.text()).toBe('');
    else expect(await response.json()).toMatchObject({ status });
  });

  it('waits at /slow', async () => {
    expect(await json('/slow?ms=50')).toEqual({ waited: 50 });
  });

  it('sends /big as JSON in pieces', async () => {
    const response = await client.get('/big?mb=3');
    expect(response.headers.get('content-length')).toBeNull();
    const text = await response.text();
    expect(text.length).toBeGreaterThan(2_900_000);
    expect(Buffer.byteLength(text)).toBeLessThan(3_200_000);
    expect((JSON.parse(text) as unknown[]).length).toBeGreaterThan(1_000);
  });

  it('waits with /big for a reader who does not read', async () => {
    const response = await client.get('/big?mb=2000');
    expect(response.status).toBe(200);
    await response.body?.cancel();
    expect(await json('/public')).toBeTypeOf('object');
  });

  it('echoes what arrived, header order and case kept', async () => {
    const headers = ['X-One', '1', 'x-TWO', '2', 'X-One', '3', 'Content-Length', '5'];
    const { body } = await raw('/echo/deep?q=a%20b&q=c', headers, 'PATCH', Buffer.from('hällo'.slice(0, 4)));
    const seen = JSON.parse(body.toString()) as Record<string, unknown>;
    expect(seen).toMatchObject({
      method: 'PATCH',
      url: '/echo/deep?q=a%20b&q=c',
      query: [
        ['q', 'a b'],
        ['q', 'c'],
      ],
      body: { bytes: 5, text: 'häll' },
    });
    const names = (seen['headers'] as [string, string][]).map(([name]) => name);
    expect(names.slice(0, 5)).toEqual(['Host', 'X-One', 'x-TWO', 'X-One', 'Content-Length']);
  });

  it.each(['GET', 'POST', 'PUT', 'DELETE', 'OPTIONS', 'PROPFIND', 'QUERY'])('echoes %s', async (method) => {
    const { status, body } = await raw('/echo', [], method);
    expect(status).toBe(200);
    expect(JSON.parse(body.toString())).toMatchObject({ method });
  });

  it('echoes bytes that are not text as base64', async () => {
    const { body } = await raw('/echo', ['Content-Length', '2'], 'POST', Buffer.from([0xff, 0xfe]));
    expect(JSON.parse(body.toString())).toMatchObject({ body: { bytes: 2, base64: '//4=' } });
  });

  it('keeps connections alive', async () => {
    const one = createPlaygroundClient(info);
    const ids = [];
    for (let turn = 0; turn < 3; turn++) {
      const response = await one.get('/echo');
      ids.push(((await response.json()) as { connection: { id: number } }).connection.id);
    }
    expect(new Set(ids).size).toBe(1);
    await one.close();
  });

  it('streams events', async () => {
    const response = await client.get('/stream?count=3&ms=1');
    expect(response.headers.get('content-type')).toBe('text/event-stream');
    const text = await response.text();
    expect(text.match(/^id: \d+\nevent: order\ndata: \{.*\}\n$/gm)).toHaveLength(3);
  });

  it.each([
    ['/nowhere', 'GET', 404],
    ['/public', 'DELETE', 405],
    ['/orders', 'PUT', 405],
  ])('%s with %s is %i', async (path, method, status) => {
    const response = await client.get(path, { method });
    expect(response.status).toBe(status);
    if (status === 405) expect(response.headers.get('allow')).toContain('GET, ');
  });

  it('answers HEAD like GET without the body', async () => {
    const [get, head] = [await raw('/orders/openapi.json'), await raw('/orders/openapi.json', [], 'HEAD')];
    expect(head.body).toHaveLength(0);
    expect(head.headers['content-length']).toBe(String(get.body.length));
  });

  it('answers a preflight', async () => {
    const asked = ['Origin', 'https://app.example', 'Access-Control-Request-Method', 'POST'];
    const { status, headers } = await raw(
      '/orders',
      [...asked, 'Access-Control-Request-Headers', 'authorization'],
      'OPTIONS',
    );
    expect(status).toBe(204);
    expect(headers['access-control-allow-origin']).toBe('*');
    expect(headers['access-control-allow-methods']).toContain('POST');
    expect(headers['access-control-allow-headers']).toBe('authorization');
  });
});

describe('bodies', () => {
  it.each([
    ['/image.png', 'image/png', '89504e470d0a1a0a'],
    ['/doc.pdf', 'application/pdf', '255044462d312e34'],
    ['/data.xml', 'application/xml', '3c3f786d6c'],
    ['/data.csv', 'text/csv; charset=utf-8', '69642c737461747573'],
    ['/bytes', 'application/octet-stream', '0001020304'],
    ['/page.html', 'text/html; charset=utf-8', '3c21646f6374797065'],
  ])('%s is %s', async (path, type, start) => {
    const { headers, body } = await raw(path);
    expect(headers['content-type']).toBe(type);
    expect(body.toString('hex').startsWith(start)).toBe(true);
  });

  it('the PDF says where its parts are', async () => {
    const text = (await raw('/doc.pdf')).body.toString('latin1');
    const start = Number(/startxref\n(\d+)/.exec(text)?.[1]);
    expect(text.slice(start, start + 4)).toBe('xref');
    const offsets = [...text.slice(start).matchAll(/^(\d{10}) 00000 n $/gm)].map(([, at]) => Number(at));
    offsets.forEach((at, index) => {
      expect(text.slice(at).startsWith(`${String(index + 1)} 0 obj`)).toBe(true);
    });
    expect(offsets).toHaveLength(5);
  });

  it('the hostile page has a sign-in that nobody started, a script and a refresh', async () => {
    const text = (await raw('/page.html')).body.toString();
    for (const part of [
      '<script',
      'http-equiv="refresh"',
      'vscode://countersign.countersign/',
      'command:',
      'onerror=',
    ]) {
      expect(text).toContain(part);
    }
  });

  it.each([
    ['gzip', gunzipSync],
    ['br', brotliDecompressSync],
    ['zstd', zstdDecompressSync],
  ])('JSON comes as %s when asked for', async (name, decode) => {
    const { headers, body } = await raw('/orders/openapi.json', ['Accept-Encoding', name]);
    expect(headers['content-encoding']).toBe(name);
    expect(headers['content-length']).toBe(String(body.length));
    expect(JSON.parse(decode(body).toString())).toMatchObject({ openapi: '3.1.0' });
  });

  it.each([
    [undefined, undefined],
    ['', undefined],
    ['identity', undefined],
    ['gzip', 'gzip'],
    ['gzip, br', 'br'],
    ['gzip, br;q=0.5', 'gzip'],
    ['*', 'zstd'],
    ['*;q=0, gzip', 'gzip'],
    ['br;q=0', undefined],
    ['x-gzip', 'gzip'],
    ['GZIP;Q=1', 'gzip'],
  ])('Accept-Encoding %s chooses %s', (accept, encoding) => {
    expect(chooseEncoding(accept)).toBe(encoding);
  });
});

describe('a token that nobody signed', () => {
  it('is refused', async () => {
    const forged = ['{"alg":"none","typ":"at+jwt"}', `{"iss":"${info.issuer}","aud":"${info.api}"}`, '']
      .map((part) => Buffer.from(part).toString('base64url'))
      .join('.');
    const response = await client.get('/orders', { headers: { Authorization: `Bearer ${forged}` } });
    expect(response.status).toBe(401);
  });
});
