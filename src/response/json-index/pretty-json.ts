/**
 * JSON laid out for reading, straight from the index: two spaces a level, numbers, escapes, duplicate names and
 * order as written. Pure; the caller limits the size.
 */
import { Buffer } from 'node:buffer';
import { skipString, type JsonIndex } from './index-json.ts';
import { endOf, isContainer } from './read-value.ts';

export const prettyLimit = 32 * 1024 * 1024;

export function prettyJson(index: JsonIndex): Uint8Array {
  const out = new Bytes(index.bytes.length * 2 + 64);
  const ends: { readonly next: number; readonly close: number; first: boolean }[] = [];
  const closeUntil = (node: number): void => {
    for (let top = ends.at(-1); top && top.next <= node; top = ends.at(-1)) {
      ends.pop();
      out.line(ends.length);
      out.byte(top.close);
    }
  };
  for (let node = index.sequence ? 1 : 0; node < index.length; node++) {
    closeUntil(node);
    const top = ends.at(-1);
    if (top) {
      if (!top.first) out.byte(0x2c);
      top.first = false;
      out.line(ends.length);
    } else if (node > 1 || (node === 1 && !index.sequence)) out.byte(0x0a);
    const key = index.keyStart[node] as number;
    if (key !== 0) {
      out.copy(index.bytes, key, skipString(index.bytes, key, index.bytes.length));
      out.byte(0x3a);
      out.byte(0x20);
    }
    const start = index.start[node] as number;
    const next = index.next[node] as number;
    if (!isContainer(index, node)) out.copy(index.bytes, start, endOf(index, node));
    else {
      const open = index.bytes[start] as number;
      out.byte(open);
      if (next === node + 1) out.byte(open + 2);
      else ends.push({ next, close: open + 2, first: true });
    }
  }
  closeUntil(index.length);
  return out.done();
}

class Bytes {
  #buffer: Buffer;
  #length = 0;

  constructor(capacity: number) {
    this.#buffer = Buffer.allocUnsafe(capacity);
  }

  byte(value: number): void {
    this.#room(1);
    this.#buffer[this.#length++] = value;
  }

  copy(from: Uint8Array, start: number, end: number): void {
    this.#room(end - start);
    this.#buffer.set(from.subarray(start, end), this.#length);
    this.#length += end - start;
  }

  line(depth: number): void {
    this.#room(1 + depth * 2);
    this.#buffer[this.#length] = 0x0a;
    this.#buffer.fill(0x20, this.#length + 1, this.#length + 1 + depth * 2);
    this.#length += 1 + depth * 2;
  }

  done(): Uint8Array {
    return this.#buffer.subarray(0, this.#length);
  }

  #room(bytes: number): void {
    if (this.#length + bytes <= this.#buffer.length) return;
    const larger = Buffer.allocUnsafe(Math.max(this.#buffer.length * 2, this.#length + bytes));
    this.#buffer.copy(larger, 0, 0, this.#length);
    this.#buffer = larger;
  }
}
