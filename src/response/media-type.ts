/**
 * What a body is: media type and charset from the header (RFC 9110 §8.3), a byte-order mark, an XML or HTML
 * declaration, and the first bytes where the header says nothing useful. It decides nothing about how it is shown.
 */

export interface MediaType {
  /** `application/json`, lower case; `application/octet-stream` when the server named none. */
  readonly essence: string;
  /** Structured-syntax suffix (RFC 6839): `json` of `application/problem+json`. */
  readonly suffix: string | undefined;
  readonly parameters: ReadonlyMap<string, string>;
}

/** Parses a Content-Type value; never throws. */
export function parseMediaType(value: string | undefined): MediaType {
  const parts = /^\s*([^\s;,/]+\/[^\s;,]+)\s*(;.*)?$/s.exec(value ?? '');
  const essence = (parts?.[1] ?? 'application/octet-stream').toLowerCase();
  const parameters = new Map<string, string>();
  for (const match of (parts?.[2] ?? '').matchAll(/;\s*([^\s=;]+)\s*=\s*(?:"((?:[^"\\]|\\.)*)"|([^\s;]*))/g)) {
    const name = (match[1] as string).toLowerCase();
    if (!parameters.has(name)) parameters.set(name, match[3] ?? (match[2] as string).replace(/\\(.)/g, '$1'));
  }
  return { essence, suffix: /\+([^+]+)$/.exec(essence)?.[1], parameters };
}

export interface Charset {
  /** A label that `TextDecoder` knows. */
  readonly label: string;
  /** Bytes of the byte-order mark to skip. */
  readonly skip: number;
  /** What the server named, when nothing knows it. */
  readonly unknown?: string;
}

/** Byte-order mark first, then the header, then a declaration in the first kilobyte, then UTF-8. */
export function detectCharset(type: MediaType, head: Uint8Array): Charset {
  if (head[0] === 0xef && head[1] === 0xbb && head[2] === 0xbf) return { label: 'utf-8', skip: 3 };
  if (head[0] === 0xff && head[1] === 0xfe) return { label: 'utf-16le', skip: 2 };
  if (head[0] === 0xfe && head[1] === 0xff) return { label: 'utf-16be', skip: 2 };
  const named = type.parameters.get('charset') ?? declaredCharset(type, head);
  if (named === undefined || named.trim() === '') return { label: 'utf-8', skip: 0 };
  const label = knownCharset(named);
  return label === undefined ? { label: 'utf-8', skip: 0, unknown: named.slice(0, 40) } : { label, skip: 0 };
}

function knownCharset(name: string): string | undefined {
  try {
    return new TextDecoder(name.trim()).encoding;
  } catch {
    return undefined;
  }
}

function declaredCharset(type: MediaType, head: Uint8Array): string | undefined {
  if (!/xml|html/.test(type.essence)) return undefined;
  const start = new TextDecoder('latin1').decode(head.subarray(0, 1024));
  return (
    /^\s*<\?xml[^>]*\sencoding\s*=\s*["']([^"']+)["']/i.exec(start)?.[1] ??
    /<meta[^>]+charset\s*=\s*["']?([^\s"'/>;]+)/i.exec(start)?.[1]
  );
}

const signatures: readonly (readonly [name: string, bytes: readonly number[], offset?: number])[] = [
  ['image/png', [0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a]],
  ['image/jpeg', [0xff, 0xd8, 0xff]],
  ['image/gif', [0x47, 0x49, 0x46, 0x38]],
  ['image/webp', [0x57, 0x45, 0x42, 0x50], 8],
  ['application/pdf', [0x25, 0x50, 0x44, 0x46, 0x2d]],
  ['application/gzip', [0x1f, 0x8b]],
  ['application/zip', [0x50, 0x4b, 0x03, 0x04]],
  ['application/zstd', [0x28, 0xb5, 0x2f, 0xfd]],
  ['application/wasm', [0x00, 0x61, 0x73, 0x6d]],
  ['application/vnd.sqlite3', [0x53, 0x51, 0x4c, 0x69, 0x74, 0x65]],
];

/** The media type that the first bytes tell, or undefined. */
export function sniffMediaType(head: Uint8Array): string | undefined {
  return signatures.find(([, bytes, offset = 0]) => bytes.every((byte, i) => head[offset + i] === byte))?.[0];
}

/** Whether the first bytes read as text: no NUL and hardly any control characters. */
export function looksLikeText(head: Uint8Array): boolean {
  if (head[0] === 0xff && head[1] === 0xfe) return true;
  if (head[0] === 0xfe && head[1] === 0xff) return true;
  let strange = 0;
  for (const byte of head) {
    if (byte === 0) return false;
    if (byte < 0x20 && byte !== 9 && byte !== 10 && byte !== 13 && byte !== 12 && byte !== 27) strange += 1;
  }
  if (strange * 20 > head.length) return false;
  return isUtf8(head) || strange === 0;
}

function isUtf8(bytes: Uint8Array): boolean {
  try {
    new TextDecoder('utf-8', { fatal: true }).decode(bytes, { stream: true });
    return true;
  } catch {
    return false;
  }
}
