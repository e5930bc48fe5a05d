/** What the binary formats share that write one item after another: where the reader is, and that it never passes the end. */
import { DecodeFault } from './decoder.ts';

export abstract class ItemReader {
  protected readonly bytes: Uint8Array;
  protected readonly view: DataView;
  protected at: number;

  constructor(bytes: Uint8Array, from: number) {
    this.bytes = bytes;
    this.view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
    this.at = from;
  }

  /** JSON text of the item; of several after another, of their list. @throws DecodeFault */
  all(): string {
    const items = [this.item(0)];
    while (this.at < this.bytes.length) items.push(this.item(0));
    return items.length === 1 ? (items[0] as string) : `[${items.join(',')}]`;
  }

  /** JSON text of the next item. @throws DecodeFault */
  protected abstract item(depth: number): string;

  /** Steps over `count` bytes. @returns the offset of the first @throws DecodeFault when there are fewer */
  protected take(count: number): number {
    const at = this.at;
    if (at + count > this.bytes.length) throw new DecodeFault(this.bytes.length, 'more bytes');
    this.at = at + count;
    return at;
  }
}
