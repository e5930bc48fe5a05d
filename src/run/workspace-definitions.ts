/**
 * Loads what a folder proposes as credentials: its `countersign.json` and the `Security.Auth` entries of its
 * environment files. Reading approves nothing. Used by the extension and the CLI. Source: contracts.md §3.
 */
import { join } from 'node:path';
import { definitionsFileName } from '../credentials/definitions-file.ts';
import type { DefinitionProblem } from '../credentials/definitions.ts';
import type { JetBrainsProblem } from '../credentials/jetbrains-auth.ts';
import type { Vault } from '../credentials/vault.ts';
import { isCountersignError } from '../errors/countersign-error.ts';
import type { FileReader } from '../ports.ts';
import { readEnvironmentObject } from '../variables/environments/environment-object.ts';
import { isJsonObject, type JsonValue } from '../variables/json-value.ts';

export interface LoadedDefinitions {
  readonly file: string;
  readonly problems: readonly DefinitionProblem[];
  readonly foreignProblems: readonly (JetBrainsProblem & { readonly file: string })[];
}

/**
 * @param root absolute path of the workspace folder
 * @param environments chosen names, for the environment files
 */
export async function loadWorkspaceDefinitions(
  vault: Vault,
  files: FileReader,
  root: string,
  environments: readonly string[],
): Promise<LoadedDefinitions> {
  const file = join(root, definitionsFileName);
  const text = (await files.exists(file)) ? await readOrNothing(files, file) : undefined;
  const problems = vault.setWorkspaceDefinitions(root, text === undefined ? undefined : { file, text });
  return { file, problems, foreignProblems: await loadForeign(vault, files, root, environments) };
}

async function loadForeign(
  vault: Vault,
  files: FileReader,
  root: string,
  environments: readonly string[],
): Promise<LoadedDefinitions['foreignProblems']> {
  const path = join(root, 'http-client.env.json');
  const security = await readEnvironmentObject({ path, root, files }, environments, 'Security');
  const publicEntries = entriesOf(security.public);
  const privateEntries = entriesOf(security.private);
  const ids = new Set([...Object.keys(publicEntries), ...Object.keys(privateEntries)]);
  const definitions = [];
  const problems: (JetBrainsProblem & { file: string })[] = [];
  if (ids.size > 0) {
    const { fromJetBrainsAuth } = await import('../credentials/jetbrains-auth.ts');
    for (const id of ids) {
      const file = security.places[0]?.file ?? path;
      const loaded = fromJetBrainsAuth(id, publicEntries[id], privateEntries[id], file);
      if (loaded.definition) definitions.push(loaded.definition);
      problems.push(...loaded.problems.map((problem) => ({ ...problem, file })));
    }
  }
  vault.setForeignDefinitions(root, definitions);
  return problems;
}

function entriesOf(security: JsonValue | undefined): Readonly<Record<string, JsonValue>> {
  if (!isJsonObject(security)) return {};
  const auth = security['Auth'];
  return isJsonObject(auth) ? auth : {};
}

/** A file that went away or cannot be read between the two looks proposes nothing. */
async function readOrNothing(files: FileReader, file: string): Promise<string | undefined> {
  try {
    return await files.readText(file);
  } catch (error) {
    if (isCountersignError(error)) return undefined;
    throw error;
  }
}
