/** L01, L02, L04, L05, H04, H05 for answers in a fragment or a posted form: who finds the relay page, and who posts. */
import { request } from 'node:http';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { redirectByFragment } from '../support/front-channel-idp.ts';
import { visit } from '../support/loopback-browser.ts';
import { post, visitWithFragment } from '../support/relay-browser.ts';
import { ScriptedIdp } from '../support/scripted-idp.ts';
import { attemptSignIn, type Attempt } from '../support/sign-in-attempt.ts';

let idp: ScriptedIdp;
beforeAll(async () => {
  idp = await ScriptedIdp.start();
});
afterEach(() => idp.reset());
afterAll(() => idp.stop());

interface Scene {
  /** The listener's own address. */
  readonly redirectUri: string;
  readonly origin: string;
  /** The honest answer. */
  readonly answer: string;
  /** The token of a relay page that was just loaded. */
  relay(): Promise<string>;
}

const script = /'x-countersign-relay': '([\w-]+)'/;

/** Something happens to the listener, then the honest redirect comes; the sign-in has to work. */
async function checkSurvives(attack: (scene: Scene) => Promise<void>): Promise<Attempt> {
  idp.reset();
  const attempt = await attemptSignIn(idp, {
    definition: { grant: 'implicit', scope: 'orders.read' },
    browse: async (url) => {
      const honest = await redirectByFragment(idp, url);
      const [redirectUri = '', answer = ''] = honest.split('#');
      const relay = async (): Promise<string> => script.exec((await visit(redirectUri)).text)?.[1] ?? '';
      await attack({ redirectUri, answer, origin: new URL(redirectUri).origin, relay });
      return (await visitWithFragment(honest)).last;
    },
  });
  expect(attempt.error).toBeUndefined();
  expect(attempt.page?.text).toContain('Signed in');
  return attempt;
}

function checkPost(
  headers: (scene: Scene, relay: string) => Record<string, string>,
  status: number,
  body?: string,
): Promise<Attempt> {
  return checkSurvives(async (scene) => {
    const answer = await post(scene.redirectUri, body ?? scene.answer, headers(scene, await scene.relay()));
    expect([answer.status, answer.text]).toEqual([status, '']);
  });
}

