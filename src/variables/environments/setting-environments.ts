/**
 * Environments that other tools keep outside the environment files: the settings of REST Client and httpYac, and
 * httpYac's JSON configuration. Its JavaScript forms are code and are never read. Source: dialects.md §9.
 */
import { parse } from 'jsonc-parser';
import type { DialectId } from '../../language/types.ts';
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

/** What a JSON configuration of httpYac says that is honoured here. */
interface Configuration {
  readonly label: string;
  readonly file: string;
  readonly environments: JsonObject | undefined;
  readonly envDirName: JsonValue | undefined;
}

const configurationFiles = ['.httpyac.json', 'httpyac.config.json', 'package.json'] as const;

/** `environments` of the configurations. */
export async function loadConfigurationTables(context: ConfigurationContext): Promise<readonly EnvironmentTable[]> {
  return (await loadConfigurations(context)).flatMap(({ label, file, environments }) =>
    environments ? [{ label, file, environments }] : [],
  );
}

/** The nearest of each file, and key `httpyac` of the nearest `package.json`. */
export function loadConfigurations(context: ConfigurationContext): Promise<readonly Configuration[]> {
  return loadOnce(context, 'configuration', () => readConfigurations(context));
}

async function readConfigurations(context: ConfigurationContext): Promise<readonly Configuration[]> {
  const found: Configuration[] = [];
  for (const name of configurationFiles) {
    for (const folder of foldersUpward(context)) {
      const path = joinPath(folder, name);
      const value = await loadCached(context.files, path, 'configuration', (file) =>
        file.kind === 'text' ? configurationOf(file.text, name) : 'none',
      );
      if (value === undefined) continue;
      const environments = value === 'none' ? undefined : value['environments'];
      if (value !== 'none') {
        found.push({
          label: name,
          file: path,
          environments: isJsonObject(environments) ? environments : undefined,
          envDirName: value['envDirName'],
        });
      }
      break;
    }
  }
  return found;
}

function configurationOf(text: string, name: string): JsonObject | 'none' {
  let value: JsonValue | undefined;
  try {
    value = toJsonValue(parse(text, [], { allowTrailingComma: true }));
  } catch {
    return 'none';
  }
  if (name === 'package.json') value = isJsonObject(value) ? value['httpyac'] : undefined;
  return isJsonObject(value) ? value : 'none';
}

/**
 * The environments of a table that are in force, strongest first: the chosen ones, then `$shared` and Kulala's name
 * for it; only when none is chosen, `$default`, and in Kulala's files `dev`.
 */
export function environmentsInForce(chosen: readonly string[], dialect?: DialectId): readonly string[] {
  const own = chosen.length === 0 && dialect === 'kulala' ? ['dev'] : chosen;
  return [...own, '$shared', '$kulalaShared', ...(chosen.length === 0 ? ['$default'] : [])];
}
