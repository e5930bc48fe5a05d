/** H01–H10, H28: an identity provider, or a page, that lies on the way through the browser. */
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { followRedirect, visit } from '../support/loopback-browser.ts';
import { ScriptedIdp } from '../support/scripted-idp.ts';
import { attemptSignIn } from '../support/sign-in-attempt.ts';

let idp: ScriptedIdp;
beforeAll(async () => {
  idp = await ScriptedIdp.start();
});
afterEach(() => idp.reset());
afterAll(() => idp.stop());

/** The redirect the provider gives, its parameters changed. */
async function check(change: (parameters: URLSearchParams) => void, expected: string): Promise<void> {
  idp.script = { redirect: change };
  const { code, tokenRequests, page, bench } = await attemptSignIn(idp);
  expect(code).toBe(expected);
  expect(tokenRequests).toBe(0);
  expect(page?.text).toContain('Not signed in');
  expect(bench.sessions.entries.size).toBe(0);
}

/** Requests that must not disturb a sign-in under way; it is finished honestly afterwards. */
async function checkGoesOn(disturb: (honest: URL) => Promise<number>, status: number): Promise<void> {
  const { session, tokenRequests } = await attemptSignIn(idp, {
    browse: async (url) => {
      const honest = new URL(idp.authorize(url));
      expect(await disturb(new URL(honest))).toBe(status);
      return followRedirect(honest.href);
    },
  });
  expect(session).toBeDefined();
  expect(tokenRequests).toBe(1);
}

const statusOf = async (url: URL): Promise<number> => (await visit(url.href)).status;

describe('front channel', () => {
  it('H01 refuses a redirect that another issuer sent', () =>
    check((p) => p.set('iss', 'https://honest.example'), 'CS-AUTH-ISSUER'));
  it('H02 refuses iss with a trailing slash', () => check((p) => p.set('iss', `${idp.issuer}/`), 'CS-AUTH-ISSUER'));
  it('H02 refuses iss twice', () => check((p) => p.append('iss', idp.issuer), 'CS-AUTH-ISSUER'));
  it('H03 refuses a redirect without the iss that was promised', () => check((p) => p.delete('iss'), 'CS-AUTH-ISSUER'));

  it('H04 turns a wrong state away and goes on', () =>
    checkGoesOn((url) => (url.searchParams.set('state', 'guess'), statusOf(url)), 400));
  it('H04 turns a missing state away and goes on', () =>
    checkGoesOn((url) => (url.searchParams.delete('state'), statusOf(url)), 400));
  it('H04 turns a doubled state away and goes on', () =>
    checkGoesOn((url) => (url.searchParams.append('state', url.searchParams.get('state') ?? ''), statusOf(url)), 400));

  it('H05 exchanges a code once, however often it comes', async () => {
    const { session, tokenRequests } = await attemptSignIn(idp, {
      browse: async (url) => {
        const redirect = idp.authorize(url);
        const [first, second] = await Promise.all([followRedirect(redirect), visit(redirect)]);
        expect([first.status, second.status].sort()).toEqual([200, 400]);
        return first;
      },
    });
    expect(session).toBeDefined();
    expect(tokenRequests).toBe(1);
  });

  it('H06 ignores a redirect that nobody waits for', async () => {
    const { bench } = await attemptSignIn(idp);
    const before = idp.hits.length;
    expect(await bench.broker.deliverRedirect('vscode://pub.ext/cb?code=evil&state=guess')).toBe(false);
    expect(await bench.broker.deliverRedirect('not a url')).toBe(false);
    expect(idp.hits.length).toBe(before);
  });

  it('H07 ends with the error that has the right state', () =>
    check((p) => {
      p.delete('code');
      p.set('error', 'access_denied');
    }, 'CS-AUTH-DENIED'));
  it('H07 goes on after an error with the wrong state', () =>
    checkGoesOn((url) => {
      url.search = '?error=access_denied&state=guess';
      return statusOf(url);
    }, 400));

  it('H08 makes the text of an error inert', async () => {
    const hostile = [
      '<img src=x onerror=alert(1)>',
      '[click](command:workbench.action.quit)',
      '\u202egnp.exe',
      '\r\nSet-Cookie: a=b',
      'x'.repeat(2000),
    ].join(' ');
    idp.script = {
      redirect: (p) => {
        p.delete('code');
        p.set('error', 'access_denied');
        p.set('error_description', hostile);
        p.set('error_uri', 'javascript:alert(1)');
      },
    };
    const { error, page } = await attemptSignIn(idp);
    const text = String(error?.facts['serverText']);
    expect(text.length).toBeLessThanOrEqual(500);
    expect(text).not.toMatch(/[\u0000-\u001f\u202a-\u202e]|\]\(/);
    expect(`${error?.message} ${error?.next}`).not.toMatch(/img|command:/);
    expect(page?.text).not.toMatch(/onerror|command:|access_denied/);
    expect(page?.headers['set-cookie']).toBeUndefined();
    expect(page?.url).not.toContain('?');
  });

  it('H09 refuses a provider that offers only plain PKCE', async () => {
    idp.script = { metadata: (truth) => ({ ...truth, code_challenge_methods_supported: ['plain'] }) };
    const { code, bench } = await attemptSignIn(idp);
    expect(code).toBe('CS-AUTH-PKCE');
    expect(bench.opened).toEqual([]);
  });

  it('H10 reports a code that was made for another sign-in', async () => {
    const { code, error } = await attemptSignIn(idp, {
      browse: async (url) => {
        const other = new URL(url);
        other.searchParams.set('code_challenge', 'A'.repeat(43));
        return followRedirect(idp.authorize(other.href));
      },
    });
    expect(code).toBe('CS-AUTH-CODE');
    expect(error?.facts['error']).toBe('invalid_grant');
  });

  const endpoints: Record<string, string> = {
    'a preset client_id': '/authorize?client_id=evil',
    'a preset redirect_uri': '/authorize?redirect_uri=https%3A%2F%2Fevil.example',
    'a preset state': '/authorize?STATE=x',
    'a fragment': '/authorize#x',
  };
  for (const [what, path] of Object.entries(endpoints)) {
    it(`H28 refuses an authorization endpoint with ${what}`, async () => {
      idp.script = { metadata: (truth) => ({ ...truth, authorization_endpoint: idp.issuer + path }) };
      const { code, bench } = await attemptSignIn(idp);
      expect(code).toBe('CS-AUTH-ENDPOINT');
      expect(bench.opened).toEqual([]);
    });
  }
  it('H28 refuses an authorization endpoint with userinfo', async () => {
    idp.script = { metadata: (truth) => ({ ...truth, authorization_endpoint: 'https://good.example@evil.example/' }) };
    expect((await attemptSignIn(idp)).code).toBe('CS-AUTH-ENDPOINT');
  });
});
