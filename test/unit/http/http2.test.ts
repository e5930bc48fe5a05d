import { constants } from 'node:http2';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import type { HttpClient, TlsPolicy } from '../../../src/http/types.ts';
import {
  codeOf,
  makeClient,
  sendTo,
  serveHttp,
  serveHttps,
  serveProxy,
  textOf,
  trusting,
} from '../../support/http-servers.ts';
import { serveHttp2, type StreamHandler } from '../../support/http2-servers.ts';
import { makeTestCa, type TestCa } from '../../support/test-ca.ts';

let ca: TestCa;
let client: HttpClient;
let tls: TlsPolicy;
const open: { close(): Promise<void> }[] = [];

function keep<T extends { close(): Promise<void> }>(server: T): T {
  open.push(server);
  return server;
}

beforeAll(async () => {
  ca = await makeTestCa();
  client = makeClient();
  tls = trusting(ca.rootPem);
});
afterEach(async () => {
  for (const server of open.splice(0)) await server.close();
});
afterAll(() => client.dispose());

const ok: StreamHandler = (stream) => {
  stream.respond({ ':status': 200 });
  stream.end('ok');
};
const serve = async (handler: StreamHandler = ok, options: Parameters<typeof serveHttp2>[2] = {}) =>
  keep(await serveHttp2({ ...(await ca.server()), allowHTTP1: true }, handler, options));

