/**
 * Joins the lines of a form-urlencoded body (conflict F1): line breaks beside an `&` go, white space around `&`
 * and the `=` of a pair goes, and a `k=v` line with no `&` on either side gets one. Placeholders stay whole.
 */
import type { TemplateBuilder } from './template-builder.ts';

export interface FormLine {
  readonly start: number;
  readonly end: number;
}

/** @returns the indexes of the lines that were joined with an `&` that nobody wrote. */
export function joinForm(source: string, lines: readonly FormLine[], into: TemplateBuilder): number[] {
  const joined: number[] = [];
  let open = false;
  lines.forEach((line, index) => {
    const pieces = pairsOf(source, line);
    if (pieces.length === 0) return;
    const startsWithAnd = pieces[0] === '&';
    if (open && !startsWithAnd && pieces.some((piece) => piece !== '&' && piece.equals >= 0)) {
      into.literal('&');
      joined.push(index);
    }
    for (const piece of pieces) {
      if (piece === '&') into.literal('&');
      else addPair(source, piece, into);
    }
    open = pieces.at(-1) !== '&';
  });
  return joined;
}

interface Pair {
  readonly start: number;
  readonly end: number;
  /** Offset of the `=`, or -1. */
  readonly equals: number;
}

function pairsOf(source: string, line: FormLine): (Pair | '&')[] {
  const pieces: (Pair | '&')[] = [];
  let start = line.start;
  let equals = -1;
  const close = (end: number) => {
    let from = start;
    let to = end;
    while (from < to && isBlank(source, from)) from++;
    while (to > from && isBlank(source, to - 1)) to--;
    if (from < to) pieces.push({ start: from, end: to, equals });
  };
  for (let at = line.start; at < line.end; at++) {
    const code = source.charCodeAt(at);
    if (code === 123 && source.charCodeAt(at + 1) === 123) {
      const end = source.indexOf('}}', at + 2);
      if (end >= 0 && end < line.end) at = end + 1;
    } else if (code === 38) {
      close(at);
      pieces.push('&');
      start = at + 1;
      equals = -1;
    } else if (code === 61 && equals < 0) equals = at;
  }
  close(line.end);
  return pieces;
}

function addPair(source: string, { start, end, equals }: Pair, into: TemplateBuilder): void {
  if (equals < 0) {
    into.add(start, end);
    return;
  }
  let keyEnd = equals;
  let value = equals + 1;
  while (keyEnd > start && isBlank(source, keyEnd - 1)) keyEnd--;
  while (value < end && isBlank(source, value)) value++;
  into
    .add(start, keyEnd)
    .add(equals, equals + 1)
    .add(value, end);
}

function isBlank(source: string, at: number): boolean {
  const code = source.charCodeAt(at);
  return code === 32 || code === 9 || code === 13;
}
