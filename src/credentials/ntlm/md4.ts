/** MD4, which the runtime no longer has and NTLM is built on. For nothing else. Source: RFC 1320 §3. */
import { Buffer } from 'node:buffer';

const order = [
  [0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15],
  [0, 4, 8, 12, 1, 5, 9, 13, 2, 6, 10, 14, 3, 7, 11, 15],
  [0, 8, 4, 12, 2, 10, 6, 14, 1, 9, 5, 13, 3, 11, 7, 15],
] as const;
const shifts = [
  [3, 7, 11, 19],
  [3, 5, 9, 13],
  [3, 9, 11, 15],
] as const;
const added = [0, 0x5a827999, 0x6ed9eba1] as const;
const mix = [
  (x: number, y: number, z: number): number => (x & y) | (~x & z),
  (x: number, y: number, z: number): number => (x & y) | (x & z) | (y & z),
  (x: number, y: number, z: number): number => x ^ y ^ z,
] as const;

export function md4(message: Uint8Array): Buffer {
  const padded = Buffer.alloc((((message.length + 8) >> 6) + 1) * 64);
  padded.set(message);
  padded[message.length] = 0x80;
  padded.writeUInt32LE((message.length << 3) >>> 0, padded.length - 8);
  padded.writeUInt32LE(message.length >>> 29, padded.length - 4);
  const state = Uint32Array.of(0x67452301, 0xefcdab89, 0x98badcfe, 0x10325476);
  for (let block = 0; block < padded.length; block += 64) {
    let [a = 0, b = 0, c = 0, d = 0] = state;
    for (const round of [0, 1, 2] as const) {
      for (let step = 0; step < 16; step++) {
        const word = padded.readUInt32LE(block + 4 * (order[round][step] as number));
        const sum = (a + mix[round](b, c, d) + word + added[round]) | 0;
        const by = shifts[round][step % 4] as number;
        [a, b, c, d] = [d, (sum << by) | (sum >>> (32 - by)), b, c];
      }
    }
    [a, b, c, d].forEach((word, at) => (state[at] = ((state[at] ?? 0) + word) | 0));
  }
  const out = Buffer.alloc(16);
  state.forEach((word, at) => out.writeUInt32LE(word, 4 * at));
  return out;
}
