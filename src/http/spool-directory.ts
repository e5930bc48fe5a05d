/**
 * Where bodies rest that are too large for memory: one folder a process under the given one, made at first need,
 * readable by its owner alone, removed at exit. Folders left by processes that are gone are removed then.
 */
import { randomBytes } from 'node:crypto';
import { rmSync } from 'node:fs';
import { mkdir, open, readdir, rm, type FileHandle } from 'node:fs/promises';
import { join } from 'node:path';
import { isRunning } from './running-process.ts';

export interface SpoolFile {
  readonly path: string;
  readonly handle: FileHandle;
}

const folderPattern = /^countersign-(\d+)-[0-9a-f]{12}$/;

export class SpoolDirectory {
  readonly #parent: string;
  #folder: Promise<string> | undefined;
  #path: string | undefined;
  readonly #atExit = (): void => {
    try {
      if (this.#path !== undefined) rmSync(this.#path, { recursive: true, force: true });
    } catch {
      // The process ends; what is left is removed at the next start.
    }
  };

  constructor(parent: string) {
    this.#parent = parent;
  }

  /** A new empty file, mode 0600, name unguessable. */
  async create(): Promise<SpoolFile> {
    this.#folder ??= this.#make();
    const path = join(await this.#folder, `body-${randomBytes(12).toString('hex')}`);
    return { path, handle: await open(path, 'wx+', 0o600) };
  }

  async dispose(): Promise<void> {
    if (this.#folder === undefined) return;
    await this.#folder.catch(() => undefined);
    process.off('exit', this.#atExit);
    if (this.#path !== undefined) await rm(this.#path, { recursive: true, force: true });
    this.#folder = undefined;
    this.#path = undefined;
  }

  async #make(): Promise<string> {
    await mkdir(this.#parent, { recursive: true, mode: 0o700 });
    await removeLeftovers(this.#parent);
    const path = join(this.#parent, `countersign-${String(process.pid)}-${randomBytes(6).toString('hex')}`);
    await mkdir(path, { mode: 0o700 });
    this.#path = path;
    process.once('exit', this.#atExit);
    return path;
  }
}

/** Removes the folders of processes that no longer run. Errors are ignored: it is tidying. */
export async function removeLeftovers(parent: string): Promise<void> {
  const names = await readdir(parent).catch((): string[] => []);
  for (const name of names) {
    const pid = Number(folderPattern.exec(name)?.[1] ?? NaN);
    if (Number.isNaN(pid) || (pid > 0 && isRunning(pid))) continue;
    await rm(join(parent, name), { recursive: true, force: true }).catch(() => undefined);
  }
}
