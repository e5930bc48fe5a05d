/**
 * `npm run package`: builds and packs the extension into one .vsix at the root, then checks that nothing but the
 * shipped files is in it. Dependencies are bundled, so none are packed.
 */
import { createVSIX, listFiles, PackageManager } from '@vscode/vsce';
import { readdir, rm, stat } from 'node:fs/promises';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { ensureBuilt } from './build.ts';
import { root } from './paths.ts';
import { readManifest, shipped } from './shipped-files.ts';

/** Packs when the .vsix is missing or older than dist/; resolves to its absolute path. */
export async function ensurePackaged(say: (line: string) => void): Promise<string> {
  const built = await ensureBuilt(say);
  const { name, version } = await readManifest();
  const vsix = join(root, `${name}-${version}.vsix`);
  if (!built && existsSync(vsix) && (await newestShipped()) < (await stat(vsix)).mtimeMs) return vsix;
  await rm(vsix, { force: true });
  const files = await listFiles({ cwd: root, packageManager: PackageManager.None });
  const strangers = files.filter((file) => !shipped.some((entry) => file === entry || file.startsWith(`${entry}/`)));
  if (strangers.length > 0) throw new Error(`These files do not belong in the .vsix: ${strangers.join(', ')}`);
  // Links of README.md stay as they are: there is no repository address to rewrite them to.
  await createVSIX({
    cwd: root,
    packagePath: vsix,
    dependencies: false,
    allowMissingRepository: true,
    rewriteRelativeLinks: false,
  });
  const { size } = await stat(vsix);
  say(`${name}-${version}.vsix: ${String(files.length)} files, ${(size / 1024).toFixed(0)} KiB`);
  return vsix;
}

async function newestShipped(): Promise<number> {
  let newest = 0;
  for (const entry of shipped) {
    const path = join(root, entry);
    if (!existsSync(path)) continue;
    const inside = (await stat(path)).isDirectory() ? await readdir(path, { recursive: true }) : [];
    for (const file of [path, ...inside.map((name) => join(path, name))])
      newest = Math.max(newest, (await stat(file)).mtimeMs);
  }
  return newest;
}

if (import.meta.url === pathToFileURL(process.argv[1] ?? '').href) {
  try {
    await ensurePackaged((line) => {
      console.log(line);
    });
  } catch (error) {
    console.error(error instanceof Error ? error.message : String(error));
    process.exit(1);
  }
}
