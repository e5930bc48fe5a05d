import { getEventListeners } from 'node:events';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { Secret } from '../../../src/credentials/secret.ts';
import type { Hop, HttpClient, OutgoingBody, SendOptions } from '../../../src/http/types.ts';
import {
  codeOf,
  makeClient,
  sendTo,
  serveHttp,
  serveHttps,
  serveProxy,
  serveRaw,
  textOf,
  trusting,
  type Listening,
} from '../../support/http-servers.ts';
import { makeTestCa, type TestCa } from '../../support/test-ca.ts';

let ca: TestCa;
let client: HttpClient;
const open: Listening[] = [];

function keep<T extends Listening>(server: T): T {
  open.push(server);
  return server;
}

beforeAll(async () => {
  ca = await makeTestCa();
  client = makeClient();
});
afterEach(async () => {
  for (const server of open.splice(0)) await server.close();
});
afterAll(() => client.dispose());

describe('one request', () => {
  it('goes over TLS, with its timings and the whole chain, on one connection', async () => {
    const server = keep(await serveHttps(await ca.server(), (_request, response) => response.end('ok')));
    const phases: string[] = [];
    const tls = trusting(ca.rootPem);
    const first = await sendTo(client, `${server.url}/a?b=c`, { tls, onPhase: (phase) => phases.push(phase) });
    expect(await textOf(first)).toBe('ok');
    expect(phases).toEqual(['queued', 'connect', 'tls', 'request', 'waiting', 'download', 'done']);
    expect(first.tls).toMatchObject({
      protocol: 'TLSv1.3',
      authorized: true,
      trustedBy: 'ca-0.pem',
      alpn: 'http/1.1',
      reused: false,
    });
    expect(first.tls?.chain.map(({ subject }) => subject)).toEqual([
      'CN=localhost',
      'CN=Lighthouse Intermediate, O=Lighthouse',
      'CN=Lighthouse Root, O=Lighthouse',
    ]);
    expect(first.tls?.chain[0]).toMatchObject({ key: 'EC P-256', selfSigned: false });
    expect(first.hops[0]).toMatchObject({ remoteAddress: '127.0.0.1', reusedConnection: false, why: 'first' });
    const { total, queued, connect, tls: handshake, request, firstByte, download, dns, proxy } = first.timings;
    expect([dns, proxy]).toEqual([null, null]);
    const sum = [queued, connect, handshake, request, firstByte, download].reduce<number>(
      (left, right) => left + (right ?? NaN),
      0,
    );
    expect(sum).toBeLessThanOrEqual(total);
    const second = await sendTo(client, `${server.url}/d`, { tls });
    expect(second.hops[0]).toMatchObject({ reusedConnection: true, timings: { connect: null, tls: null } });
    expect(second.tls?.chain).toHaveLength(3);
    expect(server.connections()).toBe(1);
  });

  it('resumes the TLS session on a second connection and keeps the chain', async () => {
    const identity = await ca.server();
    const server = keep(
      await serveHttps(identity, (_request, response) => response.setHeader('Connection', 'close').end('ok')),
    );
    const tls = trusting(ca.rootPem);
    await sendTo(client, server.url, { tls });
    const second = await sendTo(client, server.url, { tls });
    expect(second.tls).toMatchObject({ reused: true, authorized: true });
    expect(second.tls?.chain.map(({ fingerprint256 }) => fingerprint256)[0]).toBe(identity.fingerprint256);
    expect(second.tls?.chain).toHaveLength(3);
    expect(server.connections()).toBe(2);
  });

  it('writes headers in order, case and number as given', async () => {
    let seen = '';
    const server = keep(
      await serveRaw((socket, head) => {
        seen = head;
        socket.end('HTTP/1.1 200 Fine\r\nX-b: 1\r\nX-A: 2\r\nx-B: 3\r\nContent-Length: 0\r\n\r\n');
      }),
    );
    const exchange = await sendTo(client, `${server.url}/p?q`, {
      method: 'PROPFIND',
      headers: [
        ['x-Z', '1'],
        ['Host', `127.0.0.1:${String(server.port)}`],
        ['X-a', 'caf\xe9'],
        ['x-Z', '2'],
      ],
    });
    expect(seen).toBe(
      `PROPFIND /p?q HTTP/1.1\r\nx-Z: 1\r\nHost: 127.0.0.1:${String(server.port)}\r\nX-a: caf\xe9\r\nx-Z: 2\r\nContent-Length: 0\r\nConnection: keep-alive\r\n\r\n`,
    );
    expect(exchange.response).toEqual({
      status: 200,
      statusText: 'Fine',
      httpVersion: '1.1',
      headers: [
        ['X-b', '1'],
        ['X-A', '2'],
        ['x-B', '3'],
        ['Content-Length', '0'],
      ],
    });
  });

  it('keeps the case of an extension method', async () => {
    let seen = '';
    const server = keep(
      await serveRaw((socket, head) => {
        seen = head;
        socket.end('HTTP/1.1 204 No Content\r\n\r\n');
      }),
    );
    await sendTo(client, server.url, { method: 'Frob' });
    expect(seen.split(' ')[0]).toBe('Frob');
  });

  it('measures the name look-up', async () => {
    const server = keep(await serveHttp((_request, response) => response.end()));
    const exchange = await sendTo(client, `http://localhost:${String(server.port)}/`);
    expect(exchange.timings.dns).toBeGreaterThanOrEqual(0);
    expect(exchange.hops[0]?.remoteAddress).toBe('127.0.0.1');
  });

  it('speaks to an IPv6 address', async () => {
    const server = keep(await serveHttps(await ca.server(), (_request, response) => response.end('six'), '::1'));
    expect(await textOf(await sendTo(client, server.url, { tls: trusting(ca.rootPem) }))).toBe('six');
  });

  it('streams a large body both ways', async () => {
    const server = keep(await serveHttp((request, response) => request.pipe(response)));
    const piece = Buffer.alloc(200_000, 'x');
    const body: OutgoingBody = {
      length: undefined,
      replayable: true,
      async *open() {
        for (let count = 0; count < 40; count++) yield await Promise.resolve(piece);
      },
    };
    const exchange = await sendTo(client, server.url, { method: 'POST', body });
    expect(exchange.body.bytes).toBe(8_000_000);
    expect(exchange.hops[0]?.bodyBytes).toBe(8_000_000);
    expect(exchange.body.file).toBeDefined();
  });

  it('says when the body to send has another length', async () => {
    const server = keep(await serveHttp((request, response) => request.pipe(response)));
    const short: OutgoingBody = {
      length: 5,
      replayable: true,
      async *open() {
        yield await Promise.resolve(Buffer.from('abc'));
      },
    };
    expect(await codeOf(sendTo(client, server.url, { method: 'PUT', body: short }))).toBe('CS-BODY-LENGTH');
    expect(await codeOf(sendTo(client, server.url, { method: 'PUT', body: { ...short, length: 2 } }))).toBe(
      'CS-BODY-LENGTH',
    );
  });

  it('says when the body to send cannot be read', async () => {
    const server = keep(await serveHttp((request, response) => request.pipe(response)));
    const broken: OutgoingBody = {
      length: 5,
      replayable: true,
      async *open() {
        yield await Promise.resolve(Buffer.from('ab'));
        throw new Error('canary');
      },
    };
    expect(await codeOf(sendTo(client, server.url, { method: 'PUT', body: broken }))).toBe('CS-BODY-SOURCE');
  });

  it('waits for 100 Continue and sends no body that is not wanted', async () => {
    let bodyBytes = 0;
    const server = keep(
      await serveRaw((socket, head) => {
        const refuse = head.includes('/refuse');
        socket.on('data', (chunk) => {
          bodyBytes += chunk.length;
          if (!refuse) socket.end('HTTP/1.1 201 Created\r\nContent-Length: 0\r\n\r\n');
        });
        if (refuse) socket.write('HTTP/1.1 401 Unauthorized\r\nContent-Length: 0\r\n\r\n');
        else socket.write('HTTP/1.1 100 Continue\r\n\r\n');
      }),
    );
    const expecting = { method: 'POST', headers: [['Expect', '100-continue']] as const, body: 'hello' };
    const refused = await sendTo(client, `${server.url}/refuse`, expecting);
    expect([refused.response.status, bodyBytes]).toEqual([401, 0]);
    const taken = await sendTo(client, `${server.url}/take`, expecting);
    expect([taken.response.status, bodyBytes]).toEqual([201, 5]);
  });

  it('takes an answer that comes before the body is sent', async () => {
    const server = keep(
      await serveRaw((socket) => {
        socket.write('HTTP/1.1 413 Too Large\r\nContent-Length: 3\r\n\r\nbig');
      }),
    );
    const endless: OutgoingBody = {
      length: 1e12,
      replayable: true,
      async *open() {
        for (;;) yield await Promise.resolve(Buffer.alloc(65536));
      },
    };
    const exchange = await sendTo(client, server.url, { method: 'POST', body: endless });
    expect([exchange.response.status, await textOf(exchange)]).toEqual([413, 'big']);
  });

  it('reads HTTP/1.0 and bodies that end with the connection', async () => {
    const server = keep(
      await serveRaw((socket) => {
        socket.end('HTTP/1.0 200 OK\r\nContent-Type: text/plain\r\n\r\nold');
      }),
    );
    const exchange = await sendTo(client, server.url);
    expect([exchange.response.httpVersion, await textOf(exchange), exchange.bodyError]).toEqual([
      '1.0',
      'old',
      undefined,
    ]);
  });

  for (const [what, method, head] of [
    ['HEAD', 'HEAD', 'HTTP/1.1 200 OK\r\nContent-Length: 99\r\nContent-Encoding: gzip\r\n\r\n'],
    ['204', 'GET', 'HTTP/1.1 204 No Content\r\nContent-Encoding: gzip\r\n\r\n'],
    ['304', 'GET', 'HTTP/1.1 304 Not Modified\r\nContent-Length: 99\r\n\r\n'],
  ] as const) {
    it(`expects no body after ${what}`, async () => {
      const server = keep(
        await serveRaw((socket) => {
          socket.write(head);
        }),
      );
      const exchange = await sendTo(client, server.url, { method });
      expect([exchange.body.bytes, exchange.body.complete, exchange.bodyError]).toEqual([0, true, undefined]);
    });
  }
});

