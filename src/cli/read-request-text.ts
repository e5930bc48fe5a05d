/** Reads a request file as text: UTF-8, UTF-16 with a byte order mark, `-` for stdin. */
import { readFile } from 'node:fs/promises';
import { CountersignError } from '../errors/countersign-error.ts';

/** @throws CountersignError CS-FILE-MISSING, CS-FILE-UNREADABLE */
export async function readRequestText(path: string): Promise<string> {
  if (path === '-') return (await import('node:stream/consumers')).text(process.stdin);
  try {
    return decode(await readFile(path));
  } catch (cause) {
    const missing = (cause as NodeJS.ErrnoException).code === 'ENOENT';
    throw missing
      ? new CountersignError('CS-FILE-MISSING', `The file ${path} does not exist.`, { cause })
      : new CountersignError('CS-FILE-UNREADABLE', `The file ${path} cannot be read.`, { cause });
  }
}

function decode(bytes: Buffer): string {
  if (bytes[0] === 0xff && bytes[1] === 0xfe) return bytes.subarray(2).toString('utf16le');
  if (bytes[0] === 0xfe && bytes[1] === 0xff) return Buffer.from(bytes.subarray(2)).swap16().toString('utf16le');
  return bytes.toString('utf8');
}
