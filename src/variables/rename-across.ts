/**
 * What a rename in one request file changes in others: in the files that import it or that it imports, and for a variable
 * of an environment in the environment files and in every request file that sees it there. It changes nothing itself.
 */
import type { TextChange } from '../language/features/code-actions.ts';
import { renameElsewhere, type RenamePlace } from '../language/features/rename.ts';
import type { RequestFile } from '../language/types.ts';
import { loadEnvironmentFiles } from './environments/environment-files.ts';
import { renameEnvironmentKey } from './environments/rename-key.ts';
import { loadImports } from './imports/imported-files.ts';
import type { VariableContext } from './types.ts';

/** A request file as the rest of the program sees it. */
export type RenameContext = Pick<VariableContext, 'file' | 'root' | 'files' | 'settings'> & { readonly path: string };

export interface RenameSurroundings {
  /** Every other request file of the workspace, as it is open or on the disk. */
  others(): Promise<readonly RenameContext[]>;
  fileAt(path: string): Promise<RequestFile>;
  textAt(path: string): Promise<string>;
}

/** Changes by absolute path; the file itself is not among them. */
export async function renameAcross(
  context: RenameContext,
  place: RenamePlace,
  to: string,
  surroundings: RenameSurroundings,
): Promise<ReadonlyMap<string, readonly TextChange[]>> {
  const changes = new Map<string, readonly TextChange[]>();
  const put = (path: string, found: readonly TextChange[]): void => {
    if (found.length > 0 && path !== context.path && !changes.has(path)) changes.set(path, found);
  };
  const others = await surroundings.others();
  const inImporters = async (path: string): Promise<void> => {
    for (const other of others) {
      const { files } = await loadImports(other);
      if (files.some((imported) => imported.path === path)) {
        put(other.path, renameElsewhere(other.file, place.name, to, false));
      }
    }
  };
  if (place.own) {
    await inImporters(context.path);
    return changes;
  }
  const imported = (await loadImports(context)).files.find(({ file }) =>
    [...file.variables, ...file.requests].some(({ name }) => name === place.name),
  );
  if (imported) {
    put(imported.path, renameElsewhere(await surroundings.fileAt(imported.path), place.name, to, true));
    await inImporters(imported.path);
    return changes;
  }
  if (place.kind !== 'variable') return changes;
  const paths = new Set<string>();
  for (const { path, environments } of await loadEnvironmentFiles(context)) {
    if ([...environments.values()].some((variables) => variables.has(place.name))) paths.add(path);
  }
  if (paths.size === 0) return changes;
  for (const path of paths) put(path, renameEnvironmentKey(await surroundings.textAt(path), place.name, to));
  for (const other of others) {
    const seen = await loadEnvironmentFiles(other);
    if (seen.some(({ path }) => paths.has(path))) {
      put(other.path, renameElsewhere(other.file, place.name, to, false));
    }
  }
  return changes;
}
