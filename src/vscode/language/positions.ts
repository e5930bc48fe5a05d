/** Offsets of the language room to positions of VS Code and back. */
import { Range, type TextDocument } from 'vscode';
import type { Span } from '../../language/types.ts';

export function toRange(document: TextDocument, { start, end }: Span): Range {
  return new Range(document.positionAt(start), document.positionAt(end));
}

export function toSpan(document: TextDocument, range: Range): Span {
  return { start: document.offsetAt(range.start), end: document.offsetAt(range.end) };
}
