/** Asking for more and checking what came: step-up, rights, the profile fapi2. */
import { readFileSync } from 'node:fs';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { toRightsDifference } from '../../../src/oauth/authorization-details.ts';
import { toMissedRequirement, type ProfileFacts } from '../../../src/oauth/profile.ts';
import type { SignInOptions } from '../../../src/oauth/types.ts';
import { toAuthenticationDemand } from '../../../src/vscode/response-panel/to-step-up.ts';
import { createBench, toCredential } from '../../support/broker-bench.ts';
import { createHttpsFetch } from '../../support/https-fetch.ts';
import { followRedirect } from '../../support/loopback-browser.ts';
import { startPlayground } from '../../support/playground.ts';
import { ScriptedIdp } from '../../support/scripted-idp.ts';
import { allowSteps, FormBrowser } from '../../support/sign-in-by-forms.ts';
import { attemptSignIn } from '../../support/sign-in-attempt.ts';

let idp: ScriptedIdp;
beforeAll(async () => {
  idp = await ScriptedIdp.start();
});
afterEach(() => idp.reset());
afterAll(() => idp.stop());

const now = (): number => Math.floor(Date.now() / 1000);

/** Signs in as an API asked for, at a provider whose ID token claims `claims`. */
async function stepUp(options: SignInOptions, claims: Record<string, unknown>) {
  idp.script.claims = (truth) => ({ ...truth, ...claims });
  const bench = createBench({ fetch: idp.fetch, browse: (url) => followRedirect(idp.authorize(url)) });
  const credential = toCredential({ issuer: idp.issuer, scope: 'openid' });
  const outcome = await bench.broker.signIn(credential, options).then(
    () => 'signed in',
    (error: unknown) => (error as { code: string }).code,
  );
  const asked = bench.opened[0] === undefined ? undefined : new URL(bench.opened[0]).searchParams;
  return { outcome, asked, stored: bench.sessions.entries.size, trace: bench.broker.trace('orders') };
}

describe('step-up', () => {
  const cases: [SignInOptions, () => Record<string, unknown>, string][] = [
    [{ acrValues: 'gold silver' }, () => ({ acr: 'silver' }), 'signed in'],
    [{ acrValues: 'gold' }, () => ({ acr: 'bronze' }), 'CS-AUTH-STEP-UP'],
    [{ acrValues: 'gold' }, () => ({}), 'CS-AUTH-STEP-UP'],
    [{ maxAge: 300 }, () => ({ auth_time: now() - 10 }), 'signed in'],
    [{ maxAge: 300 }, () => ({ auth_time: now() - 3600 }), 'CS-AUTH-'],
    [{ maxAge: 300 }, () => ({}), 'CS-AUTH-'],
    [{ maxAge: 0 }, () => ({ auth_time: now() }), 'signed in'],
  ];
  for (const [options, claims, expected] of cases) {
    it(`H35 ${JSON.stringify(options)} with ${JSON.stringify(claims())}: ${expected}`, async () => {
      const { outcome, asked, stored } = await stepUp(options, claims());
      expect(outcome).toContain(expected);
      expect(stored).toBe(outcome === 'signed in' ? 1 : 0);
      expect(asked?.get('acr_values')).toBe(options.acrValues ?? null);
      expect(asked?.get('max_age')).toBe(options.maxAge === undefined ? null : String(options.maxAge));
    });
  }
  for (const acrValues of ['a'.repeat(10_000), 'a\r\nb', '', 'a"b', ' a']) {
    it(`H35 asks nobody for ${JSON.stringify(acrValues.slice(0, 8))}`, async () => {
      expect(await stepUp({ acrValues }, {})).toMatchObject({ outcome: 'CS-AUTH-STEP-UP', asked: undefined });
    });
  }
  it('is a wish when the definition asks: a difference is a warning', async () => {
    const { session, trace } = await attemptSignIn(idp, { definition: { acr_values: 'gold' } });
    expect(session).toBeDefined();
    expect(trace?.steps.find(({ id }) => id === 'id-token')).toMatchObject({ outcome: 'warning' });
  });
  it('reads what an API asks for', () => {
    const read = (value: string, status = 401) =>
      toAuthenticationDemand({ status, statusText: '', httpVersion: '1.1', headers: [['WWW-Authenticate', value]] });
    const asks = 'Bearer error="insufficient_user_authentication"';
    expect(read(`${asks}, acr_values="gold silver", max_age="300"`)).toEqual({ acrValues: 'gold silver', maxAge: 300 });
    expect(read(`${asks}, max_age=0`)).toEqual({ maxAge: 0 });
    expect(read(`${asks}, max_age="soon"`)).toEqual({});
    expect(read('Bearer error="invalid_token", acr_values="gold"')).toEqual({});
    expect(read(`${asks}, acr_values="gold"`, 403)).toEqual({});
  });
  it('opens what the playground keeps for a fresh sign-in', async () => {
    const playground = await startPlayground();
    try {
      const { info } = playground;
      const fetch = createHttpsFetch(readFileSync(info.ca, 'utf8'));
      const again = [{ ...allowSteps(info.user)[0], on: 'Sign in again' }] as ReturnType<typeof allowSteps>;
      const { broker } = createBench({
        fetch,
        browse: async (url) => {
          const walk = await new FormBrowser().walk(url, [...again, ...allowSteps(info.user)]);
          return followRedirect(walk.location);
        },
      });
      const credential = toCredential({
        issuer: info.issuer,
        client_id: info.clients.native.client_id,
        scope: 'openid orders.read',
      });
      const call = async (token: string) => {
        const headers = { authorization: `Bearer ${token}` };
        return fetch(`${info.api}/admin`, { method: 'GET', headers, redirect: 'manual' });
      };
      const weak = await call((await broker.acquire(credential, { interactive: true })).accessToken.reveal());
      expect(weak.status).toBe(401);
      const head = { status: 401, statusText: '', httpVersion: '1.1', headers: [...weak.headers] };
      const demand = toAuthenticationDemand(head);
      expect(demand.acrValues).toBeDefined();
      const strong = await broker.signIn(credential, demand);
      expect((await call(strong.accessToken.reveal())).status).toBe(200);
    } finally {
      await playground.stop();
    }
  }, 60_000);
});

