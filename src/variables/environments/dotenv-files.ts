/**
 * `.env` files beside a request file and above it. Every value in them counts as secret, since that is what they
 * are for. Source: dialects.md §9 (httpYac dotenv, REST Client `$dotenv`).
 */
import type { VariableContext } from '../types.ts';
import { loadCached, loadOnce } from './cached-file.ts';
import { envFolderName } from './env-folder.ts';
import { foldersUpward, joinPath } from './folders.ts';

export interface DotenvFile {
  /** Absolute path. */
  readonly path: string;
  readonly values: ReadonlyMap<string, string>;
}

type DotenvContext = Pick<VariableContext, 'path' | 'root' | 'files' | 'environments' | 'env' | 'snapshot'> &
  Partial<Pick<VariableContext, 'settings'>>;

/** The `.env` files in force, strongest first: a chosen environment's before general ones, then the nearest. */
export function loadDotenvFiles(context: DotenvContext): Promise<readonly DotenvFile[]> {
  return loadOnce(context, '.env files', () => readDotenvFiles(context));
}

async function readDotenvFiles(context: DotenvContext): Promise<readonly DotenvFile[]> {
  const places = await dotenvFolders(context);
  const names = [...environmentNames(context).flatMap((name) => [`.env.${name}`, `${name}.env`]), '.env'];
  const found = await Promise.all(
    names.flatMap((name) => places.map((folder) => loadDotenvFile(context, joinPath(folder, name)))),
  );
  return found.filter((file) => file !== undefined);
}

/** Nearest first: beside the file and above it, the root's env folder, and where HTTPYAC_ENV points. */
async function dotenvFolders(context: Omit<DotenvContext, 'environments'>): Promise<readonly string[]> {
  const folders = foldersUpward(context);
  const root = folders.at(-1);
  const extra = context.env['HTTPYAC_ENV'];
  const inside = root === undefined ? [] : [joinPath(root, await envFolderName(context))];
  return [...folders, ...inside, ...(extra ? [extra] : [])];
}

/** The environments that `.env.NAME` and `NAME.env` files are for, with the files, nearest first. */
export async function dotenvEnvironments(
  context: Omit<DotenvContext, 'environments'>,
): Promise<readonly { readonly name: string; readonly path: string }[]> {
  const found: { name: string; path: string }[] = [];
  for (const folder of await dotenvFolders(context)) {
    for (const file of (await context.files.list?.(folder)) ?? []) {
      const name = /^(?:\.env\.([\w-]+)|([\w-]+)\.env)$/.exec(file);
      if (name) found.push({ name: name[1] ?? name[2]!, path: joinPath(folder, file) });
    }
  }
  return found;
}

/** What `$dotenv` reads: in the nearest folder that has one, `.env.<environment>` before `.env`. */
export function loadNearestDotenv(context: DotenvContext): Promise<readonly DotenvFile[]> {
  return loadOnce(context, 'nearest .env', () => readNearestDotenv(context));
}

async function readNearestDotenv(context: DotenvContext): Promise<readonly DotenvFile[]> {
  const names = [...environmentNames(context).map((name) => `.env.${name}`), '.env'];
  for (const folder of foldersUpward(context)) {
    const found = await Promise.all(names.map((name) => loadDotenvFile(context, joinPath(folder, name))));
    const files = found.filter((file) => file !== undefined);
    if (files.length > 0) return files;
  }
  return [];
}

/** Environment names become parts of file names, so only those that stay inside the folder count. */
function environmentNames(context: DotenvContext): readonly string[] {
  return context.environments.filter((name) => name !== '' && !/[/\\\0]/.test(name) && !name.includes('..'));
}

async function loadDotenvFile(context: DotenvContext, path: string): Promise<DotenvFile | undefined> {
  return loadCached(context.files, path, 'dotenv', async (file) => {
    const values = new Map<string, string>();
    if (file.kind === 'text') {
      const { parse } = (await import('dotenv')).default;
      for (const [key, value] of Object.entries(parse(file.text))) values.set(key, value);
    }
    return { path, values };
  });
}
