/** Grants that turn something held already into a token: a refresh token, an assertion, another token, a password. */
import { readFileSync } from 'node:fs';
import { decodeJwt, decodeProtectedHeader } from 'jose';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import type { OAuth2Definition } from '../../../src/credentials/types.ts';
import type { OAuthCredential, OAuthFetch } from '../../../src/oauth/ports.ts';
import { createBench, toCredential, type BenchOptions } from '../../support/broker-bench.ts';
import { createHttpsFetch } from '../../support/https-fetch.ts';
import { makeEcKey } from '../../support/keys.ts';
import { followRedirect } from '../../support/loopback-browser.ts';
import { startPlayground, type RunningPlayground } from '../../support/playground.ts';
import { json, ScriptedIdp } from '../../support/scripted-idp.ts';
import { signInByForms } from '../../support/sign-in-by-forms.ts';

let idp: ScriptedIdp;
let playground: RunningPlayground;
let fetch: OAuthFetch;
beforeAll(async () => {
  idp = await ScriptedIdp.start();
  playground = await startPlayground();
  fetch = createHttpsFetch(readFileSync(playground.info.ca, 'utf8'));
}, 60_000);
afterEach(() => idp.reset());
afterAll(async () => {
  await idp.stop();
  await playground.stop();
});

const urn = 'urn:ietf:params:oauth:grant-type:';
const tokenType = 'urn:ietf:params:oauth:token-type:';

/** Acquires at the scripted provider, which answers `answer` to every token request. */
async function acquire(
  definition: Partial<OAuth2Definition>,
  options: Partial<BenchOptions> & { answer?: Record<string, unknown>; refused?: string; interactive?: boolean } = {},
) {
  const { answer, refused, interactive = false, ...ports } = options;
  if (answer || refused !== undefined) {
    idp.script.routes = {
      '/token': (_hit, response) =>
        refused === undefined
          ? json(response, 200, { access_token: 'at', token_type: 'Bearer', expires_in: 60, ...answer })
          : json(response, 400, { error: refused }),
    };
  }
  const bench = createBench({ fetch: idp.fetch, ...ports });
  const credential = toCredential({ issuer: idp.issuer, ...definition });
  const outcome = await bench.broker.acquire(credential, { interactive }).then(
    (session) => ({ session, code: undefined }),
    (error: unknown) => ({ session: undefined, code: (error as { code: string }).code }),
  );
  const forms = idp.hitsOn('/token').map(({ form }) => form);
  return { ...outcome, bench, credential, forms, trace: bench.broker.trace('orders') };
}

async function orders(token: string | undefined): Promise<number> {
  const headers = { authorization: `Bearer ${token ?? ''}` };
  const { status } = await fetch(`${playground.info.api}/orders`, { method: 'GET', headers, redirect: 'manual' });
  return status;
}

describe('refresh_token', () => {
  it('is used once, and the new one from then on', async () => {
    const pasted = idp.seedRefreshToken('orders.read');
    const { session, bench, credential, trace } = await acquire(
      { grant: 'refresh_token', token_endpoint_auth_method: 'none', scope: 'orders.read' },
      { slots: { refresh_token: pasted } },
    );
    expect(session?.refreshToken?.reveal()).not.toBe(pasted);
    const again = await bench.broker.acquire(credential, {
      interactive: false,
      ...(session && { rejected: session.accessToken }),
    });
    expect(again.accessToken.reveal()).not.toBe(session?.accessToken.reveal());
    expect(idp.reuses).toBe(0);
    expect(JSON.stringify(trace)).not.toContain(pasted);
  });
  it('is used by one of two windows, and its successor by the other', async () => {
    const pasted = idp.seedRefreshToken('orders.read');
    const first = createBench({ fetch: idp.fetch, slots: { refresh_token: pasted } });
    const { sessions, lock } = first;
    const second = createBench({ fetch: idp.fetch, slots: { refresh_token: pasted }, sessions, lock });
    const credential = toCredential({ issuer: idp.issuer, grant: 'refresh_token', token_endpoint_auth_method: 'none' });
    const both = await Promise.all(
      [first, second].map(({ broker }) => broker.acquire(credential, { interactive: false })),
    );
    expect(both.map((session) => session.tokenType)).toEqual(['Bearer', 'Bearer']);
    expect(idp.refreshes).toBe(2);
    expect(idp.reuses).toBe(0);
  });
  it('stays the same where none is given', async () => {
    idp.script.rotate = false;
    const pasted = idp.seedRefreshToken('orders.read');
    const { session } = await acquire({ grant: 'refresh_token' }, { slots: { refresh_token: pasted } });
    expect(session?.refreshToken?.reveal()).toBe(pasted);
  });
  it('says that it is missing, or not accepted', async () => {
    expect((await acquire({ grant: 'refresh_token' })).code).toBe('CS-AUTH-SECRET-MISSING');
    const { code, bench, credential } = await acquire({ grant: 'refresh_token' }, { slots: { refresh_token: 'old' } });
    expect(code).toBe('CS-AUTH-EXCHANGE');
    expect((await bench.broker.state(credential)).kind).toBe('failed');
  });
});

