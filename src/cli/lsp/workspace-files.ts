/** The files of the editor’s folders that hold requests or describe APIs. It looks at names; links are not followed. */
import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { hiddenEntries } from '../../language/features/path-place.ts';
import { mostDescriptions } from '../../run/api-descriptions.ts';

const mostFiles = 1000;
const mostEntries = 20_000;

/** Absolute paths, nearest to the roots first. */
async function findFiles(roots: readonly string[], matches: RegExp, most: number): Promise<readonly string[]> {
  const found: string[] = [];
  const folders = [...roots];
  let entries = 0;
  for (let folder = folders.shift(); folder !== undefined; folder = folders.shift()) {
    const listed = await readdir(folder, { withFileTypes: true }).catch(() => []);
    for (const entry of listed) {
      if (found.length >= most || entries++ >= mostEntries) return found;
      if (entry.isDirectory()) {
        if (!hiddenEntries.test(entry.name)) folders.push(join(folder, entry.name));
      } else if (entry.isFile() && matches.test(entry.name)) found.push(join(folder, entry.name));
    }
  }
  return found;
}

export function findRequestFiles(roots: readonly string[]): Promise<readonly string[]> {
  return findFiles(roots, /\.(?:http|rest)$/, mostFiles);
}

export function findApiDescriptions(roots: readonly string[]): Promise<readonly string[]> {
  return findFiles(roots, /(?:openapi|swagger).*\.(?:json|ya?ml)$/, mostDescriptions);
}
