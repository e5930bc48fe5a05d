/** Parts of a file that fold: each block between separators, each body and each script of more than one line. */
import { LineIndex } from '../line-index.ts';
import type { RequestFile, Span } from '../types.ts';

/** 1-based lines, both included. */
export interface FoldingRange {
  readonly start: number;
  readonly end: number;
}

export function foldingRanges(file: RequestFile): readonly FoldingRange[] {
  const index = new LineIndex(file.text);
  const ranges: FoldingRange[] = [];
  const add = ({ start, end }: Span): void => {
    const trimmed = start + file.text.slice(start, end).trimEnd().length;
    const first = index.position(start).line;
    const last = index.position(Math.max(start, trimmed - 1)).line;
    if (last > first) ranges.push({ start: first, end: last });
  };
  for (const request of file.requests) {
    add(request.span);
    if (request.body) add(request.body.span);
    for (const script of request.scripts) add(script.span);
  }
  return ranges;
}
