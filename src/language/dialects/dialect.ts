/**
 * What a dialect is to us: signals that point to it. A dialect never changes the grammar, only how the conflicts
 * of dialects.md §20 are settled. Source: dialects.md §15.
 */
import type { DialectId } from '../types.ts';

export interface DialectSignal {
  /** What was seen, as a person would write it: `# @ref`. */
  readonly label: string;
  /** A string that the text holds wherever the signal does; keeps the pattern off most texts. */
  readonly hint: string;
  readonly pattern: RegExp;
  /** How telling it is: 3 no other tool has it, 2 seldom elsewhere, 1 shared. */
  readonly weight: 1 | 2 | 3;
}

export interface Dialect {
  readonly id: DialectId;
  readonly title: string;
  /** What it does differently, for the hover on the status bar. */
  readonly doc: string;
  /** A request line starts a new request anywhere (R3), when one of these marks is in the file. */
  readonly splitsAnywhere: boolean;
  readonly signals: readonly DialectSignal[];
}

export function signal(label: string, hint: string, pattern: RegExp, weight: DialectSignal['weight']): DialectSignal {
  return { label, hint, pattern, weight };
}
