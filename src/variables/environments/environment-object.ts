/**
 * The raw JSON of one key of an environment, merged over all environment files, for rooms that read structured
 * settings there (`Security`, `SSLConfiguration`). Public and private parts stay apart, so that a secret's place
 * can be judged. Nothing is expanded.
 */
import { isJsonObject, type JsonValue } from '../json-value.ts';
import { environmentsInForce } from './setting-environments.ts';
import { loadEnvironmentFiles, type EnvironmentFileContext, type EnvironmentFileKind } from './environment-files.ts';

export interface EnvironmentObject {
  /** Merged from `http-client.env.json` files; undefined when none has the key. */
  readonly public: JsonValue | undefined;
  /** Merged from private and `.user` files. */
  readonly private: JsonValue | undefined;
  /** Where the key stands, strongest first. */
  readonly places: readonly {
    readonly file: string;
    readonly kind: EnvironmentFileKind;
    readonly environment: string;
    readonly line: number;
  }[];
}

/**
 * Key `key` of the chosen environments with `$shared` beneath. Objects merge key by key, the stronger place wins;
 * other values replace. Objects have no prototype.
 */
export async function readEnvironmentObject(
  context: EnvironmentFileContext,
  environments: string | readonly string[] | undefined,
  key: string,
): Promise<EnvironmentObject> {
  const chosen = environments === undefined ? [] : typeof environments === 'string' ? [environments] : environments;
  const parts: { public: JsonValue[]; private: JsonValue[] } = { public: [], private: [] };
  const places: EnvironmentObject['places'][number][] = [];
  const files = await loadEnvironmentFiles(context);
  for (const environment of environmentsInForce(chosen)) {
    for (const file of files) {
      const entry = file.environments.get(environment)?.get(key);
      if (!entry) continue;
      parts[file.kind === 'public' ? 'public' : 'private'].push(entry.value);
      places.push({ file: file.path, kind: file.kind, environment, line: entry.line });
    }
  }
  return { public: mergeAll(parts.public), private: mergeAll(parts.private), places };
}

function mergeAll(values: readonly JsonValue[]): JsonValue | undefined {
  return values.length === 0 ? undefined : values.reduce((strong, weak) => mergeJson(strong, weak));
}

/** `strong` over `weak`, objects key by key. */
function mergeJson(strong: JsonValue, weak: JsonValue): JsonValue {
  if (!isJsonObject(strong) || !isJsonObject(weak)) return strong;
  const merged = Object.create(null) as Record<string, JsonValue>;
  for (const [key, value] of Object.entries(weak)) merged[key] = value;
  for (const [key, value] of Object.entries(strong)) {
    const other = merged[key];
    merged[key] = other === undefined ? value : mergeJson(value, other);
  }
  return merged;
}