describe('rights (RFC 9396)', () => {
  const payment = { type: 'payment', actions: ['initiate', 'status'], amount: { currency: 'EUR', value: '10' } };
  const cases: [unknown, unknown, string | undefined][] = [
    [undefined, [payment], undefined],
    [[payment], [payment], undefined],
    [payment, [{ ...payment, actions: ['status', 'initiate'], id: 'x' }], 'given beyond what was asked: payment'],
    [[payment], undefined, 'the answer does not say which rights were given'],
    [[payment], [], 'rights not given: payment'],
    [[payment], [{ ...payment, actions: ['status'] }], 'rights not given: payment'],
    [[payment], [payment, { type: 'accounts' }], 'given beyond what was asked: accounts'],
    [[{}], [{}], undefined],
    [
      [payment],
      [null, 5, { type: '<b>\u202e' }],
      'rights not given: payment, given beyond what was asked: without a type, <b>',
    ],
  ];
  for (const [asked, given, expected] of cases) {
    it(`${JSON.stringify({ given }).slice(0, 60)}: ${expected ?? 'as asked'}`, () =>
      expect(toRightsDifference(asked, given)).toBe(expected));
  }
  it('are compared when a sign-in ends', async () => {
    idp.script.answer = (truth) => ({ ...truth, authorization_details: [{ type: 'accounts' }] });
    const { trace, session } = await attemptSignIn(idp, { definition: { authorization_details: [payment] } });
    expect(session).toBeDefined();
    const step = trace?.steps.find(({ id }) => id === 'token');
    expect(step).toMatchObject({ outcome: 'warning' });
    expect(step?.detail).toContain('rights not given: payment, given beyond what was asked: accounts');
  });
});

describe('the profile fapi2', () => {
  const { definition } = toCredential({
    issuer: 'https://idp.example.com',
    profile: 'fapi2',
    dpop_bound_access_tokens: true,
  });
  const good: ProfileFacts = {
    definition,
    metadata: {
      issuer: 'https://idp.example.com',
      authorization_response_iss_parameter_supported: true,
      pushed_authorization_request_endpoint: 'https://idp.example.com/par',
      code_challenge_methods_supported: ['S256'],
    },
    host: 'idp.example.com',
    method: 'private_key_jwt',
    alg: 'ES256',
  };
  const change = (metadata: Record<string, unknown>) => ({ metadata: { ...good.metadata, ...metadata } });
  const cases: [string, Partial<ProfileFacts>, string | undefined][] = [
    ['all is well', {}, undefined],
    ['a secret', { method: 'client_secret_basic' }, 'client authentication is client_secret_basic'],
    ['RS256', { alg: 'RS256' }, 'the client signs with RS256'],
    [
      'bearer tokens',
      { definition: { ...definition, dpop_bound_access_tokens: false } },
      'tokens are bound to nothing',
    ],
    ['a password', { definition: { ...definition, grant: 'password' } }, 'the grant is none of its own'],
    ['no iss', change({ authorization_response_iss_parameter_supported: false }), 'redirects do not name the issuer'],
    ['no PAR', change({ pushed_authorization_request_endpoint: undefined }), 'requests cannot be pushed'],
    ['no S256', change({ code_challenge_methods_supported: undefined }), 'PKCE S256 is not announced'],
  ];
  for (const [what, facts, expected] of cases) {
    it(`${what}: ${expected ?? 'met'}`, () => {
      const missed = toMissedRequirement({ ...good, ...facts });
      if (expected === undefined) expect(missed).toBeUndefined();
      else expect(missed).toContain(expected);
    });
  }
  it('takes a certificate for the binding', () => {
    const mtls = { ...good, definition: { ...definition, dpop_bound_access_tokens: false }, method: 'tls_client_auth' };
    expect(toMissedRequirement({ ...mtls, alg: undefined })).toBeUndefined();
  });
  it('stops before anything is asked for', async () => {
    const attempt = await attemptSignIn(idp, { definition: { profile: 'fapi2' } });
    expect(attempt.code).toBe('CS-AUTH-PROFILE');
    expect(attempt.bench.opened).toEqual([]);
    expect(attempt.tokenRequests).toBe(0);
  });
});
