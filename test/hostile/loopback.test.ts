/** L01–L07: pages and local processes that find the loopback listener. */
import { connect, createServer, type Socket } from 'node:net';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { followRedirect, visit, type Page } from '../support/loopback-browser.ts';
import { ScriptedIdp } from '../support/scripted-idp.ts';
import { attemptSignIn } from '../support/sign-in-attempt.ts';

let idp: ScriptedIdp;
beforeAll(async () => {
  idp = await ScriptedIdp.start();
});
afterEach(() => idp.reset());
afterAll(() => idp.stop());

/** Something happens to the listener, then the honest redirect comes; the sign-in has to work. */
async function checkSurvives(attack: (honest: URL) => Promise<void>): Promise<Page | undefined> {
  idp.reset();
  const { session, page, tokenRequests } = await attemptSignIn(idp, {
    browse: async (url) => {
      const honest = new URL(idp.authorize(url));
      await attack(new URL(honest));
      return followRedirect(honest.href);
    },
  });
  expect(session).toBeDefined();
  expect(tokenRequests).toBe(1);
  return page;
}

/** Writes raw bytes and resolves with what came back until the end. */
function raw(port: string, text: string): Promise<string> {
  return new Promise((resolve) => {
    let answer = '';
    const socket = connect(Number(port), '127.0.0.1', () => socket.write(text));
    socket.on('data', (chunk) => (answer += chunk.toString()));
    socket.on('error', () => undefined);
    socket.on('close', () => resolve(answer));
  });
}

async function checkTurnedAway(headers: Record<string, string>, status: number, method = 'GET'): Promise<void> {
  await checkSurvives(async (url) => {
    const page = await visit(url.href, { headers, method });
    expect(page.status).toBe(status);
    expect(page.text).toBe('');
  });
}

