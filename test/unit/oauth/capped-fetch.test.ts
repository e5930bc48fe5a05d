import { describe, expect, it } from 'vitest';
import { toCappedFetch, type WireExchange } from '../../../src/oauth/capped-fetch.ts';
import type { OAuthFetch, OAuthFetchInit } from '../../../src/oauth/ports.ts';

const init: OAuthFetchInit = { method: 'POST', headers: {}, redirect: 'manual' };
const url = 'https://idp.example/token';

function check(fetch: OAuthFetch, change: object = {}): Promise<Response> {
  return toCappedFetch(fetch, { maxBytes: 1024, deadlineMs: 5000, ...change })(url, init);
}
const endless = (): Response =>
  new Response(new ReadableStream({ pull: (controller) => controller.enqueue(new Uint8Array(512)) }));

describe('toCappedFetch', () => {
  it('reads no further than its limit', async () => {
    await expect(check(async () => endless())).rejects.toMatchObject({ code: 'CS-AUTH-ANSWER' });
  });
  it('ends at its deadline when nothing comes', async () => {
    const silent = new Promise<Response>(() => undefined);
    await expect(check(() => silent, { deadlineMs: 30 })).rejects.toMatchObject({ code: 'CS-NET-TIMEOUT' });
  });
  it('ends at its deadline when the body does not', async () => {
    const stuck = async (): Promise<Response> =>
      new Response(new ReadableStream({ pull: () => new Promise(() => undefined) }));
    await expect(check(stuck, { deadlineMs: 30 })).rejects.toMatchObject({ code: 'CS-NET-TIMEOUT' });
  });
  it('ends when the person gives up', async () => {
    const controller = new AbortController();
    const waiting = check(() => new Promise(() => undefined), { signal: controller.signal });
    controller.abort();
    await expect(waiting).rejects.toMatchObject({ code: 'CS-AUTH-CANCELLED' });
  });
  it('passes a redirect on as it is, and asks for none to be followed', async () => {
    let asked: OAuthFetchInit | undefined;
    const response = await check(async (_url, given) => {
      asked = given;
      return new Response(null, { status: 302, headers: { location: 'https://evil.example' } });
    });
    expect([response.status, asked?.redirect]).toEqual([302, 'manual']);
  });
  it('tells what went over the wire, also when nothing came back', async () => {
    const seen: WireExchange[] = [];
    const onExchange = (exchange: WireExchange): void => void seen.push(exchange);
    await check(async () => Response.json({ a: 1 }), { onExchange });
    await expect(check(() => Promise.reject(new Error('no')), { onExchange })).rejects.toThrow('no');
    expect(seen.map(({ status, responseText }) => [status, responseText])).toEqual([
      [200, '{"a":1}'],
      [undefined, undefined],
    ]);
  });
});
