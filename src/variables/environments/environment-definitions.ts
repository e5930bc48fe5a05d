/**
 * Definitions of a name in given environments: first those of the environment files, then of settings and
 * httpYac's configuration. Which environments are in force is decided by the caller.
 */
import { isJsonObject } from '../json-value.ts';
import type { VariableContext, VariableDefinition, VariableInfo } from '../types.ts';
import { baseName, shownName } from '../words.ts';
import { loadEnvironmentFiles, type EnvironmentFile } from './environment-files.ts';
import { isProviderValue, ownProvider, toDefinition } from './environment-value.ts';
import type { EnvironmentEntry } from './parse-environment-file.ts';
import { loadConfigurationTables, settingTables, type EnvironmentTable } from './setting-environments.ts';

/** Definitions in environment files, strongest first: by environment, then private, `.user`, public, nearest. */
export async function definitionsInFiles(
  name: string,
  environments: readonly string[],
  context: VariableContext,
): Promise<readonly VariableDefinition[]> {
  const files = await loadEnvironmentFiles(context);
  return environments.flatMap((environment) =>
    files.flatMap((file) => {
      const entry = file.environments.get(environment)?.get(name);
      return entry ? [fromFile(name, environment, file, entry, context)] : [];
    }),
  );
}

function fromFile(
  name: string,
  environment: string,
  file: EnvironmentFile,
  entry: EnvironmentEntry,
  context: VariableContext,
): VariableDefinition {
  const origin = originOf(file, entry);
  return toDefinition(
    {
      name,
      key: `file:${file.path}:${environment}:${name}`,
      value: entry.value,
      origin,
      place: { file: file.path, line: entry.line, start: entry.span.start, end: entry.span.end },
      ...(file.kind === 'public' ? {} : { secretLabel: `variable ${shownName(name)}` }),
    },
    context,
  );
}

function originOf(file: EnvironmentFile, entry: EnvironmentEntry): VariableDefinition['origin'] {
  return { label: baseName(file.path), file: file.path, span: entry.span, line: entry.line };
}

/** Definitions in tables of settings or of httpYac's configuration. */
export function definitionsInTables(
  name: string,
  environments: readonly string[],
  tables: readonly EnvironmentTable[],
  context: VariableContext,
): readonly VariableDefinition[] {
  return environments.flatMap((environment) =>
    tables.flatMap((table) => {
      const values = table.environments[environment];
      if (!isJsonObject(values) || !Object.hasOwn(values, name)) return [];
      const value = values[name] ?? null;
      const key = `table:${table.file ?? table.label}:${environment}:${name}`;
      return [toDefinition({ name, key, value, origin: tableOrigin(table) }, context)];
    }),
  );
}

function tableOrigin(table: EnvironmentTable): VariableDefinition['origin'] {
  return { label: table.label, ...(table.file === undefined ? {} : { file: table.file }) };
}

/** A name in the given environments wherever it stands: files, then settings, then httpYac's configuration. */
export async function definitionsIn(
  name: string,
  environments: readonly string[],
  context: VariableContext,
): Promise<readonly VariableDefinition[]> {
  return [
    ...(await definitionsInFiles(name, environments, context)),
    ...definitionsInTables(name, environments, settingTables(context), context),
    ...definitionsInTables(name, environments, await loadConfigurationTables(context), context),
  ];
}

/** The names in environment files, values masked where the file is private. */
export async function listInFiles(
  environments: readonly string[],
  context: VariableContext,
): Promise<readonly VariableInfo[]> {
  const infos: VariableInfo[] = [];
  const files = await loadEnvironmentFiles(context);
  for (const environment of environments) {
    for (const file of files) {
      for (const [name, entry] of file.environments.get(environment) ?? []) {
        const store = isProviderValue(entry.value);
        infos.push({
          name,
          display: store ? undefined : file.kind === 'public' ? shownValue(entry.value) : '••••',
          origin: originOf(file, entry),
          ...(store ? { detail: entry.value.provider === ownProvider ? 'secret store' : entry.value.provider } : {}),
        });
      }
    }
  }
  return infos;
}

/** The names in tables. */
export function listInTables(environments: readonly string[], tables: readonly EnvironmentTable[]): VariableInfo[] {
  return environments.flatMap((environment) =>
    tables.flatMap((table) => {
      const values = table.environments[environment];
      if (!isJsonObject(values)) return [];
      return Object.entries(values).map(([name, value]) => ({
        name,
        display: isProviderValue(value) ? undefined : shownValue(value),
        origin: tableOrigin(table),
      }));
    }),
  );
}

function shownValue(value: unknown): string {
  const text = typeof value === 'string' ? value : JSON.stringify(value);
  return text.length > 1000 ? `${text.slice(0, 999)}…` : text;
}