describe('cancelling and callers', () => {
  it('is refused at once by a signal that was aborted before', async () => {
    const server = keep(await serveHttp((_request, response) => response.end()));
    const signal = AbortSignal.abort();
    await expect(sendTo(client, server.url, { signal })).rejects.toMatchObject({
      code: 'CS-NET-CANCELLED',
      message: 'The request was cancelled.',
      facts: { secretSent: false },
    });
    expect(server.connections()).toBe(0);
  });

  it('hands on what a caller throws', async () => {
    const mine = new TypeError('mine');
    await expect(sendTo(client, 'http://127.0.0.1/', { prepareHop: () => Promise.reject(mine) })).rejects.toBe(mine);
  });

  it('leaves no listener on the signal', async () => {
    const server = keep(await serveHttp((_request, response) => response.end('x')));
    const { signal } = new AbortController();
    for (let count = 0; count < 3; count++) await sendTo(client, server.url, { signal });
    expect(getEventListeners(signal, 'abort')).toEqual([]);
  });

  it('ends what is running when the client is disposed of', async () => {
    const server = keep(await serveHttp(() => undefined));
    const own = makeClient();
    const work = codeOf(sendTo(own, server.url, { onPhase: (phase) => phase === 'waiting' && void own.dispose() }));
    expect(await work).toBe('CS-NET-CANCELLED');
  });

  it('says that an earlier hop was sent when a later one fails', async () => {
    const gone = await serveHttp(() => undefined);
    await gone.close();
    const server = keep(await serveHttp((_request, response) => response.writeHead(302, { Location: gone.url }).end()));
    await expect(sendTo(client, server.url)).rejects.toMatchObject({
      code: 'CS-NET-REFUSED',
      facts: { secretSent: true },
    });
  });
});