describe('jwt_bearer', () => {
  const key = makeEcKey();
  const claimsOf = async (definition: Partial<OAuth2Definition>) => {
    const { session, forms, trace, bench } = await acquire(
      { grant: `${urn}jwt-bearer`, token_endpoint_auth_method: 'none', ...definition },
      { slots: { private_key: key.jwk }, answer: { id_token: 'ignored' } },
    );
    const assertion = forms.at(-1)?.get('assertion') ?? '';
    expect(bench.seen.has(assertion)).toBe(true);
    expect(JSON.stringify(trace)).not.toContain(assertion);
    return {
      claims: decodeJwt(assertion),
      header: decodeProtectedHeader(assertion),
      session,
      form: forms.at(-1),
      trace,
    };
  };
  it('speaks for the client itself, for five minutes, to the issuer', async () => {
    const { claims, header } = await claimsOf({});
    expect(claims).toMatchObject({ iss: 'cli', sub: 'cli', aud: idp.issuer });
    expect((claims.exp ?? 0) - (claims.iat ?? 0)).toBe(300);
    expect(header).toEqual({ alg: 'ES256', typ: 'JWT' });
  });
  it('speaks for another one where the definition says so, and shows it', async () => {
    const { claims, header, session, form, trace } = await claimsOf({
      assertion_issuer: 'robot@project',
      assertion_subject: 'ada@example.com',
      assertion_audience: 'token_endpoint',
      assertion_claims: { target: 'x', exp: 9e9, sub: 'admin' },
      key_id: 'k2',
      scope: 'orders.read',
    });
    expect(claims).toMatchObject({ iss: 'robot@project', sub: 'ada@example.com', target: 'x' });
    expect(claims.aud).toBe(`${idp.issuer}/token`);
    expect((claims.exp ?? 0) - (claims.iat ?? 0)).toBe(300);
    expect(header.kid).toBe('k2');
    expect(session?.identity).toMatchObject({ label: 'ada@example.com', verified: false });
    expect(session?.idToken).toBeUndefined();
    expect(form?.get('client_id')).toBe('cli');
    expect(trace?.steps.find(({ id }) => id === 'assertion')?.detail).toContain('sub ada@example.com');
  });
  it('says what may be wrong when it is not accepted', async () => {
    const { code, trace } = await acquire(
      { grant: `${urn}jwt-bearer`, token_endpoint_auth_method: 'none' },
      { slots: { private_key: key.jwk }, refused: 'invalid_grant' },
    );
    expect(code).toBe('CS-AUTH-EXCHANGE');
    expect(trace?.cause).toContain('assertion_subject');
  });
  it('is accepted by the playground, with the client proving itself by the same key', async () => {
    const { info } = playground;
    const bench = createBench({ fetch, slots: { private_key: readFileSync(info.clients.jwt.key, 'utf8') } });
    const credential = toCredential({
      grant: `${urn}jwt-bearer`,
      issuer: info.issuer,
      client_id: info.clients.jwt.client_id,
      token_endpoint_auth_method: 'private_key_jwt',
      assertion_subject: info.user.username,
      scope: 'orders.read',
    });
    const session = await bench.broker.acquire(credential, { interactive: false });
    expect(await orders(session.accessToken.reveal())).toBe(200);
  });
});