describe('fragment relay', () => {
  it('L01 serves no page to another host', () =>
    checkSurvives(async ({ redirectUri }) => {
      for (const host of ['evil.example', 'localhost', '127.0.0.1:1']) {
        expect((await visit(redirectUri, { headers: { host } })).status).toBe(403);
      }
    }));
  it('L01 takes no post for another host', () =>
    checkPost(({ origin }, relay) => ({ host: 'evil.example', origin, 'x-countersign-relay': relay }), 403));
  it('L02 takes no post of another origin, or of none', async () => {
    for (const origin of ['https://evil.example', 'null', 'http://127.0.0.1:1', undefined]) {
      await checkPost(
        (_, relay) => ({ ...(origin === undefined ? {} : { origin }), 'x-countersign-relay': relay }),
        403,
      );
    }
  });
  it('L02 takes no post that a browser calls cross-site', () =>
    checkPost(({ origin }, relay) => ({ origin, 'sec-fetch-site': 'cross-site', 'x-countersign-relay': relay }), 403));
  it('L02 takes no post of a page that it did not serve', async () => {
    await checkPost(({ origin }) => ({ origin }), 403);
    await checkPost(({ origin }) => ({ origin, 'x-countersign-relay': 'guessed' }), 403);
  });
  it('L02 answers no preflight', () =>
    checkSurvives(async ({ redirectUri }) => {
      const headers = { origin: 'https://evil.example', 'access-control-request-method': 'POST' };
      const page = await visit(redirectUri, { method: 'OPTIONS', headers });
      expect(page.status).toBe(403);
      expect(page.headers['access-control-allow-origin']).toBeUndefined();
    }));
  it('L02 serves no page into a frame, an image or a fetch', () =>
    checkSurvives(async ({ redirectUri }) => {
      for (const headers of [
        { 'sec-fetch-mode': 'navigate', 'sec-fetch-dest': 'iframe' },
        { 'sec-fetch-mode': 'no-cors', 'sec-fetch-dest': 'image' },
        { 'sec-fetch-mode': 'cors', 'sec-fetch-dest': 'empty' },
      ]) {
        expect((await visit(redirectUri, { headers })).status).toBe(403);
      }
    }));
  it('L02 runs its own script alone, and says nothing of the sign-in', () =>
    checkSurvives(async ({ redirectUri }) => {
      const page = await visit(redirectUri);
      const policy = String(page.headers['content-security-policy']);
      const nonce = /script-src 'nonce-([\w-]+)'/.exec(policy)?.[1];
      expect(policy).toMatch(/^default-src 'none'; script-src 'nonce-[\w-]+'; connect-src 'self'; style-src 'nonce-/);
      expect(policy).toContain("form-action 'none'; frame-ancestors 'none'");
      expect(page.text.match(/<script/g)).toHaveLength(1);
      expect(page.text).toContain(`<script nonce="${nonce}">`);
      expect(page.text).not.toMatch(/orders|https?:|\son\w+=/);
      expect(page.headers['cache-control']).toBe('no-store');
      expect(page.headers['referrer-policy']).toBe('no-referrer');
      expect(page.text.indexOf('history.replaceState')).toBeLessThan(page.text.indexOf('fetch('));
    }));
  it('L04 takes no other kind of body, and none without end', async () => {
    const allowed = ({ origin }: Scene, relay: string) => ({ origin, 'x-countersign-relay': relay });
    await checkPost((scene, relay) => ({ ...allowed(scene, relay), 'content-type': 'application/json' }), 413);
    await checkSurvives(async (scene) => {
      const headers = { ...allowed(scene, await scene.relay()), 'content-type': 'application/x-www-form-urlencoded' };
      const ended = await new Promise<number | string>((resolve) => {
        const asked = request(scene.redirectUri, { method: 'POST', agent: false, headers }, (response) => {
          resolve(response.statusCode ?? 0);
          response.resume();
        });
        asked.on('error', (error: NodeJS.ErrnoException) => resolve(error.code ?? ''));
        const write = (): void => {
          while (!asked.destroyed && asked.write('x'.repeat(65_536)));
          asked.once('drain', write);
        };
        write();
      });
      expect([413, 'ECONNRESET', 'EPIPE']).toContain(ended);
    });
  });
  it('L04 keeps few relay pages', () =>
    checkSurvives(async (scene) => {
      const first = await scene.relay();
      for (let turn = 0; turn < 40; turn += 1) await scene.relay();
      const late = await post(scene.redirectUri, scene.answer, { origin: scene.origin, 'x-countersign-relay': first });
      expect(late.status).toBe(403);
    }));
  it('H04 goes on after an answer of another flow, or of none', () =>
    checkSurvives(async (scene) => {
      for (const body of [
        'access_token=evil&token_type=bearer&state=guess',
        'access_token=evil&token_type=bearer',
        'error=access_denied&state=guess',
        `access_token=evil&token_type=bearer&${/state=[^&]+/.exec(scene.answer)?.[0]}&state=guess`,
        '',
      ]) {
        const headers = { origin: scene.origin, 'x-countersign-relay': await scene.relay() };
        expect((await post(scene.redirectUri, body, headers)).status).toBe(400);
      }
      expect((await visit(`${scene.redirectUri}?error=access_denied&state=guess`)).status).toBe(400);
    }));
  it('H05 takes an answer once', async () => {
    idp.reset();
    const statuses: number[] = [];
    const attempt = await attemptSignIn(idp, {
      definition: { grant: 'implicit', scope: 'orders.read' },
      browse: async (url) => {
        const [redirectUri = '', answer = ''] = (await redirectByFragment(idp, url)).split('#');
        const { origin } = new URL(redirectUri);
        const relays = [];
        for (let turn = 0; turn < 5; turn += 1) relays.push(script.exec((await visit(redirectUri)).text)?.[1] ?? '');
        const all = relays.map((relay) => post(redirectUri, answer, { origin, 'x-countersign-relay': relay }));
        statuses.push(...(await Promise.all(all)).map(({ status }) => status));
        return visit(`${origin}/done`);
      },
    });
    expect(attempt.session).toBeDefined();
    expect(statuses.sort()).toEqual([204, 400, 400, 400, 400]);
  });
  it('takes no token out of a query, which the browser and its history have seen', async () => {
    const { code, error, session } = await attemptSignIn(idp, {
      definition: { grant: 'implicit', scope: 'orders.read' },
      browse: async (url) => visit((await redirectByFragment(idp, url)).replace('#', '?')),
    });
    expect(session).toBeUndefined();
    expect(code).toBe('CS-AUTH-REFUSED');
    expect(error?.message).toContain('in its query');
  });
  it('a code flow takes no answer out of a fragment, and serves no page for one', async () => {
    const { session } = await attemptSignIn(idp, {
      browse: async (url, bench) => {
        const honest = idp.authorize(url);
        expect((await visit(honest.replace(/\?.*/, ''))).text).not.toContain('<script');
        expect(await bench.broker.deliverRedirect(honest.replace('?', '#'))).toBe(false);
        expect((await post(honest.replace(/\?.*/, ''), honest.split('?')[1] ?? '')).status).toBe(405);
        return visit(honest);
      },
    });
    expect(session).toBeDefined();
  });
  it('L05 takes an address of its own application only with the state', async () => {
    const { session } = await attemptSignIn(idp, {
      definition: { grant: 'implicit', scope: 'orders.read', redirect: 'uri_handler' },
      ports: { uriHandler: { redirectUri: async () => 'vscode://countersign.countersign/cb' } },
      browse: async (url, bench) => {
        const honest = await redirectByFragment(idp, url);
        const own = 'vscode://countersign.countersign/cb';
        expect(await bench.broker.deliverRedirect(`${own}#access_token=evil&token_type=bearer&state=guess`)).toBe(
          false,
        );
        expect(await bench.broker.deliverRedirect(honest)).toBe(true);
        return undefined;
      },
    });
    expect(session).toBeDefined();
  });
});

describe('posted form', () => {
  const headers = { 'sec-fetch-mode': 'navigate', 'sec-fetch-dest': 'document', 'sec-fetch-site': 'cross-site' };
  async function checkForm(attack: (redirectUri: string, answer: string) => Promise<void>): Promise<void> {
    idp.reset();
    const { session, tokenRequests } = await attemptSignIn(idp, {
      definition: { response_mode: 'form_post' },
      browse: async (url) => {
        const [redirectUri = '', answer = ''] = idp.authorize(url).split('?');
        await attack(redirectUri, answer);
        const origin = new URL(idp.issuer).origin;
        expect((await post(redirectUri, answer, { ...headers, origin })).status).toBe(303);
        return visit(`${new URL(redirectUri).origin}/done`);
      },
    });
    expect(session).toBeDefined();
    expect(tokenRequests).toBe(1);
  }

  it('L01 L02 is taken of no other host, origin, frame or fetch', () =>
    checkForm(async (redirectUri, answer) => {
      for (const wrong of [
        { host: 'evil.example' },
        { origin: 'https://evil.example' },
        { origin: new URL(redirectUri).origin.replace('127.0.0.1', 'localhost') },
        { 'sec-fetch-dest': 'iframe' },
        { 'sec-fetch-mode': 'cors', 'sec-fetch-dest': 'empty' },
      ]) {
        const origin = new URL(idp.issuer).origin;
        expect((await post(redirectUri, answer, { ...headers, origin, ...wrong })).status).toBe(403);
      }
    }));
  it('H04 is taken with its state alone', () =>
    checkForm(async (redirectUri, answer) => {
      for (const body of ['code=evil&state=guess', 'code=evil', 'error=access_denied', `${answer}&state=guess`]) {
        expect((await post(redirectUri, body, headers)).status).toBe(400);
      }
    }));
  it('L04 is of its kind, and ends', () =>
    checkForm(async (redirectUri, answer) => {
      expect((await post(redirectUri, answer, { ...headers, 'content-type': 'text/plain' })).status).toBe(413);
      expect((await post(`${redirectUri}?x=1`, answer, headers)).status).toBe(405);
      const long = await post(redirectUri, 'x'.repeat(200_000), headers).catch(() => ({ status: 413 }));
      expect(long.status).toBe(413);
    }));
});
