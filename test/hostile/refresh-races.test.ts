/** H25, S03–S06: refresh tokens that rotate, are reused, get lost, or belong to someone else. */
import { fork } from 'node:child_process';
import { mkdtemp, readdir, rm, writeFile, utimes } from 'node:fs/promises';
import { hostname, tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { Secret } from '../../src/credentials/secret.ts';
import type { Session } from '../../src/credentials/types.ts';
import { createFileLock } from '../../src/oauth/file-lock.ts';
import { createBench, MemorySessions, toCredential, type Bench, type BenchOptions } from '../support/broker-bench.ts';
import { FileSessions } from '../support/file-sessions.ts';
import { json, ScriptedIdp } from '../support/scripted-idp.ts';

let idp: ScriptedIdp;
let folder: string;
beforeAll(async () => {
  idp = await ScriptedIdp.start();
});
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'sessions-'));
});
afterEach(async () => {
  idp.reset();
  await rm(folder, { recursive: true, force: true });
});
afterAll(() => idp.stop());

const credential = () => toCredential({ issuer: idp.issuer, scope: 'openid orders.read' });

function expired(refreshToken: string, change: Partial<Session> = {}): Session {
  return {
    accessToken: new Secret(`old-${refreshToken}`, 'access token'),
    refreshToken: new Secret(refreshToken, 'refresh token'),
    tokenType: 'Bearer',
    scope: ['openid', 'orders.read'],
    requestedScope: ['openid', 'orders.read'],
    obtainedAt: Date.now() - 3_600_000,
    expiresAt: Date.now() - 1000,
    issuer: idp.issuer,
    identity: { issuer: idp.issuer, subject: 'ada', label: 'Ada', verified: true },
    definitionHash: credential().hash,
    ...change,
  };
}

async function benchWith(session: Session, options: Partial<BenchOptions> = {}): Promise<Bench> {
  const sessions = new MemorySessions();
  await sessions.set(credential(), session);
  return createBench({ fetch: idp.fetch, sessions, ...options });
}

const acquire = (bench: Bench, extra = {}): Promise<Session> =>
  bench.broker.acquire(credential(), { interactive: false, ...extra });
const refreshes = (): number =>
  idp.hitsOn('/token').filter((hit) => hit.form.get('grant_type') === 'refresh_token').length;
const stored = (bench: Bench): Session | undefined => bench.sessions.entries.get('orders');

