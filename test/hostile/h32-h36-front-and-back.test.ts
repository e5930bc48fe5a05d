/**
 * H27, H32–H36, R05 for the ways in that are not a plain code: hybrid, signed answers, implicit, approval elsewhere, a
 * SAML assertion. And whatever a fragment or a signed answer may hold (fuzz).
 */
import { decodeJwt } from 'jose';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import type { OAuth2Definition } from '../../src/credentials/types.ts';
import { PendingFlows } from '../../src/oauth/pending-flows.ts';
import { cibaGrant, scriptBackchannel } from '../support/backchannel-script.ts';
import { createBench, toCredential } from '../support/broker-bench.ts';
import { redirectByFragment } from '../support/front-channel-idp.ts';
import { createHttpsFetch } from '../support/https-fetch.ts';
import { makeEcKey } from '../support/keys.ts';
import { visitWithFragment } from '../support/relay-browser.ts';
import { json, ScriptedIdp } from '../support/scripted-idp.ts';
import { attemptSignIn } from '../support/sign-in-attempt.ts';

let idp: ScriptedIdp;
let other: ScriptedIdp;
beforeAll(async () => {
  idp = await ScriptedIdp.start();
  other = await ScriptedIdp.start();
});
afterEach(() => {
  idp.reset();
  other.reset();
});
afterAll(async () => {
  await idp.stop();
  await other.stop();
});

const implicit: Partial<OAuth2Definition> = { grant: 'implicit', scope: 'orders.read' };
const byFragment = async (url: string) => (await visitWithFragment(await redirectByFragment(idp, url))).last;

describe('H32 a pushed request', () => {
  const shapes: Partial<OAuth2Definition>[] = [{ response_type: 'code id_token' }, { response_mode: 'jwt' }];
  for (const shape of shapes) {
    it(`keeps ${JSON.stringify(shape)} out of the browser`, async () => {
      idp.script = {
        metadata: (truth) => ({ ...truth, pushed_authorization_request_endpoint: `${idp.issuer}/par` }),
        routes: {
          '/par': (_hit, response) => json(response, 201, { request_uri: 'urn:example:1', expires_in: 60 }),
        },
      };
      const cancel = new AbortController();
      const bench = createBench({ fetch: idp.fetch, browse: () => cancel.abort() });
      const credential = toCredential({ issuer: idp.issuer, scope: 'openid', ...shape });
      await bench.broker.acquire(credential, { interactive: true, signal: cancel.signal }).catch(() => undefined);
      expect([...new URL(bench.opened[0] ?? '').searchParams.keys()].sort()).toEqual(['client_id', 'request_uri']);
      const pushed = idp.hitsOn('/par')[0]?.form;
      for (const [name, value] of Object.entries(shape)) expect(pushed?.get(name)).toBe(value);
    });
  }
  it('is not sent on by a redirect of its endpoint', async () => {
    idp.script = {
      metadata: (truth) => ({ ...truth, pushed_authorization_request_endpoint: `${idp.issuer}/par` }),
      routes: { '/par': (_hit, response) => void response.writeHead(307, { location: `${other.issuer}/par` }).end() },
    };
    const { session, bench } = await attemptSignIn(idp, {
      definition: { response_type: 'code id_token', require_pushed_authorization_requests: true },
    });
    expect([session, bench.opened, other.hits]).toEqual([undefined, [], []]);
  });
});

