/** Paths of request files that name each other, for both separators, without a look at the disk but for links. */
import type { FileReader } from '../../ports.ts';
import { foldersUpward } from '../environments/folders.ts';

interface Scope {
  readonly path: string | undefined;
  readonly root: string | undefined;
  readonly files: FileReader;
}

/** Beside the file that names it, or as written when absolute; undefined when there is no such place. */
export function resolveFile(written: string, { path, root }: Pick<Scope, 'path' | 'root'>): string | undefined {
  const target = written.trim().replaceAll('\\', '/');
  if (/^(?:\/|[A-Za-z]:\/)/.test(target)) return target.startsWith('//') ? undefined : written.trim();
  const folder = path === undefined ? root : foldersUpward({ path, root: undefined })[0];
  if (folder === undefined) return undefined;
  const separator = folder.includes('/') || !folder.includes('\\') ? '/' : '\\';
  const parts = folder.split(separator);
  for (const part of target.split('/')) {
    if (part === '' || part === '.') continue;
    if (part !== '..') parts.push(part);
    else if (parts.length > 1) parts.pop();
  }
  return parts.join(separator);
}

/** A request file inside of the workspace, or inside of the folder of the file that names it. */
export async function isAllowed(target: string, { path, root, files }: Scope): Promise<boolean> {
  if (!/\.(?:http|rest)$/i.test(target)) return false;
  const real = async (one: string): Promise<string> => (await files.realPath?.(one)) ?? one;
  const found = await real(target);
  const bases = [root, path === undefined ? undefined : foldersUpward({ path, root: undefined })[0]];
  for (const base of bases) {
    if (base === undefined) continue;
    const folder = (await real(base)).replace(/[\\/]+$/, '');
    if (found.startsWith(`${folder}/`) || found.startsWith(`${folder}\\`)) return true;
  }
  return false;
}
