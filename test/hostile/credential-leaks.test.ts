/**
 * Generated addresses and chains of redirects with every simple scheme, against servers that record all that arrives:
 * no credential may reach an origin that it is not bound to, nor its own again once a stranger chose the way there.
 * `LEAK_RUNS=100000` takes as many as the claim is about; a sample runs always.
 */
import '../support/fixed-seed.ts';
import fc from 'fast-check';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { Secret } from '../../src/credentials/secret.ts';
import { createEngineFixture, fixtureRoot, type EngineFixture } from '../support/engine.ts';
import { serveHttp, type Listening } from '../support/http-servers.ts';

const runs = Number(process.env['LEAK_RUNS'] ?? 800);
const chains = new Map<string, readonly Step[]>();
/** All that arrived for one chain, in order. */
const arrived = new Map<string, { readonly bound: boolean; readonly sameHost: boolean; readonly head: string }[]>();

let home: Listening;
let evil: Listening;
let fixture: EngineFixture;

interface Step {
  readonly status: number;
  readonly location: string;
}

const schemes = ['bearer', 'basic', 'header', 'query', 'cookie', 'digest', 'literal', 'written'] as const;
const canary = 'canary-7f3a';
/** The base64 of a user and password with the canary has this in it, whatever stands before. */
const encoded = [0, 1, 2].map((shift) =>
  Buffer.from(' '.repeat(shift) + canary)
    .toString('base64')
    .slice(shift ? 4 : 0, -4),
);

function serve(isHome: boolean, host: string): Promise<Listening> {
  return serveHttp((request, response) => {
    const [, id = '', at = '0'] = /\/s\/(\w+)\/(\d+)/.exec(request.url ?? '') ?? [];
    const authority = request.headers.host ?? '';
    const bound = isHome && authority === `127.0.0.1:${String(home.port)}`;
    const head = `${request.method ?? ''} ${request.url ?? ''}\n${request.rawHeaders.join('\n')}`;
    arrived.get(id)?.push({ bound, sameHost: authority.startsWith('127.0.0.1'), head });
    if (bound) response.setHeader('Set-Cookie', `jar=jar-${canary}`);
    if (bound && id.startsWith('digest') && !('authorization' in request.headers)) {
      response.writeHead(401, { 'WWW-Authenticate': 'Digest realm="r", nonce="n", qop="auth"' }).end();
      return;
    }
    const step = chains.get(id)?.[Number(at)];
    if (step) response.writeHead(step.status, { Location: step.location }).end('moved');
    else response.end('here');
  }, host);
}

beforeAll(async () => {
  home = await serve(true, '127.0.0.1');
  evil = await serve(false, '127.0.0.1');
  fixture = createEngineFixture();
  const origins = [`http://127.0.0.1:${String(home.port)}`];
  const credentials = {
    bearer: { scheme: 'bearer', origins },
    basic: { scheme: 'basic', username: 'ann', origins },
    digest: { scheme: 'digest', username: 'ann', origins },
    header: { scheme: 'apiKey', in: 'header', name: 'X-Own', origins },
    query: { scheme: 'apiKey', in: 'query', name: 'own', origins },
    cookie: { scheme: 'apiKey', in: 'cookie', name: 'own', origins },
  };
  const text = JSON.stringify({ credentials });
  fixture.vault.setWorkspaceDefinitions(fixtureRoot, { file: '/project/countersign.json', text });
  for (const name of Object.keys(credentials)) {
    const named = await fixture.vault.find(name, fixtureRoot);
    if (named) await fixture.vault.setSecret(named, '', new Secret(canary, name));
  }
});
afterAll(async () => {
  await fixture.dispose();
  await home.close();
  await evil.close();
});

/** A place in one of its many spellings; `port` picks the server. */
const place = fc.record({
  scheme: fc.constantFrom('http:', 'HTTP:', 'hTtP:', ''),
  slashes: fc.constantFrom('//', '//', '//', '\\\\', '/\\', '///'),
  userinfo: fc.constantFrom(...Array<string>(12).fill(''), 'a@', 'a:b@', '127.0.0.1@', '%40@'),
  host: fc.constantFrom(
    ...['127.0.0.1', '127.0.0.1', '127.0.0.1', 'localhost', 'LOCALHOST', '127.1', '0x7f.0.0.1', '2130706433'],
    ...['0177.0.0.1', '127.0.0.1.', '[::ffff:127.0.0.1]', '127。0。0。1', '１２７.0.0.1', '127.0.0.2', 'localhost.'],
  ),
  evil: fc.boolean(),
  before: fc.constantFrom('', '', '', '/..', '//', '/.', '/%2e%2e', '/a@b:1', '/\t'),
  after: fc.constantFrom('', '', '?@127.0.0.1', '#@127.0.0.1', '?a=http://127.0.0.1', '/..%2f', '\\@x'),
  relative: fc.integer({ min: 0, max: 5 }),
});

