import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { SpooledBody } from '../../../../src/http/types.ts';
import type { BodyModel } from '../../../../src/response/model.ts';
import type { FindSecrets } from '../../../../src/response/shown-text.ts';
import { BodyView } from '../../../../src/vscode/response-panel/body-view.ts';
import { loadBodyModel } from '../../../../src/vscode/response-panel/to-body-model.ts';
import type { BodyAnswer, BodyAsk } from '../../../../src/webview/protocol.ts';
import { exchange, memoryBody } from '../../../webview/harness/results.ts';

const workerUrl = new URL('../../../../src/response/json-index.worker.ts', import.meta.url);
const canary = `canary-${'s3cr3t'.repeat(20)}`;
const findSecrets: FindSecrets = (text) => {
  const spans = [];
  for (let at = text.indexOf(canary); at >= 0; at = text.indexOf(canary, at + 1))
    spans.push({ start: at, end: at + canary.length, label: 'orders access token' });
  return spans;
};

let folder: string;
beforeAll(async () => void (folder = await mkdtemp(join(tmpdir(), 'countersign-body-'))));
afterAll(async () => rm(folder, { recursive: true, force: true }));

async function open(
  text: string | Uint8Array,
  contentType = 'application/json',
  onDisk = false,
): Promise<{ view: BodyView; model: BodyModel }> {
  const bytes = typeof text === 'string' ? new TextEncoder().encode(text) : text;
  let body: SpooledBody = memoryBody(bytes);
  if (onDisk) {
    const file = join(folder, 'body');
    await writeFile(file, bytes);
    body = memoryBody(bytes, bytes.length, file);
  }
  const { model, skip } = await loadBodyModel(
    { ...exchange(bytes, { headers: [['content-type', contentType]] }), body },
    'GET',
  );
  return { model, view: new BodyView({ body, model, skip, findSecrets, workerUrl }) };
}

async function ask(view: BodyView, question: BodyAsk): Promise<BodyAnswer> {
  const answer = await view.ask(question);
  expect(JSON.stringify(answer)).not.toContain('s3cr3t');
  return answer;
}

const rows = (from: number, to: number): BodyAsk => ({ kind: 'tree-rows', list: 'body', from, to });
const find = (text: string, view: 'tree' | 'text' | 'raw' = 'tree', regex = false): BodyAsk => ({
  kind: 'find',
  view,
  text,
  caseSensitive: false,
  word: false,
  regex,
});

/** Answers as `name: value` lines. */
function drawn(answer: BodyAnswer): string[] {
  if (answer.kind !== 'tree-rows') return [JSON.stringify(answer)];
  const text = (pieces: readonly unknown[] | undefined): string =>
    (pieces ?? []).map((piece) => (typeof piece === 'string' ? piece : '[chip]')).join('');
  return answer.rows.map(
    (row) =>
      `${text(row.key)}${row.ordinal === undefined ? '' : String(row.ordinal)}: ${row.value ? text(row.value) : String(row.count)}`,
  );
}

