/** The bundles that ship, as options of esbuild, and what of one is loaded before anything else happens. */
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import type { BuildOptions, Metafile } from 'esbuild';
import { root } from '../../scripts/paths.ts';

type Bundles = Readonly<Record<'extension' | 'workers' | 'cli' | 'playground' | 'webview', BuildOptions>>;

/** @param out the folder they would be built into */
export async function shippedBundles(out: string): Promise<Bundles> {
  const file = pathToFileURL(join(root, 'scripts', 'bundles.js')).href;
  const { bundles } = (await import(file)) as { readonly bundles: (out: string) => Promise<Bundles> };
  return bundles(out);
}

/** @param entry the name of an entry's file @returns its bytes and those of all it imports statically, by path */
export function startOf(meta: Metafile, entry: string): ReadonlyMap<string, number> {
  const found = new Map<string, number>();
  const add = (path: string): void => {
    const output = meta.outputs[path];
    if (!output || found.has(path)) return;
    found.set(path, output.bytes);
    for (const { kind, path: next } of output.imports) if (kind === 'import-statement') add(next);
  };
  add(Object.keys(meta.outputs).find((path) => path.endsWith(`/${entry}`)) ?? '');
  return found;
}
