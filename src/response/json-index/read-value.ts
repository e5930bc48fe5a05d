/**
 * Reading single values out of an index: kind, name, text as written, children, ends, and the preview of a closed
 * container. Strings are unescaped leniently (a lone surrogate is kept); numbers stay as written. Pure.
 */
import { skipScalar, skipString, type JsonIndex } from './index-json.ts';

export type JsonKind = 'object' | 'array' | 'string' | 'number' | 'boolean' | 'null';

export function kindOf(index: JsonIndex, node: number): JsonKind {
  if (index.sequence && node === 0) return 'array';
  switch (index.bytes[index.start[node] as number]) {
    case 0x7b:
      return 'object';
    case 0x5b:
      return 'array';
    case 0x22:
      return 'string';
    case 0x74:
    case 0x66:
      return 'boolean';
    case 0x6e:
      return 'null';
    default:
      return 'number';
  }
}

export function isContainer(index: JsonIndex, node: number): boolean {
  const kind = kindOf(index, node);
  return kind === 'object' || kind === 'array';
}

/** The numbers of the direct children, `from` to `to` (by position). */
export function childrenOf(index: JsonIndex, node: number, from = 0, to = Number.POSITIVE_INFINITY): Uint32Array {
  const found: number[] = [];
  const end = index.next[node] as number;
  let position = 0;
  for (let child = node + 1; child < end && position < to; child = index.next[child] as number) {
    if (position >= from) found.push(child);
    position += 1;
  }
  return Uint32Array.from(found);
}

export function countChildren(index: JsonIndex, node: number): number {
  const { next } = index;
  const end = next[node] as number;
  let count = 0;
  for (let child = node + 1; child < end; child = next[child] as number) count += 1;
  return count;
}

/** The offset after a value. */
export function endOf(index: JsonIndex, node: number): number {
  const { bytes } = index;
  if (index.sequence && node === 0) return bytes.length;
  const start = index.start[node] as number;
  const kind = kindOf(index, node);
  if (kind === 'string') return skipString(bytes, start, bytes.length);
  if (kind !== 'object' && kind !== 'array') return skipScalar(bytes, start, bytes.length);
  // The last descendant is the value before `next`; from its end, close what it closes.
  let open = 1;
  let at = start + 1;
  const last = (index.next[node] as number) - 1;
  if (last > node) {
    at = isContainer(index, last) ? (index.start[last] as number) : endOf(index, last);
    open = depthBetween(index, node, last);
  }
  while (open > 0 && at < bytes.length) {
    const byte = bytes[at];
    if (byte === 0x7b || byte === 0x5b) open += 1;
    else if (byte === 0x7d || byte === 0x5d) open -= 1;
    at += 1;
  }
  return at;
}

/** How many containers are open at `inner`, counted from `outer` (which counts as one). */
function depthBetween(index: JsonIndex, outer: number, inner: number): number {
  let depth = 0;
  let node = outer;
  while (node !== inner) {
    depth += 1;
    node = childHolding(index, node, inner);
  }
  return depth;
}

/** The direct child of `parent` that is `node` or holds it. */
export function childHolding(index: JsonIndex, parent: number, node: number): number {
  let child = parent + 1;
  while ((index.next[child] as number) <= node) child = index.next[child] as number;
  return child;
}

/** Values from the root to a value, both included. */
export function pathTo(index: JsonIndex, node: number): number[] {
  const path = [0];
  let at = 0;
  while (at !== node) {
    at = childHolding(index, at, node);
    path.push(at);
  }
  return path;
}

export function keyOf(index: JsonIndex, node: number, limit = Number.POSITIVE_INFINITY): string | undefined {
  const open = index.keyStart[node] as number;
  if (open === 0) return undefined;
  return unquote(index.bytes, open, skipString(index.bytes, open, index.bytes.length), limit).text;
}

export interface Scalar {
  readonly text: string;
  /** Characters left out at the end. */
  readonly cut: boolean;
  /** Bytes of the whole. */
  readonly bytes: number;
}

/** A string without its quotes and escapes, or a number, boolean or null as written; at most about `limit` characters. */
export function scalarOf(index: JsonIndex, node: number, limit: number): Scalar {
  const start = index.start[node] as number;
  const end = endOf(index, node);
  if (index.bytes[start] === 0x22) return { ...unquote(index.bytes, start, end, limit), bytes: end - start - 2 };
  const cut = end - start > limit;
  return { text: utf8(index.bytes, start, cut ? start + limit : end), cut, bytes: end - start };
}

const decoder = new TextDecoder('utf-8', { ignoreBOM: true });

export function utf8(bytes: Uint8Array, start: number, end: number): string {
  return decoder.decode(bytes.subarray(start, end));
}

function unquote(bytes: Uint8Array, open: number, end: number, limit: number): { text: string; cut: boolean } {
  let stop = end - 1;
  let cut = false;
  if (stop - open - 1 > limit * 6) {
    // Not inside a multi-byte character; a broken escape at the end is dropped below.
    stop = open + 1 + limit * 6;
    while (((bytes[stop] as number) & 0xc0) === 0x80) stop -= 1;
    cut = true;
  }
  const raw = utf8(bytes, open + 1, stop);
  let text = raw.includes('\\') ? unescape(raw) : raw;
  if (text.length > limit) {
    text = text.slice(0, limit);
    cut = true;
  }
  return { text, cut };
}

const plainEscapes: Readonly<Record<string, string>> = { b: '\b', f: '\f', n: '\n', r: '\r', t: '\t' };

function unescape(raw: string): string {
  return raw.replace(/\\(?:u([0-9a-fA-F]{4})|(.)|$)/gs, (whole, hex: string | undefined, char: string | undefined) => {
    if (hex !== undefined) return String.fromCharCode(Number.parseInt(hex, 16));
    if (char === undefined) return '';
    return char === 'u' ? whole : (plainEscapes[char] ?? char);
  });
}

const telling = ['id', 'name', 'title', 'status', 'type', 'key', 'code'];

export interface PreviewMember {
  readonly key: string | undefined;
  readonly kind: JsonKind;
  readonly text: string;
}

/** The members that tell most about a closed container: known names first, then the first scalars; two at most. */
export function previewOf(index: JsonIndex, node: number, characters: number): PreviewMember[] {
  const members: { readonly member: PreviewMember; readonly rank: number }[] = [];
  let seen = 0;
  for (const child of childrenOf(index, node, 0, 24)) {
    seen += 1;
    if (isContainer(index, child)) continue;
    const key = keyOf(index, child, 60);
    const rank =
      key === undefined
        ? 100 + seen
        : telling.includes(key.toLowerCase())
          ? telling.indexOf(key.toLowerCase())
          : 100 + seen;
    members.push({ member: { key, kind: kindOf(index, child), text: scalarOf(index, child, characters).text }, rank });
  }
  const two = [...members].sort((a, b) => a.rank - b.rank).slice(0, 2);
  return two.map(({ member }) => member);
}
