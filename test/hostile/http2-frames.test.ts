/** Servers that break HTTP/2 frame by frame, without a library between them and the wire. Source: RFC 9113; CVE-2024-27983. */
import net, { type AddressInfo, type Socket } from 'node:net';
import { afterAll, afterEach, describe, expect, it } from 'vitest';
import { defaults, makeClient, textOf } from '../support/http-servers.ts';

const client = makeClient();
const servers: { close(): Promise<void> }[] = [];
afterEach(async () => {
  for (const server of servers.splice(0)) await server.close();
});
afterAll(() => client.dispose());

const types = { data: 0, headers: 1, reset: 3, settings: 4, push: 5, ping: 6, goaway: 7, window: 8, continuation: 9 };
const endStream = 1;
const endHeaders = 4;

function frame(type: keyof typeof types, flags: number, stream: number, payload: Uint8Array = Buffer.alloc(0)): Buffer {
  const head = Buffer.alloc(9);
  head.writeUIntBE(payload.length, 0, 3);
  head[3] = types[type];
  head[4] = flags;
  head.writeUInt32BE(stream, 5);
  return Buffer.concat([head, payload]);
}

/** A literal field, never indexed (RFC 7541 §6.2.3); names and values below 127 bytes. */
function field(name: string, value: string): Buffer {
  return Buffer.concat([
    Uint8Array.of(0x10, name.length),
    Buffer.from(name),
    Uint8Array.of(value.length),
    Buffer.from(value),
  ]);
}

const ok = Buffer.of(0x88);
const number = (value: number): Buffer => {
  const bytes = Buffer.alloc(4);
  bytes.writeUInt32BE(value >>> 0);
  return bytes;
};

/** @param answer what follows the settings, once the request's headers are there */
async function serve(answer: (socket: Socket) => void): Promise<string> {
  const sockets = new Set<Socket>();
  const server = net.createServer((socket) => {
    sockets.add(socket);
    socket.on('error', () => undefined);
    socket.once('data', () => {
      socket.write(frame('settings', 0, 0));
      // The request's own headers may come in a later packet; stream 1 exists by then.
      setTimeout(() => {
        if (!socket.destroyed) answer(socket);
      }, 30);
    });
    socket.resume();
  });
  await new Promise<void>((ready) => server.listen(0, '127.0.0.1', ready));
  servers.push({
    close: () =>
      new Promise((done) => {
        for (const socket of sockets) socket.destroy();
        server.close(() => {
          done();
        });
      }),
  });
  return `http://127.0.0.1:${String((server.address() as AddressInfo).port)}`;
}

function endlessly(socket: Socket, bytes: Buffer): void {
  const more = (): void => {
    if (!socket.destroyed && socket.write(bytes)) setImmediate(more);
    else socket.once('drain', more);
  };
  more();
}

