/**
 * StateStore in a folder of the user's own, one JSON file a key: approvals, pins, own definitions, history. No secret
 * is ever put here. A write is a temporary file, renamed, so that a crash leaves the old or the new value; a file a
 * key lets two windows write different keys at once. Used by the CLI and the extension.
 */
import { randomBytes } from 'node:crypto';
import { mkdirSync, watch, type FSWatcher } from 'node:fs';
import { mkdir, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { CountersignError } from '../errors/countersign-error.ts';
import type { StateStore } from '../ports.ts';

/**
 * @param folder absolute; made on the first write
 * @param options.watch tell listeners about other processes' writes too; keeps a watcher until `dispose`
 */
export function createFileState(
  folder: string,
  options: { readonly watch: boolean },
): StateStore & { dispose(): void } {
  const listeners = new Set<(key: string) => void>();
  const queues = new Map<string, Promise<unknown>>();
  let watcher: FSWatcher | undefined;

  const fileOf = (key: string): string => join(folder, `${encodeURIComponent(key)}.json`);
  const tell = (key: string): void => {
    for (const listener of listeners) listener(key);
  };

  async function read(key: string): Promise<unknown> {
    const file = fileOf(key);
    let text: string;
    try {
      text = await readFile(file, 'utf8');
    } catch (cause) {
      if ((cause as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
      throw new CountersignError('CS-STORE-STATE', `The file ${file} cannot be read.`, { cause });
    }
    try {
      return JSON.parse(text) as unknown;
    } catch (cause) {
      throw new CountersignError('CS-STORE-STATE', `The file ${file} is damaged.`, { cause });
    }
  }

  async function write(key: string, value: unknown): Promise<void> {
    const file = fileOf(key);
    if (value === undefined) return rm(file, { force: true });
    await mkdir(folder, { recursive: true, mode: 0o700 });
    const temporary = `${file}.${randomBytes(6).toString('hex')}`;
    await writeFile(temporary, `${JSON.stringify(value)}\n`, { mode: 0o600 });
    await rename(temporary, file);
  }

  function startWatching(): void {
    if (!options.watch || watcher) return;
    try {
      mkdirSync(folder, { recursive: true, mode: 0o700 });
      watcher = watch(folder, { persistent: false }, (_event, name) => {
        if (name?.endsWith('.json')) tell(decodeURIComponent(name.slice(0, -'.json'.length)));
      });
      watcher.on('error', () => watcher?.close());
    } catch {
      watcher = undefined;
    }
  }

  return {
    get: <T>(key: string) => read(key) as Promise<T | undefined>,
    async set(key, value) {
      const next = (queues.get(key) ?? Promise.resolve()).catch(() => undefined).then(() => write(key, value));
      queues.set(key, next);
      await next;
      if (!watcher) tell(key);
    },
    onDidChange(listener) {
      listeners.add(listener);
      startWatching();
      return { dispose: () => void listeners.delete(listener) };
    },
    dispose: () => watcher?.close(),
  };
}
