/**
 * What is bundled, and how: the options of esbuild for each bundle that ships. The build, the size figures and the tests
 * that run the shipped form read them here.
 */
import { readdir } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { builtins } from './esbuild-builtins.js';
import { iconFont } from './esbuild-icon-font.js';
import { oneStart } from './esbuild-one-start.js';
import { styles } from './esbuild-styles.js';

async function filesEndingWith(folder, ending) {
  const names = await readdir(folder, { recursive: true });
  return names.filter((name) => name.endsWith(ending)).map((name) => join(folder, name));
}

const requireBanner = {
  js: "import { createRequire as __cr } from 'node:module'; const require = __cr(import.meta.url);",
};

const common = {
  bundle: true,
  legalComments: 'none',
  logLevel: 'warning',
  metafile: true,
};

const node = {
  ...common,
  platform: 'node',
  target: 'node22.15',
  format: 'esm',
  banner: requireBanner,
  // jsonc-parser's "main" is a UMD file that a bundle cannot follow; its "module" is plain ESM.
  mainFields: ['module', 'main'],
  external: ['vscode', '@napi-rs/keyring'],
  plugins: [builtins],
};

/** `cli.js` turns the compile cache on and loads the program; `parse` knows no engine. */
const cliStarts = [
  { file: 'src/cli/program.ts' },
  { file: 'src/cli/run-files.ts', notAfter: /[\\/]cli[\\/](main|commands[\\/]parse)\.ts$/ },
];

/** `extension.js` is what activation needs, `features.ts` all that is loaded right after it. */
const extensionStarts = [
  { file: 'src/extension.ts' },
  { file: 'src/vscode/features.ts', notAfter: /[\\/]src[\\/]extension\.ts$/ },
];

/**
 * @param out the folder to build into
 * @param production false keeps names and source maps
 */
export async function bundles(out, production = true) {
  const form = { minify: production, sourcemap: production ? false : 'linked' };
  const workers = await filesEndingWith('src', '.worker.ts');
  const views = (await filesEndingWith('src/webview', 'main.ts')).map((file) => basename(dirname(file)));

  return {
    extension: {
      ...node,
      ...form,
      entryPoints: { extension: 'src/extension.ts' },
      outdir: out,
      plugins: [builtins, oneStart(...extensionStarts)],
      splitting: true,
      chunkNames: 'chunks/[name]-[hash]',
    },
    // Apart: a worker has no part of the extension, not even by a chunk that both would share.
    workers: {
      ...node,
      ...form,
      entryPoints: Object.fromEntries(workers.map((file) => [file.replace(/^.*\//, '').replace(/\.ts$/, ''), file])),
      outdir: out,
    },
    cli: {
      ...node,
      ...form,
      entryPoints: { cli: 'src/cli/main.ts' },
      outdir: out,
      splitting: true,
      chunkNames: 'chunks/cli-[name]-[hash]',
      plugins: [builtins, oneStart(...cliStarts)],
    },
    playground: {
      ...node,
      ...form,
      keepNames: true,
      plugins: [],
      entryPoints: { playground: 'src/playground/main.ts' },
      outdir: out,
    },
    webview: {
      ...common,
      ...form,
      platform: 'browser',
      target: 'chrome120',
      format: 'esm',
      entryPoints: Object.fromEntries(views.map((view) => [view, `src/webview/${view}/main.ts`])),
      outdir: `${out}/webview`,
      splitting: true,
      plugins: [iconFont, styles, ...views.map((view) => oneStart({ file: `src/webview/${view}/main.ts` }))],
    },
  };
}
