/**
 * `npm run bench -- [NAME...] [--json FILE]`: the benchmarks of test/bench, each the median of at least seven paired
 * rounds. Prints a table; with --json writes `{[name]: {value, unit, reference, ratio, aim}}`. It judges nothing: a
 * ratio above its aim is marked, the exit code is 0 unless a benchmark could not run.
 */
import { readdir, writeFile } from 'node:fs/promises';
import { join, parse, resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import { parseArgs } from 'node:util';
import type { Bench, Sample } from '../test/support/bench.ts';
import { ensureBuilt } from './build.ts';
import { root } from './paths.ts';

interface Row {
  readonly value: number;
  readonly unit: string;
  readonly reference: number;
  /** Median of the rounds' own ratios. */
  readonly ratio: number;
  readonly aim: number;
}

type Loaded = Bench & { readonly benches?: readonly Bench[]; readonly default?: Bench };

async function loadBenches(): Promise<Bench[]> {
  const folder = join(root, 'test', 'bench');
  const files = (await readdir(folder)).filter((name) => /\.(ts|mjs)$/.test(name) && !name.endsWith('.d.ts')).sort();
  const found: Bench[] = [];
  for (const file of files) {
    try {
      const loaded = (await import(pathToFileURL(join(folder, file)).href)) as Loaded;
      found.push(...(loaded.benches ?? [loaded.default ?? loaded]));
    } catch (error) {
      // The others still run; this one has a row that says why it did not.
      found.push(broken(parse(file).name, error instanceof Error ? error : new Error(String(error))));
    }
  }
  return found;
}

function broken(name: string, error: Error): Bench {
  return { name, unit: '', aim: 0, run: () => Promise.reject(error) };
}

async function measure(bench: Bench): Promise<Row> {
  const rounds = bench.rounds ?? 7;
  const samples: Sample[] = [];
  await bench.setUp?.();
  try {
    if (rounds > 1) await bench.run();
    while (samples.length < rounds) samples.push(await bench.run());
  } finally {
    await bench.tearDown?.();
  }
  return {
    value: median(samples.map((sample) => sample.value)),
    unit: bench.unit,
    reference: median(samples.map((sample) => sample.reference)),
    ratio: median(samples.map((sample) => sample.value / sample.reference)),
    aim: bench.aim,
  };
}

function median(values: readonly number[]): number {
  const sorted = values.toSorted((left, right) => left - right);
  const middle = sorted.length >> 1;
  const upper = sorted[middle] ?? Number.NaN;
  return sorted.length % 2 === 1 ? upper : (upper + (sorted[middle - 1] ?? upper)) / 2;
}

function figure(value: number): string {
  return value >= 100 ? value.toFixed(0) : value.toPrecision(3);
}

const { values, positionals } = parseArgs({ allowPositionals: true, options: { json: { type: 'string' } } });
await ensureBuilt((line) => {
  console.error(line);
});
const all = await loadBenches();
const strangers = positionals.filter((name) => !all.some((bench) => bench.name === name));
if (strangers.length > 0) {
  console.error(
    `No benchmark is called ${strangers.join(', ')}. There are: ${all.map(({ name }) => name).join(', ')}.`,
  );
  process.exit(2);
}

const table: Record<string, Row> = {};
let failed = false;
console.log('| name | value | reference | ratio | aim |\n|---|---|---|---|---|');
for (const bench of all.filter(({ name }) => positionals.length === 0 || positionals.includes(name))) {
  try {
    const row = await measure(bench);
    table[bench.name] = row;
    const mark = row.ratio > row.aim ? ' (above)' : '';
    console.log(
      `| ${bench.name} | ${figure(row.value)} ${row.unit} | ${figure(row.reference)} ${row.unit} ` +
        `| ${row.ratio.toFixed(2)}${mark} | <= ${row.aim} |`,
    );
  } catch (error) {
    failed = true;
    console.log(`| ${bench.name} | could not run: ${error instanceof Error ? error.message : String(error)} | | | |`);
  }
}
if (values.json !== undefined) await writeFile(resolve(values.json), `${JSON.stringify(table, undefined, 2)}\n`);
process.exit(failed ? 1 : 0);