describe('connections', () => {
  it('are made again when a pooled one is stale, for a body that can be sent again', async () => {
    let count = 0;
    const server = keep(
      await serveRaw((socket, head) => {
        count++;
        // The first answer keeps the connection; the next request on it is met by a close.
        if (count === 2) socket.destroy();
        else socket.write(`HTTP/1.1 200 OK\r\nContent-Length: 1\r\n\r\n${head.startsWith('POST') ? 'p' : 'g'}`);
      }),
    );
    await sendTo(client, server.url);
    const again = await sendTo(client, server.url, { method: 'POST', body: 'data' });
    expect(await textOf(again)).toBe('p');
    expect(again.hops[0]).toMatchObject({ resent: true, reusedConnection: false, bodyBytes: 4 });
    expect(server.connections()).toBe(2);
  });

  it('are not made again for a body that cannot', async () => {
    let count = 0;
    const server = keep(
      await serveRaw((socket) => {
        if (++count === 2) socket.destroy();
        else socket.write('HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n');
      }),
    );
    await sendTo(client, server.url);
    const once: OutgoingBody = {
      length: 1,
      replayable: false,
      async *open() {
        yield await Promise.resolve(Buffer.from('x'));
      },
    };
    expect(await codeOf(sendTo(client, server.url, { method: 'POST', body: once }))).toBe('CS-NET-RESET');
    expect(count).toBe(2);
  });

  it('are not made again when fresh', async () => {
    let count = 0;
    const server = keep(
      await serveRaw((socket) => {
        count++;
        socket.destroy();
      }),
    );
    expect(await codeOf(sendTo(client, server.url))).toBe('CS-NET-RESET');
    expect(count).toBe(1);
  });

  it('die when they send what nobody asked for', async () => {
    const poison = 'HTTP/1.1 200 OK\r\nContent-Length: 4\r\n\r\nevil';
    const server = keep(
      await serveRaw((socket) => {
        socket.write('HTTP/1.1 200 OK\r\nContent-Length: 4\r\n\r\ngood');
        setTimeout(() => socket.write(poison), 20);
      }),
    );
    await sendTo(client, server.url);
    await new Promise((resolve) => setTimeout(resolve, 60));
    expect(await textOf(await sendTo(client, server.url))).toBe('good');
    expect(server.connections()).toBe(2);
  });

  it('are not shared between a trusting and a strict policy', async () => {
    const server = keep(await serveHttps(await ca.server(), (_request, response) => response.end('ok')));
    await sendTo(client, server.url, { tls: trusting(ca.rootPem) });
    expect(await codeOf(sendTo(client, server.url))).toBe('CS-TLS-UNTRUSTED');
  });

  it('say in words where nothing answers', async () => {
    const server = await serveHttp(() => undefined);
    await server.close();
    const work = sendTo(client, server.url);
    await expect(work).rejects.toMatchObject({
      code: 'CS-NET-REFUSED',
      message: `Nothing answers at 127.0.0.1:${String(server.port)}.`,
      facts: { secretSent: false },
    });
  });

  it('say which name does not exist', async () => {
    await expect(sendTo(client, 'http://no-such-host.invalid/')).rejects.toMatchObject({
      code: 'CS-NET-DNS',
      message: expect.stringContaining('no-such-host.invalid') as string,
    });
  });

  it('heed the rule on addresses', async () => {
    const server = keep(await serveHttp((_request, response) => response.end()));
    const allowAddress: SendOptions['allowAddress'] = (address) => address !== '127.0.0.1' && address !== '::1';
    expect(await codeOf(sendTo(client, server.url, { allowAddress }))).toBe('CS-NET-ADDRESS');
    expect(await codeOf(sendTo(client, `http://localhost:${String(server.port)}`, { allowAddress }))).toBe(
      'CS-NET-ADDRESS',
    );
    expect(server.connections()).toBe(0);
  });
});

