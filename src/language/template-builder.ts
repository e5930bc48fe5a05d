/**
 * Puts a `Template` together from ranges of the source and literal text between them, keeping the map back.
 * Ranges that touch become one piece.
 */
import type { Template } from './types.ts';

type Piece = { at: number; source: number; length: number };

export class TemplateBuilder {
  private readonly source: string;
  private readonly pieces: Piece[] = [];
  private text = '';
  private pendingStart = -1;
  private pendingEnd = -1;

  constructor(source: string) {
    this.source = source;
  }

  /** Appends the source text from `start` to `end`. */
  add(start: number, end: number): this {
    if (start >= end) return this;
    if (this.pendingEnd === start) this.pendingEnd = end;
    else {
      this.flush();
      this.pendingStart = start;
      this.pendingEnd = end;
    }
    return this;
  }

  /** Appends text that stands nowhere in the source. */
  literal(text: string): this {
    if (text === '') return this;
    this.flush();
    this.text += text;
    return this;
  }

  /** Appends a line break that stands from `start` to `end` in the source, written as `newline`. */
  newline(start: number, end: number, newline: string): this {
    if (end - start === newline.length && this.source.startsWith(newline, start)) return this.add(start, end);
    return this.literal(newline);
  }

  get isEmpty(): boolean {
    return this.text === '' && this.pendingStart < 0;
  }

  /** The template so far; `span` is what it stands for in the source, by default what its pieces cover. */
  build(span?: { readonly start: number; readonly end: number }, emptyAt = 0): Template {
    this.flush();
    const { pieces } = this;
    const last = pieces.at(-1);
    const covered = last
      ? { start: pieces[0]!.source, end: last.source + last.length }
      : { start: emptyAt, end: emptyAt };
    return { text: this.text, pieces, span: span ?? covered };
  }

  private flush(): void {
    if (this.pendingStart < 0) return;
    this.pieces.push({ at: this.text.length, source: this.pendingStart, length: this.pendingEnd - this.pendingStart });
    this.text += this.source.slice(this.pendingStart, this.pendingEnd);
    this.pendingStart = this.pendingEnd = -1;
  }
}

/** A template that is one range of the source. */
export function templateOf(source: string, start: number, end: number): Template {
  const text = source.slice(start, end);
  return { text, pieces: start < end ? [{ at: 0, source: start, length: end - start }] : [], span: { start, end } };
}

/** A template of text that stands nowhere in the source, shown at `span`. */
export function literalTemplate(text: string, span: { readonly start: number; readonly end: number }): Template {
  return { text, pieces: [], span };
}

/** Where offset `at` of a template's text stands in the file; the nearest place for text that stands nowhere. */
export function sourceOffset(template: Template, at: number): number {
  let result = template.span.start;
  for (const piece of template.pieces) {
    if (at < piece.at) return result;
    if (at <= piece.at + piece.length) return piece.source + (at - piece.at);
    result = piece.source + piece.length;
  }
  return result;
}
