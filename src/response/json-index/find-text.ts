/**
 * Finds text in UTF-8 bytes and gives byte offsets, without decoding the whole: fixed text by byte patterns (also in
 * the escaped forms JSON allows), words and regular expressions chunk by chunk. It knows nothing of rows. Pure; a
 * regular expression can take long, so the caller runs it where it can be ended.
 */
import { Buffer } from 'node:buffer';

export interface FindQuery {
  readonly text: string;
  readonly caseSensitive: boolean;
  readonly word: boolean;
  readonly regex: boolean;
}

export type FindOutcome =
  | { readonly ok: true; readonly offsets: Uint32Array; readonly more: boolean }
  | { readonly ok: false; readonly message: string };

export const mostMatches = 1_000_000;
const chunkBytes = 1 << 20;
const overlapBytes = 1 << 12;

/** @param json also look for the forms that JSON's escapes give the text */
export function findText(bytes: Uint8Array, query: FindQuery, json: boolean): FindOutcome {
  if (query.text === '') return { ok: true, offsets: new Uint32Array(0), more: false };
  const patterns = query.regex || query.word ? undefined : bytePatterns(query, json);
  if (patterns) return findPatterns(bytes, patterns);
  let expression: RegExp;
  try {
    const source = query.regex ? query.text : query.text.replace(/[\\^$.*+?()[\]{}|/]/g, '\\$&');
    const bounded = query.word ? `(?<![\\p{L}\\p{N}_])(?:${source})(?![\\p{L}\\p{N}_])` : source;
    expression = new RegExp(bounded, `gmu${query.caseSensitive ? '' : 'i'}`);
  } catch (error) {
    return { ok: false, message: sentenceOf(error) };
  }
  return findExpression(bytes, expression);
}

/** Each position is a set of bytes: one, or the two cases of an ASCII letter. Undefined when case folding needs more. */
function bytePatterns(query: FindQuery, json: boolean): Uint8Array[] | undefined {
  if (!query.caseSensitive && /[^\0-\x7f]/.test(query.text)) return undefined;
  const forms = new Set([query.text]);
  if (json) {
    const escaped = JSON.stringify(query.text).slice(1, -1);
    forms.add(escaped);
    forms.add(escaped.replaceAll('/', '\\/'));
    const lower = escaped.replace(/[^\0-\x7f]/g, (c) => `\\u${c.charCodeAt(0).toString(16).padStart(4, '0')}`);
    forms.add(lower);
    forms.add(lower.replace(/\\u[0-9a-f]{4}/g, (c) => `\\u${c.slice(2).toUpperCase()}`));
  }
  const all = [...forms].map((form) => Buffer.from(form, 'utf8'));
  return query.caseSensitive ? all : all.map((form) => lowered(form));
}

function lowered(bytes: Uint8Array): Uint8Array {
  return bytes.map((byte) => (byte >= 0x41 && byte <= 0x5a ? byte | 0x20 : byte));
}

function findPatterns(bytes: Uint8Array, patterns: readonly Uint8Array[]): FindOutcome {
  const buffer = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const lists = patterns.map((pattern) => findOne(buffer, pattern));
  const all = lists.length === 1 ? (lists[0] as number[]) : [...new Set(lists.flat())].sort((a, b) => a - b);
  return { ok: true, offsets: Uint32Array.from(all.slice(0, mostMatches)), more: all.length > mostMatches };
}

/** By the rarest-looking byte of the pattern, with the engine's own byte search; both cases of a letter are tried. */
function findOne(buffer: Buffer, pattern: Uint8Array): number[] {
  const found: number[] = [];
  const length = pattern.length;
  const exact = Buffer.from(pattern);
  const letters = pattern.some((byte) => byte >= 0x61 && byte <= 0x7a);
  if (!letters) {
    for (
      let at = buffer.indexOf(exact);
      at >= 0 && found.length <= mostMatches;
      at = buffer.indexOf(exact, at + length)
    ) {
      found.push(at);
    }
    return found;
  }
  const anchor = rarest(pattern);
  const want = pattern[anchor] as number;
  const upper = want >= 0x61 && want <= 0x7a ? want & ~0x20 : want;
  let low = buffer.indexOf(want, anchor);
  let high = upper === want ? -1 : buffer.indexOf(upper, anchor);
  while ((low >= 0 || high >= 0) && found.length <= mostMatches) {
    const at = low >= 0 && (high < 0 || low < high) ? low : high;
    const start = at - anchor;
    const match = matchesAt(buffer, start, pattern);
    if (match) found.push(start);
    const from = match ? start + length + anchor : at + 1;
    if (low >= 0 && low < from) low = buffer.indexOf(want, from);
    if (high >= 0 && high < from) high = buffer.indexOf(upper, from);
  }
  return found;
}

function matchesAt(buffer: Buffer, start: number, pattern: Uint8Array): boolean {
  if (start + pattern.length > buffer.length) return false;
  for (let i = 0; i < pattern.length; i++) {
    let byte = buffer[start + i] as number;
    if (byte >= 0x41 && byte <= 0x5a) byte |= 0x20;
    if (byte !== pattern[i]) return false;
  }
  return true;
}

// How common a character is in the JSON and text of APIs, commonest first.
const commonest = '"e,: tainosrdlcumphg0_1-{}2.b345y6f7v89w/kxzjq';

function rarest(pattern: Uint8Array): number {
  let best = 0;
  let bestRank = -1;
  for (const [i, byte] of pattern.entries()) {
    const place = commonest.indexOf(String.fromCharCode(byte));
    const rank = place < 0 ? commonest.length : place;
    if (rank > bestRank) {
      best = i;
      bestRank = rank;
    }
  }
  return best;
}

function findExpression(bytes: Uint8Array, expression: RegExp): FindOutcome {
  const found: number[] = [];
  let from = 0;
  while (from < bytes.length && found.length <= mostMatches) {
    const to = characterStart(bytes, Math.min(bytes.length, from + chunkBytes));
    const until = characterStart(bytes, Math.min(bytes.length, to + overlapBytes));
    const text = Buffer.from(bytes.buffer, bytes.byteOffset + from, until - from).toString('utf8');
    expression.lastIndex = 0;
    let offset = from;
    let measured = 0;
    for (let match = expression.exec(text); match; match = expression.exec(text)) {
      if (match[0] === '') {
        expression.lastIndex += 1;
        continue;
      }
      offset += Buffer.byteLength(text.slice(measured, match.index));
      measured = match.index;
      if (offset >= to) break;
      if (offset > (found.at(-1) ?? -1)) found.push(offset);
    }
    from = to;
  }
  return { ok: true, offsets: Uint32Array.from(found.slice(0, mostMatches)), more: found.length > mostMatches };
}

function characterStart(bytes: Uint8Array, at: number): number {
  let start = at;
  while (start < bytes.length && ((bytes[start] as number) & 0xc0) === 0x80) start += 1;
  return start;
}

function sentenceOf(error: unknown): string {
  const text = error instanceof Error ? error.message : '';
  const reason = /:\s*([^:]+)$/.exec(text)?.[1] ?? 'it cannot be read';
  return `This is not a regular expression: ${reason.charAt(0).toLowerCase()}${reason.slice(1)}.`;
}