describe('a small body', () => {
  it('gives rows, opens, finds, filters', async () => {
    const { view, model } = await open('{"a":[1,2],"name":"Ada"}');
    expect([model.kind, model.view, model.views]).toEqual(['json', 'tree', ['tree', 'text', 'raw', 'table', 'hex']]);
    expect(drawn(await ask(view, rows(0, 10)))).toEqual([': 2', 'a: 2', '0: 1', '1: 2', 'name: Ada']);
    expect(await ask(view, { kind: 'tree-toggle', list: 'body', row: 1, open: false, how: 'one' })).toEqual({
      kind: 'toggled',
      total: 3,
      row: 1,
      whole: true,
    });
    expect(await ask(view, find('2'))).toEqual({ kind: 'found', count: 1, more: false });
    expect(await ask(view, { kind: 'find-go', n: 0, width: 80 })).toEqual({ kind: 'at', row: 3, total: 5 });
    expect(await ask(view, { kind: 'filter', path: '$.a[?@ > 1]' })).toEqual({ kind: 'found', count: 1, more: false });
    expect(drawn(await ask(view, { kind: 'tree-rows', list: 'filter', from: 0, to: 9 }))).toEqual([': 1', '0: 2']);
    expect(await ask(view, { kind: 'path', node: 3 })).toEqual({ kind: 'path', path: '$.a[1]' });
    expect(await view.copyText('pointer', 3)).toBe('/a/1');
    view.dispose();
  });

  it('says where it stops being JSON, and is text all the same', async () => {
    const { view } = await open('{\n "a": oops\n}');
    expect(await ask(view, rows(0, 9))).toEqual({
      kind: 'fault',
      line: 2,
      column: 7,
      expected: 'a value',
      name: 'JSON',
    });
    const lines = await ask(view, { kind: 'lines', view: 'text', from: 0, to: 9, width: 80 });
    expect(lines.kind === 'lines' && lines.rows).toEqual([
      { line: 1, text: ['{'] },
      { line: 2, text: [' "a": oops'] },
      { line: 3, text: ['}'] },
    ]);
  });

  it('ends an expression that takes too long to answer', async () => {
    const { view } = await open(JSON.stringify({ a: 'a'.repeat(40) }));
    expect(await ask(view, find('(a+)+$b', 'tree', true))).toEqual({
      kind: 'refused',
      message: 'The search took longer than 10 s and was ended.',
    });
    expect(drawn(await ask(view, rows(0, 1)))).toEqual([': 1']);
    view.dispose();
  }, 20_000);

  it('opens XML by XPath, events as rows, CBOR as text', async () => {
    const xml = await open('<a><b>1</b><b>2</b></a>', 'application/xml');
    expect([xml.model.kind, xml.model.view]).toEqual(['xml', 'text']);
    expect(await ask(xml.view, { kind: 'filter', path: '//b[2]' })).toEqual({ kind: 'found', count: 1, more: false });
    expect(await ask(xml.view, { kind: 'path', node: 3 })).toEqual({ kind: 'path', path: '/a/b[2]' });
    const events = await open('event: tick\ndata: {"n":1}\n\n', 'text/event-stream');
    expect(drawn(await ask(events.view, rows(0, 9)))).toEqual([': 1', '0: 2', 'event: tick', 'data: 1', 'n: 1']);
    const cbor = await open(Uint8Array.of(0xa1, 0x61, 0x61, 0xf5), 'application/cbor');
    expect(await cbor.view.copyText('body', 0)).toBe('{\n  "a": true\n}');
    expect(await cbor.view.copyText('javascript', 1)).toBe('body.a');
    const broken = await open(Uint8Array.of(0xa1, 0x61), 'application/cbor');
    const fault = { kind: 'fault', line: 1, column: 1, expected: 'the end of the string', name: 'CBOR', byte: 1 };
    expect(await ask(broken.view, rows(0, 9))).toEqual(fault);
    for (const { view } of [xml, events, cbor, broken]) view.dispose();
  });

  it('lays tokens open that are no secret, and says of one that is', async () => {
    const part = (value: unknown): string => Buffer.from(JSON.stringify(value)).toString('base64url');
    const token = `${part({ alg: 'none' })}.${part({ sub: 'ada' })}.`;
    const { view } = await open(JSON.stringify({ t: token, secret: `eyJh.${canary}.x` }));
    const answer = await ask(view, rows(0, 9));
    expect(answer.kind === 'tree-rows' && answer.rows.map((row) => row.token === true)).toEqual([false, true, false]);
    const open1 = await ask(view, { kind: 'token', node: 1 });
    expect(open1.kind === 'value' && open1.text).toEqual([expect.stringContaining('"verified": false')]);
    expect((await ask(view, { kind: 'token', node: 2 })).kind).toBe('refused');
    const own = await open(`eyJhbGciOiJub25lIn0.${canary}.x`, 'application/jwt');
    expect(await ask(own.view, rows(0, 9))).toMatchObject({
      kind: 'fault',
      why: 'This token is a secret of yours, so it is not laid open.',
    });
  });

  it('reads other charsets', async () => {
    const { view, model } = await open(Uint8Array.of(0x93, 0xfa, 0x96, 0x7b), 'text/plain; charset=shift_jis');
    expect(model.charset).toBe('shift_jis');
    const lines = await ask(view, { kind: 'lines', view: 'text', from: 0, to: 1, width: 80 });
    expect(lines.kind === 'lines' && lines.rows).toEqual([{ line: 1, text: ['日本'] }]);
  });
});

