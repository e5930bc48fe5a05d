/** CIBA in poll mode: a person approves on a device of theirs. */
import { readFileSync } from 'node:fs';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { toApprovalText } from '../../../src/cli/adapters/terminal-device.ts';
import { Secret } from '../../../src/credentials/secret.ts';
import type { Session } from '../../../src/credentials/types.ts';
import { cibaGrant, scriptBackchannel } from '../../support/backchannel-script.ts';
import { createBench, MemorySessions, toCredential } from '../../support/broker-bench.ts';
import { createHttpsFetch } from '../../support/https-fetch.ts';
import { startPlayground } from '../../support/playground.ts';
import { ScriptedIdp } from '../../support/scripted-idp.ts';
import { attemptSignIn, type Attempt } from '../../support/sign-in-attempt.ts';

let idp: ScriptedIdp;
beforeAll(async () => {
  idp = await ScriptedIdp.start();
});
afterEach(() => idp.reset());
afterAll(() => idp.stop());

const waits: number[] = [];
const ports = { secret: 'plainsecret', delay: async (ms: number) => void waits.push(ms) };
const signIn = (definition = cibaGrant): Promise<Attempt> => {
  waits.length = 0;
  return attemptSignIn(idp, { definition, ports });
};

describe('ciba', () => {
  it('asks for the person, shows what they compare, and polls ever slower', async () => {
    scriptBackchannel(idp, {}, ['authorization_pending', 'slow_down', 'authorization_pending', 'token']);
    const { session, bench, trace } = await signIn();
    expect(session?.accessToken.reveal()).toBe('at-ciba');
    expect(session?.identity).toMatchObject({ subject: 'ada', verified: true });
    expect(waits).toEqual([5000, 5000, 10_000, 10_000]);
    const asked = idp.hitsOn('/backchannel')[0]?.form;
    expect(asked?.get('login_hint')).toBe('ada@example.com');
    expect(asked?.get('scope')).toBe('openid orders.read');
    expect(asked?.get('binding_message')).toMatch(/^[B-Z2-9]{4}-[B-Z2-9]{4}$/);
    expect(bench.approvals).toMatchObject([
      {
        shown: false,
        approval: {
          credential: 'orders',
          clientId: 'cli',
          scope: 'openid orders.read',
          loginHint: 'ada@example.com',
          bindingMessage: asked?.get('binding_message'),
        },
      },
    ]);
    expect(bench.opened).toEqual([]);
    expect(idp.hitsOn('/token')[0]?.form.get('auth_req_id')).toBe('auth-req-1');
    expect(trace?.steps.map(({ id, outcome }) => `${id} ${outcome}`)).toEqual([
      'definition ok',
      'discovery ok',
      'client-authentication ok',
      'own-backchannel-request ok',
      'own-backchannel-token ok',
      'id-token ok',
      'userinfo ok',
      'store ok',
    ]);
    expect(JSON.stringify(trace)).not.toContain('auth-req-1');
    expect(bench.seen.has('auth-req-1')).toBe(true);
  });
  it('sends a binding message of the definition as it is', async () => {
    scriptBackchannel(idp, {}, ['token']);
    await signIn({ ...cibaGrant, binding_message: 'Till 4' } as typeof cibaGrant);
    expect(idp.hitsOn('/backchannel')[0]?.form.get('binding_message')).toBe('Till 4');
  });
  it('asks for whom the last sign-in was, when the definition names nobody', async () => {
    scriptBackchannel(idp, {}, ['token']);
    const { login_hint: _nobody, ...grant } = cibaGrant;
    const credential = toCredential({ issuer: idp.issuer, ...grant });
    const sessions = new MemorySessions();
    const before: Session = {
      accessToken: new Secret('old', 'old'),
      idToken: new Secret('old-id-token', 'old'),
      tokenType: 'Bearer',
      scope: [],
      requestedScope: [],
      obtainedAt: 0,
      definitionHash: 'other',
    };
    sessions.entries.set('orders', before);
    const bench = createBench({ fetch: idp.fetch, sessions, ...ports });
    await bench.broker.acquire(credential, { interactive: true });
    const asked = idp.hitsOn('/backchannel')[0]?.form;
    expect([asked?.get('id_token_hint'), asked?.has('login_hint')]).toEqual(['old-id-token', false]);
  });
  it('asks nobody without a hint', async () => {
    scriptBackchannel(idp, {}, ['token']);
    const { login_hint: _nobody, ...grant } = cibaGrant;
    expect((await signIn(grant)).code).toBe('CS-DEF-FIELD');
    expect(idp.hitsOn('/backchannel')).toEqual([]);
  });
  it('never starts by itself', async () => {
    scriptBackchannel(idp, {}, ['token']);
    const bench = createBench({ fetch: idp.fetch, ...ports });
    const credential = toCredential({ issuer: idp.issuer, ...cibaGrant });
    await expect(bench.broker.acquire(credential, { interactive: false })).rejects.toMatchObject({
      code: 'CS-AUTH-SIGN-IN-NEEDED',
    });
    expect(idp.hits).toEqual([]);
  });

  const clamped: [Record<string, unknown>, number][] = [
    [{ interval: 1e9 }, 60_000],
    [{ interval: 0 }, 1000],
    [{ interval: '7' }, 7000],
    [{ interval: -5, expires_in: 1e12 }, 1000],
    [{ interval: 'soon' }, 5000],
    [{ interval: undefined }, 5000],
  ];
  for (const [change, wait] of clamped) {
    it(`waits ${wait} ms for ${JSON.stringify(change)}`, async () => {
      scriptBackchannel(idp, change, ['token']);
      expect((await signIn()).session).toBeDefined();
      expect(waits).toEqual([wait]);
    });
  }
  const ends: [string, string][] = [
    ['access_denied', 'CS-AUTH-DENIED'],
    ['expired_token', 'CS-AUTH-EXPIRED'],
    ['invalid_grant', 'CS-AUTH-EXCHANGE'],
  ];
  for (const [error, expected] of ends) {
    it(`ends with ${error}`, async () => {
      scriptBackchannel(idp, {}, ['authorization_pending', error]);
      const { code, bench } = await signIn();
      expect(code).toBe(expected);
      expect(bench.approvals[0]?.shown).toBe(false);
      expect(idp.hitsOn('/token')).toHaveLength(2);
    });
  }
  for (const error of ['unknown_user_id', 'invalid_binding_message', 'missing_user_code', 'expired_login_hint_token']) {
    it(`asks for no token after ${error}`, async () => {
      scriptBackchannel(idp, { error }, ['token']);
      const { code, error: thrown } = await signIn();
      expect(code).toBe('CS-AUTH-REFUSED');
      expect(thrown?.facts['likely']).not.toContain('a rule of its own');
      expect(idp.hitsOn('/token')).toEqual([]);
    });
  }
  it('takes no auth_req_id that is none', async () => {
    for (const auth_req_id of [undefined, 7, '', 'a b', 'a\r\nX: y', 'x'.repeat(5000)]) {
      idp.reset();
      scriptBackchannel(idp, { auth_req_id }, ['token']);
      expect((await signIn()).code).toBe('CS-AUTH-TOKEN');
      expect(idp.hitsOn('/token')).toEqual([]);
    }
  });
  it('takes no ID token that does not pass its checks', async () => {
    for (const change of [{ aud: 'other' }, { iss: 'https://evil.example' }, { exp: 1 }]) {
      idp.reset();
      scriptBackchannel(idp, {}, ['token'], (truth) => ({ ...truth, ...change }));
      expect((await signIn()).code).toBe('CS-AUTH-ID-TOKEN');
    }
  });
  it('says in a terminal who is asked and what they compare', () => {
    const text = toApprovalText({
      credential: 'orders',
      issuerHost: 'idp.example.com',
      clientId: 'cli',
      scope: 'openid',
      loginHint: 'ada',
      bindingMessage: 'W7K2-9QXM',
      expiresAt: 0,
      cancel: () => undefined,
    });
    expect(text).toContain('ada is asked');
    expect(text).toContain('Approve only if it shows  W7K2-9QXM');
  });

  it('is cancelled within a second, at the provider and while it waits', async () => {
    for (const pending of [true, false]) {
      idp.reset();
      scriptBackchannel(idp, {}, ['authorization_pending']);
      if (!pending) idp.script.routes = { ...idp.script.routes, '/backchannel': () => undefined };
      const cancel = new AbortController();
      const bench = createBench({
        fetch: idp.fetch,
        secret: 'plainsecret',
        approval: () => setTimeout(() => bench.approvals[0]?.approval.cancel(), 50),
      });
      if (!pending) setTimeout(() => cancel.abort(), 200);
      const credential = toCredential({ issuer: idp.issuer, ...cibaGrant });
      const started = Date.now();
      await expect(
        bench.broker.acquire(credential, { interactive: true, signal: cancel.signal }),
      ).rejects.toMatchObject({ code: 'CS-AUTH-CANCELLED' });
      expect(Date.now() - started).toBeLessThan(1000);
      expect(bench.approvals.every(({ shown }) => !shown)).toBe(true);
    }
  });

  it('is approved, and refused, at the playground', { timeout: 40_000 }, async () => {
    const playground = await startPlayground();
    try {
      const { info } = playground;
      const fetch = createHttpsFetch(readFileSync(info.ca, 'utf8'));
      const { client_id, client_secret } = info.clients.confidential;
      const metadata = (await (
        await fetch(`${info.issuer}.well-known/openid-configuration`, {
          method: 'GET',
          headers: {},
          redirect: 'manual',
        })
      ).json()) as { authorization_endpoint: string };
      const pages = new URL(metadata.authorization_endpoint).origin;
      const decide = async (decision: string, message: string): Promise<void> => {
        const page = await (await globalThis.fetch(`${pages}/approvals`)).text();
        expect(page).toContain(message);
        const action = /action="(\/approvals\/[\w-]+)"/.exec(page)?.[1] ?? '';
        const send = (password: string) =>
          globalThis.fetch(pages + action, { method: 'POST', body: new URLSearchParams({ password, decision }) });
        expect(await (await send('wrong')).text()).toContain('not the password');
        expect(await (await send(info.user.password)).text()).toMatch(/Allowed\.|Refused\./);
      };
      const run = (decision: string) => {
        const bench = createBench({
          fetch,
          secret: client_secret,
          delay: (ms) => new Promise((resolve) => setTimeout(resolve, ms / 20)),
          approval: ({ bindingMessage }) => decide(decision, bindingMessage),
        });
        const credential = toCredential({
          grant: 'urn:openid:params:grant-type:ciba',
          issuer: info.issuer,
          client_id,
          scope: 'openid profile orders.read',
          resource: info.api,
          login_hint: info.user.username,
        });
        return bench.broker.acquire(credential, { interactive: true });
      };
      const session = await run('allow');
      expect(session.identity).toMatchObject({ label: 'Ada Lovelace', verified: true });
      const headers = { authorization: `Bearer ${session.accessToken.reveal()}` };
      expect((await fetch(`${info.api}/orders`, { method: 'GET', headers, redirect: 'manual' })).status).toBe(200);
      await expect(run('refuse')).rejects.toMatchObject({ code: 'CS-AUTH-DENIED' });
    } finally {
      await playground.stop();
    }
  });
});
