/** FileReader and FileWriter over the file system of this machine, for the CLI and the extension alike. */
import { randomBytes } from 'node:crypto';
import { mkdir, open, readdir, readFile, realpath, rename, rm, stat } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { CountersignError } from '../errors/countersign-error.ts';
import type { FileReader, FileWriter } from '../ports.ts';

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
      // Windows keeps rights in another way, which `mode` does not show.
      const rights = process.platform === 'win32' ? {} : { readableByOthers: (found.mode & 0o077) !== 0 };
      return { size: found.size, mtimeMs: found.mtimeMs, ...rights };
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

export const nodeFileWriter: FileWriter = {
  async write(path, content, how) {
    // A new file is its own; one that is replaced stays whole until the new content is.
    const part = how === 'create' ? path : join(dirname(path), `.${randomBytes(9).toString('base64url')}.part`);
    let made = false;
    try {
      await mkdir(dirname(path), { recursive: true });
      const handle = await open(part, 'wx');
      made = true;
      await handle.writeFile(content).finally(() => handle.close());
      if (part !== path) await rename(part, path);
      return true;
    } catch (cause) {
      if (!made && how === 'create' && (cause as NodeJS.ErrnoException).code === 'EEXIST') return false;
      if (made) await rm(part, { force: true });
      throw new CountersignError('CS-FILE-UNWRITABLE', `The file ${path} cannot be written.`, { cause });
    }
  },
};

function toFileError(path: string, cause: unknown): CountersignError {
  const code = (cause as NodeJS.ErrnoException).code;
  return code === 'ENOENT' || code === 'ENOTDIR'
    ? new CountersignError('CS-FILE-MISSING', `The file ${path} does not exist.`, { cause })
    : new CountersignError('CS-FILE-UNREADABLE', `The file ${path} cannot be read.`, { cause });
}
