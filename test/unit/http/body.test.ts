import { createHash } from 'node:crypto';
import { open, readdir, stat } from 'node:fs/promises';
import { mkdirSync, mkdtempSync } from 'node:fs';
import type http from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import zlib from 'node:zlib';
import fc from 'fast-check';
import { afterAll, afterEach, describe, expect, it } from 'vitest';
import { toSizeText } from '../../../src/http/body-errors.ts';
import { BodySpool } from '../../../src/http/body-spool.ts';
import { SpoolDirectory, removeLeftovers } from '../../../src/http/spool-directory.ts';
import type { SpooledBody } from '../../../src/http/types.ts';
import { makeClient, sendTo, serveHttp, serveRaw, textOf, type Listening } from '../../support/http-servers.ts';

const client = makeClient();
const servers: Listening[] = [];
afterEach(async () => {
  for (const server of servers.splice(0)) await server.close();
});
afterAll(() => client.dispose());

async function serve(handler: http.RequestListener): Promise<string> {
  const server = await serveHttp(handler);
  servers.push(server);
  return server.url;
}

async function serveBytes(text: string | Buffer): Promise<string> {
  const server = await serveRaw((socket) => {
    socket.end(text);
  });
  servers.push(server);
  return server.url;
}

const plain = Buffer.from('Grüße, '.repeat(5000));

interface Case {
  readonly coding: string | string[];
  readonly bytes: Buffer;
  /** Text, or the code of the error with how many decoded bytes stayed at least. */
  readonly expected: string | { readonly code: string; readonly atLeast: number };
}

async function check({ coding, bytes, expected }: Case): Promise<void> {
  const url = await serve((_request, response) => {
    response.writeHead(200, { 'Content-Encoding': coding });
    // In pieces, so that a decoder sees its input in several writes.
    for (let at = 0; at < bytes.length; at += 1000) response.write(bytes.subarray(at, at + 1000));
    response.end();
  });
  const exchange = await sendTo(client, url);
  if (typeof expected === 'string') {
    expect(exchange.bodyError).toBeUndefined();
    expect(await textOf(exchange)).toBe(expected);
    expect(exchange.body).toMatchObject({ complete: true, encodedBytes: bytes.length });
  } else {
    expect(exchange.bodyError).toMatchObject({ code: expected.code });
    expect(exchange.body.bytes).toBeGreaterThanOrEqual(expected.atLeast);
  }
}

/** Bytes that do not compress, the same at each run. */
const noise = Buffer.concat(Array.from({ length: 10_000 }, (_, n) => createHash('sha256').update(String(n)).digest()));
const gz = zlib.gzipSync(noise);

describe('content codings', () => {
  const text = plain.toString();
  it('gzip', () => check({ coding: 'gzip', bytes: zlib.gzipSync(plain), expected: text }));
  it('x-gzip, in any case', () => check({ coding: 'X-GZip', bytes: zlib.gzipSync(plain), expected: text }));
  it('deflate with a zlib head', () => check({ coding: 'deflate', bytes: zlib.deflateSync(plain), expected: text }));
  it('deflate without one', () => check({ coding: 'deflate', bytes: zlib.deflateRawSync(plain), expected: text }));
  it('br', () => check({ coding: 'br', bytes: zlib.brotliCompressSync(plain), expected: text }));
  it('zstd', () => check({ coding: 'zstd', bytes: zlib.zstdCompressSync(plain), expected: text }));
  it('identity', () => check({ coding: 'identity', bytes: plain, expected: text }));
  it('two in one line', () =>
    check({ coding: 'gzip, br', bytes: zlib.brotliCompressSync(zlib.gzipSync(plain)), expected: text }));
  it('two in two lines', () =>
    check({ coding: ['deflate', 'gzip'], bytes: zlib.gzipSync(zlib.deflateSync(plain)), expected: text }));
  it('several gzip members', () =>
    check({ coding: 'gzip', bytes: Buffer.concat([zlib.gzipSync('a'), zlib.gzipSync('b')]), expected: 'ab' }));
  it('an empty body', () => check({ coding: 'gzip', bytes: Buffer.alloc(0), expected: '' }));
  it('an unknown one: the bytes stay as they came', () =>
    check({ coding: 'rot13', bytes: plain, expected: { code: 'CS-BODY-ENCODING', atLeast: plain.length } }));
  it('too many', () =>
    check({ coding: 'gzip,'.repeat(9), bytes: plain, expected: { code: 'CS-BODY-ENCODING', atLeast: plain.length } }));
  it('a wrong label', () =>
    check({ coding: 'gzip', bytes: plain, expected: { code: 'CS-BODY-ENCODING', atLeast: 0 } }));
  it('one cut short: what was decoded stays', () =>
    check({
      coding: 'gzip',
      bytes: gz.subarray(0, gz.length >> 1),
      expected: { code: 'CS-BODY-TRUNCATED', atLeast: 50_000 },
    }));
  it('one damaged in the middle: what was decoded stays', () => {
    const bytes = Buffer.from(gz);
    bytes.fill(0xff, gz.length >> 1);
    return check({ coding: 'gzip', bytes, expected: { code: 'CS-BODY-ENCODING', atLeast: 50_000 } });
  });
  it('br cut short', () =>
    check({
      coding: 'br',
      bytes: zlib.brotliCompressSync(noise).subarray(0, 150_000),
      expected: { code: 'CS-BODY-TRUNCATED', atLeast: 0 },
    }));
  it('zstd cut short', () =>
    check({
      coding: 'zstd',
      bytes: zlib.zstdCompressSync(noise).subarray(0, 150_000),
      expected: { code: 'CS-BODY-TRUNCATED', atLeast: 0 },
    }));
});

