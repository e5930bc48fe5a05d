/**
 * H24, H36, H37 for what is asked about a session on purpose: introspection answers that are not for this client or not
 * from this issuer, claims of another person, and pages that are none.
 */
import { generateKeyPair, SignJWT } from 'jose';
import { afterAll, afterEach, beforeAll, describe, expect, it, vi } from 'vitest';
import type { Introspection } from '../../src/oauth/types.ts';
import { createBench, toCredential, type Bench } from '../support/broker-bench.ts';
import { followRedirect, visit } from '../support/loopback-browser.ts';
import { json, ScriptedIdp } from '../support/scripted-idp.ts';

let idp: ScriptedIdp;
beforeAll(async () => {
  idp = await ScriptedIdp.start();
});
afterEach(() => idp.reset());
afterAll(() => idp.stop());

const credentialOf = () => toCredential({ issuer: idp.issuer, scope: 'openid orders.read' });

/** Signed in; from then on the browser does with an address what it is told, and nothing by itself. */
async function signedIn(
  more: Record<string, unknown>,
  later?: (url: string) => Promise<void>,
  signInMs = 10_000,
): Promise<Bench> {
  idp.script.metadata = (truth) => ({ ...truth, ...more });
  const bench = createBench({
    fetch: idp.fetch,
    limits: { signInMs },
    browse: (url) => (url.includes('/authorize?') ? followRedirect(idp.authorize(url)) : later?.(url)),
  });
  await bench.broker.acquire(credentialOf(), { interactive: true });
  return bench;
}

const jwtType = 'application/token-introspection+jwt';

async function introspect(answer: () => Promise<string>, type = jwtType): Promise<Introspection> {
  const bench = await signedIn({
    introspection_endpoint: `${idp.issuer}/introspect`,
    introspection_signing_alg_values_supported: ['ES256', 'none'],
  });
  const text = await answer();
  idp.script.routes = {
    '/introspect': (_hit, response) => void response.writeHead(200, { 'content-type': type }).end(text),
  };
  return bench.broker.introspect(credentialOf(), {});
}

const claims = () => ({
  iss: idp.issuer,
  aud: 'cli',
  iat: Math.floor(Date.now() / 1000),
  token_introspection: { active: true, sub: 'ada', scope: 'orders.read' },
});

describe('H37 a signed introspection answer', () => {
  it('is asked for where the metadata offers one, and taken when all of it is right', async () => {
    const found = await introspect(() => idp.sign(claims(), { typ: 'token-introspection+jwt' }));
    expect(found).toMatchObject({ token: 'access', signed: true, answer: { active: true, sub: 'ada' } });
    const [hit] = idp.hitsOn('/introspect');
    expect(hit?.headers.accept).toMatch(/^application\/token-introspection\+jwt/);
    expect(hit?.form.get('token_type_hint')).toBe('access_token');
  });

  const typ = { typ: 'token-introspection+jwt' };
  const lies: Record<string, () => Promise<string>> = {
    'of another type': () => idp.sign(claims(), { typ: 'JWT' }),
    'of no type': () => idp.sign(claims()),
    'that is an access token': () => idp.sign(claims(), { typ: 'at+jwt' }),
    'of another issuer': () => idp.sign({ ...claims(), iss: 'https://idp.example.com' }, typ),
    'of no issuer': () => idp.sign({ ...claims(), iss: undefined }, typ),
    'for another client': () => idp.sign({ ...claims(), aud: 'other' }, typ),
    'for nobody': () => idp.sign({ ...claims(), aud: undefined }, typ),
    'without its claim': () => idp.sign({ ...claims(), token_introspection: undefined }, typ),
    'whose active is a word': () => idp.sign({ ...claims(), token_introspection: { active: 'true' } }, typ),
    'of another key': async () => {
      const { privateKey } = await generateKeyPair('ES256');
      return new SignJWT(claims()).setProtectedHeader({ alg: 'ES256', kid: idp.kid, ...typ }).sign(privateKey);
    },
    'without a signature': async () => {
      const part = (value: object): string => Buffer.from(JSON.stringify(value)).toString('base64url');
      return `${part({ alg: 'none', ...typ })}.${part(claims())}.`;
    },
  };
  for (const [name, lie] of Object.entries(lies)) {
    it(`${name} is refused`, async () => {
      await expect(introspect(lie)).rejects.toMatchObject({ code: 'CS-AUTH-INTROSPECTION' });
    });
  }

  it('that calls itself JSON is no answer', async () => {
    const signed = () => idp.sign(claims(), typ);
    await expect(introspect(signed, 'application/json')).rejects.toMatchObject({ code: 'CS-AUTH-INTROSPECTION' });
  });

  it('whose keys nobody publishes is refused, and none is asked for', async () => {
    const bench = await signedIn({
      introspection_endpoint: `${idp.issuer}/introspect`,
      introspection_signing_alg_values_supported: ['ES256'],
      jwks_uri: undefined,
    });
    const signed = await idp.sign(claims(), typ);
    idp.script.routes = {
      '/introspect': (_hit, response) => void response.writeHead(200, { 'content-type': jwtType }).end(signed),
    };
    await expect(bench.broker.introspect(credentialOf(), {})).rejects.toMatchObject({ code: 'CS-AUTH-INTROSPECTION' });
    expect(idp.hitsOn('/introspect')[0]?.headers.accept).toBe('application/json');
  });

  it('replaced by a plain one is shown as not signed, with a warning in the trace', async () => {
    const bench = await signedIn({
      introspection_endpoint: `${idp.issuer}/introspect`,
      introspection_signing_alg_values_supported: ['ES256'],
    });
    idp.script.routes = { '/introspect': (_hit, response) => json(response, 200, { active: true }) };
    expect(await bench.broker.introspect(credentialOf(), { token: 'refresh' })).toMatchObject({ signed: false });
    expect(bench.broker.trace('orders')?.steps.at(-1)).toMatchObject({
      id: 'introspection',
      outcome: 'warning',
      rule: { text: 'RFC 7662, 2' },
    });
    expect(idp.hitsOn('/introspect')[0]?.form.get('token_type_hint')).toBe('refresh_token');
  });
});

