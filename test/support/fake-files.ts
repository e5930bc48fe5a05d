/**
 * A FileReader over an object of paths and contents, which counts its reads. Missing files answer as the real one
 * does: `exists` false, `size` undefined, reads throw CS-FILE-MISSING.
 */
import { CountersignError } from '../../src/errors/countersign-error.ts';
import type { FileReader } from '../../src/ports.ts';

export interface FakeFiles extends FileReader {
  /** Change a file; undefined removes it. Its time of change moves on. */
  put(path: string, content: string | Uint8Array | undefined): void;
  /** Paths that were read, in order. */
  readonly reads: readonly string[];
}

/** @param times false: a reader without `stat`, as a minimal adapter has */
export function fakeFiles(initial: Readonly<Record<string, string | Uint8Array>> = {}, times = true): FakeFiles {
  const contents = new Map<string, { readonly bytes: Uint8Array; readonly mtimeMs: number }>();
  const reads: string[] = [];
  let now = 1;
  const put = (path: string, content: string | Uint8Array | undefined) => {
    if (content === undefined) contents.delete(path);
    else {
      const bytes = typeof content === 'string' ? new TextEncoder().encode(content) : content;
      contents.set(path, { bytes, mtimeMs: now++ });
    }
  };
  for (const [path, content] of Object.entries(initial)) put(path, content);
  const read = (path: string): Promise<Uint8Array> => {
    reads.push(path);
    const found = contents.get(path);
    return found
      ? Promise.resolve(found.bytes)
      : Promise.reject(new CountersignError('CS-FILE-MISSING', `The file ${path} does not exist.`));
  };
  return {
    put,
    reads,
    readBytes: read,
    readText: async (path) => new TextDecoder('utf-8', { ignoreBOM: true }).decode(await read(path)),
    exists: (path) => Promise.resolve(contents.has(path)),
    size: (path) => Promise.resolve(contents.get(path)?.bytes.length),
    list: (folder) =>
      Promise.resolve(
        [...contents.keys()].flatMap((path) =>
          path.slice(0, path.lastIndexOf('/')) === folder ? [path.slice(folder.length + 1)] : [],
        ),
      ),
    ...(times
      ? {
          stat: (path: string) => {
            const found = contents.get(path);
            return Promise.resolve(found && { size: found.bytes.length, mtimeMs: found.mtimeMs });
          },
        }
      : {}),
  };
}
