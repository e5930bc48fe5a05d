/**
 * Keeps the parsed file of each open document by version, so that every editor feature of one version shares one
 * parse, and the next version costs only what the edit touched.
 */
import { parseRequestFile, updateRequestFile } from './parse-request-file.ts';
import type { DialectId, RequestFile } from './types.ts';

interface Kept {
  readonly version: number;
  readonly dialect: DialectId | undefined;
  readonly file: RequestFile;
}

export class RequestFileCache {
  private readonly files = new Map<string, Kept>();

  /**
   * @param key the document's identity, its URI. The change from the kept version is found by comparing texts.
   * @param text asked for only when the version is a new one
   * @param dialect the one a person chose; absent, the text tells
   */
  get(key: string, version: number, text: () => string, dialect?: DialectId): RequestFile {
    const kept = this.files.get(key);
    const same = kept?.dialect === dialect;
    if (same && kept?.version === version) return kept.file;
    const now = text();
    const file =
      same && kept
        ? updateRequestFile(kept.file, now, editBetween(kept.file.text, now))
        : parseRequestFile(now, dialect === undefined ? {} : { dialect });
    this.files.set(key, { version, dialect, file });
    return file;
  }

  forget(key: string): void {
    this.files.delete(key);
  }

  clear(): void {
    this.files.clear();
  }
}

/** The smallest single edit that leads from one text to another. */
export function editBetween(before: string, after: string): { start: number; end: number; text: string } {
  const most = Math.min(before.length, after.length);
  let start = commonPrefix(before, after, most);
  // Do not cut between CR and LF, or between the halves of a surrogate pair.
  if (start > 0 && before.charCodeAt(start - 1) === 13) start--;
  let end = 0;
  while (end < most - start && before.charCodeAt(before.length - 1 - end) === after.charCodeAt(after.length - 1 - end))
    end++;
  return { start, end: before.length - end, text: after.slice(start, after.length - end) };
}

/** Length of the common start; compares in halves, which the engine does faster than one character at a time. */
function commonPrefix(before: string, after: string, most: number): number {
  let low = 0;
  for (let step = 4096; low < most;) {
    const to = Math.min(low + step, most);
    if (before.slice(low, to) === after.slice(low, to)) low = to;
    else if (step === 1) break;
    else step = Math.max(1, step >> 2);
  }
  return low;
}
