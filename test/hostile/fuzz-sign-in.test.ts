/**
 * Random and mutated redirects, token answers, metadata and ID tokens, each through a whole sign-in: no input throws
 * anything but an error of ours, hangs, leaks what it carried, or signs somebody in who should not be; after a bad redirect
 * nothing reaches the token endpoint. SIGN_IN_FUZZ=1000000 runs as many inputs of each.
 */
import fc from 'fast-check';
import { afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { Session } from '../../src/credentials/types.ts';
import { errorCatalog } from '../../src/errors/catalog.ts';
import { isCountersignError, type CountersignError } from '../../src/errors/countersign-error.ts';
import { toTraceText } from '../../src/oauth/trace-text.ts';
import { createBench, toCredential, type Bench } from '../support/broker-bench.ts';
import { InstantIdp } from '../support/instant-idp.ts';

const runs = Number(process.env['SIGN_IN_FUZZ'] ?? 10_000);
const timeout = Math.max(120_000, runs * 10);

let idp: InstantIdp;
const rejections: unknown[] = [];
const onRejection = (reason: unknown): void => void rejections.push(reason);
beforeAll(async () => {
  idp = await InstantIdp.make();
});
beforeEach(() => {
  idp.tokenRequests = 0;
  idp.metadata = () => Response.json(idp.truth());
  process.on('unhandledRejection', onRejection);
});
afterEach(() => {
  process.off('unhandledRejection', onRejection);
  expect(rejections.splice(0)).toEqual([]);
});

/** The same state, nonce and verifier each time, so that answers can be made ahead. */
const random = (count: number): Uint8Array => new Uint8Array(count).fill(7);
const state = Buffer.from(random(32)).toString('base64url');
const nonce = state;
const redirectUri = 'http://127.0.0.1/cb';
const person = toCredential({ issuer: InstantIdp.issuer, scope: 'openid', redirect: 'paste' });
const service = toCredential({
  grant: 'client_credentials',
  token_endpoint: `${InstantIdp.issuer}/token`,
  scope: 'orders.read',
});
/** None: what hides a secret here is its place in the protocol alone. */
const redact = (text: string): string => text;
const canary = 'c4n4ry-5f2e';

async function outcomeOf(run: Promise<Session>): Promise<Session | CountersignError> {
  try {
    return await run;
  } catch (error) {
    if (!isCountersignError(error)) throw error;
    expect(Object.keys(errorCatalog)).toContain(error.code);
    return error;
  }
}

function quiet(error: CountersignError, bench: Bench): void {
  const trace = bench.broker.traces()[0];
  const shown = [error.message, error.next, JSON.stringify(error.facts), trace ? toTraceText(trace) : ''].join('\n');
  expect(shown).not.toContain(canary);
  expect(error.message.length).toBeLessThan(1000);
}

/** A browser that comes back with this; undefined for what belongs to no sign-in. */
async function comeBack(bench: Bench, answer: string): Promise<Session | CountersignError | undefined> {
  const ended = outcomeOf(bench.broker.signIn(person, {}));
  while (bench.waiting.length === 0) await new Promise((resolve) => setImmediate(resolve));
  const [waiting] = bench.waiting;
  const taken = await waiting?.paste(answer);
  if (!taken) waiting?.cancel();
  const outcome = await ended;
  bench.waiting.length = 0;
  return taken ? outcome : undefined;
}

const odd = fc.oneof(
  fc.string({ unit: 'binary', maxLength: 30 }),
  fc.constantFrom('', state, 'null', '%00', '../', '<img onerror=x>', '\u202e', 'x'.repeat(5000), idp0(), `${idp0()}/`),
);
function idp0(): string {
  return InstantIdp.issuer;
}
const names = [
  'code',
  'state',
  'iss',
  'error',
  'error_description',
  'error_uri',
  'response',
  'id_token',
  'access_token',
  'State',
  'code ',
  'scope',
];
const parameters = fc.array(
  fc.tuple(fc.oneof({ weight: 9, arbitrary: fc.constantFrom(...names) }, { weight: 1, arbitrary: odd }), odd),
  { maxLength: 8 },
);
const bases = [
  redirectUri,
  'http://127.0.0.1:80/cb',
  'http://127.0.0.1/',
  'http://localhost/cb',
  'https://127.0.0.1/cb',
  'http://127.0.0.1/cb/../cb',
  'http://evil.example/cb',
  'HTTP://127.0.0.1/cb',
];

/** What RFC 6749 and 9207 describe, and nothing else; a parameter without a value counts as left out (RFC 6749 §3.1). */
function isGood(query: URLSearchParams): boolean {
  const all = (name: string): string[] => query.getAll(name);
  const absent = ['error', 'response'].every((name) => all(name).every((value) => value === ''));
  const once = ['state', 'code', 'iss'].every((name) => all(name).length === 1);
  return absent && once && query.get('code') !== '' && query.get('iss') === InstantIdp.issuer;
}

describe('fuzz', () => {
  it('of redirects: a bad one is turned away or ends the sign-in, and no code is sent', { timeout }, async () => {
    const bench = createBench({ fetch: idp.fetch, random, redact });
    const pending = outcomeOf(bench.broker.signIn(person, {}));
    while (bench.waiting.length === 0) await new Promise((resolve) => setImmediate(resolve));
    const [waiting] = bench.waiting;
    await fc.assert(
      fc.asyncProperty(
        fc.constantFrom(...bases),
        parameters,
        fc.constantFrom('?', '#', '??', '?#', '&'),
        async (base, all, mark) => {
          const query = new URLSearchParams(all);
          fc.pre(!query.getAll('state').includes(state));
          const text = `${base}${mark}${query.toString()}`;
          // A bare code is another thing: `paste` takes whole addresses here.
          expect(await waiting?.paste(text)).toBe(false);
          expect(await bench.broker.deliverRedirect(text)).toBe(false);
        },
      ),
      { numRuns: runs },
    );
    expect(idp.tokenRequests).toBe(0);
    // The sign-in that was waiting all the time still ends well.
    const id_token = await idp.sign(claimsNow());
    idp.token = () => Response.json({ access_token: 'at', token_type: 'Bearer', id_token });
    const good = new URLSearchParams({ code: 'good', state, iss: InstantIdp.issuer });
    expect(await waiting?.paste(`${redirectUri}?${good.toString()}`)).toBe(true);
    expect(isCountersignError(await pending)).toBe(false);
    expect(idp.tokenRequests).toBe(1);
  });

  it('of redirects with the right state: anything else wrong sends no code', { timeout }, async () => {
    const bench = createBench({ fetch: idp.fetch, random, redact });
    idp.token = () => Response.json({ error: 'invalid_grant' }, { status: 400 });
    let good = 0;
    await fc.assert(
      fc.asyncProperty(parameters, async (all) => {
        const query = new URLSearchParams([['state', state], ...all]);
        if (query.has('code')) query.set('code', canary);
        const before = idp.tokenRequests;
        const outcome = await comeBack(bench, `${redirectUri}?${query.toString()}`);
        if (outcome !== undefined) {
          expect(isCountersignError(outcome)).toBe(true);
          quiet(outcome as CountersignError, bench);
        }
        if (isGood(query)) good += 1;
        else expect(idp.tokenRequests).toBe(before);
      }),
      { numRuns: runs },
    );
    expect(idp.tokenRequests).toBeLessThanOrEqual(good);
  });

  it('of token answers: a session with a token that can be one, or an error of ours', { timeout }, async () => {
    const value = fc.oneof(
      fc.jsonValue({ maxDepth: 2 }),
      fc.constantFrom<unknown>(
        'Bearer',
        'bearer',
        'DPoP',
        'mac',
        3600,
        '3600',
        -1,
        1e308,
        null,
        [],
        {},
        'a b',
        'a\r\nb',
        'orders.read',
        'x'.repeat(70_000),
        '__proto__',
      ),
    );
    const keys = [
      'access_token',
      'token_type',
      'expires_in',
      'refresh_token',
      'scope',
      'id_token',
      'error',
      'error_description',
      '__proto__',
      'constructor',
    ];
    const json = fc
      .tuple(fc.dictionary(fc.constantFrom(...keys), value, { maxKeys: 8 }), fc.boolean())
      .map(([lies, whole]) =>
        JSON.stringify(
          whole
            ? { access_token: 'at-1', token_type: 'Bearer', expires_in: 60, ...lies, refresh_token: canary }
            : { ...lies, access_token: `${canary} x`, id_token: canary },
        ),
      );
    const bytes = fc.oneof(
      { weight: 7, arbitrary: json.map((text) => Buffer.from(text)) },
      { weight: 1, arbitrary: fc.uint8Array({ maxLength: 200 }).map((raw) => Buffer.from(raw)) },
      { weight: 1, arbitrary: fc.string({ unit: 'binary', maxLength: 100 }).map((text) => Buffer.from(text)) },
      {
        weight: 1,
        arbitrary: fc.tuple(json, fc.nat({ max: 200 })).map(([text, end]) => Buffer.from(text.slice(0, end))),
      },
    );
    const type = fc.constantFrom(
      'application/json',
      'application/json; charset=utf-16',
      'text/html',
      'text/plain',
      'application/jwt',
      '',
      '\t',
    );
    const status = fc.oneof(
      { weight: 6, arbitrary: fc.constant(200) },
      { weight: 4, arbitrary: fc.constantFrom(201, 204, 302, 400, 401, 403, 429, 500, 503) },
    );
    const bench = createBench({ fetch: idp.fetch, redact });
    await fc.assert(
      fc.asyncProperty(bytes, type, status, async (body, contentType, code) => {
        const empty = code === 204;
        idp.token = () =>
          new Response(empty ? null : new Uint8Array(body), { status: code, headers: { 'content-type': contentType } });
        bench.sessions.entries.clear();
        const outcome = await outcomeOf(bench.broker.signIn(service, {}));
        if (isCountersignError(outcome)) return quiet(outcome, bench);
        expect(outcome.accessToken.reveal()).toMatch(/^[\x21-\x7e]{1,65536}$/);
        expect(outcome.tokenType).toBe('Bearer');
        if (outcome.expiresAt !== undefined)
          expect(outcome.expiresAt - outcome.obtainedAt).toBeLessThanOrEqual(366 * 86_400_000);
      }),
      { numRuns: runs },
    );
  });

  it('of metadata: addresses that are https and nothing else are used, or an error of ours', { timeout }, async () => {
    const address = fc
      .tuple(
        fc.constantFrom('https://', 'http://', 'javascript:', 'file:///', '//', ''),
        fc.constantFrom('idp.example', 'evil.example', '127.0.0.1', '169.254.169.254', 'a@idp.example', '[::1]'),
        fc.constantFrom('/token', '/token?client_id=x', '/token#x', '/\u202e', ''),
      )
      .map((parts) => parts.join(''));
    const value = fc.oneof(
      address,
      fc.jsonValue({ maxDepth: 2 }),
      fc.constantFrom<unknown>(['S256'], ['plain'], ['none'], true, null, InstantIdp.issuer),
    );
    const lies = fc.dictionary(
      fc.constantFrom(
        'issuer',
        'authorization_endpoint',
        'token_endpoint',
        'jwks_uri',
        'revocation_endpoint',
        'mtls_endpoint_aliases',
        'token_endpoint_auth_methods_supported',
        'code_challenge_methods_supported',
        'response_types_supported',
        '__proto__',
      ),
      value,
      { maxKeys: 5 },
    );
    const asked: string[] = [];
    const fetch: typeof idp.fetch = (url, init) => {
      asked.push(url);
      return idp.fetch(url, init);
    };
    const credential = toCredential({ grant: 'client_credentials', issuer: InstantIdp.issuer, scope: 'orders.read' });
    idp.token = () => Response.json({ error: 'invalid_client' }, { status: 401 });
    const bench = createBench({ fetch, redact, secret: 'a-secret-of-the-client' });
    await fc.assert(
      fc.asyncProperty(lies, fc.boolean(), fc.string({ unit: 'binary', maxLength: 60 }), async (all, isJson, text) => {
        idp.metadata = () => (isJson ? Response.json({ ...idp.truth(), ...all }) : new Response(text));
        asked.length = 0;
        bench.pins.entries.clear();
        const outcome = await outcomeOf(bench.broker.signIn(credential, {}));
        expect(isCountersignError(outcome)).toBe(true);
        quiet(outcome as CountersignError, bench);
        for (const url of asked) {
          const { protocol, username, hash, hostname } = new URL(url);
          expect([protocol, username, hash]).toEqual(['https:', '', '']);
          expect(hostname).not.toBe('169.254.169.254');
        }
      }),
      { numRuns: runs },
    );
  });

  it('of ID tokens: only one that is signed, and says what it has to, signs in', { timeout }, async () => {
    const bench = createBench({ fetch: idp.fetch, random, redact });
    const good = await idp.sign(claimsNow());
    const [head = '', body = '', signature = ''] = good.split('.');
    const b64 = (value: unknown): string =>
      Buffer.from(typeof value === 'string' ? value : JSON.stringify(value)).toString('base64url');
    const header = fc.record(
      {
        alg: fc.constantFrom<unknown>('none', 'HS256', 'RS256', 'ES256', 'ES384', 'es256', '', null, 5),
        kid: fc.constantFrom<unknown>('key-1', 'key-2', '../key', '', null, ['key-1']),
        jku: fc.constant('https://evil.example/jwks'),
        jwk: fc.constant({ kty: 'oct', k: 'AAAA' }),
        crit: fc.constantFrom<unknown>(['exp'], [], ['b64'], 'x'),
        b64: fc.boolean(),
        typ: fc.constantFrom('JWT', 'at+jwt', ''),
      },
      { requiredKeys: [] },
    );
    const claim = fc.oneof(
      fc.jsonValue({ maxDepth: 1 }),
      fc.constantFrom<unknown>('cli', ['cli'], ['cli', 'x'], nonce, InstantIdp.issuer, 'ada', 0, -1, 1e308, null),
    );
    const forged = fc.oneof(
      fc.string({ unit: 'binary', maxLength: 60 }),
      fc.constantFrom(
        '',
        '.',
        '..',
        '...',
        `${head}.${body}.`,
        `${head}.${body}`,
        `.${body}.${signature}`,
        `${good}.x`,
        good.repeat(2),
      ),
      header
        .map((lies) => `${b64({ alg: 'ES256', kid: 'key-1', ...lies })}.${body}.${signature}`)
        .filter((token) => token !== good),
      fc
        .dictionary(fc.constantFrom('iss', 'sub', 'aud', 'nonce', 'exp', 'x'), claim, { minKeys: 1 })
        .map((lies) => `${head}.${b64({ ...claimsNow(), ...lies })}.${signature}`),
      fc
        .tuple(fc.nat({ max: good.length - 1 }), fc.constantFrom('A', 'B', '.', '=', ' ', 'é'))
        .map(([at, char]) => good.slice(0, at) + char + good.slice(at + 1)),
    );
    /** The last character of a part may hold bits that are not read. */
    const same = (token: string): boolean => {
      const decoded = (text: string): string[] =>
        text.split('.').map((one) => Buffer.from(one, 'base64url').toString('hex'));
      return JSON.stringify(decoded(token)) === JSON.stringify(decoded(good));
    };
    const answer = new URLSearchParams({ code: 'c', state, iss: InstantIdp.issuer });
    await fc.assert(
      fc.asyncProperty(forged, async (id_token) => {
        idp.token = () => Response.json({ access_token: 'at', token_type: 'Bearer', id_token });
        const outcome = await comeBack(bench, `${redirectUri}?${answer.toString()}`);
        if (!same(id_token)) expect(isCountersignError(outcome), id_token).toBe(true);
      }),
      { numRuns: runs },
    );
    const signed = fc.dictionary(
      fc.constantFrom('iss', 'sub', 'aud', 'azp', 'nonce', 'exp', 'iat', 'nbf', 'at_hash', 'auth_time'),
      claim,
      { minKeys: 1, maxKeys: 3 },
    );
    await fc.assert(
      fc.asyncProperty(signed, async (lies) => {
        const all: Record<string, unknown> = { ...claimsNow(), ...lies };
        const id_token = await idp.sign(JSON.parse(JSON.stringify(all)) as Record<string, unknown>);
        idp.token = () => Response.json({ access_token: 'at', token_type: 'Bearer', id_token });
        const outcome = await comeBack(bench, `${redirectUri}?${answer.toString()}`);
        if (outcome === undefined || isCountersignError(outcome)) return;
        const now = Date.now() / 1000;
        expect(all['iss']).toBe(InstantIdp.issuer);
        expect(typeof all['sub']).toBe('string');
        expect([all['aud']].flat()).toContain('cli');
        expect(all['nonce']).toBe(nonce);
        expect(Number(all['exp'])).toBeGreaterThan(now - 35);
      }),
      { numRuns: Math.ceil(runs / 5) },
    );
  });
});

function claimsNow(): Record<string, unknown> {
  const now = Math.floor(Date.now() / 1000);
  return { iss: InstantIdp.issuer, sub: 'ada', aud: 'cli', iat: now, exp: now + 6000, nonce };
}