describe('HTTP/2 where TLS agrees to it', () => {
  it('sends 64 requests at once on one connection', async () => {
    let most = 0;
    let now = 0;
    const server = await serve((stream, headers) => {
      most = Math.max(most, ++now);
      setTimeout(() => {
        now--;
        stream.respond({ ':status': 200 });
        stream.end(headers[':path']);
      }, 20);
    });
    const paths = Array.from({ length: 64 }, (_, index) => `/${String(index)}`);
    const exchanges = await Promise.all(paths.map((path) => sendTo(client, server.url + path, { tls })));
    expect(await Promise.all(exchanges.map(textOf))).toEqual(paths);
    expect(server.connections()).toBe(1);
    expect(most).toBeGreaterThan(32);
    expect(exchanges.filter(({ hops }) => hops[0]?.reusedConnection === false)).toHaveLength(1);
    expect(exchanges[0]?.response).toMatchObject({ status: 200, statusText: '', httpVersion: '2' });
    expect(exchanges[0]?.tls).toMatchObject({ alpn: 'h2', authorized: true, protocol: 'TLSv1.3' });
    expect(exchanges[0]?.timings).toMatchObject({ tls: expect.any(Number) as number });
  });

  it('writes names in lower case, Host as :authority, nothing of a connection, repeats as they are', async () => {
    let raw: string[] = [];
    const server = await serve((stream, _headers, sent) => {
      raw = sent;
      stream.respond({ ':status': 200, 'X-Two': ['1', '2'] });
      stream.end();
    });
    const exchange = await sendTo(client, `${server.url}/a?b`, {
      tls,
      headers: [
        ['X-Z', '1'],
        ['Connection', 'keep-alive'],
        ['TE', 'gzip'],
        ['x-z', '2'],
        ['Authorization', 'Bearer abc'],
      ],
    });
    expect(raw).toEqual([
      ...[':method', 'GET', ':scheme', 'https', ':authority', `127.0.0.1:${String(server.port)}`, ':path', '/a?b'],
      ...['x-z', '1', 'x-z', '2', 'authorization', 'Bearer abc'],
    ]);
    expect(exchange.hops[0]?.headers).toEqual([
      ['x-z', '1'],
      ['x-z', '2'],
      ['authorization', 'Bearer abc'],
    ]);
    expect(exchange.response.headers.filter(([name]) => name === 'x-two')).toEqual([
      ['x-two', '1'],
      ['x-two', '2'],
    ]);
  });

  it('keeps early hints and trailers, and waits for 100 Continue', async () => {
    const server = await serve((stream) => {
      stream.additionalHeaders({ ':status': 103, link: '</a.css>; rel=preload' });
      stream.additionalHeaders({ ':status': 100 });
      stream.respond({ ':status': 200 }, { waitForTrailers: true });
      stream.on('wantTrailers', () => {
        stream.sendTrailers({ 'x-sum': 'abc' });
      });
      stream.pipe(stream);
    });
    const exchange = await sendTo(client, server.url, {
      tls,
      method: 'POST',
      body: 'hello',
      headers: [['Expect', '100-continue']],
    });
    expect(await textOf(exchange)).toBe('hello');
    expect(exchange.trailers).toEqual([['x-sum', 'abc']]);
    expect(exchange.hops[0]?.interim).toContainEqual({ status: 103, headers: [['link', '</a.css>; rel=preload']] });
  });

  it('falls back to HTTP/1.1 with a server that knows only that, on as many connections as needed', async () => {
    const server = keep(await serveHttps(await ca.server(), (_request, response) => response.end('one')));
    const all = await Promise.all([1, 2, 3].map(() => sendTo(client, server.url, { tls })));
    expect(await Promise.all(all.map(textOf))).toEqual(['one', 'one', 'one']);
    expect(all[0]?.response.httpVersion).toBe('1.1');
    await sendTo(client, server.url, { tls });
    expect(server.connections()).toBe(3);
  });

  it('speaks HTTP/1.1 and 1.0 when told to', async () => {
    const server = await serve();
    const send = (httpVersion: '1.0' | '1.1') =>
      client.send({ method: 'GET', url: new URL(server.url), headers: [], httpVersion }, { ...sendOptions(), tls });
    expect((await send('1.1')).tls?.alpn).toBe('http/1.1');
    const lines: string[] = [];
    const plain = keep(
      await serveHttp((request, response) => {
        lines.push(request.httpVersion);
        response.end('old');
      }),
    );
    const old = await client.send(
      { method: 'GET', url: new URL(plain.url), headers: [], httpVersion: '1.0' },
      sendOptions(),
    );
    expect(await textOf(old)).toBe('old');
    expect(lines).toEqual(['1.0']);
  });

  it('shares no connection across client certificates', async () => {
    const server = await serve();
    const { cert, key } = await ca.client('one');
    await sendTo(client, server.url, { tls });
    await sendTo(client, server.url, { tls: { ...tls, clientCertificateFor: () => ({ cert, key }) } });
    expect(server.connections()).toBe(2);
  });

  it('takes turns where the server takes one request at a time', async () => {
    let now = 0;
    let most = 0;
    const server = await serve(
      (stream) => {
        most = Math.max(most, ++now);
        setTimeout(() => {
          now--;
          ok(stream, {}, []);
        }, 5);
      },
      { settings: { maxConcurrentStreams: 1 } },
    );
    const all = await Promise.all(Array.from({ length: 12 }, () => sendTo(client, server.url, { tls })));
    expect(all.map(({ response }) => response.status)).toEqual(Array(12).fill(200));
    expect([most, server.connections()]).toEqual([1, 1]);
  });

  it('follows a redirect on the same connection', async () => {
    const server = await serve((stream, headers) => {
      if (headers[':path'] === '/to') ok(stream, {}, []);
      else {
        stream.respond({ ':status': 302, location: '/to' });
        stream.end('moved');
      }
    });
    const exchange = await sendTo(client, server.url, { tls });
    expect(exchange.hops.map(({ reusedConnection }) => reusedConnection)).toEqual([false, true]);
  });
});