describe('a large body', () => {
  const big = JSON.stringify({ rows: Array.from({ length: 30_000 }, (_, i) => ({ id: `ord_${String(i)}`, n: i })) });
  it.each([true, false])('is answered by a worker (on disk: %s)', async (onDisk) => {
    const { view, model } = await open(big, 'application/json', onDisk);
    expect(model.onDisk).toBe(onDisk);
    expect(drawn(await ask(view, rows(0, 9)))).toEqual([': 1', 'rows: 30000']);
    await ask(view, { kind: 'tree-toggle', list: 'body', row: 1, open: true, how: 'one' });
    const ranges = await ask(view, rows(2, 9));
    expect(ranges.kind === 'tree-rows' && ranges.rows.map((row) => [row.kind, row.from, row.to])).toEqual([
      ['range', 0, 10_000],
      ['range', 10_000, 20_000],
      ['range', 20_000, 30_000],
    ]);
    expect(await ask(view, find('ord_2999'))).toEqual({ kind: 'found', count: 11, more: false });
    const at = await ask(view, { kind: 'find-go', n: 10, width: 80 });
    expect(at.kind === 'at' && drawn(await ask(view, rows(at.row, at.row + 1)))).toEqual(['id: ord_29999']);
    view.dispose();
  });
});

describe('a live secret in a body', () => {
  it('is a chip in values, names, previews and paths', async () => {
    const { view } = await open(
      JSON.stringify({ headers: { authorization: `Bearer ${canary}` }, [canary]: 1, list: [{ id: canary }] }),
    );
    const answer = await ask(view, rows(0, 20));
    expect(answer.kind === 'tree-rows' && answer.hidden).toBe(3);
    expect(drawn(answer)).toContain('authorization: Bearer [chip]');
    for (let node = 0; node < 7; node++) {
      await ask(view, { kind: 'path', node });
      expect(await view.copyText('value', node)).not.toContain('s3cr3t');
      await ask(view, { kind: 'whole-value', node });
    }
  });

  it('is hidden where a value, a line or a row of bytes is cut through it', async () => {
    for (let lead = 380; lead <= 404; lead += 3) {
      const { view } = await open(JSON.stringify({ a: 'x'.repeat(lead) + canary + 'y'.repeat(50_000) }));
      await ask(view, rows(0, 9));
      await ask(view, { kind: 'lines', view: 'raw', from: 0, to: 2, width: 400 });
      await ask(view, { kind: 'lines', view: 'raw', from: 2, to: 4, width: 40 });
      await ask(view, { kind: 'lines', view: 'text', from: 9, to: 14, width: 44 });
      const hex = await ask(view, { kind: 'hex', from: 25, to: 28, width: 16 });
      expect(hex.kind === 'hex' && hex.rows.flatMap((row) => row.bytes).includes('••')).toBe(true);
      const shown = hex.kind === 'hex' ? hex.rows.map((row) => row.text).join('') : '';
      expect(shown).not.toContain('cr3');
      view.dispose();
    }
  });

  it('keeps an image that holds it undrawn', async () => {
    const { view } = await open(
      `<svg xmlns="http://www.w3.org/2000/svg"><text>${canary}</text></svg>`,
      'image/svg+xml',
    );
    expect(await ask(view, { kind: 'image' })).toEqual({
      kind: 'refused',
      message: 'This image holds a secret of yours, so it is not drawn.',
    });
  });

  it('is dots in the whole text', async () => {
    const { view } = await open(`{"a":"${canary}"}`);
    expect(await view.wholeText('raw')).toBe('{"a":"••••"}');
    expect(await view.copyText('body', 0)).toBe('{"a":"••••"}');
  });
});
