/**
 * A body of 100 MB on disk, as the response panel asks for it: the first rows (worker, read, index included), a jump to
 * rows far away, and a search through all of it. The reference is JSON.parse of the same bytes, which has to end
 * before a viewer that builds values can show anything.
 */
import { closeSync, mkdtempSync, openSync, rmSync, writeSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { performance } from 'node:perf_hooks';
import { pathToFileURL } from 'node:url';
import { BodyReader, type ReadableBody } from '../../src/response/body-reader.ts';
import type { Bench } from '../support/bench.ts';

const size = 100 * 1024 * 1024;
const workerUrl = pathToFileURL(join(import.meta.dirname, '../../dist/json-index.worker.js'));

let folder: string | undefined;
let rows = 0;
let body: ReadableBody;
let open: BodyReader | undefined;

/** Orders with nested objects and lists, of the kind an API exports. */
function order(i: number): string {
  const id = `ord_${i.toString(36).toUpperCase().padStart(6, '0')}`;
  return JSON.stringify({
    id,
    status: i % 3 === 0 ? 'open' : 'shipped',
    customer: { id: `C-${String(i % 5000)}`, name: 'Nilofer Rahmani', email: `c${String(i % 5000)}@example.com` },
    items: [
      { sku: 'KB-75-ISO', quantity: (i % 7) + 1 },
      { sku: 'WR-GEL', quantity: 1 },
    ],
    total: (i % 9000) / 10,
    createdAt: '2026-11-24T09:41:07Z',
    paid: i % 2 === 0,
    note: null,
  });
}

function setUp(): Promise<void> {
  if (folder !== undefined) return Promise.resolve();
  folder = mkdtempSync(join(tmpdir(), 'countersign-bench-'));
  const made = folder;
  process.once('exit', () => rmSync(made, { recursive: true, force: true }));
  const file = join(folder, 'body.json');
  const descriptor = openSync(file, 'w');
  let bytes = writeSync(descriptor, '{"rows":[');
  rows = 0;
  while (bytes < size) {
    let part = '';
    for (let n = 0; n < 2000; n++) part += `${rows === 0 ? '' : ','}${order(rows++)}`;
    bytes += writeSync(descriptor, part);
  }
  bytes += writeSync(descriptor, ']}');
  closeSync(descriptor);
  body = { bytes, file, bytesUpTo: () => readFile(file) };
  return Promise.resolve();
}

function reader(): BodyReader {
  return new BodyReader({ body, kind: 'json', charset: 'utf-8', skip: 0, workerUrl });
}

async function parsed(): Promise<number> {
  const text = (await readFile(body.file as string)).toString('utf8');
  const start = performance.now();
  const value = JSON.parse(text) as { readonly rows: readonly unknown[] };
  const took = performance.now() - start;
  if (value.rows.length !== rows) throw new Error('The body is not what it was made of.');
  return took;
}

/** A reader that has shown its first rows. */
async function opened(): Promise<BodyReader> {
  if (!open) {
    open = reader();
    await open.call('rows', 'body', 0, 40);
    await open.call('toggle', 'body', 1, true, 'one');
  }
  return open;
}

function tearDown(): Promise<void> {
  open?.dispose();
  open = undefined;
  return Promise.resolve();
}

let jumps = 0;

export const benches: readonly Bench[] = [
  {
    name: 'json-100mb-first-rows',
    unit: 'ms',
    aim: 1,
    setUp,
    tearDown,
    async run() {
      const reference = await parsed();
      const start = performance.now();
      const fresh = reader();
      const first = await fresh.call('rows', 'body', 0, 40);
      const value = performance.now() - start;
      if (first.rows[1]?.count !== rows) throw new Error('The first rows are not the right ones.');
      fresh.dispose();
      return { value, reference };
    },
  },
  {
    name: 'json-100mb-jump',
    unit: 'ms',
    aim: 0.02,
    setUp,
    tearDown,
    async run() {
      const shown = await opened();
      const reference = await parsed();
      // Another range at each round: it is opened, then rows in its middle are read.
      const range = Math.max(0, Math.floor(rows / 10_000) - 1 - (jumps++ % 8));
      const start = performance.now();
      const { row } = await shown.call('toggle', 'body', 2 + range, true, 'one');
      const far = await shown.call('rows', 'body', row + 5000, row + 5040);
      const value = performance.now() - start;
      await shown.call('toggle', 'body', 2 + range, false, 'one');
      if (far.rows[0]?.ordinal !== range * 10_000 + 4999) throw new Error('The jump led elsewhere.');
      return { value, reference };
    },
  },
  {
    name: 'json-100mb-search',
    unit: 'ms',
    aim: 0.5,
    setUp,
    tearDown,
    async run() {
      const shown = await opened();
      const reference = await parsed();
      const start = performance.now();
      const found = await shown.find({ text: 'ORD_002', caseSensitive: false, word: false, regex: false }, 'tree');
      const value = performance.now() - start;
      const expected = Math.min(rows, 3 * 36 ** 3) - 2 * 36 ** 3;
      if (!found.ok || found.offsets.length !== expected) throw new Error('The search found something else.');
      return { value, reference };
    },
  },
];
