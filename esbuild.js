/**
 * Builds everything that ships into dist/: the extension, the CLI and their workers (one ESM graph with shared,
 * lazily loaded chunks, and the script engine's WebAssembly beside its worker), the playground (apart: keep-names, oidc-provider looks classes up by name) and the
 * webviews (browser). `--watch` rebuilds, `--dev` keeps names and source maps. What each bundle is made of goes to
 * .cache/meta/*.json, for the licence list and the size figures. A build that does not pass leaves dist/ as it was.
 */
import { build, context } from 'esbuild';
import { builtins } from './scripts/esbuild-builtins.js';
import { copyFile, mkdir, readdir, rename, rm, writeFile } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';

const watch = process.argv.includes('--watch');
const production = !process.argv.includes('--dev');
const out = watch ? 'dist' : `.cache/dist-${process.pid}`;

async function filesEndingWith(folder, ending) {
  const names = await readdir(folder, { recursive: true });
  return names.filter((name) => name.endsWith(ending)).map((name) => join(folder, name));
}

const requireBanner = {
  js: "import { createRequire as __cr } from 'node:module'; const require = __cr(import.meta.url);",
};

const common = {
  bundle: true,
  minify: production,
  sourcemap: production ? false : 'linked',
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

const workers = await filesEndingWith('src', '.worker.ts');
const views = (await filesEndingWith('src/webview', 'main.ts')).map((file) => basename(dirname(file)));

const builds = {
  node: {
    ...node,
    entryPoints: {
      extension: 'src/extension.ts',
      cli: 'src/cli/main.ts',
      ...Object.fromEntries(workers.map((file) => [file.replace(/^.*\//, '').replace(/\.ts$/, ''), file])),
    },
    outdir: out,
    splitting: true,
    chunkNames: 'chunks/[name]-[hash]',
  },
  playground: {
    ...node,
    keepNames: true,
    plugins: [],
    entryPoints: { playground: 'src/playground/main.ts' },
    outdir: out,
  },
  webview: {
    ...common,
    platform: 'browser',
    target: 'chrome120',
    format: 'esm',
    entryPoints: Object.fromEntries(views.map((view) => [view, `src/webview/${view}/main.ts`])),
    outdir: `${out}/webview`,
    loader: { '.ttf': 'file', '.css': 'text' },
  },
};

/** Read by script.worker.js from beside itself. */
async function copyScriptEngine() {
  await mkdir(out, { recursive: true });
  await copyFile(
    'node_modules/@jitl/quickjs-ng-wasmfile-release-sync/dist/emscripten-module.wasm',
    join(out, 'quickjs.wasm'),
  );
}

if (watch) {
  await copyScriptEngine();
  for (const options of Object.values(builds)) await (await context(options)).watch();
} else {
  const results = await Promise.all(
    Object.entries(builds).map(async ([name, options]) => [name, await build(options)]),
  ).catch(async () => {
    // esbuild has told what is wrong.
    await rm(out, { recursive: true, force: true });
    process.exit(1);
  });
  await copyScriptEngine();
  await rm('dist', { recursive: true, force: true });
  await rename(out, 'dist');
  await mkdir('.cache/meta', { recursive: true });
  for (const [name, result] of results) await writeFile(`.cache/meta/${name}.json`, JSON.stringify(result.metafile));
}
