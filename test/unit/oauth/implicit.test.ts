/** The implicit grant: a token that comes back in the fragment, by the relay page or pasted. */
import { readFileSync } from 'node:fs';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { generateKeyPair, SignJWT } from 'jose';
import type { Grant } from '../../../src/oauth/grants/grant.ts';
import { grants } from '../../../src/oauth/grants/registry.ts';
import { createBench, toCredential } from '../../support/broker-bench.ts';
import { redirectByFragment, type FrontLie } from '../../support/front-channel-idp.ts';
import { createHttpsFetch } from '../../support/https-fetch.ts';
import { startPlayground, type RunningPlayground } from '../../support/playground.ts';
import { visitWithFragment, type RelayVisit } from '../../support/relay-browser.ts';
import { ScriptedIdp } from '../../support/scripted-idp.ts';
import { attemptSignIn, type Attempt, type AttemptOptions } from '../../support/sign-in-attempt.ts';
import { signInByForms } from '../../support/sign-in-by-forms.ts';

let idp: ScriptedIdp;
let playground: RunningPlayground;
beforeAll(async () => {
  idp = await ScriptedIdp.start();
  playground = await startPlayground();
}, 60_000);
afterEach(() => idp.reset());
afterAll(async () => {
  await idp.stop();
  await playground.stop();
});

async function signIn(
  lie: FrontLie = {},
  options: AttemptOptions = {},
): Promise<Attempt & { visit: RelayVisit | undefined }> {
  let visit: RelayVisit | undefined;
  const attempt = await attemptSignIn(idp, {
    browse: async (url) => {
      visit = await visitWithFragment(await redirectByFragment(idp, url, lie));
      return visit.last;
    },
    ...options,
    definition: { grant: 'implicit', scope: 'orders.read', ...options.definition },
  });
  return { ...attempt, visit };
}

const withIdToken = (truth: Record<string, unknown>): Record<string, unknown> => ({
  ...truth,
  response_types_supported: ['code', 'id_token token'],
});

async function refuse(lie: FrontLie, code: string, openid = false): Promise<Attempt> {
  if (openid) idp.script.metadata = withIdToken;
  const attempt = await signIn(lie, { definition: { scope: openid ? 'openid orders.read' : 'orders.read' } });
  expect(attempt.code).toBe(code);
  expect(attempt.session).toBeUndefined();
  expect(attempt.bench.sessions.entries.size).toBe(0);
  return attempt;
}

