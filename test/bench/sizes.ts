/** What a person downloads, and what the response panel loads each time, against budgets. */
import { readdir, stat } from 'node:fs/promises';
import { join, parse } from 'node:path';
import { ensurePackaged } from '../../scripts/package.ts';
import { root } from '../../scripts/paths.ts';
import type { Bench } from '../support/bench.ts';

const kibibyte = 1024;

/** The response view's script with the chunks and fonts that all views share. */
async function panelBytes(): Promise<number> {
  const folder = join(root, 'dist', 'webview');
  const otherViews = (await readdir(join(root, 'src', 'webview'))).filter((name) => name !== 'response');
  const files = (await readdir(folder, { recursive: true, withFileTypes: true })).filter(
    (entry) => entry.isFile() && !otherViews.includes(parse(entry.name).name),
  );
  if (!files.some((entry) => entry.name === 'response.js')) throw new Error('dist/webview has no response view.');
  const sizes = await Promise.all(files.map(async (entry) => (await stat(join(entry.parentPath, entry.name))).size));
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
      reference: 3072 * kibibyte,
    }),
  },
  {
    name: 'panel-bytes',
    unit: 'bytes',
    aim: 1,
    rounds: 1,
    run: async () => ({ value: await panelBytes(), reference: 256 * kibibyte }),
  },
];
