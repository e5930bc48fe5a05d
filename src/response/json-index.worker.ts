/**
 * The worker that holds one large body: it reads the bytes (from the spool file or as given), turns them into UTF-8
 * if they are not, and answers by calling `BodyDocument`. One worker a body; ending it ends a search that takes long.
 */
import { readFile } from 'node:fs/promises';
import { parentPort } from 'node:worker_threads';
import { BodyDocument } from './json-index/body-document.ts';
import type { LoadRequest, WorkerAnswer, WorkerCall } from './json-index/worker-messages.ts';

let document: Promise<BodyDocument> | undefined;

async function load(request: LoadRequest): Promise<BodyDocument> {
  const bytes = request.bytes ?? (request.file === undefined ? new Uint8Array(0) : await readFile(request.file));
  if (request.charset === 'utf-8') return new BodyDocument(bytes, request.skip, request.kind);
  const text = new TextDecoder(request.charset).decode(bytes.subarray(request.skip));
  return new BodyDocument(new TextEncoder().encode(text), 0, request.kind);
}

async function answer(call: WorkerCall): Promise<unknown> {
  if (call.method === 'load') {
    document = load(call.args[0]);
    await document;
    return undefined;
  }
  if (!document) throw new Error('no body was loaded');
  const loaded = await document;
  return (loaded[call.method] as (...args: readonly unknown[]) => unknown)(...call.args);
}

parentPort?.on('message', (call: WorkerCall) => {
  answer(call).then(
    (value) => post({ id: call.id, value }),
    (error: unknown) => post({ id: call.id, error: error instanceof Error ? error.message : String(error) }),
  );
});

function post(message: WorkerAnswer): void {
  parentPort?.postMessage(message);
}
