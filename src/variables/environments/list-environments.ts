/**
 * The environments a person can choose from, and where each is defined, for the picker and the Environments
 * view. Names that start with `$` are layers, not environments (E3).
 */
import { isJsonObject } from '../json-value.ts';
import type { VariableContext, VariableOrigin } from '../types.ts';
import { baseName } from '../words.ts';
import { dotenvEnvironments, loadDotenvFiles } from './dotenv-files.ts';
import { loadEnvironmentFiles } from './environment-files.ts';
import { loadConfigurationTables, settingTables } from './setting-environments.ts';

export interface EnvironmentInfo {
  readonly name: string;
  /** Every place that adds to it, strongest first. */
  readonly origins: readonly VariableOrigin[];
  /** How many variables it has of its own, each name counted once. */
  readonly variables: number;
}

/** In order of first appearance, strongest place first. Never throws, never asks. */
export async function listEnvironments(
  context: Pick<VariableContext, 'path' | 'root' | 'files' | 'settings'> & Partial<Pick<VariableContext, 'env'>>,
): Promise<readonly EnvironmentInfo[]> {
  const found = new Map<string, { origins: VariableOrigin[]; names: Set<string> }>();
  const add = (name: string, origin: VariableOrigin, names: Iterable<string>) => {
    if (name.startsWith('$') || name === '') return;
    const entry = found.get(name) ?? { origins: [], names: new Set<string>() };
    found.set(name, entry);
    entry.origins.push(origin);
    for (const one of names) entry.names.add(one);
  };
  for (const file of await loadEnvironmentFiles(context)) {
    for (const [name, entries] of file.environments) {
      const line = file.lines.get(name);
      const origin = { label: baseName(file.path), file: file.path, ...(line === undefined ? {} : { line }) };
      add(name, origin, entries.keys());
    }
  }
  for (const table of [...settingTables(context), ...(await loadConfigurationTables(context))]) {
    for (const [name, values] of Object.entries(table.environments)) {
      if (!isJsonObject(values)) continue;
      add(name, { label: table.label, ...(table.file === undefined ? {} : { file: table.file }) }, Object.keys(values));
    }
  }
  for (const { name, path } of await dotenvEnvironments({ env: {}, ...context })) {
    const [file] = await loadDotenvFiles({ env: {}, ...context, environments: [name] });
    add(name, { label: baseName(path), file: path }, file?.path === path ? file.values.keys() : []);
  }
  return [...found].map(([name, { origins, names }]) => ({ name, origins, variables: names.size }));
}