describe('bodies that break off keep what came', () => {
  const cases: [name: string, wire: string, code: string, kept: string][] = [
    ['before Content-Length', 'HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\nabc', 'CS-BODY-TRUNCATED', 'abc'],
    ['between chunks', 'HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nabc\r\n', 'CS-BODY-TRUNCATED', 'abc'],
    [
      'at a chunk size that is none',
      'HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nabc\r\nzz\r\n',
      'CS-HTTP-CHUNK',
      'abc',
    ],
  ];
  for (const [name, wire, code, kept] of cases) {
    it(name, async () => {
      const exchange = await sendTo(client, await serveBytes(wire));
      expect(exchange.bodyError).toMatchObject({ code });
      expect([await textOf(exchange), exchange.body.complete, exchange.response.status]).toEqual([kept, false, 200]);
    });
  }

  it('at a reset', async () => {
    const server = await serveRaw((socket) => {
      socket.write('HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\nabc');
      setTimeout(() => socket.resetAndDestroy(), 30);
    });
    servers.push(server);
    const exchange = await sendTo(client, server.url);
    expect(exchange.bodyError).toMatchObject({ code: 'CS-NET-RESET' });
    expect(await textOf(exchange)).toBe('abc');
  });

  it('when cancelled', async () => {
    const url = await serve((_request, response) => response.write('abc'));
    const stop = new AbortController();
    const exchange = await sendTo(client, url, {
      signal: stop.signal,
      onBody: () => {
        stop.abort();
      },
    });
    expect(exchange.bodyError).toMatchObject({ code: 'CS-NET-CANCELLED' });
    expect(await textOf(exchange)).toBe('abc');
  });

  it('at the limit', async () => {
    const url = await serve((_request, response) => response.end('x'.repeat(100_000)));
    const exchange = await sendTo(client, url, { maxDecodedBytes: 70_000 });
    expect(exchange.bodyError).toMatchObject({ code: 'CS-BODY-TOO-LARGE' });
    expect(exchange.body.bytes).toBe(70_000);
  });
});

