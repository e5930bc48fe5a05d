/** What leaves the host for a table: rows on demand from index or worker, secrets hidden, copies without them. */
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { FindSecrets } from '../../../../src/response/shown-text.ts';
import { plainText } from '../../../../src/response/shown-text.ts';
import { BodyView } from '../../../../src/vscode/response-panel/body-view.ts';
import { loadBodyModel } from '../../../../src/vscode/response-panel/to-body-model.ts';
import type { BodyAnswer, BodyAsk } from '../../../../src/webview/protocol.ts';
import { exchange, memoryBody } from '../../../webview/harness/results.ts';

const workerUrl = new URL('../../../../src/response/json-index.worker.ts', import.meta.url);
const canary = `canary,"${'s3cr3t'.repeat(60)}`;
const findSecrets: FindSecrets = (text) => {
  const spans = [];
  for (let at = text.indexOf(canary); at >= 0; at = text.indexOf(canary, at + 1))
    spans.push({ start: at, end: at + canary.length, label: 'orders access token' });
  return spans;
};

let folder: string;
beforeAll(async () => void (folder = await mkdtemp(join(tmpdir(), 'countersign-table-'))));
afterAll(async () => rm(folder, { recursive: true, force: true }));

async function open(text: string, type = 'application/json'): Promise<BodyView> {
  const bytes = new TextEncoder().encode(text);
  const file = join(folder, 'body');
  await writeFile(file, bytes);
  const body = memoryBody(bytes, bytes.length, file);
  const { model, skip } = await loadBodyModel(
    { ...exchange(bytes, { headers: [['content-type', type]] }), body },
    'GET',
  );
  return new BodyView({ body, model, skip, findSecrets, workerUrl });
}

async function ask(view: BodyView, question: BodyAsk): Promise<BodyAnswer> {
  const answer = await view.ask(question);
  expect(JSON.stringify(answer)).not.toContain('s3cr3t');
  return answer;
}

async function rows(view: BodyView, node: number, columns: number[], from = 0, to = 100): Promise<string[]> {
  const answer = await ask(view, { kind: 'table-rows', part: { node, columns }, from, to });
  if (answer.kind !== 'table-rows') return [answer.kind];
  return answer.rows.map((row) => row.cells.map((cell) => plainText(cell.text)).join('|'));
}

describe('a secret in a table', () => {
  const body = JSON.stringify({
    list: [
      { token: canary, n: 1 },
      { [canary]: 2, token: `x${canary}` },
    ],
  });

  it('is hidden in names and values', async () => {
    const view = await open(body);
    const facts = await ask(view, { kind: 'table', node: -1 });
    expect(facts.kind === 'table' && facts.columns.map((column) => plainText(column.name))).toEqual([
      'token',
      'n',
      '••••',
    ]);
    expect(await rows(view, 1, [0, 1])).toEqual(['••••|1', 'x••••|']);
    view.dispose();
  });

  it('is in no copy: not as CSV, where its quotes are doubled, not as a value', async () => {
    const view = await open(body);
    const part = { node: 1, columns: [0, 1, 2] };
    expect(await view.copyTable({ type: 'copy-table', part })).toBe('token,n,••••\r\n••••,1,\r\nx••••,,2\r\n');
    expect(await view.copyTable({ type: 'copy-table', part, cell: { row: 1, column: 0 } })).toBe('x••••');
    expect(await view.copyTable({ type: 'copy-table', part, cell: { row: 9, column: 0 } })).toBeUndefined();
    view.dispose();
  });
});

describe('a table of a large body', () => {
  it('is read in the worker, sorted there, and copied in its order', async () => {
    const list = Array.from({ length: 9000 }, (_, i) => ({ id: (i * 7919) % 9000, deep: { i }, text: 'x'.repeat(20) }));
    const view = await open(JSON.stringify(list));
    const facts = await ask(view, { kind: 'table', node: -1 });
    expect(facts.kind === 'table' && [facts.rows, facts.path, facts.node]).toEqual([9000, '$', 0]);
    expect(await ask(view, { kind: 'table-sort', node: 0, column: 0 })).toEqual({ kind: 'sorted' });
    const part = { node: 0, columns: [0], sort: { column: 0, descending: true } };
    const page = await ask(view, { kind: 'table-rows', part, from: 0, to: 3 });
    expect(page.kind === 'table-rows' && page.rows.map((row) => row.cells[0]?.text)).toEqual([
      ['8999'],
      ['8998'],
      ['8997'],
    ]);
    const copied = await view.copyTable({ type: 'copy-table', part: { ...part, columns: [0, 1] } });
    expect(copied?.split('\r\n').slice(0, 2)).toEqual(
      ['id,deep', '8999,"{""i"":2159}"'].map((line) =>
        line.replace('2159', String(list.findIndex((row) => row.id === 8999))),
      ),
    );
    expect(copied?.split('\r\n')).toHaveLength(9002);
    view.dispose();
  });

  it('sends a thousand rows at most', async () => {
    const view = await open(JSON.stringify(Array.from({ length: 5000 }, (_, i) => ({ i }))));
    expect(await rows(view, 0, [0], 0, 5000)).toHaveLength(1000);
    view.dispose();
  });
});

it('says that a body has no table, and where it is no JSON', async () => {
  const none = await open('{"a":1}');
  expect(await ask(none, { kind: 'table', node: -1 })).toMatchObject({ kind: 'refused' });
  const broken = await open('[{"a":1},{');
  expect(await ask(broken, { kind: 'table', node: -1 })).toMatchObject({ kind: 'fault', line: 1 });
  const csv = await open('a,b\n1,2\n', 'text/csv; charset=utf-8');
  expect(await ask(csv, { kind: 'table', node: -1 })).toMatchObject({ kind: 'table', node: -1, rows: 1, path: '' });
  for (const view of [none, broken, csv]) view.dispose();
});
