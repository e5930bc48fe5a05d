/**
 * What is always loaded together comes as one file. Code splitting makes a chunk for each set of modules that the same
 * parts share, dozens of small files that are all needed at the start; when every part that is loaded later also imports
 * the start, there is only one such set.
 */
import { readFile, readdir } from 'node:fs/promises';
import { dirname, join, resolve } from 'node:path';

/** A value that is loaded, not `typeof import(…)`. */
const laterImport = /(?<!typeof )import\('(\.[^']+\.ts)'\)/g;

/** @param starts each a file that is loaded early, with all it imports, and who loads something without that */
export function oneStart(...starts) {
  /** By the path of a part, the files that are there before it. */
  const before = new Map();
  return {
    name: 'one-start',
    setup(build) {
      build.onStart(async () => {
        before.clear();
        const sources = (await readdir('src', { recursive: true })).filter((name) => name.endsWith('.ts'));
        for (const importer of sources.map((name) => join('src', name))) {
          const there = starts.filter(({ notAfter }) => !notAfter?.test(importer)).map(({ file }) => resolve(file));
          for (const [, part] of (await readFile(importer, 'utf8')).matchAll(laterImport))
            before.set(resolve(dirname(importer), part), there);
        }
      });
      build.onLoad({ filter: /\.ts$/ }, async ({ path }) => {
        const imports = before
          .get(path)
          ?.filter((file) => file !== path)
          .map((file) => `import ${JSON.stringify(file)};\n`);
        return imports && { contents: `${await readFile(path, 'utf8')}\n${imports.join('')}`, loader: 'ts' };
      });
    },
  };
}