describe('limits on time', () => {
  it('end a wait for the head', async () => {
    const server = keep(await serveHttp(() => undefined));
    await expect(sendTo(client, server.url, { timeoutMs: 60 })).rejects.toMatchObject({
      code: 'CS-NET-TIMEOUT',
      message: `127.0.0.1:${String(server.port)} accepted the connection and sent nothing for 60 ms.`,
      facts: { phase: 'waiting', secretSent: true },
    });
  });

  it('end a silence in the body, and keep what came', async () => {
    const server = keep(
      await serveHttp((_request, response) => {
        response.writeHead(200, { 'Content-Length': '10' });
        response.write('half');
      }),
    );
    const exchange = await sendTo(client, server.url, { timeoutMs: 80 });
    expect(exchange.bodyError).toMatchObject({ code: 'CS-NET-TIMEOUT', facts: { phase: 'download' } });
    expect([await textOf(exchange), exchange.body.complete]).toEqual(['half', false]);
  });

  it('do not end a body that keeps coming', async () => {
    const server = keep(
      await serveHttp((_request, response) => {
        let count = 0;
        const timer = setInterval(() => {
          if (++count < 8) response.write('x');
          else {
            clearInterval(timer);
            response.end();
          }
        }, 40);
      }),
    );
    const exchange = await sendTo(client, server.url, { timeoutMs: 200 });
    expect([await textOf(exchange), exchange.bodyError]).toEqual(['xxxxxxx', undefined]);
  });

  it('end a handshake that does not come', async () => {
    const server = keep(await serveRaw(() => undefined));
    const url = server.url.replace('http:', 'https:');
    await expect(sendTo(client, url, { connectTimeoutMs: 60 })).rejects.toMatchObject({
      code: 'CS-NET-TIMEOUT',
      facts: { phase: 'tls', secretSent: false },
    });
  });
});

