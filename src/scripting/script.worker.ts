/**
 * The thread that scripts run in. It loads the engine once, takes one job after another and answers with its report.
 * Who started it ends it when a job goes beyond its time. It is given no environment variable and no argument.
 */
import { readFile } from 'node:fs/promises';
import { parentPort } from 'node:worker_threads';
import variant from '@jitl/quickjs-ng-wasmfile-release-sync';
import { newQuickJSWASMModuleFromVariant, newVariant } from 'quickjs-emscripten-core';
import { evaluate } from './evaluate.ts';
import type { WorkerJob, WorkerMessage } from './types.ts';

/** In a build the file lies beside this one; from source it is still in its package. */
const wasmFile = import.meta.url.endsWith('.ts')
  ? import.meta.resolve('@jitl/quickjs-ng-wasmfile-release-sync/wasm')
  : new URL('./quickjs.wasm', import.meta.url).href;

const compile = async (): Promise<WebAssembly.Module> => WebAssembly.compile(await readFile(new URL(wasmFile)));

/** Its types describe the CommonJS file, so they say that the default export is the whole module. */
const base = variant as unknown as (typeof variant)['default'];
const module = await newQuickJSWASMModuleFromVariant(newVariant(base, { wasmModule: compile }));

function post(message: WorkerMessage): void {
  parentPort?.postMessage(message);
}

parentPort?.on('message', ({ id, job, limits }: WorkerJob) => {
  post({ kind: 'report', id, ...evaluate(module, job, limits) });
});
post({ kind: 'ready' });
