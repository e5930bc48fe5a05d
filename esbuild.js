/**
 * Builds everything that ships into dist/: the extension and the CLI (ES modules with chunks that load when needed), the
 * workers (the script engine's WebAssembly beside its own), the playground (keep-names: oidc-provider looks classes up by
 * name) and the webviews (browser). `--watch` rebuilds, `--dev` keeps names and source maps. What each bundle is made of goes to
 * .cache/meta/*.json, for the licence list and the size figures. A build that does not pass leaves dist/ as it was.
 */
import { build, context } from 'esbuild';
import { bundles } from './scripts/bundles.js';
import { copyFile, mkdir, rename, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';

const watch = process.argv.includes('--watch');
const production = !process.argv.includes('--dev');
const out = watch ? 'dist' : `.cache/dist-${process.pid}`;

const builds = await bundles(out, production);

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
  await rm('.cache/meta', { recursive: true, force: true });
  await mkdir('.cache/meta', { recursive: true });
  for (const [name, result] of results) await writeFile(`.cache/meta/${name}.json`, JSON.stringify(result.metafile));
}