describe('an introspection endpoint', () => {
  it('on plain http gets no token', async () => {
    const bench = await signedIn({ introspection_endpoint: 'http://127.0.0.1:9/introspect' });
    await expect(bench.broker.introspect(credentialOf(), {})).rejects.toMatchObject({
      code: 'CS-AUTH-ENDPOINT',
      message: expect.stringContaining('is not an https address') as string,
    });
  });

  it('that sends the token on elsewhere is not followed', async () => {
    const other = await ScriptedIdp.start();
    try {
      const bench = await signedIn({ introspection_endpoint: `${idp.issuer}/introspect` });
      idp.script.routes = {
        '/introspect': (_hit, response) => void response.writeHead(307, { location: `${other.issuer}/x` }).end(),
      };
      await expect(bench.broker.introspect(credentialOf(), {})).rejects.toHaveProperty('code');
      expect(other.hits).toEqual([]);
    } finally {
      await other.stop();
    }
  });
});

describe('H24 userinfo', () => {
  it('of another person is refused, and nothing of it is shown', async () => {
    const bench = await signedIn({});
    idp.script.userinfo = { sub: 'eve', name: 'Eve' };
    const error = await bench.broker.userInfo(credentialOf(), {}).catch((caught: unknown) => caught);
    expect(error).toMatchObject({ facts: { causeId: 'userinfo-sub' } });
    expect(JSON.stringify([error, (error as Error).message])).not.toContain('eve');
  });

  it('without a sub is refused', async () => {
    const bench = await signedIn({});
    idp.script.userinfo = { name: 'Ada Lovelace' };
    await expect(bench.broker.userInfo(credentialOf(), {})).rejects.toMatchObject({ code: 'CS-AUTH-USERINFO' });
  });

  it('is not asked when no ID token says who it has to be', async () => {
    const bench = await signedIn({});
    const session = bench.sessions.entries.get('orders');
    if (!session) throw new Error('no session');
    const { identity: _identity, idToken: _idToken, ...rest } = session;
    await bench.sessions.set(credentialOf(), rest);
    idp.hits.length = 0;
    await expect(bench.broker.userInfo(credentialOf(), {})).rejects.toMatchObject({ code: 'CS-AUTH-USERINFO' });
    expect(idp.hitsOn('/userinfo')).toEqual([]);
  });

  it('leaves the session as it is, whatever came', async () => {
    const bench = await signedIn({});
    const before = bench.sessions.entries.get('orders');
    idp.script.routes = { '/userinfo': (_hit, response) => void response.writeHead(500).end('no') };
    await expect(bench.broker.userInfo(credentialOf(), {})).rejects.toHaveProperty('code');
    expect(bench.sessions.entries.get('orders')).toBe(before);
    expect(await bench.broker.state(credentialOf())).toMatchObject({ kind: 'signed-in' });
  });
});

