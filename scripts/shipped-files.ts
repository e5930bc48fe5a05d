/** What the .vsix holds, in one place: the packager checks it, the demo copies it. */
import { cp, mkdir, readFile, rm } from 'node:fs/promises';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { root } from './paths.ts';

/** Files and folders at the root that ship; everything else stays out. */
export const shipped = [
  'dist',
  'media',
  'schema',
  'package.json',
  'README.md',
  'CHANGELOG.md',
  'LICENSE',
  'THIRD-PARTY-NOTICES.md',
] as const;

export interface Manifest {
  readonly name: string;
  readonly publisher: string;
  readonly version: string;
}

export async function readManifest(): Promise<Manifest> {
  return JSON.parse(await readFile(join(root, 'package.json'), 'utf8')) as Manifest;
}

/**
 * Puts the built extension into an extensions folder as `publisher.name-version`, where VS Code finds it at its next
 * start; an older copy and the folder's index are replaced.
 */
export async function installUnpacked(extensions: string): Promise<void> {
  const { publisher, name, version } = await readManifest();
  await rm(extensions, { recursive: true, force: true });
  const place = join(extensions, `${publisher}.${name}-${version}`);
  await mkdir(place, { recursive: true });
  for (const entry of shipped) {
    const from = join(root, entry);
    if (existsSync(from)) await cp(from, join(place, entry), { recursive: true });
  }
}
