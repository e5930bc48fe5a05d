/**
 * One pass over the bytes of a JSON text (RFC 8259): three numbers a value, in preorder, so that any row of a
 * hundred megabytes is found without parsing it. It builds no values and keeps numbers as written. Text that is
 * not JSON gives the place and what was expected there.
 */

export interface JsonIndex {
  readonly bytes: Uint8Array;
  /** Number of values. */
  readonly length: number;
  /** Byte offset of each value; of a sequence's root (`application/x-ndjson`) there is none, see `sequence`. */
  readonly start: Uint32Array;
  /** The value after this one's last descendant. */
  readonly next: Uint32Array;
  /** Byte offset of the opening quote of the name, 0 for none. */
  readonly keyStart: Uint32Array;
  /** True when value 0 stands for the list of all top-level values. */
  readonly sequence: boolean;
}

export interface JsonFault {
  /** Byte offset. */
  readonly offset: number;
  /** What stands in the sentence “Expected …”: `a value`, `a comma or }`. */
  readonly expected: string;
}

export type IndexOutcome =
  { readonly ok: true; readonly index: JsonIndex } | { readonly ok: false; readonly fault: JsonFault };

export const maximalDepth = 10_000;

const quote = 0x22;
const backslash = 0x5c;

/** @param from first byte to read (after a byte-order mark) @param sequence several values after another */
export function indexJson(bytes: Uint8Array, from = 0, sequence = false): IndexOutcome {
  const end = bytes.length;
  let capacity = Math.max(64, Math.ceil(end / 12));
  let start = new Uint32Array(capacity);
  let next = new Uint32Array(capacity);
  let keyStart = new Uint32Array(capacity);
  let length = 0;
  let at = from;
  let key = 0;
  // Open containers: their value's number; the sign tells an object (positive) from an array (negative).
  const stack = new Int32Array(maximalDepth + 2);
  let depth = 0;
  let inObject = false;
  if (sequence) {
    start[0] = from;
    stack[++depth] = 0;
    length = 1;
  }
  const base = depth;

  const fail = (expected: string): IndexOutcome => ({ ok: false, fault: { offset: at, expected } });

  const skipSpace = (): number => {
    let byte = bytes[at];
    while (byte === 0x20 || byte === 0x0a || byte === 0x0d || byte === 0x09) byte = bytes[++at];
    return byte ?? -1;
  };

  for (;;) {
    // A value is expected here.
    let byte = skipSpace();
    if (sequence && depth === base) {
      while (byte === 0x1e) {
        at += 1;
        byte = skipSpace();
      }
      if (at >= end) break;
    }
    if (length === capacity) {
      capacity = Math.ceil(capacity * 1.6) + 64;
      start = grown(start, capacity);
      next = grown(next, capacity);
      keyStart = grown(keyStart, capacity);
    }
    const node = length++;
    start[node] = at;
    keyStart[node] = key;
    key = 0;
    let opened = false;
    if (byte === quote) {
      const close = skipString(bytes, at, end);
      if (close < 0) {
        at = -close - 1;
        return fail(at >= end ? 'the end of the string' : 'a character that a string may hold');
      }
      at = close;
    } else if (byte === 0x7b || byte === 0x5b) {
      if (depth >= maximalDepth) return fail(`at most ${String(maximalDepth)} levels`);
      inObject = byte === 0x7b;
      stack[++depth] = inObject ? node : -node - 1;
      at += 1;
      const first = skipSpace();
      if (first === (inObject ? 0x7d : 0x5d)) {
        at += 1;
        depth -= 1;
      } else {
        opened = true;
        if (inObject) {
          if (first !== quote) return fail('a name in quotes or }');
          key = at;
        }
      }
    } else {
      const after = skipScalar(bytes, at, end);
      if (after < 0) {
        at = -after - 1;
        return fail('a value');
      }
      at = after;
    }
    if (opened) {
      if (inObject) {
        const fault = skipName();
        if (fault) return fail(fault);
      }
      continue;
    }
    next[node] = length;
    // After a value: a comma, the ends of containers, or the end of the text.
    for (;;) {
      const entry = depth > base ? (stack[depth] as number) : 0;
      const after = skipSpace();
      if (depth === base) {
        if (sequence) break;
        if (after !== -1) return fail('the end of the text');
        return finished();
      }
      inObject = entry >= 0;
      if (after === 0x2c) {
        at += 1;
        if (inObject) {
          if (skipSpace() !== quote) return fail('a name in quotes');
          key = at;
          const fault = skipName();
          if (fault) return fail(fault);
        }
        break;
      }
      if (after === (inObject ? 0x7d : 0x5d)) {
        at += 1;
        depth -= 1;
        next[inObject ? entry : -entry - 1] = length;
        continue;
      }
      return fail(inObject ? 'a comma or }' : 'a comma or ]');
    }
  }
  // Only a sequence gets here: its root holds all that was read.
  next[0] = length;
  return finished();

  function skipName(): string | undefined {
    const close = skipString(bytes, at, end);
    if (close < 0) {
      at = -close - 1;
      return 'the end of the name';
    }
    at = close;
    if (skipSpace() !== 0x3a) return 'a colon';
    at += 1;
    return undefined;
  }

  function finished(): IndexOutcome {
    return { ok: true, index: { bytes, length, start, next, keyStart, sequence } };
  }
}

/** The offset after the closing quote; negative (-offset - 1) where the string breaks. */
export function skipString(bytes: Uint8Array, open: number, end: number): number {
  let at = open + 1;
  for (;;) {
    const byte = bytes[at];
    if (byte === quote) return at + 1;
    if (byte === backslash) at += 2;
    else if (byte === undefined || byte < 0x20) return -Math.min(at, end) - 1;
    else at += 1;
    if (at > end) return -end - 1;
  }
}

/** The offset after a number, `true`, `false` or `null`; negative where it is none of them. */
export function skipScalar(bytes: Uint8Array, from: number, end: number): number {
  const byte = bytes[from];
  if (byte === 0x74) return word(bytes, from, 'true');
  if (byte === 0x66) return word(bytes, from, 'false');
  if (byte === 0x6e) return word(bytes, from, 'null');
  let at = from;
  if (bytes[at] === 0x2d) at += 1;
  if (bytes[at] === 0x30) at += 1;
  else {
    const digits = skipDigits(bytes, at);
    if (digits === at) return -Math.min(at, end) - 1;
    at = digits;
  }
  if (bytes[at] === 0x2e) {
    const digits = skipDigits(bytes, at + 1);
    if (digits === at + 1) return -Math.min(digits, end) - 1;
    at = digits;
  }
  if (bytes[at] === 0x65 || bytes[at] === 0x45) {
    at += 1;
    if (bytes[at] === 0x2b || bytes[at] === 0x2d) at += 1;
    const digits = skipDigits(bytes, at);
    if (digits === at) return -Math.min(at, end) - 1;
    at = digits;
  }
  return at;
}

function skipDigits(bytes: Uint8Array, from: number): number {
  let at = from;
  let byte = bytes[at] as number;
  while (byte >= 0x30 && byte <= 0x39) byte = bytes[++at] as number;
  return at;
}

function word(bytes: Uint8Array, from: number, text: string): number {
  for (let i = 1; i < text.length; i++) {
    if (bytes[from + i] !== text.charCodeAt(i)) return -Math.min(from + i, bytes.length) - 1;
  }
  return from + text.length;
}

function grown(array: Uint32Array<ArrayBuffer>, capacity: number): Uint32Array<ArrayBuffer> {
  const larger = new Uint32Array(capacity);
  larger.set(array);
  return larger;
}
