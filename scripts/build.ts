/** Builds dist/ when it is older than what it is made of. The build itself is esbuild.js. */
import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync } from 'node:fs';
import { mkdir, readdir, readFile, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { cache, root } from './paths.ts';

const stamp = join(cache, 'built');
const products = ['dist/extension.js', 'dist/cli.js', 'dist/playground.js'];

/** True when it built, false when dist/ was current. Throws when the build does not pass. */
export async function ensureBuilt(say: (line: string) => void): Promise<boolean> {
  const now = await fingerprint();
  const before = await readFile(stamp, 'utf8').catch(() => '');
  if (before === now && products.every((file) => existsSync(join(root, file)))) return false;
  say('Building …');
  const began = Date.now();
  const result = spawnSync(process.execPath, ['esbuild.js'], { cwd: root, stdio: ['ignore', 'inherit', 'inherit'] });
  if (result.status !== 0) throw new Error(`The build ended with ${String(result.status ?? result.signal)}.`);
  await mkdir(cache, { recursive: true });
  await writeFile(stamp, now);
  say(`Built in ${((Date.now() - began) / 1000).toFixed(1)} s.`);
  return true;
}

/** Changes whenever a source, the build script or the installed packages change. */
async function fingerprint(): Promise<string> {
  const sources = (await readdir(join(root, 'src'), { recursive: true, withFileTypes: true }))
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name))
    .sort();
  const steps = (await readdir(join(root, 'scripts'))).filter((name) => name.endsWith('.js'));
  const others = ['esbuild.js', 'package.json', 'package-lock.json', ...steps.map((name) => join('scripts', name))].map(
    (name) => join(root, name),
  );
  const hash = createHash('sha256');
  for (const path of [...sources, ...others]) {
    const { mtimeMs, size } = await stat(path);
    hash.update(`${path}\0${String(mtimeMs)}\0${String(size)}\n`);
  }
  return hash.digest('hex');
}
