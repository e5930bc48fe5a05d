/**
 * What is always loaded comes as one file. Code splitting makes a chunk for each set of modules that the same parts
 * share, a dozen small files that are all needed at the start; when every part that loads later also imports the
 * start, there is only one such set.
 */
import { readFile } from 'node:fs/promises';
import { resolve } from 'node:path';

/** @param start the module that is loaded first, and all it imports */
export function oneStart(start) {
  const parts = new Set();
  return {
    name: 'one-start',
    setup(build) {
      build.onResolve({ filter: /^\.{1,2}\// }, ({ kind, path, resolveDir }) => {
        if (kind === 'dynamic-import') parts.add(resolve(resolveDir, path));
        return undefined;
      });
      build.onLoad({ filter: /\.ts$/ }, async ({ path }) =>
        parts.has(path)
          ? { contents: `${await readFile(path, 'utf8')}\nimport ${JSON.stringify(resolve(start))};\n`, loader: 'ts' }
          : undefined,
      );
    },
  };
}