describe('proxies', () => {
  const authorization = new Secret(`Basic ${btoa('us:er')}`, 'proxy');

  it('tunnel https; the sign-in goes to the proxy alone', async () => {
    let seen: string[] = [];
    const server = keep(
      await serveHttps(await ca.server(), (request, response) => {
        seen = request.rawHeaders;
        response.end('through');
      }),
    );
    const proxy = keep(await serveProxy(authorization.reveal()));
    const exchange = await sendTo(client, server.url, {
      tls: trusting(ca.rootPem),
      proxy: () => ({ url: new URL(proxy.url), authorization }),
      headers: [['Authorization', 'Bearer canary']],
    });
    expect(await textOf(exchange)).toBe('through');
    expect(seen.join()).not.toContain('Proxy-Authorization');
    expect(proxy.heads).toHaveLength(1);
    expect(proxy.heads.join()).not.toContain('canary');
    expect(exchange.hops[0]).toMatchObject({ proxy: proxy.url });
    expect(exchange.timings.proxy).toBeGreaterThanOrEqual(0);
    expect(JSON.stringify(exchange.hops)).not.toContain(btoa('us:er'));
  });

  it('take http in absolute form', async () => {
    let seen: string[] = [];
    const server = keep(
      await serveHttp((request, response) => {
        seen = request.rawHeaders;
        response.end('plain');
      }),
    );
    const proxy = keep(await serveProxy(authorization.reveal()));
    const exchange = await sendTo(client, `${server.url}/a?b`, {
      proxy: () => ({ url: new URL(proxy.url), authorization }),
    });
    expect(await textOf(exchange)).toBe('plain');
    expect(proxy.heads[0]).toContain(`GET ${server.url}/a?b`);
    expect(seen.join()).not.toContain('Proxy-Authorization');
    expect(exchange.hops[0]?.headers).toContainEqual(['Proxy-Authorization', '••••']);
  });

  for (const scheme of ['http', 'https']) {
    it(`R01 that ask for a sign-in are named, for ${scheme}`, async () => {
      const proxy = keep(await serveProxy('Basic other'));
      const work = sendTo(client, `${scheme}://api.example/`, { proxy: () => ({ url: new URL(proxy.url) }) });
      await expect(work).rejects.toMatchObject({
        code: 'CS-NET-PROXY',
        message: `The proxy 127.0.0.1:${String(proxy.port)} asks for a sign-in (407).`,
      });
      expect(proxy.heads).toHaveLength(1);
    });
  }

  it('that are not there are named', async () => {
    const proxy = await serveProxy();
    await proxy.close();
    const work = sendTo(client, 'https://api.example/', { proxy: () => ({ url: new URL(proxy.url) }) });
    await expect(work).rejects.toMatchObject({
      code: 'CS-NET-PROXY',
      message: `The proxy 127.0.0.1:${String(proxy.port)} cannot be reached.`,
    });
  });

  it('may speak TLS themselves', async () => {
    const inner = keep(await serveHttps(await ca.server(), (_request, response) => response.end('deep')));
    const { default: https } = await import('node:https');
    const net = await import('node:net');
    const proxy = https.createServer(await ca.server());
    proxy.on('connect', (request, socket) => {
      const to = net.connect(inner.port, '127.0.0.1', () => {
        socket.write('HTTP/1.1 200 OK\r\n\r\n');
        to.pipe(socket).pipe(to);
      });
      socket.on('error', () => to.destroy());
      to.on('error', () => socket.destroy());
      expect(request.url).toBe(`127.0.0.1:${String(inner.port)}`);
    });
    await new Promise<void>((resolve) => proxy.listen(0, '127.0.0.1', resolve));
    const { port } = proxy.address() as { port: number };
    const fresh = makeClient();
    const exchange = await sendTo(fresh, inner.url, {
      tls: trusting(ca.rootPem),
      proxy: () => ({ url: new URL(`https://127.0.0.1:${String(port)}`) }),
    });
    expect(await textOf(exchange)).toBe('deep');
    await fresh.dispose();
    proxy.closeAllConnections();
    await new Promise((resolve) => proxy.close(resolve));
  });
});

