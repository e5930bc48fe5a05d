/**
 * A body of 100 MiB through the whole command line: its time and its peak memory. The reference is a Node process that
 * reads the same body with node:http and lets it go.
 */
import { once } from 'node:events';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { measureProcess, type Bench } from '../support/bench.ts';

const size = 100 * 1024 * 1024;
const part = Buffer.alloc(64 * 1024, 'countersign ');
let server: Server;
let folder: string;

async function setUp(): Promise<void> {
  server = createServer((_request, response) => {
    response.writeHead(200, { 'content-type': 'application/octet-stream', 'content-length': size });
    let sent = 0;
    const more = (): void => {
      while (sent < size) {
        sent += part.length;
        if (!response.write(part)) return void response.once('drain', more);
      }
      response.end();
    };
    more();
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const url = `http://127.0.0.1:${String((server.address() as AddressInfo).port)}/`;
  folder = await mkdtemp(join(tmpdir(), 'countersign-bench-'));
  await writeFile(join(folder, 'one.http'), `GET ${url}\n`);
  await writeFile(
    join(folder, 'plain.mjs'),
    `import http from 'node:http';\nhttp.get(${JSON.stringify(url)}, (r) => r.resume().on('end', () => process.exit(0)));\n`,
  );
}

async function tearDown(): Promise<void> {
  server.closeAllConnections();
  server.close();
  await rm(folder, { recursive: true });
}

const plain = () => measureProcess([join(folder, 'plain.mjs')]);
const ours = () => measureProcess(['dist/cli.js', 'run', join(folder, 'one.http')]);

export const benches: readonly Bench[] = [
  {
    name: 'body-100mib-wall',
    unit: 'ms',
    aim: 2,
    setUp,
    tearDown,
    run: async () => ({ reference: (await plain()).wallMs, value: (await ours()).wallMs }),
  },
  {
    name: 'body-100mib-rss',
    unit: 'MiB',
    aim: 1.5,
    setUp,
    tearDown,
    run: async () => ({ reference: (await plain()).peakMiB, value: (await ours()).peakMiB }),
  },
];
