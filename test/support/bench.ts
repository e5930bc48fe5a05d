/**
 * What a benchmark is, and the parts that several share: a server on loopback that notes when requests came, and the
 * run of a whole process. A benchmark never compares with a stored number, always with a reference in the same round.
 */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createServer } from 'node:http';
import { performance } from 'node:perf_hooks';

export interface Sample {
  /** Ours, in the benchmark's unit. */
  readonly value: number;
  /** The reference in the same round, in the same unit; the budget for a size. */
  readonly reference: number;
}

/** Each file of test/bench exports `benches`, or one as `default` or by these names. */
export interface Bench {
  readonly name: string;
  /** Of value and reference: `ms`, `ms/request`, `bytes`, `MiB`. */
  readonly unit: string;
  /** The ratio value / reference that is good enough. */
  readonly aim: number;
  /** Rounds to take, 7 unless told; 1 for what does not vary, such as a size. */
  readonly rounds?: number;
  /** One paired round. The first is a warm-up and is dropped, unless `rounds` is 1. */
  run(): Promise<Sample>;
  setUp?(): Promise<void>;
  tearDown?(): Promise<void>;
}

export interface BenchServer {
  readonly url: string;
  /** Milliseconds from the first request's arrival to the last answer's end since `reset`, and how many there were. */
  stats(): { readonly spanMs: number; readonly requests: number };
  reset(): void;
  close(): Promise<void>;
}

/** 1024 bytes of JSON. */
function toSmallBody(): Buffer {
  const bare = { id: 1, name: 'small', ok: true, pad: '' };
  return Buffer.from(JSON.stringify({ ...bare, pad: 'x'.repeat(1024 - JSON.stringify(bare).length) }));
}

/** Answers every request with the same 1024 bytes of JSON. */
export async function startBenchServer(): Promise<BenchServer> {
  const body = toSmallBody();
  let first = 0;
  let last = 0;
  let requests = 0;
  const server = createServer({ keepAlive: true }, (_request, response) => {
    if (requests++ === 0) first = performance.now();
    response.writeHead(200, { 'content-type': 'application/json', 'content-length': body.length });
    response.end(body, () => {
      last = performance.now();
    });
  });
  server.keepAliveTimeout = 60_000;
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('A TCP server has no port.');
  return {
    url: `http://127.0.0.1:${address.port}/`,
    stats: () => ({ spanMs: last - first, requests }),
    reset() {
      requests = 0;
    },
    async close() {
      server.closeAllConnections();
      server.close();
      await once(server, 'close');
    },
  };
}

export interface ProcessCost {
  readonly wallMs: number;
  /** Peak resident memory in MiB. */
  readonly peakMiB: number;
}

/** A module that tells the peak of its process on descriptor 3 when it ends. */
const meter = `data:text/javascript,${encodeURIComponent(
  "import fs from 'node:fs'; process.on('exit', () => fs.writeSync(3, String(process.resourceUsage().maxRSS)));",
)}`;

/** What a whole Node process costs from start to end; throws when it ends otherwise than with 0. */
export async function measureProcess(args: readonly string[]): Promise<ProcessCost> {
  const env = { ...process.env, NO_COLOR: '1', CI: '1' };
  const began = performance.now();
  const child = spawn(process.execPath, ['--import', meter, ...args], {
    env,
    stdio: ['ignore', 'ignore', 'pipe', 'pipe'],
  });
  let errors = '';
  let peak = '';
  child.stdio[2]?.on('data', (chunk: Buffer) => {
    errors = (errors + chunk.toString()).slice(-2000);
  });
  child.stdio[3]?.on('data', (chunk: Buffer) => {
    peak += chunk.toString();
  });
  const [code] = (await once(child, 'close')) as [number | null];
  const wallMs = performance.now() - began;
  if (code !== 0) throw new Error(`${args.join(' ')} ended with ${String(code)}: ${errors}`);
  return { wallMs, peakMiB: Number(peak) / 1024 };
}
