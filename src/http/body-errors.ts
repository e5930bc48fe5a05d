/** The errors of keeping a body, and how sizes are written in them. */
import { CountersignError } from '../errors/countersign-error.ts';

/** What the disk said, as ours. */
export function storeError(error: unknown): CountersignError {
  const code = (error as NodeJS.ErrnoException).code;
  if (code === 'ENOSPC' || code === 'EDQUOT') {
    return new CountersignError('CS-STORE-FULL', 'The disk is full; the rest of the body was not kept.', {
      cause: error,
    });
  }
  return new CountersignError('CS-BODY-SPOOL', 'The body cannot be kept on disk.', {
    cause: error,
    facts: { code: code ?? 'unknown' },
  });
}

export function gone(): CountersignError {
  return new CountersignError('CS-BODY-SPOOL', 'The body is no longer kept.', { next: 'Send the request again.' });
}

/** @param limit bytes. */
export function tooLarge(limit: number): CountersignError {
  return new CountersignError('CS-BODY-TOO-LARGE', `The body is larger than ${toSizeText(limit)}.`, {
    facts: { limit },
  });
}

/** `512 bytes`, `4 KiB`, `1.5 MiB`. */
export function toSizeText(bytes: number): string {
  const units = ['KiB', 'MiB', 'GiB', 'TiB'];
  if (bytes < 1024) return `${String(bytes)} bytes`;
  let value = bytes;
  let unit = 'bytes';
  for (const name of units) {
    if (value < 1024) break;
    value /= 1024;
    unit = name;
  }
  return `${String(Math.round(value * 10) / 10)} ${unit}`;
}
