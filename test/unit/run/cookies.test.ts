/** The cookie jar through the whole engine, over real sockets; what a jar must refuse is A11. */
import type { IncomingMessage, ServerResponse } from 'node:http';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { CookieJar } from '../../../src/run/cookie-jars.ts';
import { createEngineFixture, type EngineFixture } from '../../support/engine.ts';
import { serveHttp, type Listening } from '../../support/http-servers.ts';

let server: Listening;
let other: Listening;
const arrived: { url: string; cookie: string | undefined }[] = [];
const fixtures: EngineFixture[] = [];

function answer(request: IncomingMessage, response: ServerResponse): void {
  const url = new URL(request.url ?? '/', 'http://x');
  arrived.push({ url: url.pathname, cookie: request.headers.cookie });
  const set = url.searchParams.getAll('set');
  const to = url.searchParams.get('to');
  response.writeHead(to === null ? 200 : 302, {
    ...(to === null ? {} : { location: to }),
    ...(set.length > 0 ? { 'set-cookie': set } : {}),
  });
  response.end('ok');
}

beforeAll(async () => {
  server = await serveHttp(answer);
  other = await serveHttp(answer);
});
afterAll(async () => {
  await server.close();
  await other.close();
});
afterEach(async () => {
  arrived.length = 0;
  for (const fixture of fixtures.splice(0)) await fixture.dispose();
});

function engine(): EngineFixture {
  const fixture = createEngineFixture();
  fixtures.push(fixture);
  return fixture;
}

const sid = encodeURIComponent('sid=session-0815-value; Path=/; HttpOnly');

describe('cookies of an answer', () => {
  it('go with the next request to the same host, shown as dots', async () => {
    const fixture = engine();
    await fixture.send(`GET ${server.url}/login?set=${sid}`);
    const result = await fixture.send(`GET ${server.url}/me`);
    expect(arrived.map(({ cookie }) => cookie)).toEqual([undefined, 'sid=session-0815-value']);
    const shown = result.request?.headers.find(({ name }) => name === 'Cookie')?.value;
    expect(shown?.text).toBe('sid=\u2022\u2022\u2022\u2022');
    expect(fixture.redactor.redact('x session-0815-value y')).not.toContain('session-0815-value');
  });
  it('are there for the next hop of a redirect', async () => {
    await engine().send(`GET ${server.url}/login?set=${sid}&to=/me`);
    expect(arrived.map(({ url, cookie }) => [url, cookie])).toEqual([
      ['/login', undefined],
      ['/me', 'sid=session-0815-value'],
    ]);
  });
  it('leave a name that the request writes by hand to it', async () => {
    const fixture = engine();
    await fixture.send(`GET ${server.url}/login?set=${sid}&set=lang=de`);
    await fixture.send(`GET ${server.url}/me\nCookie: sid=mine`);
    expect(arrived.at(-1)?.cookie).toBe('sid=mine; lang=de');
  });
  it('are another jar for another environment, for a chosen credential, and for nobody', async () => {
    const fixture = engine();
    await fixture.send(`GET ${server.url}/login?set=${sid}`, { environments: ['dev'] });
    await fixture.send(`GET ${server.url}/me`, { environments: ['prod'] });
    await fixture.send(`GET ${server.url}/me`, { environments: ['dev'], as: 'none' });
    await fixture.send(`GET ${server.url}/me`, { environments: ['dev'] });
    expect(arrived.map(({ cookie }) => cookie)).toEqual([undefined, undefined, undefined, 'sid=session-0815-value']);
  });
  it('are neither sent nor kept under # @no-cookie-jar', async () => {
    const fixture = engine();
    await fixture.send(`# @no-cookie-jar\nGET ${server.url}/login?set=${sid}`);
    await fixture.send(`GET ${server.url}/login?set=lang=de`);
    await fixture.send(`# @no-cookie-jar\nGET ${server.url}/me`);
    await fixture.send(`GET ${server.url}/me`);
    expect(arrived.map(({ cookie }) => cookie)).toEqual([undefined, undefined, undefined, 'lang=de']);
  });
  it('end when they expire, and when they are cleared', async () => {
    const fixture = engine();
    await fixture.send(`GET ${server.url}/login?set=${sid}&set=lang=de`);
    await fixture.send(`GET ${server.url}/logout?set=${encodeURIComponent('sid=; Path=/; Max-Age=0')}`);
    await fixture.send(`GET ${server.url}/me`);
    expect(arrived.at(-1)?.cookie).toBe('lang=de');
    fixture.deps.cookies.clear();
    await fixture.send(`GET ${server.url}/me`);
    expect(arrived.at(-1)?.cookie).toBeUndefined();
  });
  it('of a redirect go to their own host only', async () => {
    const fixture = engine();
    const there = other.url.replace('127.0.0.1', 'localhost');
    await fixture.send(`GET ${server.url}/login?set=${sid}&to=${encodeURIComponent(`${there}/x`)}`);
    expect(arrived.map(({ cookie }) => cookie)).toEqual([undefined, undefined]);
  });
});

describe('A11 the jar refuses', () => {
  const url = new URL('https://api.shop.example.co.uk/a');
  async function refusals(line: string): Promise<{ reasons: string[]; kept: number }> {
    const jar = new CookieJar();
    const reasons: string[] = [];
    jar.keep(url, [['Set-Cookie', line]], ({ reason }) => reasons.push(reason));
    const kept = await jar.attachment(url, []);
    return { reasons, kept: kept?.cookies.length ?? 0 };
  }
  it.each([
    ['a public suffix', 'a=1; Domain=co.uk', /public suffix/],
    ['another domain', 'a=1; Domain=evil.example', /not the one/],
    ['a sibling', 'a=1; Domain=other.shop.example.co.uk', /not the one/],
    ['__Host- with a domain', '__Host-a=1; Secure; Path=/; Domain=shop.example.co.uk', /prefix/],
    ['__Host- without Secure', '__Host-a=1; Path=/', /prefix/],
    ['__Secure- without Secure', '__Secure-a=1', /prefix/],
    ['a line that is too long', `a=${'x'.repeat(9000)}`, /too long/],
  ])('%s', async (_, line, reason) => {
    const found = await refusals(line);
    expect(found.kept).toBe(0);
    expect(found.reasons.join()).toMatch(reason);
  });
  it('a flood: the answer’s hundredth is its last, and the oldest of a host make room', async () => {
    const jar = new CookieJar();
    for (let turn = 0; turn < 4; turn++) {
      const lines = Array.from({ length: 150 }, (_, n): [string, string] => [
        'Set-Cookie',
        `c${String(turn)}-${String(n)}=1`,
      ]);
      jar.keep(url, lines, () => undefined);
    }
    expect((await jar.attachment(url, []))?.cookies.length).toBe(180);
  });
  it('Secure on plain http', async () => {
    const jar = new CookieJar();
    jar.keep(url, [['Set-Cookie', 'a=1; Secure']], () => undefined);
    expect(await jar.attachment(new URL('http://api.shop.example.co.uk/'), [])).toBeUndefined();
  });
});
