/** R03, R05, H36: a person who gives up, a browser that does not open, a sign-out that nobody hears. */
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { createBench, toCredential, type BenchOptions } from '../support/broker-bench.ts';
import { followRedirect } from '../support/loopback-browser.ts';
import { ScriptedIdp } from '../support/scripted-idp.ts';
import { attemptSignIn } from '../support/sign-in-attempt.ts';

let idp: ScriptedIdp;
beforeAll(async () => {
  idp = await ScriptedIdp.start();
});
afterEach(() => idp.reset());
afterAll(() => idp.stop());

const credential = () => toCredential({ issuer: idp.issuer, scope: 'openid orders.read' });
const never = <T>(): Promise<T> => new Promise<T>(() => undefined);

/** Servers of this process besides the provider's. */
function openServers(): number {
  return process.getActiveResourcesInfo().filter((name) => name === 'TCPServerWrap').length;
}

/** The handle of a closed server is gone one turn of the loop later. */
async function checkClosed(before: number): Promise<void> {
  await expect.poll(openServers).toBe(before);
}

/** Cancels once `at` was reached; the sign-in ends at once and leaves nothing open. */
async function checkCancel(make: (reached: () => void) => Partial<BenchOptions>): Promise<void> {
  const before = openServers();
  let reached = (): void => undefined;
  const there = new Promise<void>((resolve) => (reached = resolve));
  const controller = new AbortController();
  const bench = createBench({ fetch: idp.fetch, ...make(reached) });
  const acquiring = bench.broker.acquire(credential(), { interactive: true, signal: controller.signal });
  acquiring.catch(() => undefined);
  await there;
  controller.abort();
  await expect(acquiring).rejects.toMatchObject({ code: 'CS-AUTH-CANCELLED' });
  expect(bench.sessions.entries.size).toBe(0);
  await checkClosed(before);
  expect((await bench.broker.state(credential())).kind).toBe('none');
  expect(bench.broker.trace('orders')?.outcome).toBe('cancelled');
}

/** Never answers `path`, whatever the signal. */
const deaf =
  (path: string, reached: () => void): BenchOptions['fetch'] =>
  (url, init) => {
    if (!url.endsWith(path)) return idp.fetch(url, init);
    reached();
    return never();
  };
const browse = (url: string): Promise<unknown> => followRedirect(idp.authorize(url));

describe('cancel', () => {
  it('R03 in discovery', () => checkCancel((reached) => ({ fetch: deaf('openid-configuration', reached) })));
  it('R03 while the pins are read', () =>
    checkCancel((reached) => ({ pins: { get: () => (reached(), never()), set: async () => undefined } as never })));
  it('R03 while the secret is read', () =>
    checkCancel((reached) => ({ secrets: { get: () => (reached(), never()) } })));
  it('R03 while the browser opens', () =>
    checkCancel((reached) => ({ browser: { open: () => (reached(), never()) } })));
  it('R03 while the browser is open', () => checkCancel((reached) => ({ browse: reached })));
  it('R03 in the code exchange', () => checkCancel((reached) => ({ fetch: deaf('/token', reached), browse })));
  it('R03 while the keys are read', () => checkCancel((reached) => ({ fetch: deaf('/jwks', reached), browse })));
  it('R03 in userinfo', () => checkCancel((reached) => ({ fetch: deaf('/userinfo', reached), browse })));
  it('R03 while it waits for the lock', () =>
    checkCancel((reached) => ({
      browse,
      lock: {
        acquire: (_name, { signal }) => {
          reached();
          return new Promise((_, reject) => signal?.addEventListener('abort', () => reject(new Error('aborted'))));
        },
      },
    })));
  it('R03 before it begins', async () => {
    const { broker, opened } = createBench({ fetch: idp.fetch });
    const signal = AbortSignal.abort();
    await expect(broker.acquire(credential(), { interactive: true, signal })).rejects.toMatchObject({
      code: 'CS-AUTH-CANCELLED',
    });
    expect(opened).toEqual([]);
  });
  it('R03 by the button of the notification', async () => {
    const before = openServers();
    const { code } = await attemptSignIn(idp, {
      browse: async (_url, bench) => {
        await new Promise((resolve) => setImmediate(resolve));
        bench.waiting[0]?.cancel();
        return undefined;
      },
    });
    expect(code).toBe('CS-AUTH-CANCELLED');
    await checkClosed(before);
  });
  it('R03 when the window closes', async () => {
    const before = openServers();
    const { code } = await attemptSignIn(idp, {
      browse: async (_url, bench) => {
        bench.broker.dispose();
        return undefined;
      },
    });
    expect(code).toBe('CS-AUTH-CANCELLED');
    await checkClosed(before);
  });
  it('R03 of one caller does not end it for another', async () => {
    const controller = new AbortController();
    const bench = createBench({
      fetch: idp.fetch,
      browse: async (url) => {
        controller.abort();
        await followRedirect(idp.authorize(url));
      },
    });
    const first = bench.broker.acquire(credential(), { interactive: true, signal: controller.signal });
    const second = bench.broker.acquire(credential(), { interactive: true });
    await expect(first).rejects.toMatchObject({ code: 'CS-AUTH-CANCELLED' });
    expect(await second).toBeDefined();
  });
  it('R05 ends after its time', async () => {
    const before = openServers();
    const { code } = await attemptSignIn(idp, { browse: async () => undefined, ports: { limits: { signInMs: 200 } } });
    expect(code).toBe('CS-AUTH-EXPIRED');
    await checkClosed(before);
  });
});