describe('the spool', () => {
  const parent = mkdtempSync(join(tmpdir(), 'countersign-spool-'));
  const directory = new SpoolDirectory(parent);
  afterAll(() => directory.dispose());
  const make = (memoryLimitBytes: number): BodySpool =>
    new BodySpool({ memoryLimitBytes, createFile: () => directory.create() });
  const all = async (body: SpooledBody): Promise<Buffer> => Buffer.from(await body.bytesUpTo(1e9));

  it('gives back any range of any chunks, in memory and on disk', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.uint8Array({ maxLength: 20_000 }), { maxLength: 30 }),
        fc.constantFrom(0, 1000, 100_000, 10_000_000),
        fc.nat(60_000),
        fc.nat(60_000),
        async (chunks, limit, start, length) => {
          const spool = make(limit);
          const whole = Buffer.concat(chunks);
          let given = 0;
          for (const chunk of chunks) {
            await spool.append(chunk);
            given += chunk.length;
            expect(Buffer.from(await spool.read(start, start + length))).toEqual(
              whole.subarray(0, given).subarray(start, start + length),
            );
          }
          await spool.end(true);
          expect(await all(spool)).toEqual(whole);
          expect(spool.file !== undefined).toBe(whole.length > limit);
          expect(Buffer.from(await spool.read(start, start + length))).toEqual(whole.subarray(start, start + length));
          await spool.dispose();
        },
      ),
      { numRuns: 60 },
    );
  });

  it('can be read while it grows', async () => {
    for (const limit of [1e9, 1000]) {
      const spool = make(limit);
      const reading = (async () => {
        const parts: Uint8Array[] = [];
        for await (const part of spool.stream()) parts.push(part);
        return Buffer.concat(parts);
      })();
      for (let count = 0; count < 100; count++) {
        await spool.append(Buffer.alloc(3000, count));
        await new Promise((resolve) => setImmediate(resolve));
      }
      await spool.end(true);
      const read = await reading;
      expect(read).toHaveLength(300_000);
      expect(read.every((byte, index) => byte === Math.floor(index / 3000))).toBe(true);
    }
  });

  it('does not keep a flood of tiny chunks as objects', async () => {
    const spool = make(1e9);
    for (let count = 0; count < 200_000; count++) await spool.append(Uint8Array.of(count & 0xff));
    await spool.end(true);
    expect(Buffer.from(await spool.read(199_998, 200_000))).toEqual(Buffer.from([199_998 & 0xff, 199_999 & 0xff]));
    expect(spool.bytes).toBe(200_000);
  });

  it('is a file of its owner alone, gone after dispose', async () => {
    const spool = make(10);
    await spool.append(Buffer.alloc(100));
    await spool.end(true);
    const { mode } = await stat(spool.file ?? '');
    expect(mode & 0o777).toBe(0o600);
    const file = spool.file ?? '';
    await spool.dispose();
    await expect(stat(file)).rejects.toThrow();
    await expect(spool.read(0, 1)).rejects.toMatchObject({ code: 'CS-BODY-SPOOL' });
  });

  it('keeps what it has when the disk is full', async () => {
    const spool = new BodySpool({
      memoryLimitBytes: 1000,
      createFile: async () => ({ path: '/dev/full', handle: await open('/dev/full', 'r+') }),
    });
    for (let count = 0; count < 20; count++) await spool.append(Buffer.alloc(500, 'x'));
    await spool.end(true);
    expect(spool.failure).toMatchObject({ code: 'CS-STORE-FULL' });
    expect(spool.complete).toBe(false);
    expect((await all(spool)).toString()).toMatch(/^x{1000,}$/);
  });

  it('says so when the folder cannot be written', async () => {
    const broken = makeClient({ spoolDir: '/dev/null/no', memoryLimitBytes: 10 });
    const url = await serve((_request, response) => response.end('x'.repeat(100_000)));
    const exchange = await sendTo(broken, url);
    expect(exchange.bodyError).toMatchObject({ code: 'CS-BODY-SPOOL' });
    expect(exchange.body.bytes).toBeGreaterThan(0);
    await broken.dispose();
  });

  it('makes no folder before it is needed, and removes it in the end', async () => {
    const spoolDir = mkdtempSync(join(tmpdir(), 'countersign-lazy-'));
    const own = makeClient({ spoolDir, memoryLimitBytes: 1000 });
    const url = await serve((request, response) => response.end('x'.repeat(request.url === '/big' ? 5000 : 5)));
    await sendTo(own, url);
    expect(await readdir(spoolDir)).toEqual([]);
    const big = await sendTo(own, `${url}/big`);
    expect(await readdir(spoolDir)).toHaveLength(1);
    expect(await textOf(big)).toHaveLength(5000);
    await own.dispose();
    expect(await readdir(spoolDir)).toEqual([]);
  });

  it('removes what dead processes left, and nothing else', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'countersign-left-'));
    const dead = 'countersign-4194399-aaaaaaaaaaaa';
    const living = `countersign-${String(process.pid)}-bbbbbbbbbbbb`;
    for (const name of [dead, living, 'other']) mkdirSync(join(folder, name));
    await removeLeftovers(folder);
    expect((await readdir(folder)).sort()).toEqual([living, 'other'].sort());
  });

  it('refuses more than asked for', async () => {
    const spool = make(1000);
    await spool.append(Buffer.alloc(100));
    await spool.end(true);
    await expect(spool.bytesUpTo(99)).rejects.toMatchObject({
      code: 'CS-BODY-TOO-LARGE',
      message: 'The body is larger than 99 bytes.',
    });
  });

  it('names sizes', () => {
    expect([0, 1023, 1024, 1536, 1024 ** 2 * 4, 1024 ** 3 * 2.5].map(toSizeText)).toEqual([
      '0 bytes',
      '1023 bytes',
      '1 KiB',
      '1.5 KiB',
      '4 MiB',
      '2.5 GiB',
    ]);
  });
});
