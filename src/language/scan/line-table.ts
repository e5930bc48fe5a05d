/**
 * The lines of many blocks as numbers in one buffer, three a line: kind, start, end, the offsets relative to the
 * block. One buffer instead of an array a block is what keeps a file of ten thousand requests cheap.
 */

const stride = 3;

export class LineTable {
  private data: Int32Array;
  /** How many lines it holds. */
  count = 0;

  constructor(expected: number) {
    this.data = new Int32Array(Math.max(16, expected) * stride);
  }

  push(kind: number, start: number, end: number): void {
    const at = this.count * stride;
    if (at + stride > this.data.length) {
      const larger = new Int32Array(this.data.length * 2);
      larger.set(this.data);
      this.data = larger;
    }
    this.data[at] = kind;
    this.data[at + 1] = start;
    this.data[at + 2] = end;
    this.count++;
  }

  kind(line: number): number {
    return this.data[line * stride]!;
  }

  setKind(line: number, kind: number): void {
    this.data[line * stride] = kind;
  }

  start(line: number): number {
    return this.data[line * stride + 1]!;
  }

  end(line: number): number {
    return this.data[line * stride + 2]!;
  }
}
