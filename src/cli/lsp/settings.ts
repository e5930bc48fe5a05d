/**
 * What a client may set, in `initializationOptions` or under `countersign` of its settings, by the names that the
 * settings of VS Code have. Whatever else arrives is left out.
 */
import type { ParseOptions } from '../../language/parse-request-file.ts';

export interface ServerSettings {
  /** Chosen environments, the first wins. */
  readonly environments: readonly string[];
  readonly dialect: unknown;
  readonly dialects: Readonly<Record<string, unknown>>;
  readonly bodyComments: ParseOptions['bodyComments'];
}

export function readSettings(given: unknown): ServerSettings {
  const all = objectOf(given);
  const own = 'countersign' in all ? objectOf(all['countersign']) : all;
  const chosen = own['environment'];
  const list: readonly unknown[] = Array.isArray(chosen) ? chosen : [chosen];
  const comments = objectOf(own['request'])['bodyComments'];
  return {
    environments: list.filter((name): name is string => typeof name === 'string' && name !== ''),
    dialect: own['dialect'],
    dialects: objectOf(own['dialects']),
    bodyComments: comments === 'strip' || comments === 'keep' ? comments : undefined,
  };
}

function objectOf(value: unknown): Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as Record<string, unknown>) : {};
}