describe('token_exchange', () => {
  const grant = { grant: `${urn}token-exchange`, token_endpoint_auth_method: 'none' };
  const slots = { subject_token: 'subject-1' };
  it('exchanges the token of the slot', async () => {
    const { session, forms } = await acquire(
      { ...grant, audience: 'orders', requested_token_type: `${tokenType}access_token` },
      { slots, answer: { issued_token_type: `${tokenType}access_token` } },
    );
    expect(session?.accessToken.reveal()).toBe('at');
    expect(Object.fromEntries(forms[0] ?? [])).toEqual({
      client_id: 'cli',
      grant_type: grant.grant,
      subject_token: 'subject-1',
      subject_token_type: `${tokenType}access_token`,
      requested_token_type: `${tokenType}access_token`,
      audience: 'orders',
    });
  });
  const issued: [Record<string, unknown>, string | undefined][] = [
    [{ issued_token_type: `${tokenType}jwt` }, undefined],
    [{}, undefined],
    [{ issued_token_type: `${tokenType}refresh_token` }, 'CS-AUTH-TOKEN'],
    [{ issued_token_type: `${tokenType}saml2` }, 'CS-AUTH-TOKEN'],
    [{ issued_token_type: 7 }, 'CS-AUTH-TOKEN'],
    [{ issued_token_type: `${tokenType}access_token`, token_type: 'N_A' }, 'CS-AUTH-TOKEN'],
  ];
  for (const [answer, expected] of issued) {
    it(`${JSON.stringify(answer)}: ${expected ?? 'taken'}`, async () => {
      const { code, bench } = await acquire(grant, { slots, answer });
      expect(code).toBe(expected);
      expect(bench.sessions.entries.size).toBe(expected === undefined ? 1 : 0);
    });
  }
  it('warns when the server does not say what it issued', async () => {
    const { trace } = await acquire(grant, { slots, answer: {} });
    expect(trace?.steps.find(({ id }) => id === 'exchange-token')?.outcome).toBe('warning');
  });

  /** A subject credential, and a bench that finds it. */
  const withSubject = async (subject: Partial<OAuth2Definition>, asker: Partial<OAuth2Definition> = {}) => {
    const other = toCredential({ issuer: idp.issuer, grant: 'client_credentials', ...subject }, 'person');
    const findCredential = async (name: string): Promise<OAuthCredential | undefined> =>
      name === 'person' ? other : undefined;
    return acquire({ ...grant, subject_credential: 'person', ...asker }, { findCredential, secret: idp.secret });
  };
  it('takes the token of another credential of the same issuer', async () => {
    idp.script.routes = {
      '/token': (hit, response) =>
        json(response, 200, {
          access_token: hit.form.get('grant_type') === 'client_credentials' ? 'of-person' : 'exchanged',
          token_type: 'Bearer',
          issued_token_type: `${tokenType}access_token`,
        }),
    };
    const { session, forms } = await withSubject({});
    expect(session?.accessToken.reveal()).toBe('exchanged');
    expect(forms.map((form) => form.get('subject_token'))).toEqual([null, 'of-person']);
  });
  it('sends nobody’s token to an issuer that is not its own', async () => {
    const { code } = await withSubject({ issuer: 'https://other.example' });
    expect(code).toBe('CS-BIND-ORIGIN');
    expect(idp.hitsOn('/token')).toEqual([]);
  });
  it('asks for the token when the other credential is bound to the endpoint', async () => {
    const { code } = await withSubject({ issuer: 'https://other.example', origins: [idp.issuer] });
    expect(code).toMatch(/^CS-(NET|AUTH-UNREACHABLE)/);
  });
  it('knows no chains, no strangers, no variables', async () => {
    expect((await withSubject({ subject_credential: 'orders' })).code).toBe('CS-DEF-FIELD');
    expect((await withSubject({ scope: '{{scope}}' })).code).toBe('CS-DEF-FIELD');
    expect((await withSubject({}, { subject_credential: 'nobody' })).code).toBe('CS-DEF-UNKNOWN');
  });
  it('acts for a person at the playground', async () => {
    const { info } = playground;
    const person = toCredential(
      {
        issuer: info.issuer,
        client_id: info.clients.native.client_id,
        scope: 'openid profile orders.read',
        origins: [info.api],
      },
      'person',
    );
    const bench = createBench({
      fetch,
      secret: info.clients.confidential.client_secret,
      findCredential: async () => ({
        ...person,
        definition: { ...person.definition, token_endpoint_auth_method: 'none' },
      }),
      browse: async (url) => followRedirect(await signInByForms(url, info.user)),
    });
    const credential = toCredential({
      grant: `${urn}token-exchange`,
      issuer: info.issuer,
      client_id: info.clients.confidential.client_id,
      subject_credential: 'person',
      scope: 'orders.read',
    });
    const session = await bench.broker.acquire(credential, { interactive: true });
    expect(decodeJwt(session.accessToken.reveal())['act']).toEqual({ sub: info.clients.confidential.client_id });
    expect(await orders(session.accessToken.reveal())).toBe(200);
    expect(session.identity?.label).toBe('Ada Lovelace');
  });
});

