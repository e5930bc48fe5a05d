/** The whole `countersign run` of one request, against a Node process that does the same with node:http alone. */
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type Bench, type BenchServer, startBenchServer, measureProcess } from '../support/bench.ts';

let server: BenchServer;
let folder: string;

async function round(): Promise<{ value: number; reference: number }> {
  const reference = (await measureProcess([join(folder, 'plain.mjs')])).wallMs;
  const value = (await measureProcess(['dist/cli.js', 'run', join(folder, 'one.http')])).wallMs;
  return { value, reference };
}

export const benches: readonly Bench[] = [
  {
    name: 'cli-cold-start',
    unit: 'ms',
    aim: 1.5,
    async setUp() {
      server = await startBenchServer();
      folder = await mkdtemp(join(tmpdir(), 'countersign-bench-'));
      await writeFile(join(folder, 'one.http'), `GET ${server.url}\n`);
      await writeFile(
        join(folder, 'plain.mjs'),
        `import http from 'node:http';\nhttp.get(${JSON.stringify(server.url)}, (r) => r.resume().on('end', () => process.exit(0)));\n`,
      );
    },
    async tearDown() {
      await server.close();
      await rm(folder, { recursive: true });
    },
    run: round,
  },
];