describe('big bodies', () => {
  it('come whole', async () => {
    const bytes = 40 * 1024 * 1024;
    let written = 0;
    const server = await serve((stream) => {
      stream.respond({ ':status': 200, 'content-length': String(bytes) });
      const chunk = Buffer.alloc(64 * 1024, 1);
      const more = (): void => {
        while (written < bytes) {
          written += chunk.length;
          if (!stream.write(chunk)) {
            stream.once('drain', more);
            return;
          }
        }
        stream.end();
      };
      more();
    });
    const exchange = await sendTo(client, server.url, { tls });
    expect([exchange.bodyError, exchange.body.bytes, exchange.body.complete]).toEqual([undefined, bytes, true]);
    await exchange.body.dispose();
  });

  it('go up under flow control, and arrive whole', async () => {
    const server = await serve((stream) => {
      let size = 0;
      stream.on('data', (chunk: Buffer) => (size += chunk.length));
      stream.on('end', () => {
        stream.respond({ ':status': 200 });
        stream.end(String(size));
      });
    });
    const body = {
      length: undefined,
      replayable: true,
      async *open() {
        for (let index = 0; index < 100; index++) yield await Promise.resolve(Buffer.alloc(100_000));
      },
    };
    const exchange = await sendTo(client, server.url, { tls, method: 'POST', body });
    expect(await textOf(exchange)).toBe('10000000');
    expect(exchange.hops[0]?.bodyBytes).toBe(10_000_000);
  });
});

describe('prior knowledge', () => {
  const send = (url: string, proxy?: string) =>
    client.send(
      { method: 'GET', url: new URL(url), headers: [], httpVersion: '2-prior-knowledge' },
      { ...sendOptions(), tls, ...(proxy === undefined ? {} : { proxy: () => ({ url: new URL(proxy) }) }) },
    );

  it('speaks HTTP/2 on plain http, also through a proxy', async () => {
    const server = keep(await serveHttp2(undefined, ok));
    expect((await send(server.url)).response.httpVersion).toBe('2');
    const proxy = keep(await serveProxy());
    const through = await send(server.url, proxy.url);
    expect([through.response.httpVersion, through.hops[0]?.proxy]).toEqual(['2', proxy.url]);
    expect(proxy.heads[0]).toMatch(/^CONNECT 127\.0\.0\.1:/);
  });

  it('says so when the other side does not speak it', async () => {
    const plain = keep(await serveHttp((_request, response) => response.end()));
    expect(await codeOf(send(plain.url))).toBe('CS-HTTP-VERSION');
    const secure = keep(await serveHttps(await ca.server(), (_request, response) => response.end()));
    expect(await codeOf(send(secure.url))).toMatch(/^CS-(HTTP-VERSION|TLS-PROTOCOL)$/);
  });
});