describe('browser', () => {
  const opens: Record<string, () => Promise<boolean>> = {
    'says no': async () => false,
    throws: () => Promise.reject(new Error('no browser')),
    'throws at once': () => {
      throw new Error('no browser');
    },
    'never answers': never,
  };
  for (const [what, open] of Object.entries(opens)) {
    it(`R05 goes on with the copied link when the browser ${what}`, async () => {
      let opened: Promise<boolean> = never();
      const bench = createBench({
        fetch: idp.fetch,
        browser: { open },
        progress: {
          waiting: (info) => {
            opened = info.opened;
            setTimeout(() => void followRedirect(idp.authorize(info.url)), 20);
            return { dispose: () => undefined };
          },
        },
      });
      expect(await bench.broker.acquire(credential(), { interactive: true })).toBeDefined();
      expect(await opened).toBe(false);
    });
  }
});

describe('sign-out', () => {
  async function signedIn(script = {}, ports: Partial<BenchOptions> = {}) {
    const { bench } = await attemptSignIn(idp, { ports });
    idp.script = script;
    return bench;
  }
  it('H36 revokes the refresh token first, then forgets', async () => {
    const bench = await signedIn();
    expect(await bench.broker.signOut(credential())).toEqual({ revoked: true });
    expect(idp.hitsOn('/revoke').map((hit) => hit.form.get('token_type_hint'))).toEqual([
      'refresh_token',
      'access_token',
    ]);
    expect(bench.sessions.entries.size).toBe(0);
    expect((await bench.broker.state(credential())).kind).toBe('none');
  });
  it('H36 forgets when the provider says 503', async () => {
    const bench = await signedIn({
      routes: { '/revoke': (_h: unknown, r: { writeHead(s: number): { end(): void } }) => r.writeHead(503).end() },
    });
    expect(await bench.broker.signOut(credential())).toMatchObject({ revoked: false });
    expect(bench.sessions.entries.size).toBe(0);
  });
  it('H36 forgets when the provider never answers', async () => {
    const bench = await signedIn({ routes: { '/revoke': () => undefined } }, { limits: { revokeMs: 200 } });
    const result = await bench.broker.signOut(credential());
    expect(result.revoked).toBe(false);
    expect(result.message).toContain('did not answer in time');
    expect(bench.sessions.entries.size).toBe(0);
  });
  it('H36 forgets when nothing can be revoked', async () => {
    idp.script = { metadata: ({ revocation_endpoint: _left, ...rest }) => rest };
    const { bench } = await attemptSignIn(idp);
    expect(await bench.broker.signOut(credential())).toMatchObject({ revoked: false });
    expect(bench.sessions.entries.size).toBe(0);
  });
});
