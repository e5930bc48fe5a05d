/** What a person downloads, and what the response panel loads each time, against budgets. */
import { readdir, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { ensurePackaged } from '../../scripts/package.ts';
import { root } from '../../scripts/paths.ts';
import type { Bench } from '../support/bench.ts';

const kibibyte = 1024;

async function panelBytes(): Promise<number> {
  const folder = join(root, 'dist', 'webview');
  const files = (await readdir(folder, { recursive: true })).filter((name) => /^response[./]/.test(name));
  if (files.length === 0) throw new Error('dist/webview has no response view.');
  const sizes = await Promise.all(files.map(async (name) => (await stat(join(folder, name))).size));
  return sizes.reduce((sum, size) => sum + size, 0);
}

export const benches: readonly Bench[] = [
  {
    name: 'vsix-bytes',
    unit: 'bytes',
    aim: 1,
    rounds: 1,
    run: async () => ({
      value: (await stat(await ensurePackaged(() => undefined))).size,
      reference: 3 * 1024 * kibibyte,
    }),
  },
  {
    name: 'panel-bytes',
    unit: 'bytes',
    aim: 1,
    rounds: 1,
    run: async () => ({ value: await panelBytes(), reference: 200 * kibibyte }),
  },
];
