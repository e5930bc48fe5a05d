/**
 * Finds and reads the environment files that a request file sees, in order of precedence: private over `.user`
 * over public, and among the same kind the nearest folder (E1). It does not expand values.
 * Source: dialects.md §9.
 */
import type { CountersignError } from '../../errors/countersign-error.ts';
import type { VariableContext } from '../types.ts';
import { loadCached, loadOnce } from './cached-file.ts';
import { foldersWithEnv } from './env-folder.ts';
import { joinPath } from './folders.ts';
import { parseEnvironmentFile, type ParsedEnvironmentFile } from './parse-environment-file.ts';

export type EnvironmentFileKind = 'private' | 'user' | 'public';

export interface EnvironmentFile extends ParsedEnvironmentFile {
  readonly kind: EnvironmentFileKind;
  /** Absolute path. */
  readonly path: string;
}

export type EnvironmentFileContext = Pick<VariableContext, 'path' | 'root' | 'files' | 'snapshot'> &
  Partial<Pick<VariableContext, 'settings'>>;

/** Names by kind, strongest kind first; the `rest-client.` names are the older ones. */
const environmentFileNames: readonly { readonly name: string; readonly kind: EnvironmentFileKind }[] = [
  { name: 'http-client.private.env.json', kind: 'private' },
  { name: 'rest-client.private.env.json', kind: 'private' },
  { name: 'http-client.env.json.user', kind: 'user' },
  { name: 'http-client.env.json', kind: 'public' },
  { name: 'rest-client.env.json', kind: 'public' },
];

/** Every environment file that the context sees, strongest first. Missing files are none; it never throws. */
export function loadEnvironmentFiles(context: EnvironmentFileContext): Promise<readonly EnvironmentFile[]> {
  return loadOnce(context, 'environment files', () => readEnvironmentFiles(context));
}

async function readEnvironmentFiles(context: EnvironmentFileContext): Promise<readonly EnvironmentFile[]> {
  const folders = await foldersWithEnv(context);
  const ranked = (['private', 'user', 'public'] as const).flatMap((kind) =>
    folders.flatMap((folder) =>
      environmentFileNames
        .filter((one) => one.kind === kind)
        .map(({ name }) => ({ kind, path: joinPath(folder, name) })),
    ),
  );
  const loaded = await Promise.all(
    ranked.map(async ({ kind, path }): Promise<EnvironmentFile | undefined> => {
      const parsed = await loadCached(context.files, path, 'environment', (file) => parseEnvironmentFile(path, file));
      return parsed && { ...parsed, kind, path };
    }),
  );
  return loaded.filter((file) => file !== undefined);
}

/** What is wrong with the environment files in sight, for diagnostics. */
export async function environmentProblems(context: EnvironmentFileContext): Promise<readonly CountersignError[]> {
  return (await loadEnvironmentFiles(context)).flatMap((file) => file.problems);
}
