/**
 * Environments that other tools keep outside the environment files: the settings of REST Client and httpYac, and
 * httpYac's JSON configuration. Its JavaScript forms are code and are never read. Source: dialects.md §9.
 */
import { parse } from 'jsonc-parser';
import { isJsonObject, toJsonValue, type JsonObject, type JsonValue } from '../json-value.ts';
import type { VariableContext } from '../types.ts';
import { loadCached, loadOnce } from './cached-file.ts';
import { foldersUpward, joinPath } from './folders.ts';

/** One `{environment: {name: value}}` table and where it stands. */
export interface EnvironmentTable {
  readonly label: string;
  readonly file?: string;
  readonly environments: JsonObject;
}

const environmentSettings = ['rest-client.environmentVariables', 'httpyac.environmentVariables'] as const;

type ConfigurationContext = Pick<VariableContext, 'path' | 'root' | 'files' | 'snapshot'>;

const settingCache = new WeakMap<object, readonly EnvironmentTable[]>();

/** The tables of the settings that the adapter read; one object of settings never changes. */
export function settingTables(context: Pick<VariableContext, 'settings'>): readonly EnvironmentTable[] {
  const known = settingCache.get(context.settings);
  if (known) return known;
  const tables = environmentSettings.flatMap((name) => {
    const value = Object.hasOwn(context.settings, name) ? toJsonValue(context.settings[name]) : undefined;
    return isJsonObject(value) ? [{ label: name, environments: value }] : [];
  });
  settingCache.set(context.settings, tables);
  return tables;
}

/** `environments` of the nearest `.httpyac.json`, and of key `httpyac` in the nearest `package.json`. */
export function loadConfigurationTables(context: ConfigurationContext): Promise<readonly EnvironmentTable[]> {
  return loadOnce(context, 'configuration', () => readConfigurationTables(context));
}

async function readConfigurationTables(context: ConfigurationContext): Promise<readonly EnvironmentTable[]> {
  const tables: EnvironmentTable[] = [];
  for (const name of ['.httpyac.json', 'package.json']) {
    for (const folder of foldersUpward(context)) {
      const path = joinPath(folder, name);
      const found = await loadCached(context.files, path, 'configuration', (file) =>
        file.kind === 'text' ? environmentsOf(file.text, name) : 'none',
      );
      if (found === undefined) continue;
      if (found !== 'none') tables.push({ label: name, file: path, environments: found });
      break;
    }
  }
  return tables;
}

function environmentsOf(text: string, name: string): JsonObject | 'none' {
  let value: JsonValue | undefined;
  try {
    value = toJsonValue(parse(text, [], { allowTrailingComma: true }));
  } catch {
    return 'none';
  }
  if (name === 'package.json') value = isJsonObject(value) ? value['httpyac'] : undefined;
  const environments = isJsonObject(value) ? value['environments'] : undefined;
  return isJsonObject(environments) ? environments : 'none';
}

/**
 * The environments of a table that are in force, strongest first: the chosen ones, then `$shared`; `$default`
 * only when none is chosen.
 */
export function environmentsInForce(chosen: readonly string[]): readonly string[] {
  return [...chosen, '$shared', ...(chosen.length === 0 ? ['$default'] : [])];
}
