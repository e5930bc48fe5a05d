/** From the URL of the playground's API to what it says, over the whole engine. */
import { readFileSync } from 'node:fs';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createEngineFixture, type EngineFixture } from '../../../support/engine.ts';
import { startPlayground, type RunningPlayground } from '../../../support/playground.ts';

let playground: RunningPlayground;
let engine: EngineFixture;
beforeAll(async () => {
  playground = await startPlayground();
  engine = createEngineFixture({ ca: [readFileSync(playground.info.ca, 'utf8')] });
}, 60_000);
afterAll(async () => {
  await engine.dispose();
  await playground.stop();
});

describe('from nothing but a URL', () => {
  it('finds the issuer of an API that answers 401', async () => {
    const { api, issuer } = playground.info;
    const found = await engine.discoverApi(`${api}/orders?page=1`);
    expect(found).toMatchObject({ status: 401, open: false, origin: api, warnings: [] });
    expect(found.challenges[0]).toMatchObject({ scheme: 'Bearer', answeredBy: 'bearer', scope: ['orders.read'] });
    expect(found.resource).toMatchObject({ resource: api, exact: false, foundBy: 'challenge' });
    expect(found.resource?.scopes).toContain('orders.write');
    expect(found.issuers).toHaveLength(1);
    expect(found.issuers[0]).toMatchObject({ issuer, elsewhere: true, namedBy: 'resource' });
    expect(found.issuers[0]?.facts).toMatchObject({ registration: true, pkce: 'S256', device: true, openId: true });
    expect(found.recommendations[0]?.scheme).toBe('oauth2');
    expect(found.steps.map(({ id, outcome }) => `${id} ${outcome}`)).toEqual([
      'probe ok',
      'resource-metadata ok',
      'discovery ok',
    ]);
    expect(found.steps[0]?.response).toContain('WWW-Authenticate: Bearer');
  });
  it('asks no other origin before a person agreed, and none at all when they do not', async () => {
    const { api, issuer } = playground.info;
    const named: string[] = [];
    const refused = await engine.discoverApi(`${api}/orders`, undefined, (who) => {
      named.push(`${who.origin} elsewhere=${String(who.elsewhere)}`);
      return Promise.resolve(false);
    });
    expect(named).toEqual([`${new URL(issuer).origin} elsewhere=true`]);
    expect(refused.issuers[0]?.problem).toMatchObject({ code: 'CS-AUTH-RESOURCE' });
    expect(refused.steps.map(({ id }) => id)).toEqual(['probe', 'resource-metadata']);
    expect(refused.recommendations.map(({ scheme }) => scheme)).toEqual(['bearer']);
    const agreed = await engine.discoverApi(`${api}/orders`, undefined, () => Promise.resolve(true));
    expect(agreed.issuers[0]?.server?.metadata.issuer).toBe(issuer);
  });
  it.each([
    ['/basic', 'Basic', 'basic', 'oauth2'],
    ['/weather', 'ApiKey', 'apiKey', 'apiKey'],
  ])('recommends what %s asks for beside the sign-in', async (path, scheme, answeredBy, first) => {
    const found = await engine.discoverApi(playground.info.api + path);
    expect(found.challenges.find((each) => each.scheme === scheme)?.answeredBy).toBe(answeredBy);
    expect(found.recommendations.map((each) => each.scheme)).toContain(answeredBy);
    expect(found.recommendations[0]?.scheme).toBe(first);
  });
  it('says that an open API needs nothing', async () => {
    const found = await engine.discoverApi(`${playground.info.api}/public`);
    expect(found).toMatchObject({ status: 200, open: true, challenges: [] });
  });
  it('reads no more than the head of an endless answer', async () => {
    const found = await engine.discoverApi(`${playground.info.api}/stream`);
    expect(found.status).toBe(200);
  });
  it('throws only when the API does not answer, or is no web address', async () => {
    await expect(engine.discoverApi('http://127.0.0.1:1/')).rejects.toMatchObject({ code: 'CS-NET-REFUSED' });
    await expect(engine.discoverApi('file:///etc/passwd')).rejects.toMatchObject({ code: 'CS-HTTP-URL' });
    await expect(engine.discoverApi(' ')).rejects.toMatchObject({ code: 'CS-HTTP-URL' });
  });
  it('ends at once when it is cancelled', async () => {
    const abort = new AbortController();
    const found = engine.discoverApi(`${playground.info.api}/slow?ms=20000`, abort.signal);
    setTimeout(() => abort.abort(), 50);
    await expect(found).rejects.toMatchObject({ code: expect.stringMatching(/CANCELLED/) as string });
  });
});
