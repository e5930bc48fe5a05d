/**
 * Percent-encoding of a form body as it was written: what is encoded already stays, what cannot travel is encoded.
 * Source: dialects.md §6.1 (RC `automatic`).
 */

/** Leaves `%XX`, `+`, `&`, `=` and the characters that may stand in a query; encodes the rest as UTF-8. */
export function toFormBody(text: string): string {
  return text.replace(/%(?![0-9a-f]{2})|[^\w.~!*'()\-+&=%;:@/?,$[\]]/giu, encode);
}

function encode(character: string): string {
  let out = '';
  for (const byte of new TextEncoder().encode(character)) out += `%${byte.toString(16).toUpperCase().padStart(2, '0')}`;
  return out;
}
