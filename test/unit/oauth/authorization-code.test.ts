import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { createBench, toCredential } from '../../support/broker-bench.ts';
import { followRedirect, type Page } from '../../support/loopback-browser.ts';
import { ScriptedIdp } from '../../support/scripted-idp.ts';

let idp: ScriptedIdp;
beforeAll(async () => {
  idp = await ScriptedIdp.start();
});
afterEach(() => idp.reset());
afterAll(() => idp.stop());

describe('authorization_code', () => {
  it('signs in, names the person, stores before it hands out', async () => {
    const pages: Page[] = [];
    const { broker, sessions, opened } = createBench({
      fetch: idp.fetch,
      browse: async (url) => pages.push(await followRedirect(idp.authorize(url))),
    });
    const credential = toCredential({ issuer: idp.issuer, scope: 'openid orders.read' });
    const session = await broker.acquire(credential, { interactive: true });
    expect(session.identity).toEqual({ issuer: idp.issuer, subject: 'ada', label: 'Ada Lovelace', verified: true });
    expect(sessions.entries.get('orders')?.accessToken.reveal()).toBe(session.accessToken.reveal());
    expect(opened).toHaveLength(1);
    expect(pages[0]).toMatchObject({ status: 200 });
    expect(new URL(pages[0]?.url ?? '').pathname).toBe('/done');
    expect(pages[0]?.text).toContain('Signed in');
    expect(broker.trace('orders')?.steps.map((step) => `${step.id} ${step.outcome}`)).toEqual([
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
});
