/**
 * What a conflict between the tools is to us: one text that they read in different ways, the rule we apply, and where
 * a file meets it. Data for `countersign parse --explain` and for the documents. Source: dialects.md §20.
 */
import type { PlacedReference } from '../features/references-in-file.ts';
import type { LineKindName } from '../scan/line-kinds.ts';
import type { DialectId, RequestFile } from '../types.ts';

export interface ExplainedLine {
  readonly kind: LineKindName;
  readonly start: number;
  /** Without its line end. */
  readonly text: string;
}

/** A file as the conflicts look at it. */
export interface ExplainedFile {
  readonly file: RequestFile;
  readonly lines: readonly ExplainedLine[];
  readonly references: readonly PlacedReference[];
}

export interface Conflict {
  /** The id of dialects.md §20. */
  readonly id: string;
  /** What they disagree on, as a noun. */
  readonly title: string;
  /** The rule we apply, as a sentence; some depend on the file's dialect. */
  readonly applied: string | ((dialect: DialectId) => string);
  /** How each tool that has it reads the text. */
  readonly readings: Partial<Readonly<Record<DialectId, string>>>;
  /** Offsets where a file meets it; absent when a file alone cannot tell, as with environments. */
  readonly places?: (input: ExplainedFile) => readonly number[];
}

/** Offsets of the lines of a kind that fulfil a condition. */
export function linesWhere(
  { lines }: ExplainedFile,
  kinds: readonly LineKindName[],
  holds: (line: ExplainedLine, index: number) => boolean,
): number[] {
  return lines.flatMap((line, index) => (kinds.includes(line.kind) && holds(line, index) ? [line.start] : []));
}

/** Offsets of the references that fulfil a condition. */
export function referencesWhere(
  { references }: ExplainedFile,
  holds: (reference: PlacedReference) => boolean,
): number[] {
  return references.filter(holds).map(({ span }) => span.start);
}
