/**
 * The folder that plays the workspace for a request file: the nearest one upwards with a `countersign.json`, not above
 * the folder the command was started in; else that folder when the file is inside it, else the file's own.
 */
import { access } from 'node:fs/promises';
import { dirname, join, relative } from 'node:path';
import { definitionsFileName } from '../credentials/definitions-file.ts';

export async function findRoot(folder: string, started: string): Promise<string> {
  const inside = !relative(started, folder).startsWith('..');
  for (let at = folder; ; at = dirname(at)) {
    if (await exists(join(at, definitionsFileName))) return at;
    if (at === started || dirname(at) === at || !inside) break;
  }
  return inside ? started : folder;
}

async function exists(path: string): Promise<boolean> {
  return access(path).then(
    () => true,
    () => false,
  );
}
