/**
 * From text with known secret spans to `Shown` pieces, and the only place where the two meet. It does not find
 * secrets: the redactor that is passed in does. Source: design.md E10.1.
 */
import type { Piece, Shown } from './model.ts';

/** A secret in a text, by UTF-16 offsets, and what stands there. */
export interface SecretSpan {
  readonly start: number;
  readonly end: number;
  readonly label: string;
}

/** Where live secrets stand in a text, in order and without overlap. The panel gets it from the redactor. */
export type FindSecrets = (text: string) => readonly SecretSpan[];

/** Both what the caller already knows to be secret and what the redactor finds, as pieces. */
export function toShown(
  value: { readonly text: string; readonly secrets: readonly SecretSpan[] },
  find: FindSecrets,
): Shown {
  return piecesOf(value.text, mergeSpans(value.secrets, find(value.text)));
}

export function shownText(text: string, find: FindSecrets): Shown {
  return text === '' ? [] : piecesOf(text, mergeSpans([], find(text)));
}

/** The beginning of a text: hidden first, cut after, so that no part of a secret stands at the cut. */
export function shownStart(text: string, find: FindSecrets, limit: number): Shown {
  return sliceShown(text, mergeSpans([], find(text)), 0, Math.min(limit, text.length));
}

/** Hides first, cuts after: a secret at the cut is a chip or outside. */
export function cutShown(
  text: string,
  find: FindSecrets,
  limit: number,
): { readonly shown: Shown; readonly cut: boolean } {
  return { shown: sliceShown(text, find(text), 0, Math.min(limit, text.length)), cut: text.length > limit };
}

/** A copy of plain data with the secrets in its texts as dots: the last look before something is posted. */
export function maskedData<T>(data: T, find: FindSecrets): T {
  if (typeof data === 'string') return (find(data).length === 0 ? data : maskedText(data, find)) as T;
  if (Array.isArray(data)) return data.map((item: unknown) => maskedData(item, find)) as T;
  if (typeof data !== 'object' || data === null) return data;
  return Object.fromEntries(Object.entries(data).map(([key, value]) => [key, maskedData(value as unknown, find)])) as T;
}

/** As plain text with dots, for a place that cannot draw a chip: a clipboard, a title. */
export function maskedText(text: string, find: FindSecrets): string {
  return plainText(shownText(text, find));
}

/** The part [from, to) of a text as pieces; a secret that straddles an end is shown where it begins, or not at all. */
export function sliceShown(text: string, secrets: readonly SecretSpan[], from: number, to: number): Shown {
  const pieces: Piece[] = [];
  let at = from;
  for (const span of secrets) {
    if (span.end <= from) continue;
    if (span.start >= to) break;
    if (span.start > at) pieces.push(text.slice(at, span.start));
    if (span.start >= from) pieces.push({ hidden: span.label });
    at = Math.min(span.end, to);
  }
  if (at < to) pieces.push(text.slice(at, to));
  return pieces;
}

export function countHidden(...texts: readonly Shown[]): number {
  let count = 0;
  for (const pieces of texts) for (const piece of pieces) if (typeof piece !== 'string') count += 1;
  return count;
}

/** The pieces as text, chips as dots. */
export function plainText(pieces: Shown): string {
  return pieces.map((piece) => (typeof piece === 'string' ? piece : '••••')).join('');
}

/** Sorted, joined where they overlap, so that no part of a secret stands between two spans. */
export function mergeSpans(a: readonly SecretSpan[], b: readonly SecretSpan[]): readonly SecretSpan[] {
  if (a.length + b.length === 0) return a;
  const sorted = [...a, ...b].filter((span) => span.end > span.start).sort((x, y) => x.start - y.start);
  const merged: SecretSpan[] = [];
  for (const span of sorted) {
    const last = merged.at(-1);
    if (last && span.start < last.end) {
      merged[merged.length - 1] = { ...last, end: Math.max(last.end, span.end) };
    } else merged.push(span);
  }
  return merged;
}

function piecesOf(text: string, secrets: readonly SecretSpan[]): Shown {
  return sliceShown(text, secrets, 0, text.length);
}
