/**
 * Reads a small text file at most once as long as it does not change, and keeps what was made of it. It decides
 * nothing about the content. Missing files are the normal case and no error.
 */
import type { FileReader } from '../../ports.ts';
import { limits } from '../limits.ts';
import type { VariableContext } from '../types.ts';

export type TextFile =
  | { readonly kind: 'text'; readonly text: string }
  /** Why there is no text, as the end of a sentence: `is larger than 4 MB`. */
  | { readonly kind: 'unreadable'; readonly reason: string; readonly cause?: unknown };

interface Entry {
  readonly stamp: string | undefined;
  readonly file: TextFile;
  readonly made: unknown;
}

const caches = new WeakMap<FileReader, Map<string, Entry>>();

/**
 * What `make` makes of the file at `path`, or undefined when there is no file. `make` is called again only when
 * size or time changed (with a reader that knows times) or else when the text did. `kind` keeps makers apart.
 */
export async function loadCached<T>(
  files: FileReader,
  path: string,
  kind: string,
  make: (file: TextFile) => T | Promise<T>,
): Promise<T | undefined> {
  let cache = caches.get(files);
  if (!cache) caches.set(files, (cache = new Map<string, Entry>()));
  const key = `${kind}\0${path}`;
  const known = cache.get(key);
  const stat = await statOf(files, path);
  if (!stat) {
    cache.delete(key);
    return undefined;
  }
  const stamp = stat.mtimeMs === undefined ? undefined : `${stat.size}:${stat.mtimeMs}`;
  if (known && stamp !== undefined && known.stamp === stamp) return known.made as T;
  const file = await readTextFile(files, path, stat.size);
  if (known && sameText(known.file, file)) {
    cache.set(key, { ...known, stamp });
    return known.made as T;
  }
  const made = await make(file);
  cache.set(key, { stamp, file, made });
  return made;
}

/** `load`, or what it gave before for the same resolver. */
export function loadOnce<T>(
  context: Pick<VariableContext, 'snapshot'>,
  what: string,
  load: () => Promise<T>,
): Promise<T> {
  const known = context.snapshot?.get(what) as Promise<T> | undefined;
  if (known) return known;
  const loading = load();
  context.snapshot?.set(what, loading);
  return loading;
}

async function statOf(
  files: FileReader,
  path: string,
): Promise<{ readonly size: number; readonly mtimeMs?: number } | undefined> {
  try {
    if (files.stat) return await files.stat(path);
    const size = await files.size(path);
    return size === undefined ? undefined : { size };
  } catch {
    return undefined;
  }
}

async function readTextFile(files: FileReader, path: string, size: number): Promise<TextFile> {
  if (size > limits.file) return { kind: 'unreadable', reason: `is larger than ${limits.file / 1024 / 1024} MB` };
  try {
    const text = await files.readText(path);
    if (text.includes('\0')) return { kind: 'unreadable', reason: 'is not text' };
    return { kind: 'text', text: text.charCodeAt(0) === 0xfeff ? text.slice(1) : text };
  } catch (cause) {
    return { kind: 'unreadable', reason: 'is not readable', cause };
  }
}

function sameText(a: TextFile, b: TextFile): boolean {
  return a.kind === 'text' && b.kind === 'text' && a.text === b.text;
}
