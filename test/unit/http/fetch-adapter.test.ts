import type http from 'node:http';
import { inspect } from 'node:util';
import zlib from 'node:zlib';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import type { CountersignError } from '../../../src/errors/countersign-error.ts';
import { isLoopbackHost, toFetch, type FetchAdapterOptions } from '../../../src/http/fetch-adapter.ts';
import type { Exchange } from '../../../src/http/types.ts';
import { codeOf, makeClient, serveHttps, trusting, type Listening } from '../../support/http-servers.ts';
import { makeTestCa, type TestCa } from '../../support/test-ca.ts';

const client = makeClient();
let ca: TestCa;
const servers: Listening[] = [];
beforeAll(async () => {
  ca = await makeTestCa();
});
afterEach(async () => {
  for (const server of servers.splice(0)) await server.close();
});
afterAll(() => client.dispose());

async function serve(handler: http.RequestListener): Promise<string> {
  const server = await serveHttps(await ca.server(), handler);
  servers.push(server);
  return server.url;
}

const fetchWith = (options: Partial<FetchAdapterOptions> = {}): ReturnType<typeof toFetch> =>
  toFetch(client, { tls: trusting(ca.rootPem), proxy: () => undefined, ...options });

describe('fetch for protocol endpoints', () => {
  it('gives a real Response, decoded', async () => {
    const url = await serve((request, response) => {
      response.writeHead(200, { 'Content-Type': 'application/json', 'Content-Encoding': 'gzip', 'X-A': ['1', '2'] });
      response.end(zlib.gzipSync(JSON.stringify({ method: request.method, type: request.headers['content-type'] })));
    });
    const exchanges: [Exchange, string][] = [];
    const send = fetchWith({
      onExchange: (exchange, body) => exchanges.push([exchange, Buffer.from(body ?? []).toString()]),
    });
    const response = await send(`${url}/token`, {
      method: 'POST',
      body: new URLSearchParams({ a: 'b' }),
      redirect: 'manual',
      headers: { accept: 'application/json' },
    });
    expect(response).toBeInstanceOf(Response);
    expect(response.headers.get('x-a')).toBe('1, 2');
    expect(response.headers.get('content-encoding')).toBeNull();
    expect(response.url).toBe(`${url}/token`);
    expect(await response.json()).toEqual({ method: 'POST', type: 'application/x-www-form-urlencoded;charset=UTF-8' });
    expect(exchanges[0]?.[1]).toBe('a=b');
    expect(exchanges[0]?.[0].hops[0]?.tls?.authorized).toBe(true);
  });

  it('takes every kind of body', async () => {
    const url = await serve((request, response) => request.pipe(response));
    const send = fetchWith();
    const bytes = new TextEncoder().encode('abc');
    for (const body of ['abc', bytes, bytes.buffer, new Blob(['abc']).stream()]) {
      expect(await (await send(url, { method: 'POST', body })).text()).toBe('abc');
    }
  });

  it('H12 follows no redirect', async () => {
    let hits = 0;
    const evil = await serve((_request, response) => {
      hits++;
      response.end();
    });
    const url = await serve((_request, response) => response.writeHead(307, { Location: evil }).end());
    const response = await fetchWith()(url, { method: 'POST', body: 'client_secret=canary' });
    expect([response.status, response.headers.get('location'), hits]).toEqual([307, evil, 0]);
  });

  it('H26 sends over https alone, but for the loopback', async () => {
    const errors: CountersignError[] = [];
    const send = fetchWith({ onError: (error) => errors.push(error) });
    for (const url of [
      'http://idp.example/',
      'http://169.254.169.254/',
      'http://127.0.0.1.evil.example/',
      'ftp://127.0.0.1/',
    ]) {
      expect(await codeOf(send(url))).toBe('CS-HTTP-URL');
    }
    expect(errors).toHaveLength(4);
    expect(await codeOf(send('http://127.0.0.1:1/'))).toBe('CS-NET-REFUSED');
  });

  it('H11 reads at most 1 MiB decoded', async () => {
    const url = await serve((_request, response) => {
      response.writeHead(200, { 'Content-Encoding': 'gzip' });
      response.end(zlib.gzipSync(Buffer.alloc(50 * 1024 * 1024)));
    });
    expect(await codeOf(fetchWith()(url))).toBe('CS-BODY-TOO-LARGE');
  });

  it('H11 ends an answer that trickles', async () => {
    const url = await serve((_request, response) => {
      const timer = setInterval(() => response.write(' '), 20);
      response.on('close', () => {
        clearInterval(timer);
      });
    });
    await expect(fetchWith({ deadlineMs: 150 })(url)).rejects.toMatchObject({
      code: 'CS-NET-TIMEOUT',
      facts: { secretSent: true },
    });
  });

  it('can be cancelled', async () => {
    const url = await serve(() => undefined);
    const stop = new AbortController();
    const work = codeOf(fetchWith()(url, { signal: stop.signal }));
    setTimeout(() => {
      stop.abort();
    }, 30);
    expect(await work).toBe('CS-NET-CANCELLED');
  });

  it('judges certificates', async () => {
    const url = await serve((_request, response) => response.end());
    expect(await codeOf(fetchWith({ tls: trusting() })(url))).toBe('CS-TLS-UNTRUSTED');
  });

  it('takes odd statuses', async () => {
    const url = await serve((request, response) => response.writeHead(Number(request.url?.slice(1)), 'h\xe9').end());
    for (const status of [204, 304, 599]) expect((await fetchWith()(`${url}/${String(status)}`)).status).toBe(status);
    expect(await codeOf(fetchWith()(`${url}/999`))).toBe('CS-HTTP-RESPONSE');
  });

  it('repeats no header value in an error', async () => {
    const error = await fetchWith()('https://127.0.0.1:1/', {
      headers: { authorization: 'Bearer canary\r\nX: y' },
    }).catch((failure: unknown) => failure as CountersignError);
    expect(error).toMatchObject({ code: 'CS-HTTP-HEADER' });
    expect(inspect(error)).not.toContain('canary');
  });

  it('knows the loopback', () => {
    expect(['localhost', 'LOCALHOST.', 'a.localhost', '127.1.2.3', '[::1]'].map(isLoopbackHost)).toEqual(
      Array(5).fill(true),
    );
    expect(['localhost.evil', '127.evil', '[::2]', '0.0.0.0', '[::ffff:127.0.0.1]'].map(isLoopbackHost)).toEqual(
      Array(5).fill(false),
    );
  });
});
