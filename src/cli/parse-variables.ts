/** `--var key=value`, for every command that resolves variables. */
import { plain, type Tracked } from '../variables/tracked.ts';
import { usage } from './usage.ts';

/** @throws CountersignError CS-CLI-USAGE */
export function parseVariables(pairs: readonly string[]): Map<string, Tracked> {
  return new Map(
    pairs.map((pair) => {
      const at = pair.indexOf('=');
      if (at < 1) throw usage('A --var is not key=value.', 'Write --var key=value.');
      return [pair.slice(0, at), plain(pair.slice(at + 1))] as const;
    }),
  );
}