describe('H36 the page that signs out', () => {
  const addresses = {
    'javascript:alert(1)': 'is not an https address',
    'file:///etc/passwd': 'is not an https address',
    'vscode://evil.extension/x': 'is not an https address',
    'http://idp.example.com/end': 'is not an https address',
    'https://ada@idp.example.com/end': 'holds a user name or password',
    'https://idp.example.com/end#x': 'holds a fragment',
    'https://idp.example.com/end?client_id=other': 'already sets client_id',
  };
  for (const [address, why] of Object.entries(addresses)) {
    it(`${address} is not opened, and the tokens are gone all the same`, async () => {
      const bench = await signedIn({ end_session_endpoint: address });
      bench.opened.length = 0;
      const outcome = await bench.broker.signOutEverywhere(credentialOf(), {});
      expect(outcome).toMatchObject({ revoked: true, opened: false, why: expect.stringContaining(why) as string });
      expect([bench.opened, bench.sessions.entries.size]).toEqual([[], 0]);
    });
  }

  it('opens once, with the hint, our client and a state, after the tokens are gone', async () => {
    const bench = await signedIn({ end_session_endpoint: `${idp.issuer}/end` });
    const hint = bench.sessions.entries.get('orders')?.idToken?.reveal();
    bench.opened.length = 0;
    expect(await bench.broker.signOutEverywhere(credentialOf(), {})).toEqual({ revoked: true, opened: true });
    expect(bench.opened).toHaveLength(1);
    const asked = new URL(bench.opened[0] ?? '');
    expect([asked.origin + asked.pathname, asked.searchParams.get('id_token_hint')]).toEqual([
      `${idp.issuer}/end`,
      hint,
    ]);
    expect(asked.searchParams.get('client_id')).toBe('cli');
    expect(asked.searchParams.get('state')).toMatch(/^[\w-]{22}$/);
    expect(bench.sessions.entries.size).toBe(0);
    const trace = JSON.stringify(bench.broker.traces());
    expect(trace).toContain('RP-Initiated Logout, 2');
    expect(trace).not.toContain(hint);
  });

  it('waits for a revocation that fails no longer than that takes, and says both', async () => {
    const bench = await signedIn({ end_session_endpoint: `${idp.issuer}/end` });
    idp.script.routes = { '/revoke': (_hit, response) => void response.writeHead(503).end() };
    const outcome = await bench.broker.signOutEverywhere(credentialOf(), {});
    expect(outcome).toMatchObject({ revoked: false, opened: true });
    expect(outcome.message).toContain('did not accept the revocation');
    expect(bench.sessions.entries.size).toBe(0);
  });

  it('comes back to this machine with its own state alone', async () => {
    const bench = await signedIn({ end_session_endpoint: `${idp.issuer}/end` }, async (url) => {
      const asked = new URL(url).searchParams;
      const back = asked.get('post_logout_redirect_uri') ?? '';
      expect(back).toMatch(/^http:\/\/127\.0\.0\.1:\d+\//);
      pages.push(await visit(`${back}?state=another`), await visit(back));
      pages.push(await followRedirect(`${back}?state=${asked.get('state') ?? ''}`));
      pages.push(await visit(`${back}?state=${asked.get('state') ?? ''}`).catch(() => ({ status: 0, text: '' })));
    });
    const pages: { readonly status: number; readonly text: string }[] = [];
    const outcome = await bench.broker.signOutEverywhere(credentialOf(), { comeBack: true });
    expect(outcome).toEqual({ revoked: true, opened: true, cameBack: true });
    await vi.waitFor(() => expect(pages).toHaveLength(4));
    expect(pages.map(({ status }) => status).slice(0, 3)).toEqual([400, 400, 200]);
    expect(pages[2]?.text).toContain('<title>Signed out</title>');
    expect(pages[3]?.text).not.toContain('Signed out');
    const back = new URL(bench.opened.at(-1) ?? '').searchParams.get('post_logout_redirect_uri') ?? '';
    await expect(visit(back)).rejects.toThrow('ECONNREFUSED');
  });

  it('that nobody comes back from is said, and leaves nothing open', async () => {
    const bench = await signedIn({ end_session_endpoint: `${idp.issuer}/end` }, undefined, 300);
    const outcome = await bench.broker.signOutEverywhere(credentialOf(), { comeBack: true });
    expect(outcome).toMatchObject({
      revoked: true,
      opened: true,
      cameBack: false,
      why: expect.stringContaining('post_logout_redirect_uris') as string,
    });
    const back = new URL(bench.opened.at(-1) ?? '').searchParams.get('post_logout_redirect_uri') ?? '';
    await expect(visit(back)).rejects.toThrow('ECONNREFUSED');
  });
});
