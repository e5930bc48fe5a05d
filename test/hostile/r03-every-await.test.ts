/**
 * R03: each flow is cancelled at every call it makes to the world around it: once while the call goes on and answers, once
 * while it never answers. It ends at once, and no port, timer, lock, prompt or half-made session is left.
 */
import { setImmediate } from 'node:timers/promises';
import { afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { Secret } from '../../src/credentials/secret.ts';
import type { OAuth2Definition, Session } from '../../src/credentials/types.ts';
import { findGrant, grants } from '../../src/oauth/grants/registry.ts';
import type { LockProvider } from '../../src/ports.ts';
import { createBench, MemoryPins, MemorySessions, toCredential, type Bench } from '../support/broker-bench.ts';
import { InstantIdp } from '../support/instant-idp.ts';
import { makeEcKey } from '../support/keys.ts';
import { followRedirect, visit } from '../support/loopback-browser.ts';
import { visitWithFragment } from '../support/relay-browser.ts';

let idp: InstantIdp;
const key = makeEcKey().pkcs8;
const rejections: unknown[] = [];
const onRejection = (reason: unknown): void => void rejections.push(reason);
beforeAll(async () => {
  idp = await InstantIdp.make();
});
beforeEach(() => void process.on('unhandledRejection', onRejection));
afterEach(() => {
  process.off('unhandledRejection', onRejection);
  expect(rejections.splice(0)).toEqual([]);
});

const slots = {
  private_key: key,
  refresh_token: 'rt-pasted',
  subject_token: 'st-pasted',
  password: 'pw-kept',
  assertion: Buffer.from('<saml:Assertion xmlns:saml="urn:oasis:names:tc:SAML:2.0:assertion"/>').toString('base64'),
};

/** What a definition needs beyond the common fields, by grant. */
const more: Readonly<Record<string, Partial<OAuth2Definition>>> = {
  authorization_code: { scope: 'openid orders.read' },
  password: { username: 'ada' },
  'urn:openid:params:grant-type:ciba': { login_hint: 'ada', token_endpoint_auth_method: 'client_secret_basic' },
};

/** Calls to the world, counted; at the n-th something happens. */
class World {
  calls: string[] = [];
  at = Number.POSITIVE_INFINITY;
  deaf = false;
  reached: () => void = () => undefined;
  locks = 0;
  shown = 0;

  /** Wraps a call: `run` is what it does when it may. */
  async call<T>(name: string, run: () => T | Promise<T>): Promise<T> {
    this.calls.push(name);
    if (this.calls.length === this.at) {
      this.reached();
      if (this.deaf) return new Promise<T>(() => undefined);
    }
    return run();
  }
}

async function browse(url: string): Promise<void> {
  const asked = new URL(url).searchParams;
  const redirect = asked.get('redirect_uri') ?? '';
  const answer = new URLSearchParams({ state: asked.get('state') ?? '', iss: idp.issuer });
  if (asked.get('response_type') === 'code') {
    const now = Math.floor(Date.now() / 1000);
    const claims = { iss: idp.issuer, sub: 'ada', aud: 'cli', iat: now, exp: now + 600, nonce: asked.get('nonce') };
    const id_token = await idp.sign(claims);
    idp.token = () => Response.json({ access_token: 'at', refresh_token: 'rt', token_type: 'Bearer', id_token });
    answer.set('code', 'c');
    await followRedirect(`${redirect}?${answer.toString()}`).catch(() => undefined);
  } else {
    answer.set('access_token', 'at');
    answer.set('token_type', 'Bearer');
    await visitWithFragment(`${redirect}#${answer.toString()}`).catch(() => undefined);
  }
}

function makeBench(world: World): Bench {
  const sessions = new MemorySessions();
  const pins = new MemoryPins();
  const held = new Set<object>();
  const lock: LockProvider = {
    acquire: (_name, { signal }) =>
      world.call('lock', async () => {
        if (signal?.aborted) throw new Error('aborted');
        const mine = {};
        held.add(mine);
        world.locks = held.size;
        return async () => {
          held.delete(mine);
          world.locks = held.size;
        };
      }),
  };
  const track = { dispose: () => void (world.shown -= 1) };
  return createBench({
    fetch: (url, init) =>
      world.call(`fetch ${new URL(url).pathname}`, () => {
        const { pathname } = new URL(url);
        if (pathname === '/device' || pathname === '/backchannel') {
          return Response.json({
            device_code: 'dc',
            user_code: 'AB-CD',
            verification_uri: `${idp.issuer}/enter`,
            auth_req_id: 'auth-req-1c266114a1be42528ad104986c5b9ac1',
            expires_in: 60,
            interval: 5,
          });
        }
        return idp.fetch(url, init);
      }),
    slots,
    random: (count) => new Uint8Array(count).fill(9),
    secrets: {
      get: (_credential, slot) =>
        world.call(`secret ${slot}`, () => {
          const value = slot === '' ? 'client-secret-1' : (slots as Record<string, string>)[slot];
          return value === undefined ? undefined : new Secret(value, slot);
        }),
    },
    sessions: Object.assign(Object.create(sessions) as MemorySessions, {
      entries: sessions.entries,
      get: (credential: never) => world.call('session get', () => sessions.get(credential)),
      set: (credential: never, session: Session) => world.call('session set', () => sessions.set(credential, session)),
      onDidChange: () => ({ dispose: () => undefined }),
    }),
    pins: Object.assign(Object.create(pins) as MemoryPins, {
      entries: pins.entries,
      get: (name: string, hash: string) => world.call('pins get', () => pins.get(name, hash)),
      set: (name: string, hash: string, origins: never) => world.call('pins set', () => pins.set(name, hash, origins)),
    }),
    lock,
    browser: {
      open: (url) =>
        world.call('browser', () => {
          void browse(url);
          return true;
        }),
    },
    progress: { waiting: () => ((world.shown += 1), track) },
    device: { show: () => ((world.shown += 1), track), wait: () => ((world.shown += 1), track) },
    askSecret: () => world.call('ask', () => 'pw'),
    approve: () => world.call('approve', () => true),
    delay: (_ms, signal) => world.call('delay', () => signal.throwIfAborted()),
  });
}

const open = (): readonly string[] =>
  process.getActiveResourcesInfo().filter((name) => /TCPServerWrap|TCPSocketWrap|Timeout/.test(name));

/** What there is now beyond what there was: handles, locks, prompts. */
function left(world: World, before: readonly string[]): string {
  const kinds = ['TCPServerWrap', 'TCPSocketWrap', 'Timeout'];
  const count = (all: readonly string[], kind: string): number => all.filter((one) => one === kind).length;
  const now = open();
  const more = kinds.filter((kind) => count(now, kind) > count(before, kind));
  return [...more, ...(world.locks > 0 ? ['lock'] : []), ...(world.shown > 0 ? ['prompt'] : [])].join();
}

/** Runs a flow with a world whose n-th call is where the person gives up. */
async function cancelAt(
  n: number,
  deaf: boolean,
  flow: (bench: Bench, signal: AbortSignal) => Promise<unknown>,
  prepare?: (bench: Bench) => Promise<unknown>,
): Promise<World> {
  const before = open();
  const world = new World();
  const bench = makeBench(world);
  await prepare?.(bench);
  const stored = bench.sessions.entries.get('orders');
  world.calls = [];
  world.at = n;
  world.deaf = deaf;
  const stop = new AbortController();
  world.reached = () => stop.abort();
  let late: NodeJS.Timeout | undefined;
  const outcome = await Promise.race([
    flow(bench, stop.signal).then(
      () => 'done',
      (error: unknown) => (error as { code?: string }).code ?? String(error),
    ),
    new Promise<string>((resolve) => (late = setTimeout(() => resolve('hangs'), 3000))),
  ]);
  clearTimeout(late);
  const where = `${deaf ? 'never answered' : 'during'} ${n}: ${world.calls.join(', ')}`;
  if (deaf && world.calls.length >= n) expect(outcome, where).not.toBe('done');
  expect(['done', 'CS-AUTH-CANCELLED'], where).toContain(outcome);
  world.reached = () => undefined;
  // No timer of ours may run in here, so that those of the process can be counted.
  for (let turn = 0; turn < 2000 && left(world, before) !== ''; turn += 1) await setImmediate();
  expect(left(world, before), where).toBe('');
  if (outcome !== 'done' && !stored && world.calls[n - 1] !== 'session set')
    expect(bench.sessions.entries.size, where).toBe(0);
  bench.broker.dispose();
  return world;
}

async function everywhere(
  flow: Parameters<typeof cancelAt>[2],
  prepare?: Parameters<typeof cancelAt>[3],
): Promise<string[]> {
  const whole = await cancelAt(Number.POSITIVE_INFINITY, false, flow, prepare);
  for (let n = 1; n <= whole.calls.length; n += 1) {
    for (const deaf of [false, true]) {
      // A lock and a wait have to hear the signal themselves; what was given is written down before anything ends (S05).
      // Neither is a store given up that is asked while new tokens are in hand.
      const call = whole.calls[n - 1] ?? '';
      const held = call === 'session get' && whole.calls.slice(0, n - 1).includes('fetch /token');
      if (deaf && (held || ['session set', 'lock', 'delay'].includes(call))) continue;
      await cancelAt(n, deaf, flow, prepare);
    }
  }
  return whole.calls;
}

describe('R03 given up at every await point, nothing is left', () => {
  beforeEach(() => {
    idp.token = () =>
      Response.json({
        access_token: 'at',
        refresh_token: 'rt',
        token_type: 'Bearer',
        expires_in: 60,
        issued_token_type: 'urn:ietf:params:oauth:token-type:access_token',
      });
    idp.metadata = () =>
      Response.json({
        ...idp.truth(),
        device_authorization_endpoint: `${idp.issuer}/device`,
        backchannel_authentication_endpoint: `${idp.issuer}/backchannel`,
        backchannel_token_delivery_modes_supported: ['poll'],
        response_types_supported: ['code', 'token'],
        revocation_endpoint: `${idp.issuer}/revoke`,
      });
  });
  for (const grant of grants) {
    it(grant.name, { timeout: 120_000 }, async () => {
      const credential = toCredential({
        issuer: idp.issuer,
        grant: grant.name,
        scope: 'orders.read',
        ...more[grant.name],
      });
      expect(findGrant(grant.name)).toBe(grant);
      const calls = await everywhere((bench, signal) => bench.broker.signIn(credential, { signal }));
      expect(calls).toContain('session set');
    });
  }
  it('refresh', { timeout: 120_000 }, async () => {
    const credential = toCredential({ issuer: idp.issuer, grant: 'password', username: 'ada', scope: 'orders.read' });
    const calls = await everywhere(
      (bench, signal) => bench.broker.refresh(credential, { signal }),
      (bench) => bench.broker.signIn(credential, {}),
    );
    expect(calls).toContain('fetch /token');
    expect(calls.filter((one) => one === 'session set')).toHaveLength(2);
  });
  it('a browser that asks again while the sign-in is given up', async () => {
    const credential = toCredential({ issuer: idp.issuer, scope: 'orders.read' });
    const world = new World();
    const bench = makeBench(world);
    const stop = new AbortController();
    let redirect = '';
    const opened = bench.broker.signIn(credential, { signal: stop.signal }).catch((error: unknown) => error);
    await expect.poll(() => world.calls.includes('browser')).toBe(true);
    redirect = 'http://127.0.0.1:9/cb';
    stop.abort();
    await opened;
    await expect(visit(redirect)).rejects.toThrow();
    expect([world.locks, world.shown]).toEqual([0, 0]);
  });
});