describe('loopback listener', () => {
  it('L01 turns away a rebound name', () => checkTurnedAway({ host: 'evil.example' }, 403));
  it('L01 turns away localhost and other ports, which were not registered', async () => {
    await checkTurnedAway({ host: 'localhost' }, 403);
    await checkTurnedAway({ host: '127.0.0.1:1' }, 403);
  });
  it('L01 turns away two hosts', async () => {
    await checkSurvives(async ({ port, pathname, search, host }) => {
      const answer = await raw(
        port,
        `GET ${pathname}${search} HTTP/1.1\r\nHost: ${host}\r\nHost: evil.example\r\n\r\n`,
      );
      expect(answer).not.toMatch(/^HTTP\/1\.1 (200|303)/);
    });
  });

  it('L02 turns away a fetch', () => checkTurnedAway({ 'sec-fetch-mode': 'cors', 'sec-fetch-dest': 'empty' }, 403));
  it('L02 turns away an image', () => checkTurnedAway({ 'sec-fetch-mode': 'no-cors', 'sec-fetch-dest': 'image' }, 403));
  it('L02 turns away a frame', () =>
    checkTurnedAway({ 'sec-fetch-mode': 'navigate', 'sec-fetch-dest': 'iframe' }, 403));
  it('L02 turns away a request of another origin', () => checkTurnedAway({ origin: 'https://evil.example' }, 403));
  it('L02 turns away a posted form', () => checkTurnedAway({}, 405, 'POST'));
  it('L02 says nothing of other paths', () =>
    checkSurvives(async (url) => {
      for (const path of ['/', '/done', '/done?code=1', '/cb/', '/%63b', '/favicon.ico']) {
        const page = await visit(`${url.origin}${path}${path.includes('?') ? '' : url.search}`);
        expect([page.status, page.text]).toEqual([404, '']);
      }
    }));
  it('L02 goes on after an error that a page made up', () =>
    checkSurvives(async (url) => {
      const page = await visit(`${url.origin}${url.pathname}?error=access_denied&error_description=<b>`);
      expect(page.status).toBe(400);
      expect(page.text).toContain('This page belongs to no sign-in');
      expect(page.text).not.toContain('<b>');
    }));

  it('L03 says so when the fixed port is taken, and takes no other', async () => {
    const squatter = createServer().listen(0, '127.0.0.1');
    await new Promise((resolve) => squatter.once('listening', resolve));
    const { port } = squatter.address() as { port: number };
    const { code, error, bench } = await attemptSignIn(idp, { definition: { redirect_port: port } });
    squatter.close();
    expect(code).toBe('CS-AUTH-REDIRECT-PORT');
    expect(error?.message).toContain(String(port));
    expect(bench.opened).toEqual([]);
  });
  it('L03 listens on 127.0.0.1 alone', () =>
    checkSurvives(async ({ port }) => {
      for (const host of ['::1', '127.0.0.2']) {
        const failed = await new Promise((resolve) => {
          const socket = connect(Number(port), host, () => resolve(undefined));
          socket.on('error', resolve);
        });
        expect(failed).toBeInstanceOf(Error);
      }
    }));

  it('L04 lets the browser in past 10 000 silent sockets', async () => {
    const sockets: Socket[] = [];
    await checkSurvives(async ({ port }) => {
      let open = 0;
      for (let round = 0; round < 20; round += 1) {
        const batch = Array.from({ length: 500 }, () => {
          const socket = connect(Number(port), '127.0.0.1');
          socket.on('error', () => undefined);
          socket.on('connect', () => {
            open += 1;
            socket.write('GET /');
          });
          sockets.push(socket);
          return new Promise((resolve) => {
            socket.once('connect', resolve);
            socket.once('close', resolve);
          });
        });
        await Promise.all(batch);
      }
      expect(open).toBeGreaterThan(9000);
    });
    for (const socket of sockets) socket.destroy();
  }, 60_000);
  it('L04 refuses a request line without end', () =>
    checkSurvives(async ({ port }) => {
      expect(await raw(port, `GET /${'a'.repeat(20_000)} HTTP/1.1\r\n\r\n`)).not.toMatch(/^HTTP\/1\.1 [23]/);
    }));
  it('L04 survives what is no HTTP', () =>
    checkSurvives(async ({ port }) => {
      for (const junk of ['\x16\x03\x01\x02\x00', 'GET\r\n\r\n', '\0\0\0\0\r\n\r\n', 'GET /cb HTTP/9.9\r\n\r\n']) {
        expect(await raw(port, junk)).not.toMatch(/^HTTP\/1\.1 [23]/);
      }
    }));

  it('L05 ignores an address in a README', async () => {
    const { bench } = await attemptSignIn(idp);
    const before = idp.hitsOn('/token').length;
    expect(await bench.broker.deliverRedirect('vscode://pub.ext/cb?code=evil&state=guess')).toBe(false);
    expect(idp.hitsOn('/token')).toHaveLength(before);
  });
  it('L06 knows nothing of a sign-in that another process began', async () => {
    let address = '';
    await attemptSignIn(idp, {
      definition: { redirect: 'paste' },
      browse: async (url, bench) => {
        address = idp.authorize(url);
        await new Promise((resolve) => setImmediate(resolve));
        bench.waiting[0]?.cancel();
        return undefined;
      },
    });
    const other = await attemptSignIn(idp);
    const before = idp.hitsOn('/token').length;
    expect(await other.bench.broker.deliverRedirect(address)).toBe(false);
    expect(idp.hitsOn('/token')).toHaveLength(before);
  });

  it('L07 leaves no code in the last address, and exchanges nothing on reload', async () => {
    const page = await checkSurvives(async () => undefined);
    expect(page?.url).toMatch(/\/done$/);
    expect(page?.headers).toMatchObject({
      'cache-control': 'no-store',
      'referrer-policy': 'no-referrer',
      'x-content-type-options': 'nosniff',
      'cross-origin-opener-policy': 'same-origin',
    });
    expect(page?.headers['content-security-policy']).toContain("default-src 'none'");
    expect(page?.text).not.toMatch(/<script|https?:\/\//);
    for (const address of page?.path ?? []) await expect(visit(address)).rejects.toThrow();
    expect(idp.hitsOn('/token')).toHaveLength(1);
  });
});
