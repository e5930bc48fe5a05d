/**
 * Request files inside other documents. A document is masked, not cut: what is no request becomes spaces, the ends of
 * its code blocks become separators, and every character keeps its place, so that each feature works in the document’s
 * own offsets. Source: dialects.md §1.
 */

export interface Embedding {
  /** Language ids of VS Code. */
  readonly languages: readonly string[];
  /** File extensions, lower case, without the dot. */
  readonly extensions: readonly string[];
  /** The text with everything but its http blocks masked; as long as `text`, with the same line ends. */
  mask(text: string): string;
}

/** Collects a masked text line by line. */
export class Mask {
  private readonly pieces: string[] = [];

  keep(line: string): void {
    this.pieces.push(line);
  }

  blank(line: string): void {
    this.pieces.push(line.replace(/[^\r\n]/g, ' '));
  }

  /** A separator in place of a line of at least three characters. */
  separate(line: string): void {
    const ink = line.search(/\S/);
    const at = Math.max(0, ink);
    this.blank(line.slice(0, at));
    this.pieces.push('###');
    this.blank(line.slice(at + 3));
  }

  get text(): string {
    return this.pieces.join('');
  }
}

/** The lines of a text with their line ends. */
export function linesOf(text: string): readonly string[] {
  return text.match(/[^\r\n]*(?:\r\n|\r|\n)|[^\r\n]+$/g) ?? [];
}

/** Whether the line at an offset belongs to a request of the document, also where it is empty. */
export function isInRequests(embedding: Embedding, text: string, offset: number): boolean {
  const start = Math.max(text.lastIndexOf('\n', offset - 1), text.lastIndexOf('\r', offset - 1)) + 1;
  return embedding.mask(`${text.slice(0, start)}x`).endsWith('x');
}
