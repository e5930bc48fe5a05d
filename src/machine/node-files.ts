/** FileReader over the file system of this machine, for the CLI and the extension alike. */
import { readdir, readFile, realpath, stat } from 'node:fs/promises';
import { CountersignError } from '../errors/countersign-error.ts';
import type { FileReader } from '../ports.ts';

export const nodeFiles: FileReader = {
  async readText(path) {
    return Buffer.from(await this.readBytes(path)).toString('utf8');
  },
  async readBytes(path) {
    try {
      return await readFile(path);
    } catch (cause) {
      throw toFileError(path, cause);
    }
  },
  async exists(path) {
    return (await this.size(path)) !== undefined;
  },
  async size(path) {
    try {
      const found = await stat(path);
      return found.isFile() || found.isFIFO() ? found.size : undefined;
    } catch {
      return undefined;
    }
  },
  async stat(path) {
    try {
      const found = await stat(path);
      return { size: found.size, mtimeMs: found.mtimeMs };
    } catch {
      return undefined;
    }
  },
  async list(folder) {
    try {
      const entries = await readdir(folder, { withFileTypes: true });
      return entries.filter((entry) => !entry.isDirectory()).map(({ name }) => name);
    } catch {
      return [];
    }
  },
  realPath: (path) => realpath(path),
};

function toFileError(path: string, cause: unknown): CountersignError {
  const code = (cause as NodeJS.ErrnoException).code;
  return code === 'ENOENT' || code === 'ENOTDIR'
    ? new CountersignError('CS-FILE-MISSING', `The file ${path} does not exist.`, { cause })
    : new CountersignError('CS-FILE-UNREADABLE', `The file ${path} cannot be read.`, { cause });
}
