import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { createBench, toCredential, type Bench } from '../../support/broker-bench.ts';
import { followRedirect } from '../../support/loopback-browser.ts';
import { ScriptedIdp } from '../../support/scripted-idp.ts';

let idp: ScriptedIdp;
beforeAll(async () => {
  idp = await ScriptedIdp.start();
});
afterEach(() => idp.reset());
afterAll(() => idp.stop());

function bench(): Bench {
  return createBench({ fetch: idp.fetch, browse: (url) => followRedirect(idp.authorize(url)) });
}
const asked = (url: string | undefined): string | null => new URL(url ?? '').searchParams.get('scope');

describe('a sign-in that asks for more', () => {
  const credential = (): ReturnType<typeof toCredential> =>
    toCredential({ issuer: idp.issuer, scope: 'openid orders.read' });

  it('asks for both, and the session serves the same credential', async () => {
    const { broker, opened } = bench();
    const named = credential();
    const session = await broker.signIn(named, { scope: 'orders.write orders.read' });
    expect(asked(opened[0])).toBe('openid orders.read orders.write');
    expect(session.requestedScope).toEqual(['openid', 'orders.read', 'orders.write']);
    expect(await broker.acquire(named, { interactive: false })).toBe(session);
  });

  it('is for this once', async () => {
    const { broker, opened } = bench();
    const named = credential();
    await broker.signIn(named, { scope: 'orders.write' });
    await broker.signIn(named, {});
    expect(asked(opened[1])).toBe('openid orders.read');
  });

  it('replaces one under way that asks for less', async () => {
    const waiting = createBench({
      fetch: idp.fetch,
      browse: (url) => (asked(url)?.includes('orders.write') ? followRedirect(idp.authorize(url)) : undefined),
    });
    const named = credential();
    const less = waiting.broker.signIn(named, {}).catch((error: unknown) => error);
    while (waiting.opened.length === 0) await new Promise((done) => setImmediate(done));
    const more = await waiting.broker.signIn(named, { scope: 'orders.write' });
    expect(more.requestedScope).toContain('orders.write');
    expect(await less).toMatchObject({ code: 'CS-AUTH-CANCELLED' });
  });
});
