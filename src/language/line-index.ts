/** Offsets to lines and columns and back, for one text. LF, CRLF and CR end a line. Built once, asked by bisection. */

export interface LineColumn {
  /** 1-based. */
  readonly line: number;
  /** 1-based, in UTF-16 code units. */
  readonly column: number;
}

export class LineIndex {
  private readonly starts: readonly number[];
  private readonly length: number;

  constructor(text: string) {
    this.length = text.length;
    const starts = [0];
    const lineEnd = /\r\n?|\n/g;
    while (lineEnd.exec(text)) starts.push(lineEnd.lastIndex);
    this.starts = starts;
  }

  get lineCount(): number {
    return this.starts.length;
  }

  /** Offsets outside of the text count as its ends. */
  position(offset: number): LineColumn {
    const at = Math.min(Math.max(0, offset), this.length);
    let low = 0;
    let high = this.starts.length - 1;
    while (low < high) {
      const middle = (low + high + 1) >> 1;
      if (this.starts[middle]! <= at) low = middle;
      else high = middle - 1;
    }
    return { line: low + 1, column: at - this.starts[low]! + 1 };
  }

  /** Columns beyond the line's end count as its end. */
  offset({ line, column }: LineColumn): number {
    const index = Math.min(Math.max(1, line), this.starts.length) - 1;
    const next = this.starts[index + 1] ?? this.length;
    return Math.min(this.starts[index]! + Math.max(1, column) - 1, next);
  }

  /** Offset of a 1-based line's first character. */
  lineStart(line: number): number {
    return this.offset({ line, column: 1 });
  }
}
