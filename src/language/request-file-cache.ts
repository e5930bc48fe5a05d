/**
 * Keeps the parsed file of each open document by version, so that every editor feature of one version shares one
 * parse, and the next version costs only what the edit touched.
 */
import { parseRequestFile, updateRequestFile, type ParseOptions } from './parse-request-file.ts';
import type { RequestFile } from './types.ts';

interface Kept {
  readonly version: number;
  readonly options: ParseOptions;
  readonly file: RequestFile;
}

export class RequestFileCache {
  private readonly files = new Map<string, Kept>();

  /**
   * @param key the document's identity, its URI. The change from the kept version is found by comparing texts.
   * @param text asked for only when the version is a new one
   * @param options what a person chose for the file
   */
  get(key: string, version: number, text: () => string, options: ParseOptions = {}): RequestFile {
    const kept = this.files.get(key);
    const same = kept?.options.dialect === options.dialect && kept?.options.bodyComments === options.bodyComments;
    if (same && kept?.version === version) return kept.file;
    const now = text();
    const file =
      same && kept
        ? updateRequestFile(kept.file, now, editBetween(kept.file.text, now))
        : parseRequestFile(now, options);
    this.files.set(key, { version, options, file });
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
