/**
 * What a decoder is: it turns the bytes of a format into a JSON text, so that tree, filter, table and copying work on
 * every format over one index. It reads hostile bytes: it has limits and never throws. Text formats arrive as UTF-8.
 */
export type DecodeOutcome =
  | { readonly ok: true; readonly json: Uint8Array; readonly text?: Uint8Array }
  /** Byte offset in what was decoded, and what stands in the sentence “Expected …”. */
  | { readonly ok: false; readonly offset: number; readonly expected: string };

export interface Decoder {
  /** A kind of document. */
  readonly kind: string;
  /** In the sentence “This is not …”. */
  readonly name: string;
  /** The bytes are no text: their text view is the JSON. */
  readonly binary: boolean;
  /** @param from first byte to read, after a byte-order mark */
  decode(bytes: Uint8Array, from: number): DecodeOutcome;
}

/** Beyond this a body is not decoded: what comes out is held in memory beside it. */
export const decodeLimit = 32 * 1024 * 1024;
export const decodeDepth = 500;

/** Thrown inside a decoder, caught at its door. */
export class DecodeFault extends Error {
  readonly offset: number;
  readonly expected: string;

  constructor(offset: number, expected: string) {
    super(expected);
    this.offset = offset;
    this.expected = expected;
  }
}

/** Runs what may throw a `DecodeFault`. */
export function decoded(bytes: Uint8Array, run: () => DecodeOutcome | string): DecodeOutcome {
  if (bytes.length > decodeLimit) return { ok: false, offset: 0, expected: 'at most 32 MB' };
  try {
    const outcome = run();
    return typeof outcome === 'string' ? { ok: true, json: new TextEncoder().encode(outcome) } : outcome;
  } catch (error) {
    if (error instanceof DecodeFault) return { ok: false, offset: error.offset, expected: error.expected };
    // Out of stack or of string length: bounded by the limits above, and no reason to lose the body.
    if (error instanceof RangeError) return { ok: false, offset: 0, expected: 'less in one value' };
    throw error;
  }
}

/** Hexadecimal, as CBOR's diagnostic notation writes bytes (RFC 8949 §8): a secret in them is known to the redactor. */
export function byteText(bytes: Uint8Array): string {
  return `h'${Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString('hex')}'`;
}

/** A number as JSON has it; what JSON has no number for is a text. */
export function numberText(value: number): string {
  if (Object.is(value, -0)) return '-0';
  return Number.isFinite(value) ? String(value) : `"${String(value)}"`;
}
