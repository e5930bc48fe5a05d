/**
 * Lines of a UTF-8 text by number, for a view that asks for the ones it shows. Lines longer than `width` bytes are
 * cut into rows, at characters, so that every row has one height. CR LF, LF and CR end a line. Pure.
 */

export interface TextLines {
  readonly bytes: Uint8Array;
  /** Byte offset of each row. */
  readonly start: Uint32Array;
  /** Line number (1-based) of each row; 0 for a row that continues a line. */
  readonly line: Uint32Array;
  readonly length: number;
}

export function splitLines(bytes: Uint8Array, from: number, width: number): TextLines {
  let capacity = Math.max(64, Math.ceil(bytes.length / 40));
  let start = new Uint32Array(capacity);
  let line = new Uint32Array(capacity);
  let length = 0;
  const add = (at: number, number: number): void => {
    if (length === capacity) {
      capacity = Math.ceil(capacity * 1.6);
      const largerStart = new Uint32Array(capacity);
      largerStart.set(start);
      start = largerStart;
      const largerLine = new Uint32Array(capacity);
      largerLine.set(line);
      line = largerLine;
    }
    start[length] = at;
    line[length++] = number;
  };
  let number = 1;
  let rowStart = from;
  add(from, number);
  for (let at = from; at < bytes.length; at++) {
    const byte = bytes[at] as number;
    if (byte === 0x0a || byte === 0x0d) {
      if (byte === 0x0d && bytes[at + 1] === 0x0a) at += 1;
      number += 1;
      rowStart = at + 1;
      if (rowStart < bytes.length) add(rowStart, number);
    } else if (at - rowStart >= width && (byte & 0xc0) !== 0x80) {
      rowStart = at;
      add(at, 0);
    }
  }
  return { bytes, start, line, length };
}

/** Where a row's text ends, its line break left out. */
export function rowEnd(lines: TextLines, row: number): number {
  const { bytes } = lines;
  let end = row + 1 < lines.length ? (lines.start[row + 1] as number) : bytes.length;
  const start = lines.start[row] as number;
  if (end > start && bytes[end - 1] === 0x0a) end -= 1;
  if (end > start && bytes[end - 1] === 0x0d) end -= 1;
  return end;
}

/** The row that holds a byte. */
export function rowAt(lines: TextLines, offset: number): number {
  let low = 0;
  let high = lines.length - 1;
  while (low < high) {
    const middle = (low + high + 1) >> 1;
    if ((lines.start[middle] as number) <= offset) low = middle;
    else high = middle - 1;
  }
  return low;
}