const cases: readonly [name: string, answer: (socket: Socket) => void, expected: RegExp][] = [
  ['a whole answer', (socket) => socket.write(both('fine')), /^ok: fine$/],
  [
    'headers continued without end',
    (socket) => {
      socket.write(frame('headers', 0, 1, ok));
      endlessly(socket, frame('continuation', 0, 1, field('x', 'y'.repeat(100))));
    },
    /^CS-(HTTP|NET)-/,
  ],
  [
    'empty continuations without end',
    (socket) => {
      socket.write(frame('headers', 0, 1, ok));
      endlessly(socket, frame('continuation', 0, 1));
    },
    /^CS-(HTTP|NET)-/,
  ],
  [
    'more header lines than anybody reads',
    (socket) => {
      const many = Buffer.concat(Array.from({ length: 100 }, () => field('x', 'y'.repeat(100))));
      socket.write(frame('headers', 0, 1, ok));
      for (let index = 0; index < 40; index++) socket.write(frame('continuation', 0, 1, many));
      socket.write(frame('continuation', endHeaders, 1));
    },
    /^CS-(HTTP|NET)-/,
  ],
  ['pings without end', (socket) => endlessly(socket, frame('ping', 0, 0, Buffer.alloc(8))), /^CS-(HTTP|NET)-/],
  ['settings without end', (socket) => endlessly(socket, frame('settings', 0, 0)), /^CS-(HTTP|NET)-/],
  [
    'interim answers without end',
    (socket) => endlessly(socket, frame('headers', endHeaders, 1, field(':status', '103'))),
    /^CS-HTTP-INFORMATIONAL$/,
  ],
  [
    'empty data without end',
    (socket) => {
      socket.write(frame('headers', endHeaders, 1, ok));
      endlessly(socket, frame('data', 0, 1));
    },
    /^body CS-(HTTP|NET)-/,
  ],
  ['a frame larger than agreed', (socket) => socket.write(frame('data', 0, 1, Buffer.alloc(20_000))), /^CS-HTTP-/],
  ['data before headers', (socket) => socket.write(frame('data', endStream, 1, Buffer.from('a'))), /^CS-(HTTP|NET)-/],
  ['data on a stream nobody opened', (socket) => socket.write(frame('data', 0, 77, Buffer.from('a'))), /^CS-HTTP-/],
  ['a pushed answer', (socket) => socket.write(frame('push', endHeaders, 1, number(2))), /^CS-(HTTP|NET)-/],
  ['a window beyond its limit', (socket) => socket.write(frame('window', 0, 0, number(0x7fffffff))), /^CS-HTTP-/],
  ['no status', (socket) => socket.write(frame('headers', 5, 1, field('a', 'b'))), /^CS-HTTP-/],
  ['a name in capitals', (socket) => socket.write(answer(field('X-A', 'b'))), /^CS-HTTP-/],
  ['a field of a connection', (socket) => socket.write(answer(field('connection', 'close'))), /^CS-HTTP-/],
  ['a value with a line break', (socket) => socket.write(answer(field('a', 'b\r\nc: d'))), /^(CS-HTTP-|ok: $)/],
  ['a broken table', (socket) => socket.write(frame('headers', 5, 1, Buffer.of(0xff, 0xff, 0xff, 0xff))), /^CS-HTTP-/],
  [
    'less body than announced',
    (socket) => socket.write(both('abc', field('content-length', '9'))),
    /^(body )?CS-(HTTP|BODY)-/,
  ],
  [
    'more body than announced',
    (socket) => socket.write(both('abc', field('content-length', '1'))),
    /^(body )?CS-(HTTP|BODY)-/,
  ],
  [
    'an unknown kind of frame, which is ignored',
    (socket) => socket.write(Buffer.concat([Buffer.of(0, 0, 1, 0xee, 0, 0, 0, 0, 0, 1), both('fine')])),
    /^ok: fine$/,
  ],
];

function answer(...fields: Buffer[]): Buffer {
  return frame('headers', endStream | endHeaders, 1, Buffer.concat([ok, ...fields]));
}

function both(text: string, ...fields: Buffer[]): Buffer {
  const head = frame('headers', endHeaders, 1, Buffer.concat([ok, ...fields]));
  return Buffer.concat([head, frame('data', endStream, 1, Buffer.from(text))]);
}

describe('frames of a server that is not well', () => {
  it.each(cases)('%s', async (_name, reply, expected) => {
    const url = await serve(reply);
    const before = process.memoryUsage().rss;
    const started = performance.now();
    const outcome = await client
      .send(
        { method: 'GET', url: new URL(url), headers: [], httpVersion: '2-prior-knowledge' },
        defaults({ timeoutMs: 400 }),
      )
      .then(
        async (exchange) => {
          const { code } = (exchange.bodyError ?? {}) as { code?: string };
          return code === undefined ? `ok: ${await textOf(exchange)}` : `body ${code}`;
        },
        (error: unknown) => (error as { code?: string }).code,
      );
    expect(outcome).toMatch(expected);
    expect(performance.now() - started).toBeLessThan(3000);
    expect(process.memoryUsage().rss - before).toBeLessThan(150 * 1024 * 1024);
  });
});
