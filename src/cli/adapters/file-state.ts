/**
 * StateStore in one JSON file of the user's configuration folder: approvals, pins, own definitions. No secret is
 * ever put here. Writes are atomic (a temporary file, renamed), so that a crash leaves the old or the new state.
 */
import { mkdir, readFile, rename, writeFile } from 'node:fs/promises';
import { dirname } from 'node:path';
import { randomBytes } from 'node:crypto';
import { CountersignError } from '../../errors/countersign-error.ts';
import type { StateStore } from '../../ports.ts';

export function createFileState(file: string): StateStore {
  const listeners = new Set<(key: string) => void>();
  let last: Promise<unknown> = Promise.resolve();

  async function read(): Promise<Record<string, unknown>> {
    let text: string;
    try {
      text = await readFile(file, 'utf8');
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code === 'ENOENT') return {};
      throw new CountersignError('CS-STORE-STATE', `The file ${file} cannot be read.`, { cause: error });
    }
    try {
      return JSON.parse(text) as Record<string, unknown>;
    } catch (error) {
      throw new CountersignError('CS-STORE-STATE', `The file ${file} is damaged.`, { cause: error });
    }
  }

  async function write(key: string, value: unknown): Promise<void> {
    const state = await read();
    if (value === undefined) delete state[key];
    else state[key] = value;
    await mkdir(dirname(file), { recursive: true, mode: 0o700 });
    const temporary = `${file}.${randomBytes(6).toString('hex')}`;
    await writeFile(temporary, `${JSON.stringify(state, null, 2)}\n`, { mode: 0o600 });
    await rename(temporary, file);
  }

  return {
    async get<T>(key: string) {
      return Object.entries(await read()).find(([name]) => name === key)?.[1] as T | undefined;
    },
    async set(key, value) {
      const next = last.then(() => write(key, value));
      last = next.catch(() => undefined);
      await next;
      for (const listener of listeners) listener(key);
    },
    onDidChange(listener) {
      listeners.add(listener);
      return { dispose: () => void listeners.delete(listener) };
    },
  };
}
