/** The probe, against a provider that is careless in one way at a time, and against the real one of the playground. */
import { readFileSync } from 'node:fs';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import type { OAuth2Definition } from '../../../src/credentials/types.ts';
import type { ProbeId, ProbeReport } from '../../../src/oauth/probe/probe.ts';
import { createBench, toCredential } from '../../support/broker-bench.ts';
import { createHttpsFetch } from '../../support/https-fetch.ts';
import { followRedirect } from '../../support/loopback-browser.ts';
import { startPlayground, type RunningPlayground } from '../../support/playground.ts';
import { json, ScriptedIdp, type Script } from '../../support/scripted-idp.ts';
import { FormBrowser, allowSteps } from '../../support/sign-in-by-forms.ts';

let idp: ScriptedIdp;
let playground: RunningPlayground;
beforeAll(async () => {
  [idp, playground] = await Promise.all([ScriptedIdp.start(), startPlayground()]);
}, 60_000);
afterEach(() => idp.reset());
afterAll(async () => {
  await Promise.all([idp.stop(), playground.stop()]);
});

interface Front {
  /** Redirects anywhere. */
  readonly anyRedirect?: true;
  readonly takesPlain?: true;
  /** A page for everything, as of a provider that knows no prompt. */
  readonly page?: true;
}

/** The authorization endpoint as a client without cookies meets it. */
function front({ anyRedirect, takesPlain, page }: Front = {}): NonNullable<Script['routes']> {
  return {
    '/authorize': ({ query }, response) => {
      if (page) return void response.writeHead(200, { 'content-type': 'text/html' }).end('<h1>Sign in</h1>');
      const redirect = new URL(query.get('redirect_uri') ?? '');
      if (!anyRedirect && redirect.pathname !== '/cb') return json(response, 400, { error: 'invalid_request' });
      const plain = query.get('code_challenge_method') === 'plain' && !takesPlain;
      redirect.searchParams.set('error', plain ? 'invalid_request' : 'login_required');
      redirect.searchParams.set('state', query.get('state') ?? '');
      response.writeHead(302, { location: redirect.href }).end();
    },
  };
}

async function probe(script: Script, definition: Partial<OAuth2Definition> = {}) {
  idp.script = script;
  const bench = createBench({ fetch: idp.fetch, browse: (url) => followRedirect(idp.authorize(url)) });
  const credential = toCredential({ issuer: idp.issuer, scope: 'openid orders.read', ...definition });
  const numbers: number[] = [];
  const report = await bench.broker.probe(credential, { onSignIn: (number) => numbers.push(number) });
  expect(numbers).toEqual(Array.from({ length: report.signIns }, (_, index) => index + 1));
  expect(bench.sessions.writes).toBe(0);
  return { report, bench };
}

const verdicts = ({ results }: ProbeReport): Readonly<Record<ProbeId, string>> =>
  Object.fromEntries(results.map(({ id, verdict }) => [id, verdict])) as Record<ProbeId, string>;
const strict: Readonly<Record<ProbeId, string>> = {
  'pkce-verifier': 'enforced',
  'pkce-plain': 'enforced',
  'redirect-exact': 'enforced',
  'code-once': 'enforced',
  state: 'enforced',
  iss: 'enforced',
  'refresh-rotation': 'enforced',
};