describe('H33 tokens bound to a key', () => {
  it('are given for an approval elsewhere, with one nonce for each poll and no more', async () => {
    scriptBackchannel(idp, {}, ['token']);
    const proofs: string[] = [];
    const truth = idp.script.routes?.['/token'];
    idp.script.routes = {
      ...idp.script.routes,
      '/token': async (hit, response, own) => {
        proofs.push(hit.headers['dpop'] as string);
        response.setHeader('dpop-nonce', `n${proofs.length}`);
        if (proofs.length < 2) return json(response, 400, { error: 'use_dpop_nonce' });
        const end = response.end.bind(response);
        response.end = ((text: string) => end(text.replace('"Bearer"', '"DPoP"'))) as never;
        return truth?.(hit, response, own);
      },
    };
    const { session } = await attemptSignIn(idp, {
      definition: { ...cibaGrant, dpop_bound_access_tokens: true },
      ports: { secret: 'plainsecret', delay: async () => undefined },
    });
    expect([session?.tokenType, proofs.length]).toEqual(['DPoP', 2]);
    expect(session?.dpopKey).toBeDefined();
    expect(decodeJwt(proofs[1] ?? '')['nonce']).toBe('n1');
  });
  it('end after one nonce when the provider asks for ever', async () => {
    scriptBackchannel(idp, {}, ['token']);
    let asked = 0;
    idp.script.routes = {
      ...idp.script.routes,
      '/token': (_hit, response) => {
        asked += 1;
        json(response, 400, { error: 'use_dpop_nonce' }, { 'dpop-nonce': `n${asked}` });
      },
    };
    const { session } = await attemptSignIn(idp, {
      definition: { ...cibaGrant, dpop_bound_access_tokens: true },
      ports: { secret: 'plainsecret', delay: async () => undefined },
    });
    expect([session, asked]).toEqual([undefined, 2]);
  });
  it('are not claimed for a token that came through the browser', async () => {
    const { session, trace } = await attemptSignIn(idp, {
      definition: { ...implicit, dpop_bound_access_tokens: true },
      browse: byFragment,
    });
    expect([session?.tokenType, session?.dpopKey]).toEqual(['Bearer', undefined]);
    expect(trace?.steps.find(({ id }) => id === 'fragment-token')?.outcome).toBe('warning');
  });
});

describe('H34 an assertion of the client', () => {
  it('is worth nothing at an honest provider that a hostile one names as its token endpoint', async () => {
    const key = makeEcKey();
    idp.script.metadata = (truth) => ({
      ...truth,
      token_endpoint: `${other.issuer}/token`,
      backchannel_authentication_endpoint: `${other.issuer}/backchannel`,
      token_endpoint_auth_methods_supported: ['private_key_jwt'],
    });
    const seen: string[] = [];
    const keep: NonNullable<ScriptedIdp['script']['routes']>[string] = (hit, response) => {
      seen.push(hit.form.get('client_assertion') ?? '');
      json(response, 401, { error: 'invalid_client' });
    };
    other.script.routes = { '/token': keep, '/backchannel': keep };
    const fetch = createHttpsFetch(`${idp.ca}\n${other.ca}`);
    for (const definition of [
      cibaGrant,
      { grant: 'client_credentials' },
      { grant: 'urn:ietf:params:oauth:grant-type:saml2-bearer' },
    ]) {
      const bench = createBench({ fetch, slots: { private_key: key.jwk, assertion: '<Assertion/>' } });
      const credential = toCredential({
        issuer: idp.issuer,
        token_endpoint_auth_method: 'private_key_jwt',
        ...definition,
      });
      await expect(bench.broker.acquire(credential, { interactive: true })).rejects.toMatchObject({
        code: 'CS-AUTH-CLIENT',
      });
    }
    expect(seen).toHaveLength(3);
    for (const assertion of seen) expect(decodeJwt(assertion).aud).toBe(idp.issuer);
  });
});

describe('H27 an endpoint that moves', () => {
  it('gets no request for approval before a person agrees', async () => {
    const fetch = createHttpsFetch(`${idp.ca}\n${other.ca}`);
    scriptBackchannel(idp, {}, ['token']);
    const bench = createBench({ fetch, secret: 'plainsecret', delay: async () => undefined });
    const credential = toCredential({ issuer: idp.issuer, ...cibaGrant });
    await bench.broker.acquire(credential, { interactive: true });
    idp.script.metadata = (truth) => ({
      ...truth,
      backchannel_authentication_endpoint: `${other.issuer}/backchannel`,
    });
    const later = createBench({ fetch, secret: 'plainsecret', pins: bench.pins, delay: async () => undefined });
    await expect(later.broker.acquire(credential, { interactive: true })).rejects.toMatchObject({
      code: 'CS-BIND-APPROVAL',
    });
    expect(other.hits).toEqual([]);
  });
});

describe('H35 a stronger sign-in', () => {
  it('has to bring what was asked for, in a hybrid answer as well, and is asked for once', async () => {
    const bench = createBench({ fetch: idp.fetch, browse: byFragment });
    const credential = toCredential({ issuer: idp.issuer, scope: 'openid', response_type: 'code id_token' });
    await expect(bench.broker.signIn(credential, { acrValues: 'gold' })).rejects.toMatchObject({
      code: 'CS-AUTH-STEP-UP',
    });
    expect(bench.opened).toHaveLength(1);
    expect(bench.sessions.entries.size).toBe(0);
  });
});

