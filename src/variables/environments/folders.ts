/**
 * The folders in which files beside a request file are looked for: its own, then its parents up to the root
 * (E1). Pure path arithmetic for both separators; it never looks at the disk.
 */
import type { VariableContext } from '../types.ts';

const maxFolders = 64;

/** Nearest first. Without a file: the root. A file outside the root: its own folder, then the root. */
export function foldersUpward(context: Pick<VariableContext, 'path' | 'root'>): readonly string[] {
  const root = context.root === undefined ? undefined : trimEnd(context.root);
  if (context.path === undefined) return root === undefined ? [] : [root];
  const own = parentOf(context.path);
  if (own === undefined) return root === undefined ? [] : [root];
  if (root === undefined) return [own];
  if (own !== root && !own.startsWith(endsWithSeparator(root) ? root : root + separatorOf(root))) return [own, root];
  const folders: string[] = [];
  for (
    let folder: string | undefined = own;
    folder !== undefined && folders.length < maxFolders;
    folder = parentOf(folder)
  ) {
    folders.push(folder);
    if (folder === root) break;
  }
  return folders;
}

/** `folder` and `name` as one path, with the folder's own separator. */
export function joinPath(folder: string, ...names: readonly string[]): string {
  let path = folder;
  for (const name of names) path = endsWithSeparator(path) ? path + name : path + separatorOf(folder) + name;
  return path;
}

function separatorOf(path: string): string {
  return path.includes('/') || !path.includes('\\') ? '/' : '\\';
}

function endsWithSeparator(path: string): boolean {
  return path.endsWith('/') || (path.endsWith('\\') && separatorOf(path) === '\\');
}

function trimEnd(path: string): string {
  return endsWithSeparator(path) && path.length > 1 && !/^[A-Za-z]:[\\/]$/.test(path) ? path.slice(0, -1) : path;
}

function parentOf(path: string): string | undefined {
  const at = separatorOf(path) === '/' ? path.lastIndexOf('/') : path.lastIndexOf('\\');
  if (at < 0) return undefined;
  if (at === 0) return path.length > 1 ? path.slice(0, 1) : undefined;
  if (/^[A-Za-z]:[\\/]/.test(path) && at === 2) return path.length > 3 ? path.slice(0, 3) : undefined;
  return path.slice(0, at);
}
