/** H26, H27: metadata of someone else, in pieces, or that changes under way. */
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { createBench, toCredential } from '../support/broker-bench.ts';
import { ScriptedIdp, type Script } from '../support/scripted-idp.ts';
import { attemptSignIn } from '../support/sign-in-attempt.ts';

let idp: ScriptedIdp;
let elsewhere: ScriptedIdp;
beforeAll(async () => {
  [idp, elsewhere] = await Promise.all([ScriptedIdp.start(), ScriptedIdp.start()]);
});
afterEach(() => {
  idp.reset();
  elsewhere.reset();
});
afterAll(() => Promise.all([idp.stop(), elsewhere.stop()]));

const wellKnown = '/.well-known/openid-configuration';
const metadata = (change: Record<string, unknown>): Script => ({ metadata: (truth) => ({ ...truth, ...change }) });
const page = (status: number, body: string, headers: Record<string, string> = {}): Script => ({
  routes: { [wellKnown]: (_hit, response) => void response.writeHead(status, headers).end(body) },
});

async function check(script: Script, expected: string, definition = {}): Promise<void> {
  idp.script = script;
  const { code, bench, tokenRequests } = await attemptSignIn(idp, {
    definition,
    ports: { limits: { requestMs: 1500 } },
  });
  expect(code).toBe(expected);
  expect(bench.opened).toEqual([]);
  expect(tokenRequests).toBe(0);
  expect(elsewhere.hits).toEqual([]);
}

describe('discovery', () => {
  it('H26 refuses the metadata of another issuer', async () => {
    await check(metadata({ issuer: 'https://evil.example' }), 'CS-AUTH-DISCOVERY');
    await check(metadata({ issuer: `${idp.issuer}/realm` }), 'CS-AUTH-DISCOVERY');
    await check(metadata({ issuer: undefined }), 'CS-AUTH-DISCOVERY');
    await check(metadata({ issuer: 'https://login.microsoftonline.com/{tenantid}/v2.0' }), 'CS-AUTH-DISCOVERY');
  });
  it('H26 compares also when the well-known address was pasted', () =>
    check(metadata({ issuer: 'https://evil.example' }), 'CS-AUTH-DISCOVERY', { issuer: idp.issuer + wellKnown }));
  it('H26 refuses plain http, and other schemes', async () => {
    await check({}, 'CS-AUTH-DISCOVERY', { issuer: idp.issuer.replace('https', 'http') });
    await check({}, 'CS-AUTH-DISCOVERY', { issuer: 'file:///etc/passwd' });
    await check({}, 'CS-AUTH-DISCOVERY', { issuer: 'https://user:pass@idp.example' });
    expect(idp.hits).toEqual([]);
  });
  it('H26 follows no redirect', () =>
    check(page(301, '', { location: elsewhere.issuer + wellKnown }), 'CS-AUTH-DISCOVERY'));
  it('H26 follows no redirect to itself', () => check(page(302, '', { location: wellKnown }), 'CS-AUTH-DISCOVERY'));
  it('H26 refuses a page', () => check(page(200, '<html>', { 'content-type': 'text/html' }), 'CS-AUTH-DISCOVERY'));
  it('H26 stops at 50 MB', () => check(page(200, ' '.repeat(50 * 1024 * 1024)), 'CS-BODY-TOO-LARGE'));
  it('H26 ends at the deadline', () => check({ routes: { [wellKnown]: () => undefined } }, 'CS-NET-TIMEOUT'));

  const addresses = [
    'http://169.254.169.254/latest/meta-data',
    'https://169.254.169.254/token',
    'file:///etc/passwd',
    'javascript:alert(1)',
    'http://evil.example/',
    'not an address',
    'https://user@evil.example/',
  ];
  for (const name of ['authorization_endpoint', 'token_endpoint', 'jwks_uri']) {
    for (const address of addresses) {
      it(`H26 refuses ${name} ${address}`, () => check(metadata({ [name]: address }), 'CS-AUTH-ENDPOINT'));
    }
  }
  for (const name of ['token_endpoint', 'jwks_uri']) {
    it(`H26 refuses ${name} on plain loopback http`, () =>
      check(metadata({ [name]: 'http://127.0.0.1:1/' }), 'CS-AUTH-ENDPOINT'));
  }
  it('H26 leaves out an optional endpoint that cannot be used', async () => {
    idp.script = metadata({ userinfo_endpoint: 'http://169.254.169.254/', revocation_endpoint: 'javascript:1' });
    const { session, trace } = await attemptSignIn(idp);
    expect(session?.identity?.label).toBe('ada');
    expect(trace?.steps.find((step) => step.id === 'discovery')?.outcome).toBe('warning');
  });
  it('H26 takes a page on loopback http for the browser', async () => {
    idp.script = metadata({ authorization_endpoint: 'http://127.0.0.2:9/authorize' });
    const { session, bench } = await attemptSignIn(idp);
    expect(session).toBeDefined();
    expect(bench.opened[0]).toMatch(/^http:\/\/127\.0\.0\.2:9\/authorize\?/);
  });

  it('H27 asks again when an endpoint moves, and sends nothing until then', async () => {
    const first = await attemptSignIn(idp);
    expect(first.session).toBeDefined();
    idp.script = metadata({ token_endpoint: `${elsewhere.issuer}/token` });
    idp.hits.length = 0;
    const { pins } = first.bench;
    const second = await attemptSignIn(idp, { ports: { pins } });
    expect(second.code).toBe('CS-BIND-APPROVAL');
    expect(second.error?.facts['changes']).toEqual([
      { label: 'token_endpoint', value: elsewhere.issuer, before: idp.issuer },
    ]);
    expect(second.bench.opened).toEqual([]);
    expect(elsewhere.hits).toEqual([]);
  });
  it('H27 goes on once a person approved the move', async () => {
    const asked: unknown[] = [];
    const { bench } = await attemptSignIn(idp);
    idp.script = metadata({ revocation_endpoint: `${elsewhere.issuer}/revoke` });
    const approve = async (request: unknown): Promise<boolean> => asked.push(request) > 0;
    const ports = { pins: bench.pins, approve };
    expect((await attemptSignIn(idp, { ports })).session).toBeDefined();
    expect((await attemptSignIn(idp, { ports })).session).toBeDefined();
    expect(asked).toHaveLength(1);
  });
  it('H27 never asks without a person', async () => {
    const credential = toCredential({ grant: 'client_credentials', issuer: idp.issuer, scope: 'a' });
    const asked: unknown[] = [];
    const make = (pins?: ReturnType<typeof createBench>['pins']) =>
      createBench({
        fetch: idp.fetch,
        secret: idp.secret,
        approve: async (request) => asked.push(request) > 0,
        ...(pins ? { pins } : {}),
      });
    const { broker, pins } = make();
    await broker.acquire(credential, { interactive: false });
    idp.script = metadata({ token_endpoint: `${elsewhere.issuer}/token` });
    await expect(make(pins).broker.acquire(credential, { interactive: false })).rejects.toMatchObject({
      code: 'CS-BIND-APPROVAL',
    });
    expect(asked).toEqual([]);
    expect(elsewhere.hits).toEqual([]);
  });
});
