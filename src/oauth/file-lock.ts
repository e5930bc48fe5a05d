/**
 * A lock across windows and processes of one machine: a file that only one can create, with a heartbeat. A lock whose
 * process is gone, or that was not touched for `staleMs`, is taken over by exactly one. Source: auth.md §3.5, S04.
 */
import { createHash, randomUUID } from 'node:crypto';
import { unlinkSync } from 'node:fs';
import { mkdir, open, readFile, stat, unlink, utimes } from 'node:fs/promises';
import { hostname } from 'node:os';
import { join } from 'node:path';
import type { LockProvider } from '../ports.ts';
import { isRunning } from '../http/running-process.ts';

interface Owner {
  readonly pid: number;
  readonly host: string;
  readonly token: string;
}

const held = new Set<string>();
let exitHandler = false;

/** @param folder made when it is missing; on a disk that all windows share. */
export function createFileLock(folder: string): LockProvider {
  return {
    async acquire(name, { staleMs, signal }) {
      await mkdir(folder, { recursive: true, mode: 0o700 });
      const path = join(folder, `${createHash('sha256').update(name).digest('hex').slice(0, 32)}.lock`);
      const owner: Owner = { pid: process.pid, host: hostname(), token: randomUUID() };
      for (let wait = 10; ; wait = Math.min(wait * 1.5, 250)) {
        signal?.throwIfAborted();
        if (await create(path, owner)) break;
        await removeStale(path, staleMs);
        await pause(wait * (0.75 + Math.random() / 2), signal);
      }
      return hold(path, owner, staleMs);
    },
  };
}

function hold(path: string, owner: Owner, staleMs: number): () => Promise<void> {
  held.add(path);
  if (!exitHandler) {
    exitHandler = true;
    process.once('exit', releaseAll);
  }
  const beat = setInterval(
    () => {
      const now = new Date();
      utimes(path, now, now).catch(() => undefined);
    },
    Math.max(1000, staleMs / 4),
  );
  beat.unref();
  let released = false;
  return async () => {
    if (released) return;
    released = true;
    clearInterval(beat);
    held.delete(path);
    const current = await readOwner(path);
    if (current?.token === owner.token) await unlink(path).catch(() => undefined);
  };
}

function releaseAll(): void {
  for (const path of held) {
    try {
      unlinkSync(path);
    } catch {
      // Already gone, or a folder that is: nothing is left to release.
    }
  }
}

async function create(path: string, owner: Owner): Promise<boolean> {
  let file;
  try {
    file = await open(path, 'wx', 0o600);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'EEXIST') return false;
    // Windows says EPERM while a deleted file is still open somewhere.
    if ((error as NodeJS.ErrnoException).code === 'EPERM' && process.platform === 'win32') return false;
    throw error;
  }
  try {
    await file.writeFile(JSON.stringify({ ...owner, at: Date.now() }));
  } finally {
    await file.close();
  }
  return true;
}

/** Looks again inside a guard of its own, so that two who both saw a stale lock do not take each other's new one. */
async function removeStale(path: string, staleMs: number): Promise<void> {
  if (!(await isStale(path, staleMs))) return;
  const guard = `${path}.guard`;
  if (!(await create(guard, { pid: process.pid, host: hostname(), token: randomUUID() }))) {
    const age = await ageOf(guard);
    if (age !== undefined && age > Math.max(staleMs, 10_000)) await unlink(guard).catch(() => undefined);
    return;
  }
  try {
    if (await isStale(path, staleMs)) await unlink(path).catch(() => undefined);
  } finally {
    await unlink(guard).catch(() => undefined);
  }
}

async function isStale(path: string, staleMs: number): Promise<boolean> {
  const age = await ageOf(path);
  if (age === undefined) return false;
  if (age > staleMs) return true;
  const owner = await readOwner(path);
  return owner?.host === hostname() && !isRunning(owner.pid);
}

async function ageOf(path: string): Promise<number | undefined> {
  try {
    return Date.now() - (await stat(path)).mtimeMs;
  } catch {
    return undefined;
  }
}

/** Undefined while the file is being written, or when it is gone. */
async function readOwner(path: string): Promise<Owner | undefined> {
  try {
    return JSON.parse(await readFile(path, 'utf8')) as Owner;
  } catch {
    return undefined;
  }
}

function pause(ms: number, signal: AbortSignal | undefined): Promise<void> {
  return new Promise((resolve, reject) => {
    const stop = (): void => {
      clearTimeout(timer);
      reject(signal?.reason as Error);
    };
    const timer = setTimeout(() => {
      signal?.removeEventListener('abort', stop);
      resolve();
    }, ms);
    signal?.addEventListener('abort', stop, { once: true });
  });
}
