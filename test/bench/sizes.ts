/** What a person downloads, and what script the response panel loads before the first rows, against budgets. */
import { readFile, stat } from 'node:fs/promises';
import { join } from 'node:path';
import type { Metafile } from 'esbuild';
import { ensureBuilt } from '../../scripts/build.ts';
import { ensurePackaged } from '../../scripts/package.ts';
import { root } from '../../scripts/paths.ts';
import type { Bench } from '../support/bench.ts';
import { startOf } from '../support/shipped-bundles.ts';

const kibibyte = 1024;

/** The response view's script that is loaded before the first rows: what its entry imports, and not what waits. */
async function panelBytes(): Promise<number> {
  await ensureBuilt(() => undefined);
  const meta = JSON.parse(await readFile(join(root, '.cache', 'meta', 'webview.json'), 'utf8')) as Metafile;
  const sizes = [...startOf(meta, 'response.js').values()];
  if (sizes.length === 0) throw new Error('dist/webview has no response view.');
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
    run: async () => ({ value: await panelBytes(), reference: 150_000 }),
  },
];