describe('redirects', () => {
  it('are followed hop by hop, each reported', async () => {
    const server = keep(
      await serveHttp((request, response) => {
        if (request.url === '/a') response.writeHead(302, { Location: '/b' }).end('moved');
        else response.end(`${request.method ?? ''} ${request.url ?? ''}`);
      }),
    );
    const prepared: unknown[] = [];
    const exchange = await sendTo(client, `${server.url}/a`, {
      method: 'POST',
      body: 'x',
      prepareHop: (request, hop) => {
        prepared.push(hop);
        return Promise.resolve(request);
      },
    });
    expect(await textOf(exchange)).toBe('GET /b');
    expect(exchange.hops.map(({ response, why, bodyBytes }) => [response?.status, why, bodyBytes])).toEqual([
      [302, 'first', 1],
      [200, 'redirect 302', 0],
    ]);
    expect(prepared).toEqual([
      { index: 0, crossOrigin: false, why: 'first' },
      { index: 1, crossOrigin: false, why: 'redirect 302' },
    ]);
    expect(server.connections()).toBe(1);
  });

  it('end at the limit, each hop reported', async () => {
    const server = keep(await serveHttp((_request, response) => response.writeHead(302, { Location: '/' }).end()));
    const hops: Hop[] = [];
    const work = sendTo(client, server.url, { maxRedirects: 3, onHop: (hop) => hops.push(hop) });
    expect(await codeOf(work)).toBe('CS-HTTP-REDIRECTS');
    expect(hops).toHaveLength(4);
  });

  it('are left alone when not wanted', async () => {
    const server = keep(
      await serveHttp((_request, response) => response.writeHead(302, { Location: '/' }).end('here')),
    );
    const exchange = await sendTo(client, server.url, { followRedirects: false });
    expect([exchange.response.status, await textOf(exchange)]).toEqual([302, 'here']);
  });
});
