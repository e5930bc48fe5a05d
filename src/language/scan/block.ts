/**
 * The result of scanning: one `Block` for the text between two separators. Offsets are relative to the block's
 * start, so an edit elsewhere in the file leaves the block as it is.
 */
import type { Severity } from '../types.ts';
import type { LineTable } from './line-table.ts';

/** One request of a block as indexes into its lines: from `first` up to `end`, its request line at `line`. */
export interface RequestRange {
  readonly first: number;
  readonly line: number;
  readonly end: number;
}

export interface BlockNote {
  readonly code: string;
  readonly severity: Severity;
  readonly message: string;
  readonly start: number;
  readonly end: number;
}

export interface Block {
  /** Length in code units, up to the next separator line. */
  readonly length: number;
  /** Its lines are those of `table` from `at` on, `count` of them. */
  readonly table: LineTable;
  readonly at: number;
  readonly count: number;
  readonly requests: readonly RequestRange[];
  readonly notes: readonly BlockNote[];
  /** Whether it has lines of these kinds, so that a look at every block is not needed. */
  readonly variables: boolean;
  readonly statements: boolean;
  /** Whether more remarks come to light only when its requests are built: cURL, form bodies. */
  readonly deep: boolean;
  /** Whether its shape depended on the file having httpYac markers (R3). */
  readonly dialectal: boolean;
}

/** `auto`: by the body’s type, or how it looks. */
export type BodyComments = 'auto' | 'strip' | 'keep';

/** What the scanner may ask of the whole file. */
export interface ScanContext {
  readonly text: string;
  /** The text has a CR that no LF follows, and such a CR ends a line. */
  readonly loneCr: boolean;
  /** What becomes of comment lines in bodies, whatever their type (C1). */
  readonly comments: BodyComments;
  /** Whether a request line in the middle of a block starts a new request everywhere (R3). */
  readonly splitsAnywhere: () => boolean;
}

/** The kind of a block's line; -1 outside of the block. */
export function lineKind({ table, at, count }: Block, line: number): number {
  return line >= 0 && line < count ? table.kind(at + line) : -1;
}

/** Where a block's line starts, relative to the block; the block's end for the line after the last. */
export function lineStart({ table, at, count, length }: Block, line: number): number {
  return line < count ? table.start(at + line) : length;
}

/** Where a block's line ends, without its line end, relative to the block. */
export function lineEnd({ table, at }: Block, line: number): number {
  return table.end(at + line);
}
