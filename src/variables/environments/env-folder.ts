/**
 * The folder of environment files and `.env` files that httpYac looks into beside each folder: `env`, or what its
 * setting or configuration calls it. Source: dialects.md §9 (`envDirName`).
 */
import type { VariableContext } from '../types.ts';
import { foldersUpward, joinPath } from './folders.ts';
import { loadConfigurations } from './setting-environments.ts';

type EnvFolderContext = Pick<VariableContext, 'path' | 'root' | 'files' | 'snapshot'> &
  Partial<Pick<VariableContext, 'settings'>>;

/** The name of the folder. One that leaves the folder it stands in does not count. */
export async function envFolderName(context: EnvFolderContext): Promise<string> {
  const configured = (await loadConfigurations(context)).map(({ envDirName }) => envDirName);
  const names: readonly unknown[] = [...configured, context.settings?.['httpyac.envDirName']];
  return names.find((name): name is string => isFolderName(name)) ?? 'env';
}

function isFolderName(name: unknown): name is string {
  return typeof name === 'string' && /^[\w][\w.-]*$/.test(name) && !name.includes('..');
}

/** Each folder of `foldersUpward`, followed by its own env folder. */
export async function foldersWithEnv(context: EnvFolderContext): Promise<readonly string[]> {
  const name = await envFolderName(context);
  return foldersUpward(context).flatMap((folder) => [folder, joinPath(folder, name)]);
}