describe('a probe', () => {
  it('of a strict provider finds that all is enforced, in two sign-ins', async () => {
    const { report, bench } = await probe({ routes: front() });
    expect(verdicts(report)).toEqual(strict);
    expect(report.signIns).toBe(2);
    expect(bench.opened).toHaveLength(2);
  });

  const careless: readonly (readonly [ProbeId, Script])[] = [
    ['pkce-verifier', { routes: front(), careless: ['verifier'] }],
    ['code-once', { routes: front(), careless: ['code'] }],
    ['refresh-rotation', { routes: front(), careless: ['refresh'] }],
    ['refresh-rotation', { routes: front(), rotate: false }],
    ['redirect-exact', { routes: front({ anyRedirect: true }) }],
    ['pkce-plain', { routes: front({ takesPlain: true }) }],
    [
      'iss',
      {
        routes: front(),
        metadata: (truth) => ({ ...truth, authorization_response_iss_parameter_supported: false }),
        redirect: (parameters) => parameters.delete('iss'),
      },
    ],
  ];
  for (const [id, script] of careless) {
    it(`finds ${id} in a provider that does not care, and nothing else`, async () => {
      const { report } = await probe(script);
      expect(verdicts(report)).toEqual({ ...strict, [id]: 'not-enforced' });
      const found = report.results.find((result) => result.id === id);
      expect(found?.detail).toMatch(/\.$/);
      expect(found?.otherwise).toMatch(/\.$/);
    });
  }

  it('asks a person once more where plain PKCE cannot be told silently, and says what stays open', async () => {
    const { report } = await probe({ routes: front({ page: true }), careless: ['plain'] });
    expect(verdicts(report)).toEqual({ ...strict, 'redirect-exact': 'undecided', 'pkce-plain': 'not-enforced' });
    expect(report.signIns).toBe(3);
    const strictly = await probe({ routes: front({ page: true }) });
    expect(verdicts(strictly.report)['pkce-plain']).toBe('enforced');
  });

  it('does not take a refusal of everything for one of the redirect', async () => {
    const routes: Script['routes'] = {
      '/authorize': (_hit, response) => json(response, 400, { error: 'invalid_request' }),
    };
    const { report } = await probe({ routes, careless: ['plain'] });
    expect(verdicts(report)['redirect-exact']).toBe('undecided');
  });

  it('says that there was no refresh token to look at', async () => {
    const answer = ({ refresh_token: _left, ...rest }: Record<string, unknown>) => rest;
    const { report } = await probe({ routes: front(), answer });
    expect(verdicts(report)).toEqual({ ...strict, 'refresh-rotation': 'undecided' });
  });

  it('does not take an error for another reason as a refusal', async () => {
    idp.script = { routes: front() };
    let exchanges = 0;
    const { report } = await probe({
      routes: {
        ...front(),
        '/token': (hit, response) => {
          exchanges += 1;
          json(
            response,
            exchanges === 1 ? 200 : 401,
            exchanges === 1 ? { access_token: 'a-91c', token_type: 'Bearer' } : { error: 'invalid_client' },
          );
          expect(hit.method).toBe('POST');
        },
      },
    });
    expect(verdicts(report)).toMatchObject({ 'code-once': 'undecided', 'pkce-verifier': 'undecided' });
  });

  it('revokes what it was given', async () => {
    await probe({ routes: front(), careless: ['verifier'] });
    const revoked = idp.hitsOn('/revoke').map(({ form }) => form.get('token'));
    expect(revoked.length).toBeGreaterThanOrEqual(4);
    expect(new Set(revoked).size).toBe(revoked.length);
  });

  it('ends when a person gives it up, and leaves nothing open', async () => {
    idp.script = { routes: front() };
    const abort = new AbortController();
    const bench = createBench({ fetch: idp.fetch, browse: () => abort.abort() });
    const credential = toCredential({ issuer: idp.issuer, scope: 'openid' });
    await expect(bench.broker.probe(credential, { signal: abort.signal })).rejects.toMatchObject({
      code: 'CS-AUTH-CANCELLED',
    });
    expect(idp.hitsOn('/token')).toEqual([]);
    await expect(
      followRedirect(new URL(bench.opened[0] ?? '').searchParams.get('redirect_uri') ?? ''),
    ).rejects.toThrow();
  });

  it('is for sign-ins by code only', async () => {
    const bench = createBench({ fetch: idp.fetch });
    const credential = toCredential({ issuer: idp.issuer, grant: 'client_credentials' });
    await expect(bench.broker.probe(credential, {})).rejects.toMatchObject({ code: 'CS-AUTH-PROBE' });
    expect(bench.opened).toEqual([]);
  });
});

describe('a probe of the playground', () => {
  it('finds one that enforces all but the redirect, which it lets practise anywhere on this machine', async () => {
    const { info } = playground;
    const fetch = createHttpsFetch(readFileSync(info.ca, 'utf8'));
    const person = new FormBrowser();
    const bench = createBench({
      fetch,
      browse: async (url) => followRedirect((await person.walk(url, allowSteps(info.user))).location),
    });
    const credential = toCredential({
      issuer: info.issuer,
      client_id: info.clients.native.client_id,
      scope: 'openid profile offline_access orders.read',
      prompt: 'consent',
      resource: info.api,
    });
    const report = await bench.broker.probe(credential, {});
    expect(verdicts(report)).toEqual({ ...strict, 'redirect-exact': 'not-enforced' });
    expect(report.signIns).toBe(2);
  }, 60_000);
});