type Place = typeof place extends fc.Arbitrary<infer T> ? T : never;

function toAddress(spelled: Place, path: string): string {
  const { scheme, slashes, userinfo, host, before, after, relative } = spelled;
  if (relative === 0) return `${before}${path}${after}`;
  const port = String(spelled.evil ? evil.port : home.port);
  return `${scheme}${slashes}${userinfo}${host}:${port}${before}${path}${after}`;
}

const chain = fc.record({
  scheme: fc.constantFrom(...schemes),
  method: fc.constantFrom('GET', 'POST'),
  start: fc.oneof({ weight: 4, arbitrary: fc.constant(undefined) }, { weight: 1, arbitrary: place }),
  steps: fc.array(fc.record({ status: fc.constantFrom(301, 302, 303, 307, 308), place }), {
    minLength: 1,
    maxLength: 4,
  }),
});

function toRequest(id: string, scheme: (typeof schemes)[number], method: string, address: string): string {
  const named = scheme === 'literal' || scheme === 'written' ? [] : [`# @auth ${scheme}`];
  const headers =
    scheme === 'literal'
      ? [`Authorization: Bearer ${canary}`]
      : scheme === 'written'
        ? [`X-Api-Key: ${canary}`, `Cookie: c=${canary}`, `DPoP: ${canary}`, `Proxy-Authorization: ${canary}`]
        : [];
  return [...named, `${method} ${address}`, ...headers, `X-Run: ${id}`, '', method === 'POST' ? 'body' : ''].join('\n');
}

let next = 0;

it(`${String(runs)} generated chains leak nothing`, { timeout: 3_600_000 }, async () => {
  const sent = new Map<string, number>(schemes.map((scheme) => [scheme, 0]));
  let strangers = 0;
  await fc.assert(
    fc.asyncProperty(chain, async ({ scheme, method, start, steps }) => {
      const id = `${scheme}${String(next++)}`;
      const path = (at: number): string => `/s/${id}/${String(at)}`;
      chains.set(
        id,
        steps.map((step, at) => ({
          status: step.status,
          location: Buffer.from(toAddress(step.place, path(at + 1)), 'utf8').toString('latin1'),
        })),
      );
      arrived.set(id, []);
      const written = start ? toAddress({ ...start, relative: 1, scheme: 'http:' }, path(0)) : undefined;
      const address = written ?? `http://127.0.0.1:${String(home.port)}${path(0)}`;
      const result = await fixture.send(toRequest(id, scheme, method, address));
      await result.exchange?.body.dispose();
      const seen = arrived.get(id) ?? [];
      chains.delete(id);
      arrived.delete(id);
      let astray = false;
      // What a person writes by hand goes where they wrote it; only where redirects lead to is not theirs to say.
      const byHand = scheme === 'literal' || scheme === 'written';
      for (const [index, { bound, sameHost, head }] of seen.entries()) {
        const first = index === 0 && byHand;
        const mine = first || (bound && !astray);
        const text = head.replaceAll(`jar-${canary}`, sameHost ? '' : 'jar-canary');
        if (!mine && !(byHand && start)) {
          expect(text, `${scheme} ${address}`).not.toContain('canary');
          for (const form of encoded) expect(text).not.toContain(form);
          expect(text).not.toMatch(/\nauthorization\n|\nproxy-authorization\n|[?&]own=|\nx-own\n/i);
        }
        expect(text).not.toMatch(/\nreferer\n/i);
        if (mine && /canary|\nauthorization\n/i.test(text)) sent.set(scheme, (sent.get(scheme) ?? 0) + 1);
        if (!bound) strangers++;
        astray ||= !bound;
      }
    }),
    { numRuns: runs },
  );
  // The test saw credentials leave, and strangers asked.
  for (const [scheme, count] of sent) expect(count, scheme).toBeGreaterThan(runs / 50);
  expect(strangers).toBeGreaterThan(runs / 4);
});