describe('a connection that ends', () => {
  it('takes no new requests after GOAWAY; those under way end well', async () => {
    let release: (() => void) | undefined;
    const server = await serve((stream, headers) => {
      if (headers[':path'] !== '/slow') {
        ok(stream, {}, []);
        return;
      }
      stream.session?.goaway(constants.NGHTTP2_NO_ERROR, stream.id);
      release = () => {
        ok(stream, {}, []);
      };
    });
    const slow = sendTo(client, `${server.url}/slow`, { tls });
    while (!release) await sleep(5);
    await sleep(20);
    expect((await sendTo(client, server.url, { tls })).response.status).toBe(200);
    release();
    expect(await textOf(await slow)).toBe('ok');
    expect(server.connections()).toBe(2);
  });

  it('names the reason of a GOAWAY in the middle, and keeps what came', async () => {
    const server = await serve((stream, headers) => {
      if (headers[':path'] === '/body') {
        stream.respond({ ':status': 200 });
        stream.write('part');
      }
      setTimeout(() => stream.session?.goaway(constants.NGHTTP2_ENHANCE_YOUR_CALM), 30);
    });
    const before = await sendTo(client, server.url, { tls }).catch((error: unknown) => error);
    expect(before).toMatchObject({ code: 'CS-HTTP-GOAWAY', facts: { phase: 'waiting', code: 'ENHANCE_YOUR_CALM' } });
    const exchange = await sendTo(client, `${server.url}/body`, { tls });
    expect(exchange.bodyError).toMatchObject({ code: 'CS-HTTP-GOAWAY' });
    expect(await textOf(exchange)).toBe('part');
  });

  it('names the reason of a reset, leaves the others alone, and keeps what came', async () => {
    const server = await serve((stream, headers) => {
      if (headers[':path'] === '/ok') {
        setTimeout(() => {
          ok(stream, {}, []);
        }, 60);
        return;
      }
      if (headers[':path'] === '/body') {
        stream.respond({ ':status': 200 });
        stream.write('part');
      }
      setTimeout(() => {
        // `close` would end the body first.
        stream.destroy(new Error('broken'));
      }, 20);
    });
    const [fine, none, part] = await Promise.all([
      sendTo(client, `${server.url}/ok`, { tls }),
      sendTo(client, `${server.url}/none`, { tls }).catch((error: unknown) => error),
      sendTo(client, `${server.url}/body`, { tls }),
    ]);
    expect(fine.response.status).toBe(200);
    expect(none).toMatchObject({ code: 'CS-HTTP-STREAM', facts: { phase: 'waiting', code: 'INTERNAL_ERROR' } });
    expect(part.bodyError).toMatchObject({ code: 'CS-HTTP-STREAM' });
    expect(await textOf(part)).toBe('part');
    expect(server.connections()).toBe(1);
  });

  it('sends again what the server refused unseen, once', async () => {
    let asked = 0;
    const server = await serve((stream) => {
      if (++asked === 1) stream.close(constants.NGHTTP2_REFUSED_STREAM);
      else ok(stream, {}, []);
    });
    const exchange = await sendTo(client, server.url, { tls });
    expect(exchange.hops[0]).toMatchObject({ resent: true, response: { status: 200 } });
  });

  it('goes on in HTTP/1.1 when the server asks for that', async () => {
    const server = keep(
      await serveHttp2({ ...(await ca.server()), allowHTTP1: true }, (stream) => {
        stream.close(constants.NGHTTP2_HTTP_1_1_REQUIRED);
      }),
    );
    const exchange = await sendTo(client, server.url, { tls });
    expect([await textOf(exchange), exchange.hops[0]?.resent]).toEqual(['1.1', true]);
    expect(server.connections()).toBe(2);
  });

  it('is cancelled alone: the stream is reset within 100 ms, the connection stays', async () => {
    let code: number | undefined;
    const server = await serve((stream, headers) => {
      if (headers[':path'] === '/') ok(stream, {}, []);
      else stream.on('close', () => (code = stream.rstCode));
    });
    const stop = new AbortController();
    const hanging = codeOf(sendTo(client, `${server.url}/hang`, { tls, signal: stop.signal }));
    await sendTo(client, server.url, { tls });
    const at = performance.now();
    stop.abort();
    expect(await hanging).toBe('CS-NET-CANCELLED');
    expect(performance.now() - at).toBeLessThan(100);
    await sendTo(client, server.url, { tls });
    expect(server.connections()).toBe(1);
    expect(code).toBe(constants.NGHTTP2_CANCEL);
  });

  it('is left by others once it fell silent', async () => {
    const server = await serve((stream, headers) => {
      if (headers[':path'] !== '/hang') ok(stream, {}, []);
    });
    expect(await codeOf(sendTo(client, `${server.url}/hang`, { tls, timeoutMs: 100 }))).toBe('CS-NET-TIMEOUT');
    await sendTo(client, server.url, { tls });
    expect(server.connections()).toBe(2);
  });

  it('is opened anew when it was closed in the meantime', async () => {
    const server = await serve();
    await sendTo(client, server.url, { tls });
    for (const socket of server.sockets) socket.destroy();
    expect((await sendTo(client, server.url, { tls })).response.status).toBe(200);
  });
});

function sendOptions() {
  return {
    signal: new AbortController().signal,
    tls: trusting(),
    proxy: () => undefined,
    timeoutMs: 5000,
    connectTimeoutMs: 5000,
    followRedirects: false,
    maxRedirects: 0,
    maxDecodedBytes: 1024 ** 3,
    prepareHop: <T>(request: T) => Promise.resolve(request),
  };
}
