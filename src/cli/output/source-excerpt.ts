/** Where an error is, as `file:line:column`, with the line of the source and carets under what it is about (ux.md I2). */
import type { CountersignError, Place } from '../../errors/countersign-error.ts';
import type { RunResult } from '../../run/types.ts';
import type { OutputContext } from './format.ts';
import { cut, widthOf } from './text-width.ts';

export interface SourceExcerpt {
  readonly place: string;
  readonly source?: string;
  /** Spaces up to the carets. */
  readonly indent: string;
  readonly carets: string;
}

const margin = 6;

/** An error without a place of its own is about the address of its request. */
export function sourceExcerpt(context: OutputContext, result: RunResult, error: CountersignError): SourceExcerpt {
  const path = error.place?.file ?? result.path;
  const file = context.source(path);
  const line = error.place?.line ?? result.line;
  const text = file?.text;
  const start = text === undefined ? undefined : startOfLine(text, line);
  if (text === undefined || start === undefined) {
    const place = `${context.shownPath(path)}:${line}:${error.place?.column ?? 1}`;
    return { place, indent: '', carets: '' };
  }
  const newline = text.indexOf('\n', start);
  const whole = text.slice(start, newline === -1 ? undefined : newline).replace(/^\ufeff|\r$/g, '');
  const shift = text.charCodeAt(start) === 0xfeff ? 1 : 0;
  const url = file?.requests.find((request) => request.line === line)?.url.span;
  const span = spanOf(error.place, start, line) ?? url;
  const from = Math.max(0, (span?.start ?? start) - start - shift);
  const length = Math.max(1, Math.min((span?.end ?? start + 1) - (span?.start ?? start), whole.length - from));
  const room = Math.max(10, context.columns - margin);
  // A place far to the right is shown from a little before it.
  const skip = from < room - 4 ? 0 : Math.max(0, from - 10);
  const lead = skip === 0 ? '' : '…';
  const source = cut(lead + whole.slice(skip), room);
  const before = widthOf(lead + whole.slice(skip, from));
  return {
    place: `${context.shownPath(path)}:${line}:${from + 1}`,
    source,
    indent: ' '.repeat(before),
    carets: '^'.repeat(Math.max(1, Math.min(length, room - before, widthOf(source) - before))),
  };
}

function spanOf(
  place: Place | undefined,
  start: number,
  line: number,
): { readonly start: number; readonly end: number } | undefined {
  if (place?.start !== undefined && place.start >= start) {
    return { start: place.start, end: place.end ?? place.start + 1 };
  }
  if (place?.column !== undefined && place.line === line) {
    return { start: start + place.column - 1, end: start + place.column };
  }
  return undefined;
}

function startOfLine(text: string, line: number): number | undefined {
  let offset = 0;
  for (let at = 1; at < line; at++) {
    const next = text.indexOf('\n', offset);
    if (next === -1) return undefined;
    offset = next + 1;
  }
  return offset;
}
