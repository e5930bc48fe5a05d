/**
 * `.env` files beside a request file and above it. Every value in them counts as secret, since that is what they
 * are for. Source: dialects.md §9 (httpYac dotenv, REST Client `$dotenv`).
 */
import type { VariableContext } from '../types.ts';
import { loadCached, loadOnce } from './cached-file.ts';
import { foldersUpward, joinPath } from './folders.ts';

export interface DotenvFile {
  /** Absolute path. */
  readonly path: string;
  readonly values: ReadonlyMap<string, string>;
}

type DotenvContext = Pick<VariableContext, 'path' | 'root' | 'files' | 'environments' | 'env' | 'snapshot'>;

/** The `.env` files in force, strongest first: a chosen environment's before general ones, then the nearest. */
export function loadDotenvFiles(context: DotenvContext): Promise<readonly DotenvFile[]> {
  return loadOnce(context, '.env files', () => readDotenvFiles(context));
}

async function readDotenvFiles(context: DotenvContext): Promise<readonly DotenvFile[]> {
  const folders = foldersUpward(context);
  const root = folders.at(-1);
  const extra = context.env['HTTPYAC_ENV'];
  const places = [...folders, ...(root === undefined ? [] : [joinPath(root, 'env')]), ...(extra ? [extra] : [])];
  const names = [...environmentNames(context).flatMap((name) => [`.env.${name}`, `${name}.env`]), '.env'];
  const found = await Promise.all(
    names.flatMap((name) => places.map((folder) => loadDotenvFile(context, joinPath(folder, name)))),
  );
  return found.filter((file) => file !== undefined);
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
