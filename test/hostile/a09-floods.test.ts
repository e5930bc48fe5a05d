import zlib from 'node:zlib';
import { afterAll, afterEach, describe, expect, it } from 'vitest';
import { codeOf, makeClient, sendTo, serveHttp, serveRaw, type Listening } from '../support/http-servers.ts';

const client = makeClient({ memoryLimitBytes: 1024 * 1024 });
const servers: Listening[] = [];
afterEach(async () => {
  for (const server of servers.splice(0)) await server.close();
});
afterAll(() => client.dispose());

function keep(server: Listening): string {
  servers.push(server);
  return server.url;
}

const MiB = 1024 * 1024;

describe('floods', () => {
  it('A09 ends at 1 MB of response headers', async () => {
    const url = keep(
      await serveRaw((socket) => {
        socket.write(`HTTP/1.1 200 OK\r\nX-Big: ${'x'.repeat(MiB)}\r\n\r\n`);
      }),
    );
    expect(await codeOf(sendTo(client, url))).toBe('CS-HTTP-HEAD-SIZE');
  });

  it('A09 ends at a hundred thousand small headers', async () => {
    const url = keep(
      await serveRaw((socket) => {
        socket.write(`HTTP/1.1 200 OK\r\n${'a: b\r\n'.repeat(100_000)}\r\n`);
      }),
    );
    expect(await codeOf(sendTo(client, url))).toBe('CS-HTTP-HEAD-SIZE');
  });

  it('A09 keeps three thousand small headers, none lost', async () => {
    const url = keep(
      await serveRaw((socket) => {
        socket.end(`HTTP/1.1 200 OK\r\n${'a: b\r\n'.repeat(3000)}Content-Length: 0\r\n\r\n`);
      }),
    );
    expect((await sendTo(client, url)).response.headers).toHaveLength(3001);
  });

  it('A09 ends a head that trickles in', async () => {
    const url = keep(
      await serveRaw((socket) => {
        socket.write('HTTP/1.1 200 OK\r\n');
        const timer = setInterval(() => socket.write('X: y\r\n'), 10);
        socket.on('close', () => {
          clearInterval(timer);
        });
      }),
    );
    await expect(sendTo(client, url, { timeoutMs: 150 })).rejects.toMatchObject({
      code: 'CS-NET-TIMEOUT',
      facts: { phase: 'waiting' },
    });
  });

  it('A09 ends a body without end at the limit, in bounded memory', async () => {
    const piece = Buffer.alloc(64 * 1024, 'x');
    let sent = 0;
    const url = keep(
      await serveHttp((_request, response) => {
        const pour = (): void => {
          while (!response.destroyed && response.write(piece)) sent += piece.length;
          sent += piece.length;
        };
        response.on('drain', pour);
        pour();
      }),
    );
    const before = process.memoryUsage().rss;
    const exchange = await sendTo(client, url, { maxDecodedBytes: 64 * MiB });
    expect(exchange.bodyError).toMatchObject({ code: 'CS-BODY-TOO-LARGE' });
    expect(exchange.body.bytes).toBe(64 * MiB);
    expect(sent).toBeLessThan(128 * MiB);
    expect(process.memoryUsage().rss - before).toBeLessThan(200 * MiB);
    await exchange.body.dispose();
  });

  const bombs: [string, (zeros: Buffer) => Buffer][] = [
    ['gzip', (zeros) => zlib.gzipSync(zeros)],
    ['br', (zeros) => zlib.brotliCompressSync(zeros, { params: { [zlib.constants.BROTLI_PARAM_QUALITY]: 4 } })],
    ['zstd', (zeros) => zlib.zstdCompressSync(zeros)],
    ['gzip, gzip', (zeros) => zlib.gzipSync(zlib.gzipSync(zeros))],
  ];
  for (const [coding, make] of bombs) {
    it(`A09 stops a ${coding} bomb at the limit`, async () => {
      const bomb = make(Buffer.alloc(256 * MiB));
      const url = keep(
        await serveHttp((_request, response) => {
          response.writeHead(200, { 'Content-Encoding': coding }).end(bomb);
        }),
      );
      const before = process.memoryUsage().rss;
      const exchange = await sendTo(client, url, { maxDecodedBytes: 8 * MiB });
      expect(exchange.bodyError).toMatchObject({ code: 'CS-BODY-TOO-LARGE' });
      expect(exchange.body.bytes).toBe(8 * MiB);
      expect(process.memoryUsage().rss - before).toBeLessThan(200 * MiB);
      await exchange.body.dispose();
    });
  }

  it('A09 takes a body in chunks of one byte', async () => {
    const url = keep(
      await serveRaw((socket) => {
        socket.write('HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n');
        socket.write('1\r\nx\r\n'.repeat(300_000));
        socket.end('0\r\n\r\n');
      }),
    );
    const exchange = await sendTo(client, url);
    expect([exchange.body.bytes, exchange.bodyError]).toEqual([300_000, undefined]);
  });

  it('A09 refuses a chunk size that overflows', async () => {
    const url = keep(
      await serveRaw((socket) => {
        socket.end('HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nfffffffffffffffff\r\nx');
      }),
    );
    const exchange = await sendTo(client, url);
    expect(exchange.bodyError).toMatchObject({ code: 'CS-HTTP-CHUNK' });
  });

  it('A09 is cancelled in the middle of a flood', async () => {
    const piece = Buffer.alloc(64 * 1024, 'x');
    const url = keep(
      await serveHttp((_request, response) => {
        const pour = (): void => {
          while (!response.destroyed && response.write(piece));
        };
        response.on('drain', pour);
        pour();
      }),
    );
    const stop = new AbortController();
    const exchange = await sendTo(client, url, {
      signal: stop.signal,
      onBody: ({ bytes }) => {
        if (bytes > 4 * MiB) stop.abort();
      },
    });
    expect(exchange.bodyError).toMatchObject({ code: 'CS-NET-CANCELLED' });
    expect(exchange.body.bytes).toBeGreaterThan(4 * MiB);
  });
});