describe('H36 the end of a session', () => {
  it('that came through the browser: its token is revoked, and forgotten whatever is answered', async () => {
    for (const status of [200, 503]) {
      idp.reset();
      idp.script = {
        metadata: ({ token_endpoint: _gone, ...truth }) => truth,
        routes: { '/revoke': (_hit, response) => void response.writeHead(status).end() },
      };
      const { session, bench } = await attemptSignIn(idp, { definition: implicit, browse: byFragment });
      const credential = toCredential({ issuer: idp.issuer, ...implicit });
      expect((await bench.broker.signOut(credential)).revoked).toBe(status === 200);
      expect(idp.hitsOn('/revoke')[0]?.form.get('token')).toBe(session?.accessToken.reveal());
      expect(bench.sessions.entries.size).toBe(0);
    }
  });
});

describe('R05 a browser that does not open', () => {
  const doors: Record<string, () => Promise<boolean>> = {
    refuses: () => Promise.resolve(false),
    fails: () => Promise.reject(new Error('no browser')),
    'says nothing': () => new Promise(() => undefined),
  };
  for (const [name, open] of Object.entries(doors)) {
    it(`${name}: a pasted answer is taken, of a fragment as of a hybrid one`, async () => {
      for (const definition of [implicit, { scope: 'openid', response_type: 'code id_token' }]) {
        const bench = createBench({ fetch: idp.fetch, browser: { open } });
        const credential = toCredential({ issuer: idp.issuer, ...definition });
        const session = bench.broker.acquire(credential, { interactive: true });
        while (bench.waiting.length === 0) await new Promise((resolve) => setTimeout(resolve, 5));
        const { url = '', paste } = bench.waiting[0] ?? {};
        const answer = await redirectByFragment(idp, url);
        expect(await paste?.(answer.replace(/state=[^&]+/, 'state=guess'))).toBe(false);
        expect(await paste?.(answer)).toBe(true);
        expect((await session).accessToken).toBeDefined();
      }
    });
  }
});

describe('whatever comes back', () => {
  it('takes no flow with it (fuzz)', async () => {
    const flows = new PendingFlows({ now: () => 0 });
    const redirectUri = 'http://127.0.0.1:4711/cb';
    let taken = 0;
    for (const place of ['query', 'fragment', 'form_post'] as const) {
      flows.add({ state: `state-of-${place}`, credential: 'orders', redirectUri, place }, () => {
        taken += 1;
        return Promise.resolve('signed-in');
      });
    }
    let seed = 51;
    const random = (below: number): number => (seed = (seed * 1103515245 + 12345) % 2147483648) % below;
    const signed = (payload: string): string => `e30.${Buffer.from(payload).toString('base64url')}.x`;
    const words = [
      'state',
      'code',
      'response',
      'access_token',
      'error',
      'iss',
      '=',
      '&',
      '#',
      '?',
      '%',
      '%00',
      '\u202e',
      '[',
      '+',
    ]
      .concat([
        signed('{"state":["state-of-query"]}'),
        signed('{"state":{}}'),
        signed('null'),
        signed('{'),
        '..',
        'state-of-none',
      ])
      .concat([
        redirectUri,
        `${redirectUri}/`,
        'http://127.0.0.1:4712/cb',
        'vscode://a.b/cb',
        'javascript:',
        '\r\n',
        'x'.repeat(200_000),
      ]);
    for (let turn = 0; turn < 10_000; turn += 1) {
      const text = Array.from({ length: 1 + random(8) }, () => words[random(words.length)]).join('');
      const start = random(2) === 0 ? redirectUri : '';
      expect(await flows.deliver(start + text)).toBe('unknown');
      expect(await flows.deliverPasted(text, 'state-of-none')).toBe('unknown');
    }
    expect([taken, flows.size]).toEqual([0, 3]);
    expect(await flows.deliver(`${redirectUri}#state=state-of-query&code=1`)).toBe('unknown');
    expect(await flows.deliver(`${redirectUri}?a=b#state=state-of-fragment&code=1`)).toBe('unknown');
    expect(await flows.deliver(`${redirectUri}#state=state-of-fragment&code=1`)).toBe('signed-in');
  });
});
