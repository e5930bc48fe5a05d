/** Reads a request file as text: UTF-8, UTF-16 with a byte order mark, `-` for stdin. It does not judge what it holds. */
import { readFile } from 'node:fs/promises';
import { CountersignError } from '../errors/countersign-error.ts';

/** @throws CountersignError CS-FILE-MISSING, CS-FILE-UNREADABLE, CS-CLI-USAGE for a folder */
export async function readRequestText(path: string): Promise<string> {
  if (path === '-') return decode(await (await import('node:stream/consumers')).buffer(process.stdin));
  try {
    return decode(await readFile(path));
  } catch (cause) {
    const { code } = cause as NodeJS.ErrnoException;
    if (code === 'EISDIR') {
      throw new CountersignError('CS-CLI-USAGE', `${path} is a folder, not a request file.`, {
        next: 'Name the request files in it, for example with *.http.',
        cause,
      });
    }
    throw code === 'ENOENT'
      ? new CountersignError('CS-FILE-MISSING', `The file ${path} does not exist.`, { cause })
      : new CountersignError('CS-FILE-UNREADABLE', `The file ${path} cannot be read.`, { cause });
  }
}

/** Text of a request file never holds NUL; bytes of a picture or a program soon do. */
export function isBinary(text: string): boolean {
  return text.slice(0, 8192).includes('\0');
}

function decode(bytes: Buffer): string {
  if (bytes[0] === 0xff && bytes[1] === 0xfe) return bytes.subarray(2).toString('utf16le');
  if (bytes[0] === 0xfe && bytes[1] === 0xff) {
    const even = bytes.subarray(2, bytes.length - (bytes.length % 2));
    return Buffer.from(even).swap16().toString('utf16le');
  }
  return bytes.toString('utf8');
}
