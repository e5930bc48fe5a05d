/**
 * CBOR (RFC 8949) as JSON text. Integers keep all their digits, bytes are written h'…', a tag is an object of its
 * number and its value; of several items after another (RFC 8742) the result is a list. Indefinite lengths are read.
 */
import { byteText, decoded, decodeDepth, DecodeFault, numberText, type Decoder } from './decoder.ts';
import { ItemReader } from './item-reader.ts';

export const cbor: Decoder = {
  kind: 'cbor',
  name: 'CBOR',
  binary: true,
  decode: (bytes, from) => decoded(bytes, () => new CborReader(bytes, from).all()),
};

const breakByte = 0xff;

class CborReader extends ItemReader {
  protected override item(depth: number): string {
    const start = this.at;
    if (depth > decodeDepth) throw new DecodeFault(start, `at most ${String(decodeDepth)} levels`);
    const head = this.take(1);
    const first = this.bytes[head] as number;
    const major = first >> 5;
    const info = first & 31;
    if (major === 7) return this.#simple(info, start);
    const indefinite = info === 31;
    if (indefinite && (major < 2 || major > 5)) throw new DecodeFault(start, 'an item');
    const argument = indefinite ? 0n : this.#argument(info, start);
    switch (major) {
      case 0:
        return String(argument);
      case 1:
        return String(-1n - argument);
      case 2:
        return JSON.stringify(byteText(this.#string(2, indefinite, argument, start)));
      case 3:
        return JSON.stringify(new TextDecoder().decode(this.#string(3, indefinite, argument, start)));
      case 4:
        return this.#list(indefinite, argument, () => this.item(depth + 1), '[', ']');
      case 5:
        return this.#list(
          indefinite,
          argument,
          () => {
            const key = this.item(depth + 1);
            return `${key.startsWith('"') ? key : JSON.stringify(key)}:${this.item(depth + 1)}`;
          },
          '{',
          '}',
        );
      default:
        return this.#tagged(argument, depth);
    }
  }

  #tagged(tag: bigint, depth: number): string {
    const value = this.item(depth + 1);
    const digits = /^"h'([0-9a-f]{1,2048})'"$/.exec(value)?.[1];
    if (tag === 2n && digits !== undefined) return String(BigInt(`0x${digits}`));
    if (tag === 3n && digits !== undefined) return String(-1n - BigInt(`0x${digits}`));
    // Self-described CBOR (§3.4.6) says nothing about the value.
    return tag === 55799n ? value : `{"tag":${String(tag)},"value":${value}}`;
  }

  #list(indefinite: boolean, length: bigint, one: () => string, open: string, close: string): string {
    const items: string[] = [];
    if (indefinite) {
      while (this.bytes[this.at] !== breakByte) items.push(one());
      this.at += 1;
    } else {
      if (length > BigInt(this.bytes.length - this.at))
        throw new DecodeFault(this.at, `${String(length)} more items, which do not fit in what is left`);
      for (let left = Number(length); left > 0; left--) items.push(one());
    }
    return open + items.join(',') + close;
  }

  #string(major: 2 | 3, indefinite: boolean, length: bigint, start: number): Uint8Array {
    if (!indefinite) return this.#chunk(length, start);
    const chunks: Uint8Array[] = [];
    while (this.bytes[this.at] !== breakByte) {
      const at = this.take(1);
      const first = this.bytes[at] as number;
      if (first >> 5 !== major || (first & 31) === 31) throw new DecodeFault(at, 'a piece of the string');
      chunks.push(this.#chunk(this.#argument(first & 31, at), at));
    }
    this.at += 1;
    return Buffer.concat(chunks);
  }

  #chunk(length: bigint, start: number): Uint8Array {
    if (length > BigInt(this.bytes.length - this.at)) throw new DecodeFault(start, 'the end of the string');
    const from = this.take(Number(length));
    return this.bytes.subarray(from, this.at);
  }

  #simple(info: number, start: number): string {
    if (info === 20 || info === 21) return info === 21 ? 'true' : 'false';
    if (info === 22) return 'null';
    if (info === 23) return '"undefined"';
    if (info === 25) return numberText(half(this.view.getUint16(this.take(2))));
    if (info === 26) return numberText(this.view.getFloat32(this.take(4)));
    if (info === 27) return numberText(this.view.getFloat64(this.take(8)));
    if (info > 27) throw new DecodeFault(start, 'an item');
    const value = info === 24 ? (this.bytes[this.take(1)] as number) : info;
    if (info === 24 && value < 32) throw new DecodeFault(start, 'a simple value of 32 or more');
    return `"simple(${String(value)})"`;
  }

  #argument(info: number, start: number): bigint {
    if (info < 24) return BigInt(info);
    if (info === 24) return BigInt(this.view.getUint8(this.take(1)));
    if (info === 25) return BigInt(this.view.getUint16(this.take(2)));
    if (info === 26) return BigInt(this.view.getUint32(this.take(4)));
    if (info === 27) return this.view.getBigUint64(this.take(8));
    throw new DecodeFault(start, 'an item');
  }

  /** Moves on; the offset before. */
}

/** RFC 8949, appendix D. */
function half(bits: number): number {
  const exponent = (bits >> 10) & 31;
  const mantissa = bits & 1023;
  const value =
    exponent === 0
      ? mantissa * 2 ** -24
      : exponent === 31
        ? mantissa === 0
          ? Number.POSITIVE_INFINITY
          : Number.NaN
        : (mantissa + 1024) * 2 ** (exponent - 25);
  return bits & 0x8000 ? -value : value;
}
