/** The engine's sign-in against a real identity provider: the playground, its forms submitted by fetch. */
import { readFileSync } from 'node:fs';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { createBench, toCredential } from '../../support/broker-bench.ts';
import { createHttpsFetch } from '../../support/https-fetch.ts';
import { followRedirect, type Page } from '../../support/loopback-browser.ts';
import { startPlayground, type RunningPlayground } from '../../support/playground.ts';
import { signInByForms, toPostedForm } from '../../support/sign-in-by-forms.ts';

let playground: RunningPlayground;
let fetch: ReturnType<typeof createHttpsFetch>;
beforeAll(async () => {
  playground = await startPlayground();
  fetch = createHttpsFetch(readFileSync(playground.info.ca, 'utf8'));
}, 60_000);
afterAll(() => playground.stop());

async function orders(token: string): Promise<number> {
  const headers = { authorization: `Bearer ${token}` };
  return (await fetch(`${playground.info.api}/orders`, { method: 'GET', headers, redirect: 'manual' })).status;
}

/** The person agrees to the sign-out: where the provider sends the browser then. */
async function endSession(url: string): Promise<string> {
  const page = await globalThis.fetch(url);
  const cookie = page.headers.getSetCookie().map((line) => line.split(';')[0]);
  const { action, fields } = toPostedForm(await page.text());
  const headers = { cookie: cookie.join('; ') };
  const done = await globalThis.fetch(action, { method: 'POST', body: fields, headers, redirect: 'manual' });
  return done.headers.get('location') ?? '';
}

describe('against the playground', () => {
  it('signs a person in by authorization_code and renews the session', async () => {
    const { info } = playground;
    const { broker } = createBench({
      fetch,
      browse: async (url) => followRedirect(await signInByForms(url, info.user)),
    });
    const credential = toCredential({
      issuer: info.issuer,
      client_id: info.clients.native.client_id,
      scope: 'openid profile offline_access orders.read',
      prompt: 'consent',
      resource: info.api,
    });
    const session = await broker.acquire(credential, { interactive: true });
    expect(session.identity?.verified).toBe(true);
    expect(session.refreshToken).toBeDefined();
    expect(await orders(session.accessToken.reveal())).toBe(200);
    const renewed = await broker.acquire(credential, { interactive: false, rejected: session.accessToken });
    expect(renewed.accessToken.reveal()).not.toBe(session.accessToken.reveal());
    expect(await orders(renewed.accessToken.reveal())).toBe(200);
    expect(await broker.signOut(credential)).toEqual({ revoked: true });
    await expect(broker.acquire(credential, { interactive: false })).rejects.toMatchObject({
      code: 'CS-AUTH-SIGN-IN-NEEDED',
    });
  });

  it('asks about the tokens of a session and who it is, and ends it at the provider too', async () => {
    const { info } = playground;
    const { broker, opened } = createBench({
      fetch,
      browse: async (url) =>
        url.includes('/session/end') ? undefined : followRedirect(await signInByForms(url, info.user)),
    });
    const credential = toCredential({
      issuer: info.issuer,
      client_id: info.clients.native.client_id,
      scope: 'openid profile offline_access',
      prompt: 'consent',
    });
    const session = await broker.acquire(credential, { interactive: true });
    const { answer } = await broker.introspect(credential, {});
    expect(answer).toMatchObject({ active: true, client_id: info.clients.native.client_id, token_type: 'Bearer' });
    expect((await broker.introspect(credential, { token: 'refresh' })).answer['active']).toBe(true);
    expect((await broker.userInfo(credential, {})).claims['sub']).toBe(session.identity?.subject);
    expect(broker.trace('orders')?.grant).toBe('userinfo');
    expect(broker.trace('orders', 'sign-in')?.grant).toBe('authorization_code');
    expect(await broker.signOutEverywhere(credential, {})).toEqual({ revoked: true, opened: true });
    const page = opened.at(-1) ?? '';
    expect(new URL(page).searchParams.get('id_token_hint')).toBe(session.idToken?.reveal());
    const response = await globalThis.fetch(page);
    expect([response.status, await response.text()]).toEqual([200, expect.stringContaining('/session/end/confirm')]);
    await expect(broker.introspect(credential, {})).rejects.toMatchObject({ code: 'CS-AUTH-SIGN-IN-NEEDED' });
  });

  it('asks who it is with a token that is bound to a key', async () => {
    const { info } = playground;
    const { broker } = createBench({
      fetch,
      browse: async (url) => followRedirect(await signInByForms(url, info.user)),
    });
    const credential = toCredential({
      issuer: info.issuer,
      client_id: info.clients.native.client_id,
      scope: 'openid profile',
      prompt: 'consent',
      dpop_bound_access_tokens: true,
    });
    const session = await broker.acquire(credential, { interactive: true });
    expect(session.tokenType).toBe('DPoP');
    expect((await broker.userInfo(credential, {})).claims['sub']).toBe(session.identity?.subject);
    expect((await broker.introspect(credential, {})).answer).toMatchObject({ active: true, token_type: 'DPoP' });
  });

  it('comes back from the sign-out of the provider', async () => {
    const { info } = playground;
    let last: Page | undefined;
    const { broker } = createBench({
      fetch,
      browse: async (url) => {
        last = await followRedirect(
          url.includes('/session/end') ? await endSession(url) : await signInByForms(url, info.user),
        );
      },
    });
    const credential = toCredential({
      issuer: info.issuer,
      client_id: info.clients.native.client_id,
      scope: 'openid',
      prompt: 'consent',
    });
    await broker.acquire(credential, { interactive: true });
    const outcome = await broker.signOutEverywhere(credential, { comeBack: true });
    expect(outcome).toEqual({ revoked: true, opened: true, cameBack: true });
    await vi.waitFor(() => expect(last?.text).toContain('<title>Signed out</title>'));
  });

  it('gets a token by client_credentials without anyone', async () => {
    const { info } = playground;
    const { client_id, client_secret } = info.clients.confidential;
    const { broker, opened } = createBench({ fetch, secret: client_secret });
    const credential = toCredential({
      grant: 'client_credentials',
      issuer: info.issuer,
      client_id,
      scope: 'orders.read',
      resource: info.api,
    });
    const session = await broker.acquire(credential, { interactive: false });
    expect(await orders(session.accessToken.reveal())).toBe(200);
    expect(session.identity?.label).toBe(client_id);
    expect(opened).toEqual([]);
    expect(await broker.acquire(credential, { interactive: false })).toBe(session);
  });

  it('says why a wrong secret is not accepted', async () => {
    const { info } = playground;
    const { broker } = createBench({ fetch, secret: 'not/the+secret' });
    const { client_id } = info.clients.confidential;
    const credential = toCredential({ grant: 'client_credentials', issuer: info.issuer, client_id });
    await expect(broker.acquire(credential, { interactive: false })).rejects.toMatchObject({
      code: 'CS-AUTH-CLIENT',
      facts: { fix: { value: 'client_secret_basic_raw' } },
    });
    expect(broker.trace('orders')?.steps.at(-1)).toMatchObject({ id: 'store', outcome: 'skipped' });
  });
});
