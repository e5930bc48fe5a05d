/**
 * The result of scanning: one `Block` for the text between two separators. Offsets are relative to the block's
 * start, so an edit elsewhere in the file leaves the block as it is.
 */
import type { Severity } from '../types.ts';

/** Numbers of one line in `Block.lines`: kind, start, end (without line end), all but the kind block-relative. */
export const STRIDE = 3;

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
  readonly lines: readonly number[];
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

/** What the scanner may ask of the whole file. */
export interface ScanContext {
  readonly text: string;
  /** The text has a CR that no LF follows, and such a CR ends a line. */
  readonly loneCr: boolean;
  /** Whether a request line in the middle of a block starts a new request everywhere (R3). */
  readonly splitsAnywhere: () => boolean;
}