describe('implicit', () => {
  it('takes the token out of the fragment and asks the token endpoint nothing', async () => {
    const { session, visit, bench, tokenRequests, page } = await signIn();
    expect(session?.accessToken.reveal()).toMatch(/^[\w-]{22}$/);
    expect(session?.expiresAt).toBeGreaterThan(Date.now() + 3_500_000);
    expect(session?.refreshToken).toBeUndefined();
    expect(tokenRequests).toBe(0);
    expect(page?.text).toContain('Signed in');
    expect(bench.seen.has(session?.accessToken.reveal() ?? '')).toBe(true);
    expect(visit?.deeds).toEqual(['replaceState /cb', 'fetch POST /cb 204', 'replace /done']);
  });
  it('asks for a token and nothing else, with a state', async () => {
    const { bench } = await signIn();
    const asked = new URL(bench.opened[0] ?? '').searchParams;
    expect(asked.get('response_type')).toBe('token');
    expect(asked.get('state')).toMatch(/^[\w-]{43}$/);
    expect(asked.has('code_challenge')).toBe(false);
  });
  it('keeps the token out of the trace', async () => {
    const { session, trace } = await signIn();
    expect(JSON.stringify(trace)).not.toContain(session?.accessToken.reveal() ?? '-');
    expect(trace?.outcome).toBe('ok');
  });
  it('needs no token endpoint, neither of the issuer nor of the definition', async () => {
    idp.script.metadata = ({ token_endpoint: _gone, ...rest }) => rest;
    expect((await signIn()).session).toBeDefined();
    idp.reset();
    const { session } = await signIn(
      { parameters: (all) => all.delete('iss') },
      { definition: { issuer: undefined as never, authorization_endpoint: `${idp.issuer}/authorize` } },
    );
    expect(session).toBeDefined();
  });
  it('checks an ID token beside it, and knows who it is', async () => {
    idp.script.metadata = withIdToken;
    const { session, bench, trace } = await signIn({}, { definition: { scope: 'openid orders.read' } });
    expect(new URL(bench.opened[0] ?? '').searchParams.get('response_type')).toBe('id_token token');
    expect(session?.identity).toMatchObject({ subject: 'ada', label: 'Ada Lovelace', verified: true });
    expect(trace?.steps.find(({ id }) => id === 'id-token')?.outcome).toBe('ok');
  });
  it('takes the pasted address, or its fragment', async () => {
    for (const cut of [(text: string) => text, (text: string) => text.split('#')[1] ?? '']) {
      idp.reset();
      const { session } = await signIn(
        {},
        {
          definition: { redirect: 'paste' },
          browse: async (url, bench) => {
            const answer = cut(await redirectByFragment(idp, url));
            while (bench.waiting.length === 0) await new Promise((resolve) => setTimeout(resolve, 5));
            expect(await bench.waiting[0]?.paste('a-bare-token')).toBe(false);
            expect(await bench.waiting[0]?.paste(answer)).toBe(true);
            return undefined;
          },
        },
      );
      expect(session).toBeDefined();
    }
  });
  it('opens the browser again when the token has ended, and never without being asked', async () => {
    const { bench } = await signIn();
    const credential = toCredential({ issuer: idp.issuer, grant: 'implicit', scope: 'orders.read' });
    bench.clock.shift = 2 * 3_600_000;
    await expect(bench.broker.acquire(credential, { interactive: false })).rejects.toMatchObject({
      code: 'CS-AUTH-SIGN-IN-NEEDED',
    });
    expect(bench.opened).toHaveLength(1);
  });
  it('is legacy, and says what to use instead', () => {
    const grant = (grants as readonly Grant[]).find(({ name }) => name === 'implicit');
    expect(grant?.legacy?.instead).toContain('authorization_code');
  });

  it('ends with an error of the provider', () =>
    refuse(
      {
        parameters: (all) => {
          all.delete('access_token');
          all.set('error', 'access_denied');
        },
      },
      'CS-AUTH-DENIED',
    ));
  it('takes no token of another type', () =>
    refuse({ parameters: (all) => all.set('token_type', 'mac') }, 'CS-AUTH-TOKEN'));
  it('takes no answer without a type, but with the quirk', async () => {
    const lie = { parameters: (all: URLSearchParams) => all.delete('token_type') };
    await refuse(lie, 'CS-AUTH-TOKEN');
    idp.reset();
    expect((await signIn(lie, { definition: { quirks: ['missing_token_type'] } })).session).toBeDefined();
  });
  it('takes no token with characters that none has', () =>
    refuse({ parameters: (all) => all.set('access_token', 'a\r\nX-Evil: 1') }, 'CS-AUTH-TOKEN'));
  it('takes neither two tokens nor none', async () => {
    await refuse({ parameters: (all) => all.append('access_token', 'second') }, 'CS-AUTH-REFUSED');
    await refuse({ parameters: (all) => all.delete('access_token') }, 'CS-AUTH-REFUSED');
  });
  it('takes no answer of another issuer', () =>
    refuse({ parameters: (all) => all.set('iss', 'https://evil.example') }, 'CS-AUTH-ISSUER'));
  it('keeps no refresh token', async () => {
    const { session, trace } = await signIn({ parameters: (all) => all.set('refresh_token', 'rt-1') });
    expect(session?.refreshToken).toBeUndefined();
    expect(trace?.steps.find(({ id }) => id === 'fragment-token')?.outcome).toBe('warning');
  });
  it('refuses an ID token that is not the one for this token', async () => {
    const lies: FrontLie[] = [
      { claims: (truth) => ({ ...truth, at_hash: 'AAAAAAAAAAAAAAAAAAAAAA' }) },
      { claims: ({ at_hash: _gone, ...truth }) => truth },
      { claims: (truth) => ({ ...truth, nonce: 'other' }) },
      { claims: (truth) => ({ ...truth, aud: 'other' }) },
      { claims: (truth) => ({ ...truth, iss: 'https://evil.example' }) },
      { claims: (truth) => ({ ...truth, exp: 1 }) },
      {
        sign: async (claims) =>
          new SignJWT(claims)
            .setProtectedHeader({ alg: 'ES256', kid: idp.kid })
            .sign((await generateKeyPair('ES256')).privateKey),
      },
      { parameters: (all) => all.delete('id_token') },
    ];
    for (const lie of lies) {
      const { error } = await attemptWith(lie);
      expect(error?.code, JSON.stringify(error?.message)).toMatch(/^CS-AUTH-(ID-TOKEN|CLOCK|ISSUER)$/);
    }
    async function attemptWith(lie: FrontLie): Promise<Attempt> {
      idp.reset();
      idp.script.metadata = withIdToken;
      return signIn(lie, { definition: { scope: 'openid orders.read' } });
    }
  });

  it('signs in at the playground', async () => {
    const { info } = playground;
    const fetch = createHttpsFetch(readFileSync(info.ca, 'utf8'));
    let visit: RelayVisit | undefined;
    const { broker } = createBench({
      fetch,
      browse: async (url) => {
        visit = await visitWithFragment(await signInByForms(url, info.user));
      },
    });
    const credential = toCredential({
      grant: 'implicit',
      issuer: info.issuer,
      client_id: info.clients.legacy.client_id,
      scope: 'openid orders.read',
      resource: info.api,
    });
    const session = await broker.acquire(credential, { interactive: true });
    const headers = { authorization: `Bearer ${session.accessToken.reveal()}` };
    const answer = await fetch(`${info.api}/orders`, { method: 'GET', headers, redirect: 'manual' });
    expect(answer.status).toBe(200);
    expect(visit?.deeds.at(-1)).toBe('replace /done');
  });
});