describe('password', () => {
  const grant = { grant: 'password', username: 'ada', token_endpoint_auth_method: 'none' };
  it('asks each time and keeps nothing', async () => {
    const questions: string[] = [];
    const { session, forms, bench, credential, trace } = await acquire(grant, {
      interactive: true,
      answer: {},
      askSecret: async ({ prompt }) => {
        questions.push(prompt);
        return 'analytical engine';
      },
    });
    expect(session?.identity?.label).toBe('ada');
    expect(forms[0]?.get('password')).toBe('analytical engine');
    expect(JSON.stringify(trace)).not.toContain('analytical');
    expect(bench.seen.has('analytical engine')).toBe(true);
    await bench.broker.signIn(credential, {});
    expect(questions).toHaveLength(2);
    expect(questions[0]).toContain('Password of ada at 127.0.0.1');
  });
  it('takes a kept one without asking', async () => {
    const { session } = await acquire(grant, { slots: { password: 'p' }, answer: {} });
    expect(session).toBeDefined();
  });
  it('ends when nobody is there, or nobody answers', async () => {
    const nobody = await acquire(grant, { answer: {}, askSecret: async () => 'unasked' });
    expect(nobody.code).toBe('CS-AUTH-SECRET-MISSING');
    const silent = await acquire(grant, { answer: {}, interactive: true, askSecret: async () => undefined });
    expect(silent.code).toBe('CS-AUTH-CANCELLED');
    expect((await acquire({ ...grant, username: undefined as unknown as string })).code).toBe('CS-DEF-FIELD');
    expect(idp.hitsOn('/token')).toEqual([]);
  });
  it('is legacy, and says what to use instead', async () => {
    const { findGrant } = await import('../../../src/oauth/grants/registry.ts');
    expect(findGrant('password')?.legacy?.instead).toContain('browser');
  });
  it('signs in at the playground, and says so when the password is another', async () => {
    const { info } = playground;
    const definition = { grant: 'password', issuer: info.issuer, client_id: info.clients.legacy.client_id };
    const signIn = (password: string) => {
      const bench = createBench({ fetch, slots: { password } });
      const credential = toCredential({ ...definition, username: info.user.username, scope: 'orders.read' });
      return bench.broker.acquire(credential, { interactive: false });
    };
    expect(await orders((await signIn(info.user.password)).accessToken.reveal())).toBe(200);
    await expect(signIn('other')).rejects.toMatchObject({ code: 'CS-AUTH-EXCHANGE' });
  });
});
