/**
 * A selection sent as it is: what is not selected becomes spaces, but for the definitions of variables, which the
 * selection may need. Offsets stay. Source: dialects.md §1.
 */
import type { RequestFile, Span } from '../types.ts';

/**
 * @param text the document the file was read from, which may be one that holds requests inside other text
 * @returns a text as long as the document's
 */
export function maskAllBut(file: RequestFile, text: string, { start, end }: Span): string {
  const kept = file.variables
    .map(({ span }) => span)
    .concat({ start, end })
    .sort((left, right) => left.start - right.start);
  const pieces: string[] = [];
  let at = 0;
  for (const span of kept) {
    if (span.end <= at) continue;
    pieces.push(blank(text.slice(at, Math.max(at, span.start))), text.slice(Math.max(at, span.start), span.end));
    at = span.end;
  }
  pieces.push(blank(text.slice(at)));
  return pieces.join('');
}

function blank(text: string): string {
  return text.replace(/[^\r\n]/g, ' ');
}