describe('refresh', () => {
  it('H25 stores the new tokens before it hands them out', async () => {
    const bench = await benchWith(expired(idp.seedRefreshToken()));
    const session = await acquire(bench);
    expect(stored(bench)?.accessToken.reveal()).toBe(session.accessToken.reveal());
    expect(stored(bench)?.refreshStartedAt).toBeUndefined();
    expect(session.identity?.label).toBe('Ada');
  });
  it('H25 keeps the refresh token when no new one comes', async () => {
    idp.script = { rotate: false };
    const token = idp.seedRefreshToken();
    const bench = await benchWith(expired(token));
    expect((await acquire(bench)).refreshToken?.reveal()).toBe(token);
    expect(stored(bench)?.refreshTokenReusable).toBe(true);
  });
  it('H25 throws away tokens for another person', async () => {
    idp.script = {
      answer: (truth) => truth,
      routes: {
        '/token': async (_hit, response) => {
          const now = Math.floor(Date.now() / 1000);
          const id_token = await idp.sign({ iss: idp.issuer, sub: 'mallory', aud: 'cli', iat: now, exp: now + 60 });
          json(response, 200, { access_token: 'x', token_type: 'Bearer', refresh_token: 'y', id_token });
        },
      },
    };
    const bench = await benchWith(expired(idp.seedRefreshToken()));
    await expect(acquire(bench)).rejects.toMatchObject({ code: 'CS-AUTH-ID-TOKEN' });
    expect(stored(bench)?.accessToken.reveal()).toMatch(/^old-/);
    expect((await bench.broker.state(credential())).kind).toBe('ended');
  });
  it('H25 marks the session ended on invalid_grant, keeps it, and asks once', async () => {
    const bench = await benchWith(expired('unknown'));
    await expect(acquire(bench)).rejects.toMatchObject({ code: 'CS-AUTH-ENDED' });
    await expect(acquire(bench)).rejects.toMatchObject({ code: 'CS-AUTH-ENDED' });
    expect(refreshes()).toBe(1);
    expect(stored(bench)?.endedAt).toBeDefined();
    expect((await bench.broker.state(credential())).kind).toBe('ended');
  });
  it('H25 takes what another window stored when its own token is refused', async () => {
    const sessions = new MemorySessions();
    await sessions.set(credential(), expired('stale'));
    const bench = createBench({ fetch: idp.fetch, sessions });
    const good = idp.seedRefreshToken();
    idp.script = {
      routes: {
        '/token': (hit, response) => {
          if (hit.form.get('refresh_token') === 'stale') {
            sessions.entries.set('orders', expired(good));
            return json(response, 400, { error: 'invalid_grant' });
          }
          expect(hit.form.get('refresh_token')).toBe(good);
          return json(response, 200, { access_token: 'new', token_type: 'Bearer', expires_in: 60 });
        },
      },
    };
    expect((await acquire(bench)).accessToken.reveal()).toBe('new');
    expect(refreshes()).toBe(2);
  });
  it('H25 does not send a rotating token again after an answer that got lost', async () => {
    idp.script = { routes: { '/token': (_hit, response) => void response.destroy() } };
    const bench = await benchWith(expired(idp.seedRefreshToken()));
    await expect(acquire(bench)).rejects.toMatchObject({
      code: expect.stringMatching(/^CS-(AUTH-UNREACHABLE|NET-RESET)$/) as string,
    });
    expect((await bench.broker.state(credential())).kind).toBe('unreachable');
    idp.script = {};
    await expect(acquire(bench)).rejects.toMatchObject({ code: 'CS-AUTH-ENDED' });
    expect(refreshes()).toBe(1);
  });
  it('H25 sends one that is known not to rotate again', async () => {
    idp.script = { rotate: false, routes: { '/token': (_hit, response) => void response.destroy() } };
    const bench = await benchWith(expired(idp.seedRefreshToken(), { refreshTokenReusable: true }));
    await expect(acquire(bench)).rejects.toMatchObject({
      code: expect.stringMatching(/^CS-(AUTH-UNREACHABLE|NET-RESET)$/) as string,
    });
    idp.script = { rotate: false };
    expect((await acquire(bench)).accessToken.reveal()).not.toMatch(/^old-/);
  });
  it('H25 tries again when the request never left', async () => {
    let down = true;
    const bench = await benchWith(expired(idp.seedRefreshToken()), {
      fetch: (url, init) =>
        down && url.endsWith('/token')
          ? Promise.reject(Object.assign(new Error('refused'), { code: 'ECONNREFUSED', syscall: 'connect' }))
          : idp.fetch(url, init),
    });
    await expect(acquire(bench)).rejects.toMatchObject({
      code: expect.stringMatching(/^CS-(AUTH-UNREACHABLE|NET-RESET)$/) as string,
    });
    down = false;
    expect((await acquire(bench)).accessToken.reveal()).not.toMatch(/^old-/);
    expect(idp.reuses).toBe(0);
  });
  it('H25 tries again after 503', async () => {
    idp.script = { routes: { '/token': (_hit, response) => void response.writeHead(503).end() } };
    const bench = await benchWith(expired(idp.seedRefreshToken()));
    await expect(acquire(bench)).rejects.toMatchObject({
      code: expect.stringMatching(/^CS-(AUTH-UNREACHABLE|NET-RESET)$/) as string,
    });
    idp.script = {};
    expect(await acquire(bench)).toBeDefined();
  });
  it('H25 hands out a token that still lives when the provider is away', async () => {
    idp.script = { routes: { '/token': (_hit, response) => void response.destroy() } };
    const bench = await benchWith(expired(idp.seedRefreshToken(), { expiresAt: Date.now() + 30_000 }));
    expect((await acquire(bench)).accessToken.reveal()).toMatch(/^old-/);
  });
  it('A07 renews once for a token that an API refused', async () => {
    const bench = await benchWith(expired(idp.seedRefreshToken(), { expiresAt: Date.now() + 3_600_000 }));
    const first = await acquire(bench);
    const [a, b] = await Promise.all([
      acquire(bench, { rejected: first.accessToken }),
      acquire(bench, { rejected: first.accessToken }),
    ]);
    expect(a.accessToken.reveal()).toBe(b.accessToken.reveal());
    expect(await acquire(bench, { rejected: first.accessToken })).toBe(await acquire(bench));
    expect(refreshes()).toBe(1);
  });
  it('S01 goes on in memory when the store refuses', async () => {
    const bench = await benchWith(expired(idp.seedRefreshToken()));
    const set = bench.sessions.set.bind(bench.sessions);
    bench.sessions.set = async (named, session) => {
      if (session.refreshStartedAt === undefined) throw new Error('full');
      return set(named, session);
    };
    const session = await acquire(bench);
    expect(await acquire(bench)).toBe(session);
    expect(bench.broker.trace('orders')?.steps.find((step) => step.id === 'store')?.outcome).toBe('warning');
  });
  it('S06 hears of a session that another window removed', async () => {
    const bench = await benchWith(expired(idp.seedRefreshToken(), { expiresAt: Date.now() + 3_600_000 }));
    const changed: string[] = [];
    bench.broker.onDidChange((name) => changed.push(name));
    await acquire(bench);
    await bench.sessions.delete(credential());
    expect(changed).toContain('orders');
    await expect(acquire(bench)).rejects.toMatchObject({ code: 'CS-AUTH-SIGN-IN-NEEDED' });
  });
  it('S06 stores nothing for a session that was removed meanwhile', async () => {
    const bench = await benchWith(expired(idp.seedRefreshToken()));
    idp.script = { answer: (truth) => (bench.sessions.entries.delete('orders'), truth) };
    await expect(acquire(bench)).rejects.toMatchObject({ code: 'CS-AUTH-SIGN-IN-NEEDED' });
    expect(bench.sessions.entries.size).toBe(0);
  });

  it('S03 renews once when two windows ask at once, 100 times', async () => {
    for (let round = 1; round <= 100; round += 1) {
      const sessions = new MemorySessions();
      await sessions.set(credential(), expired(idp.seedRefreshToken()));
      const lock = createFileLock(folder);
      const windows = [1, 2].map(() => createBench({ fetch: idp.fetch, sessions, lock }));
      const [a, b] = await Promise.all(windows.map((window) => acquire(window)));
      expect(a?.accessToken.reveal()).toBe(b?.accessToken.reveal());
      expect(idp.refreshes).toBe(round);
    }
    expect(idp.reuses).toBe(0);
    expect(await readdir(folder)).toEqual([]);
  }, 120_000);

  it('S03 holds between two processes, each with its own store handle', async () => {
    const sessions = new FileSessions(join(folder, 'sessions.json'));
    const children = await Promise.all([1, 2].map(() => startWindow(folder)));
    try {
      for (let round = 1; round <= 25; round += 1) {
        await sessions.set(credential(), expired(idp.seedRefreshToken()));
        const [a, b] = await Promise.all(children.map((child) => child.acquire()));
        expect(a).toMatch(/^ok /);
        expect(a).toBe(b);
        expect(idp.refreshes).toBe(round);
      }
      expect(idp.reuses).toBe(0);
    } finally {
      children.forEach((child) => child.kill());
    }
  }, 120_000);

  it('S04 takes over the lock of a process that is gone', async () => {
    const bench = await benchWith(expired(idp.seedRefreshToken()), { lock: createFileLock(folder) });
    await createFileLock(folder).acquire('probe', { staleMs: 30_000 });
    const [name] = await readdir(folder);
    const dead = fork('-e', { execArgv: ['-e', ''], stdio: 'ignore' });
    await new Promise((resolve) => dead.once('exit', resolve));
    const owner = { pid: dead.pid, host: hostname(), token: 'gone' };
    const path = join(folder, name ?? '');
    await writeFile(path, JSON.stringify(owner));
    const release = await createFileLock(folder).acquire('probe', { staleMs: 30_000 });
    await release();
    expect(await acquire(bench)).toBeDefined();
  });
  it('S04 takes over a lock that nobody touched for 30 s, but not a fresh one', async () => {
    await (
      await createFileLock(folder).acquire('probe', { staleMs: 30_000 })
    )();
    const release = await createFileLock(folder).acquire('probe', { staleMs: 30_000 });
    const [name] = await readdir(folder);
    const path = join(folder, name ?? '');
    await writeFile(path, JSON.stringify({ pid: 1, host: 'another machine', token: 'x' }));
    const signal = AbortSignal.timeout(300);
    await expect(createFileLock(folder).acquire('probe', { staleMs: 30_000, signal })).rejects.toThrow();
    const old = new Date(Date.now() - 31_000);
    await utimes(path, old, old);
    const taken = await createFileLock(folder).acquire('probe', { staleMs: 30_000 });
    await release();
    expect(await readdir(folder)).toEqual([name]);
    await taken();
    expect(await readdir(folder)).toEqual([]);
  });
  it('S04 gives a lock to one at a time, stale or not', async () => {
    const dead = { pid: 2 ** 22 + 1, host: hostname(), token: 'gone' };
    await (
      await createFileLock(folder).acquire('probe', { staleMs: 30_000 })
    )();
    let inside = 0;
    let most = 0;
    await Promise.all(
      Array.from({ length: 12 }, async (_, index) => {
        if (index === 0) {
          const release = await createFileLock(folder).acquire('probe', { staleMs: 30_000 });
          const [name] = await readdir(folder);
          await writeFile(join(folder, name ?? ''), JSON.stringify(dead));
          expect(release).toBeTypeOf('function');
          return;
        }
        const release = await createFileLock(folder).acquire('probe', { staleMs: 30_000 });
        inside += 1;
        most = Math.max(most, inside);
        await new Promise((resolve) => setTimeout(resolve, 5));
        inside -= 1;
        await release();
      }),
    );
    expect(most).toBe(1);
  });

  it('S05 never sends a token twice when the process dies between answer and store, 100 times', async () => {
    const outcomes = new Set<string>();
    for (let round = 0; round < 100; round += 4) {
      // Four windows of their own at a time: each dies at another moment of its refresh.
      const deaths = await Promise.all(
        [0, 1, 2, 3].map(async (lane) => {
          const home = join(folder, String(lane));
          const store = new FileSessions(join(home, 'sessions.json'));
          await store.set(credential(), expired(idp.seedRefreshToken()));
          const child = await startWindow(home, ['early', 'before', 'during', 'answered'][(round / 4 + lane) % 4]);
          await child.acquire();
          await child.ended;
          const next = createBench({ fetch: idp.fetch, sessions: store, lock: createFileLock(home) });
          return acquire(next).then(
            () => 'renewed',
            (error: unknown) => (error as { code: string }).code,
          );
        }),
      );
      for (const death of deaths) outcomes.add(death);
    }
    expect(idp.reuses).toBe(0);
    expect([...outcomes].sort()).toEqual(['CS-AUTH-ENDED', 'renewed']);
  }, 240_000);
});

interface Window {
  acquire(): Promise<string>;
  kill(): void;
  readonly ended: Promise<unknown>;
}

/** A broker in a process of its own. @param die when it kills itself. */
async function startWindow(home: string, die?: string): Promise<Window> {
  const child = fork(new URL('../support/window-process.ts', import.meta.url), {
    execArgv: ['--experimental-strip-types', '--disable-warning=ExperimentalWarning'],
    env: { ...process.env, NODE_OPTIONS: '' },
    stdio: ['ignore', 'ignore', 'inherit', 'ipc'],
  });
  const ended = new Promise((resolve) => child.once('exit', resolve));
  const ready = new Promise((resolve) => child.once('message', resolve));
  child.send({ folder: home, ca: idp.ca, issuer: idp.issuer, die });
  await ready;
  return {
    ended,
    kill: () => child.kill('SIGKILL'),
    acquire: () =>
      new Promise((resolve) => {
        child.once('message', (message) => resolve(message as string));
        void ended.then(() => resolve('died'));
        child.send('acquire');
      }),
  };
}
