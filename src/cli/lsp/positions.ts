/**
 * Offsets of the language room to positions of the protocol and back, in the encoding that was agreed on: columns in
 * UTF-16 code units or in bytes of UTF-8. Source: Language Server Protocol 3.17, “Position”.
 */
import { PositionEncodingKind, type Position, type Range, type TextEdit } from 'vscode-languageserver/node';
import type { TextDocument } from 'vscode-languageserver-textdocument';
import type { TextChange } from '../../language/features/code-actions.ts';
import type { Span } from '../../language/types.ts';

export class Positions {
  readonly encoding: PositionEncodingKind;
  readonly #bytes: boolean;

  constructor(encoding: PositionEncodingKind) {
    this.encoding = encoding;
    this.#bytes = encoding === PositionEncodingKind.UTF8;
  }

  toPosition(document: TextDocument, offset: number): Position {
    const position = document.positionAt(offset);
    if (!this.#bytes) return position;
    const before = document.getText({ start: { line: position.line, character: 0 }, end: position });
    return { line: position.line, character: Buffer.byteLength(before) };
  }

  toRange(document: TextDocument, { start, end }: Span): Range {
    return { start: this.toPosition(document, start), end: this.toPosition(document, end) };
  }

  /** A position outside of the text counts as the nearest inside. */
  toOffset(document: TextDocument, position: Position): number {
    return document.offsetAt(this.#toUnits(document, position));
  }

  toSpan(document: TextDocument, { start, end }: Range): Span {
    return { start: this.toOffset(document, start), end: this.toOffset(document, end) };
  }

  /** In code units, for the document’s own methods. */
  toUnitRange(document: TextDocument, { start, end }: Range): Range {
    return { start: this.#toUnits(document, start), end: this.#toUnits(document, end) };
  }

  toEdits(document: TextDocument, changes: readonly TextChange[]): TextEdit[] {
    return changes.map(({ span, text }) => ({ range: this.toRange(document, span), newText: text }));
  }

  /** The length of a text in columns. */
  widthOf(text: string): number {
    return this.#bytes ? Buffer.byteLength(text) : text.length;
  }

  #toUnits(document: TextDocument, position: Position): Position {
    const line = Math.max(0, position.line);
    const character = Math.max(0, position.character);
    if (!this.#bytes) return { line, character };
    const start = document.offsetAt({ line, character: 0 });
    const text = document.getText().slice(start, document.offsetAt({ line: line + 1, character: 0 }));
    let bytes = 0;
    let units = 0;
    for (const char of text) {
      if (bytes >= character) break;
      bytes += Buffer.byteLength(char);
      units += char.length;
    }
    return { line, character: units };
  }
}

/** What a client offers: bytes where it can, since then nothing has to be counted there. */
export function agreedEncoding(offered: readonly string[] | undefined): PositionEncodingKind {
  return offered?.includes(PositionEncodingKind.UTF8) ? PositionEncodingKind.UTF8 : PositionEncodingKind.UTF16;
}
