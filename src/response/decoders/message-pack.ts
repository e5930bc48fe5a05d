/**
 * MessagePack as JSON text, by its specification (msgpack.org, spec.md of version 5). Integers keep all their digits,
 * bytes are written h'…', the timestamp extension is a date, other extensions are objects.
 */
import { byteText, decoded, decodeDepth, DecodeFault, numberText, type Decoder } from './decoder.ts';
import { ItemReader } from './item-reader.ts';

export const messagePack: Decoder = {
  kind: 'messagepack',
  name: 'MessagePack',
  binary: true,
  decode: (bytes, from) => decoded(bytes, () => new MessagePackReader(bytes, from).all()),
};

class MessagePackReader extends ItemReader {
  protected override item(depth: number): string {
    const start = this.at;
    if (depth > decodeDepth) throw new DecodeFault(start, `at most ${String(decodeDepth)} levels`);
    const first = this.bytes[this.take(1)] as number;
    if (first < 0x80) return String(first);
    if (first >= 0xe0) return String(first - 256);
    if (first < 0x90) return this.#map(first & 15, depth);
    if (first < 0xa0) return this.#array(first & 15, depth);
    if (first < 0xc0) return this.#text(first & 31);
    switch (first) {
      case 0xc0:
        return 'null';
      case 0xc2:
        return 'false';
      case 0xc3:
        return 'true';
      case 0xc4:
      case 0xc5:
      case 0xc6:
        return JSON.stringify(byteText(this.#chunk(this.#unsigned(1 << (first - 0xc4)))));
      case 0xc7:
      case 0xc8:
      case 0xc9:
        return this.#extension(this.#unsigned(1 << (first - 0xc7)));
      case 0xca:
        return numberText(this.view.getFloat32(this.take(4)));
      case 0xcb:
        return numberText(this.view.getFloat64(this.take(8)));
      case 0xcc:
      case 0xcd:
      case 0xce:
        return String(this.#unsigned(1 << (first - 0xcc)));
      case 0xcf:
        return String(this.view.getBigUint64(this.take(8)));
      case 0xd0:
        return String(this.view.getInt8(this.take(1)));
      case 0xd1:
        return String(this.view.getInt16(this.take(2)));
      case 0xd2:
        return String(this.view.getInt32(this.take(4)));
      case 0xd3:
        return String(this.view.getBigInt64(this.take(8)));
      case 0xd4:
      case 0xd5:
      case 0xd6:
      case 0xd7:
      case 0xd8:
        return this.#extension(1 << (first - 0xd4));
      case 0xd9:
      case 0xda:
      case 0xdb:
        return this.#text(this.#unsigned(1 << (first - 0xd9)));
      case 0xdc:
      case 0xdd:
        return this.#array(this.#unsigned(first === 0xdc ? 2 : 4), depth);
      case 0xde:
      case 0xdf:
        return this.#map(this.#unsigned(first === 0xde ? 2 : 4), depth);
      default:
        throw new DecodeFault(start, 'an item');
    }
  }

  #array(length: number, depth: number): string {
    this.#fits(length);
    const items: string[] = [];
    for (let i = 0; i < length; i++) items.push(this.item(depth + 1));
    return `[${items.join(',')}]`;
  }

  #map(length: number, depth: number): string {
    this.#fits(length * 2);
    const members: string[] = [];
    for (let i = 0; i < length; i++) {
      const key = this.item(depth + 1);
      members.push(`${key.startsWith('"') ? key : JSON.stringify(key)}:${this.item(depth + 1)}`);
    }
    return `{${members.join(',')}}`;
  }

  #text(length: number): string {
    return JSON.stringify(new TextDecoder().decode(this.#chunk(length)));
  }

  #extension(length: number): string {
    const type = this.view.getInt8(this.take(1));
    const data = this.#chunk(length);
    const date = type === -1 ? timestamp(data) : undefined;
    if (date !== undefined) return JSON.stringify(date);
    return `{"extension":${String(type)},"data":${JSON.stringify(byteText(data))}}`;
  }

  #unsigned(width: number): number {
    const at = this.take(width);
    return width === 1 ? this.view.getUint8(at) : width === 2 ? this.view.getUint16(at) : this.view.getUint32(at);
  }

  #chunk(length: number): Uint8Array {
    const from = this.take(length);
    return this.bytes.subarray(from, this.at);
  }

  #fits(items: number): void {
    if (items > this.bytes.length - this.at)
      throw new DecodeFault(this.at, `${String(items)} more items, which do not fit in what is left`);
  }

  /** Moves on; the offset before. */
}

/** Extension -1: 32, 64 or 96 bits. */
function timestamp(data: Uint8Array): string | undefined {
  const view = new DataView(data.buffer, data.byteOffset, data.byteLength);
  let seconds: bigint;
  let nanoseconds = 0;
  if (data.length === 4) seconds = BigInt(view.getUint32(0));
  else if (data.length === 8) {
    const both = view.getBigUint64(0);
    seconds = both & 0x3ffffffffn;
    nanoseconds = Number(both >> 34n);
  } else if (data.length === 12) {
    nanoseconds = view.getUint32(0);
    seconds = view.getBigInt64(4);
  } else return undefined;
  const at = new Date(Number(seconds) * 1000 + Math.floor(nanoseconds / 1e6));
  return Number.isNaN(at.getTime()) ? undefined : at.toISOString();
}
