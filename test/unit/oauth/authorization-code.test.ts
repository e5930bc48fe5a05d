import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { ScriptedIdp } from '../../support/scripted-idp.ts';
import { attemptSignIn } from '../../support/sign-in-attempt.ts';

let idp: ScriptedIdp;
beforeAll(async () => {
  idp = await ScriptedIdp.start();
});
afterEach(() => idp.reset());
afterAll(() => idp.stop());

describe('authorization_code', () => {
  it('signs in, names the person, stores before it hands out', async () => {
    const { session, bench, page, trace } = await attemptSignIn(idp);
    expect(session?.identity).toEqual({ issuer: idp.issuer, subject: 'ada', label: 'Ada Lovelace', verified: true });
    expect(bench.sessions.entries.get('orders')).toBe(session);
    expect(page?.path.map((one) => new URL(one).pathname)).toEqual(['/cb', '/done']);
    expect(page?.text).toContain('Signed in');
    expect(trace?.outcome).toBe('ok');
    expect(trace?.steps.map((step) => `${step.id} ${step.outcome}`)).toEqual([
      'definition ok',
      'discovery ok',
      'client-authentication ok',
      'authorization-request ok',
      'redirect ok',
      'token ok',
      'id-token ok',
      'userinfo ok',
      'store ok',
    ]);
  });

  it('keeps every secret out of the trace', async () => {
    const { session, bench, trace } = await attemptSignIn(idp);
    const text = JSON.stringify(trace);
    expect(bench.seen.size).toBeGreaterThanOrEqual(5);
    for (const secret of [session?.accessToken, session?.refreshToken, session?.idToken]) {
      expect(text).not.toContain(secret?.reveal());
    }
    for (const secret of bench.seen) expect(text).not.toContain(secret);
    expect(text).toContain('grant_type=authorization_code');
    expect(text).toContain('code_verifier=••••');
  });

  it('sends every parameter once, with S256 and a state of its own', async () => {
    const { bench } = await attemptSignIn(idp, {
      definition: {
        resource: ['https://a.example', 'https://b.example'],
        login_hint: 'ada',
        authorize_parameters: { ui_locales: 'en', state: 'mine', client_id: 'other' },
      },
    });
    const asked = new URL(bench.opened[0] ?? '').searchParams;
    expect([...asked.keys()].filter((name) => name !== 'resource').sort()).toEqual(
      [
        'client_id',
        'code_challenge',
        'code_challenge_method',
        'login_hint',
        'nonce',
        'redirect_uri',
        'response_type',
        'scope',
        'state',
        'ui_locales',
      ].sort(),
    );
    expect(asked.getAll('resource')).toEqual(['https://a.example', 'https://b.example']);
    expect(asked.get('client_id')).toBe('cli');
    expect(asked.get('state')).toHaveLength(43);
    expect(asked.get('code_challenge_method')).toBe('S256');
    expect(bench.opened[0]).not.toContain('+');
  });

  it('sends the same redirect_uri in both legs, byte for byte', async () => {
    const { bench, session } = await attemptSignIn(idp, { definition: { redirect_path: 'Back/Here' } });
    const sent = new URL(bench.opened[0] ?? '').searchParams.get('redirect_uri');
    expect(sent).toMatch(/^http:\/\/127\.0\.0\.1:\d+\/Back\/Here$/);
    expect(idp.hitsOn('/token')[0]?.form.get('redirect_uri')).toBe(sent);
    expect(session).toBeDefined();
  });

  it('works with a redirect that has a query of its own, by a handler of addresses', async () => {
    const { session } = await attemptSignIn(idp, {
      definition: { redirect: 'uri_handler' },
      ports: { uriHandler: { redirectUri: async () => 'vscode://Pub.ext/cb?windowId=3' } },
      browse: async (url, bench) => {
        expect(await bench.broker.deliverRedirect(idp.authorize(url))).toBe(true);
        return undefined;
      },
    });
    expect(session).toBeDefined();
    expect(idp.hitsOn('/token')[0]?.form.get('redirect_uri')).toBe('vscode://Pub.ext/cb?windowId=3');
  });

  it('takes a pasted address, and turns away what belongs to no sign-in', async () => {
    const { session } = await attemptSignIn(idp, {
      definition: { redirect: 'paste' },
      browse: async (url, bench) => {
        await new Promise((resolve) => setImmediate(resolve));
        const paste = bench.waiting[0]?.paste;
        expect(await paste?.('https://elsewhere.example/?code=1&state=2')).toBe(false);
        expect(await paste?.('')).toBe(false);
        expect(await paste?.(idp.authorize(url))).toBe(true);
        return undefined;
      },
    });
    expect(session).toBeDefined();
  });

  it('takes a pasted code alone, and says what that is worth', async () => {
    const { session, trace } = await attemptSignIn(idp, {
      definition: { redirect: 'paste' },
      browse: async (url, bench) => {
        await new Promise((resolve) => setImmediate(resolve));
        const code = new URL(idp.authorize(url)).searchParams.get('code') ?? '';
        expect(await bench.waiting[0]?.paste(` ${code}\n`)).toBe(true);
        return undefined;
      },
    });
    expect(session).toBeDefined();
    expect(trace?.steps.find((step) => step.id === 'redirect')).toMatchObject({ outcome: 'warning' });
  });

  it('joins a sign-in that is under way', async () => {
    let browsed = 0;
    const attempt = await attemptSignIn(idp, {
      browse: async (url, bench) => {
        browsed += 1;
        const { followRedirect } = await import('../../support/loopback-browser.ts');
        const { toCredential } = await import('../../support/broker-bench.ts');
        const same = toCredential({ issuer: idp.issuer, scope: 'openid orders.read' });
        const joined = bench.broker.acquire(same, { interactive: true });
        const page = await followRedirect(idp.authorize(url));
        expect((await joined).accessToken).toBe(bench.sessions.entries.get('orders')?.accessToken);
        return page;
      },
    });
    expect(attempt.session).toBeDefined();
    expect(browsed).toBe(1);
    expect(attempt.tokenRequests).toBe(1);
  });

  it('works with endpoints alone, and then believes no ID token', async () => {
    const { session } = await attemptSignIn(idp, {
      definition: {
        issuer: undefined as unknown as string,
        authorization_endpoint: `${idp.issuer}/authorize`,
        token_endpoint: `${idp.issuer}/token`,
      },
    });
    expect(session?.idToken).toBeUndefined();
    expect(session?.identity?.verified).toBe(false);
    expect(idp.hitsOn('/.well-known/openid-configuration')).toHaveLength(0);
  });
});
