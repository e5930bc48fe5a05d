/**
 * Percent-encoding of a form body as it was written: what is encoded already stays, what cannot travel is encoded.
 * Source: dialects.md §6.1 (RC `automatic`).
 */

/** `rest-client.formParamEncodingStrategy`. */
export type FormEncoding = 'automatic' | 'never' | 'always';

/** Leaves `%XX`, `+`, `&`, `=` and the characters that may stand in a query; encodes the rest as UTF-8. */
export function toFormBody(text: string): string {
  return text.replace(/%(?![0-9a-f]{2})|[^\w.~!*'()\-+&=%;:@/?,$[\]]/giu, encode);
}

/** RC `always`: names and values as `encodeURIComponent` has them, whatever they hold. */
export function toFormBodyAlways(text: string): string {
  return text
    .split('&')
    .map((pair) => {
      const at = pair.indexOf('=');
      const parts = at < 0 ? [pair] : [pair.slice(0, at), pair.slice(at + 1)];
      return parts.map((part) => encodeURIComponent(part.toWellFormed())).join('=');
    })
    .join('&');
}

function encode(character: string): string {
  let out = '';
  for (const byte of new TextEncoder().encode(character)) out += `%${byte.toString(16).toUpperCase().padStart(2, '0')}`;
  return out;
}
