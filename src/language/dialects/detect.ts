/**
 * Tells which tool a file was written for, by signals. Most files carry none, or those of several tools; they are
 * read by the union of the grammars. Source: dialects.md §15.
 */
import type { DialectId } from '../types.ts';
import type { Dialect } from './dialect.ts';
import { dialects } from './registry.ts';

export interface Detection {
  readonly dialect: DialectId;
  /** What decided it, most telling first. */
  readonly signals: readonly string[];
  /** A request line in the middle of a block starts a request (R3). */
  readonly splitsAnywhere: boolean;
}

export function detectDialect(text: string): Detection {
  let best: Dialect | null = null;
  let bestScore = 1;
  let splitsAnywhere = false;
  const seen = new Map<Dialect, { label: string; weight: number }[]>();
  for (const dialect of dialects) {
    const found = dialect.signals.filter((entry) => text.includes(entry.hint) && entry.pattern.test(text));
    if (found.length === 0) continue;
    seen.set(dialect, found);
    if (dialect.splitsAnywhere) splitsAnywhere = true;
    const score = found.reduce((sum, entry) => sum + entry.weight, 0);
    if (score > bestScore) {
      best = dialect;
      bestScore = score;
    }
  }
  if (splitsAnywhere && /^[ \t]*(?:#+|\/\/)[ \t]*@force-?region-?delimiter\b/im.test(text)) splitsAnywhere = false;
  const order = [...seen].sort(([left], [right]) => Number(right === best) - Number(left === best));
  const signals = order.flatMap(([dialect, found]) =>
    [...found].sort((left, right) => right.weight - left.weight).map((entry) => `${dialect.title}: ${entry.label}`),
  );
  return { dialect: best?.id ?? 'union', signals, splitsAnywhere };
}

/** The detection of a file whose dialect a person chose. */
export function chosenDialect(id: DialectId): Detection {
  const dialect: Dialect | undefined = dialects.find((entry) => entry.id === id);
  return { dialect: id, signals: ['chosen'], splitsAnywhere: dialect?.splitsAnywhere ?? false };
}
