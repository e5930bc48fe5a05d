/**
 * Many requests of one file, one after another, by the time between the server's first and last sight of them: against
 * undici on one kept-alive connection, and against ourselves with fewer (the cost of one may not rise with their number).
 */
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { createRequire } from 'node:module';
import { type Bench, type BenchServer, startBenchServer, measureProcess } from '../support/bench.ts';

let server: BenchServer;
let folder: string;

async function setUp(): Promise<void> {
  server = await startBenchServer();
  folder = await mkdtemp(join(tmpdir(), 'countersign-bench-'));
  for (const count of [300, 1000, 2000]) {
    const requests = Array.from({ length: count }, (_, index) => `### ${index}\nGET ${server.url}?n=${index}\n`);
    await writeFile(join(folder, `${count}.http`), requests.join('\n'));
  }
  const undici = pathToFileURL(createRequire(import.meta.url).resolve('undici')).href;
  await writeFile(
    join(folder, 'undici.mjs'),
    `import undici from ${JSON.stringify(undici)};
undici.setGlobalDispatcher(new undici.Agent({ connections: 1, pipelining: 1 }));
for (let n = 0; n < 1000; n++) await (await undici.request(${JSON.stringify(server.url)} + '?n=' + n)).body.arrayBuffer();
process.exit(0);
`,
  );
}

async function tearDown(): Promise<void> {
  await server.close();
  await rm(folder, { recursive: true });
}

/** Milliseconds a request of the process, seen from the server; throws when the server saw another number of them. */
async function perRequest(args: readonly string[], count: number): Promise<number> {
  server.reset();
  await measureProcess(args);
  const { spanMs, requests } = server.stats();
  if (requests !== count) throw new Error(`The server saw ${requests} requests, not ${count}.`);
  return spanMs / (count - 1);
}

const ours = (count: number): Promise<number> =>
  perRequest(['dist/cli.js', 'run', join(folder, `${count}.http`)], count);

export const benches: readonly Bench[] = [
  {
    name: 'cli-sequential-1000',
    unit: 'ms/request',
    aim: 1.4,
    setUp,
    tearDown,
    run: async () => ({ reference: await perRequest([join(folder, 'undici.mjs')], 1000), value: await ours(1000) }),
  },
  {
    name: 'cli-growth-2000-300',
    unit: 'ms/request',
    aim: 1,
    setUp,
    tearDown,
    run: async () => ({ reference: await ours(300), value: await ours(2000) }),
  },
];
