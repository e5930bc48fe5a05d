/**
 * R03 for signing out: at each call it makes to the world around it the call fails, never answers, or the process dies
 * there. Whatever happens, no port, timer, lock or prompt is left, and the tokens are gone, untouched, or known to have
 * ended: never in use while they may be revoked.
 */
import { setImmediate } from 'node:timers/promises';
import { afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { Secret } from '../../src/credentials/secret.ts';
import type { OAuthCredential } from '../../src/oauth/ports.ts';
import { createBench, MemorySessions, toCredential, type Bench } from '../support/broker-bench.ts';
import { InstantIdp } from '../support/instant-idp.ts';

type Fault = 'fails' | 'never answers' | 'dies';
const person = toCredential({ issuer: InstantIdp.issuer, scope: 'openid orders.read' });
const service = toCredential({ issuer: InstantIdp.issuer, grant: 'client_credentials', scope: 'orders.read' });

let idp: InstantIdp;
const rejections: unknown[] = [];
const onRejection = (reason: unknown): void => void rejections.push(reason);
beforeAll(async () => void (idp = await InstantIdp.make()));
beforeEach(() => void process.on('unhandledRejection', onRejection));
afterEach(() => {
  process.off('unhandledRejection', onRejection);
  expect(rejections.splice(0)).toEqual([]);
});

/** What is done to the n-th call; a process that died makes no further one. */
class World {
  readonly calls: string[] = [];
  at = Number.POSITIVE_INFINITY;
  fault: Fault = 'fails';
  held = 0;

  async call<T>(name: string, run: () => T | Promise<T>): Promise<T> {
    this.calls.push(name);
    const past = this.calls.length - this.at;
    if (past === 0 && this.fault === 'fails') throw new Error(`${name} fails`);
    if (past === 0 || (past > 0 && this.fault === 'dies')) return new Promise<T>(() => undefined);
    return run();
  }

  /** Whether the provider heard of the sign-out: the tokens may be gone there. */
  get revoking(): boolean {
    return this.calls.slice(0, this.fault === 'dies' ? this.at : undefined).includes('fetch /revoke');
  }
}

function storeOf(entries: MemorySessions['entries'], world: World): MemorySessions {
  const inner = new MemorySessions();
  Object.assign(inner, { entries });
  return Object.assign(Object.create(inner) as MemorySessions, {
    entries,
    get: (credential: OAuthCredential) => world.call('session get', () => inner.get(credential)),
    set: (...all: Parameters<MemorySessions['set']>) => world.call('session set', () => inner.set(...all)),
    delete: (credential: OAuthCredential) => world.call('session delete', () => inner.delete(credential)),
    onDidChange: () => ({ dispose: () => undefined }),
  });
}

function windowOn(entries: MemorySessions['entries'], world: World): Bench {
  return createBench({
    fetch: (url, init) => {
      const { pathname } = new URL(url);
      return world.call(`fetch ${pathname}`, () => (pathname === '/revoke' ? new Response('') : idp.fetch(url, init)));
    },
    sessions: storeOf(entries, world),
    limits: { revokeMs: 40, requestMs: 40, signInMs: 80 },
    lock: {
      acquire: () =>
        world.call('lock', () => {
          world.held += 1;
          return async () => void (world.held -= 1);
        }),
    },
    browser: { open: () => world.call('browser', () => true) },
  });
}

type Entries = MemorySessions['entries'];
type Leave = (bench: Bench, credential: OAuthCredential, signal: AbortSignal) => Promise<unknown>;

async function signedIn(credential: OAuthCredential): Promise<Entries> {
  idp.token = () => Response.json({ access_token: 'at', token_type: 'Bearer', expires_in: 3600 });
  const entries: Entries = new Map();
  const bench = windowOn(entries, new World());
  await bench.broker.signIn(service, {});
  const session = entries.get('orders');
  if (!session) throw new Error('not signed in');
  const refreshToken = new Secret('rt', 'refresh token');
  entries.set('orders', { ...session, definitionHash: credential.hash, refreshToken });
  bench.broker.dispose();
  return entries;
}

const isStore = (at: number, calls: readonly string[]): boolean => calls[at - 1]?.startsWith('session') === true;
const kinds = ['TCPServerWrap', 'TCPSocketWrap', 'Timeout'];
const count = (): number => process.getActiveResourcesInfo().filter((name) => kinds.includes(name)).length;

/** @param whole the calls of a sign-out that nothing stops */
async function leaveWith(at: number, fault: Fault, leave: Leave, whole: readonly string[] = []): Promise<string[]> {
  const credential = person;
  const entries = await signedIn(credential);
  const world = Object.assign(new World(), { at, fault });
  const bench = windowOn(entries, world);
  const before = count();
  const stop = new AbortController();
  const ended = leave(bench, credential, stop.signal).then(
    () => 'done',
    () => 'error',
  );
  const reached = async (): Promise<string> => {
    while (world.calls.length < at) await setImmediate();
    // What would be done without waiting for the call is done by now.
    for (let turn = 0; turn < 20; turn += 1) await setImmediate();
    return 'killed';
  };
  // A store that never answers is waited for (docs/SECURITY.md): there the process is killed too.
  const killed = fault === 'dies' || (fault === 'never answers' && isStore(at, whole));
  const outcome = await (killed ? reached() : ended);
  const where = `${fault} at ${String(at)}: ${world.calls.join(', ')}`;
  if (!killed) {
    for (let turn = 0; turn < 3000 && count() > before; turn += 1) await setImmediate();
    expect([Math.max(0, count() - before), world.held], where).toEqual([0, 0]);
  }

  // What whoever starts next makes of it.
  const next = windowOn(entries, new World());
  const { kind } = await next.broker.state(credential);
  const about = `${where}: ${kind}`;
  if (world.revoking) expect(['none', 'ended'], about).toContain(kind);
  else expect(['none', 'ended', 'signed-in'], about).toContain(kind);
  if (fault === 'fails' && outcome === 'done') expect(kind, about).toBe('none');
  if (kind === 'ended') {
    await expect(next.broker.acquire(credential, { interactive: false }), about).rejects.toThrow();
  }
  expect(await next.broker.signOut(credential)).toMatchObject({ revoked: kind !== 'none' });
  expect(entries.size, about).toBe(0);
  next.broker.dispose();
  stop.abort();
  bench.broker.dispose();
  return world.calls;
}

describe('R03 a sign-out that stops anywhere', () => {
  beforeEach(() => {
    idp.metadata = () =>
      Response.json({
        ...idp.truth(),
        revocation_endpoint: `${InstantIdp.issuer}/revoke`,
        end_session_endpoint: `${InstantIdp.issuer}/end`,
      });
  });
  const ways: readonly [string, Leave][] = [
    ['here', (bench, credential) => bench.broker.signOut(credential)],
    ['everywhere', (bench, credential, signal) => bench.broker.signOutEverywhere(credential, { signal })],
    [
      'everywhere and back',
      (bench, credential, signal) => bench.broker.signOutEverywhere(credential, { signal, comeBack: true }),
    ],
  ];
  for (const [name, leave] of ways) {
    it(`${name}: nothing is left, and no token is in use that may be revoked`, async () => {
      const calls = await leaveWith(Number.POSITIVE_INFINITY, 'fails', leave);
      expect(calls).toEqual(expect.arrayContaining(['session get', 'session set', 'fetch /revoke', 'session delete']));
      // What a killed process leaves ends with it; it comes last, so that it hides nothing.
      for (const fault of ['fails', 'never answers', 'dies'] as const)
        for (let at = 1; at <= calls.length; at += 1) await leaveWith(at, fault, leave, calls);
    });
  }
});
