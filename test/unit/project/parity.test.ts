/** docs/parity-python.md: a row for each line that has to be equalled, each with a test that exists and that runs. */
import { readFile, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { root } from '../../../scripts/paths.ts';

const page = join(root, 'docs', 'parity-python.md');
/** Lines of each table: what Python does in as many places. */
const sections: Readonly<Record<string, number>> = {
  'Client classes of oauthlib': 9,
  'OAuth2Session and OAuth1Session': 13,
  'Compliance fixes': 11,
  'Transport of requests': 9,
};

interface Row {
  readonly section: string;
  readonly cells: readonly string[];
}

async function rows(): Promise<readonly Row[]> {
  const found: Row[] = [];
  let section = '';
  for (const line of (await readFile(page, 'utf8')).split('\n')) {
    section = /^## (.+)$/.exec(line)?.[1] ?? section;
    if (!line.startsWith('|') || /^\| *(-|Python)/.test(line)) continue;
    const cells = line.split(/(?<!\\)\|/).slice(1, -1);
    found.push({ section, cells: cells.map((cell) => cell.trim()) });
  }
  return found;
}

describe('docs/parity-python.md', () => {
  it('has the rows of each table', async () => {
    const all = await rows();
    for (const [section, least] of Object.entries(sections))
      expect(all.filter((row) => row.section === section).length, section).toBeGreaterThanOrEqual(least);
  });

  it('says in each row what both do, how they compare, and where it is shown', async () => {
    for (const { cells } of await rows()) {
      expect(cells, cells.join(' | ')).toHaveLength(5);
      for (const cell of cells) expect(cell, cells.join(' | ')).not.toBe('');
      expect(cells[3], cells.join(' | ')).toMatch(/^(same|more|differs|not yet)\b/);
    }
  });

  it('names at least one test in each row, and none that is not there', async () => {
    for (const { cells } of await rows()) {
      const named = [...(cells[4] ?? '').matchAll(/\]\(\.\.\/(test\/[\w/.-]+\.test\.ts)\)/g)].map(
        ([, name]) => name ?? '',
      );
      expect(named.length, cells[0]).toBeGreaterThan(0);
      for (const name of named) {
        expect((await stat(join(root, name)).catch(() => undefined))?.isFile(), name).toBe(true);
        // One that a project of vitest runs.
        expect(name).toMatch(/^test\/(unit|hostile)\//);
      }
    }
  });

  it('gives a reason wherever it differs', async () => {
    for (const { cells } of await rows())
      if (/^(differs|not yet)/.test(cells[3] ?? '')) expect((cells[3] ?? '').length, cells[0]).toBeGreaterThan(25);
  });
});
