/** `npm run lint`: ESLint, the import directions and the search for dead code, all three, whatever the first finds. */
import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { root } from './paths.ts';

const tools: readonly (readonly [string, readonly string[]])[] = [
  ['eslint', ['node_modules/eslint/bin/eslint.js', '.']],
  [
    'dependency-cruiser',
    ['node_modules/dependency-cruiser/bin/dependency-cruiser.mjs', 'src', '--config', '.dependency-cruiser.cjs'],
  ],
  ['knip', ['node_modules/knip/bin/knip.js', '--no-progress']],
];

let failed = false;
for (const [name, [script = '', ...args]] of tools) {
  console.log(`${name} …`);
  const result = spawnSync(process.execPath, [join(root, script), ...args], { cwd: root, stdio: 'inherit' });
  if (result.status !== 0) failed = true;
}
process.exit(failed ? 1 : 0);
