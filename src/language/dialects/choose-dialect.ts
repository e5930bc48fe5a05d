/**
 * The dialect that a person chose for a file: by a table of files and folders, else for all. Paths are relative to the
 * workspace folder, with `/`; the longest that holds the file counts. Pure.
 */
import type { DialectId } from '../types.ts';
import { dialects } from './registry.ts';

/** What a setting says: a dialect, or `auto` for telling it from the text. */
export type DialectChoice = DialectId | 'auto';

export function isDialectChoice(value: unknown): value is DialectChoice {
  return value === 'auto' || value === 'union' || dialects.some(({ id }) => id === value);
}

/** @returns undefined when the text is to tell. */
export function chooseDialect(
  path: string,
  table: Readonly<Record<string, unknown>>,
  general: unknown,
): DialectId | undefined {
  let best = -1;
  let choice = general;
  for (const [key, value] of Object.entries(table)) {
    const place = key.replaceAll('\\', '/').replace(/^\.\//, '').replace(/\/+$/, '');
    const holds = place === '' || path === place || path.startsWith(`${place}/`);
    if (!holds || place.length <= best || !isDialectChoice(value)) continue;
    best = place.length;
    choice = value;
  }
  return isDialectChoice(choice) && choice !== 'auto' ? choice : undefined;
}

/** `REST Client`; `all tools` for the union. */
export function dialectTitle(id: DialectId): string {
  return dialects.find((dialect) => dialect.id === id)?.title ?? 'All tools';
}
