/**
 * Names and places as they stand in messages: capped, without control characters, and the closest known names.
 */
import type { Place } from '../errors/countersign-error.ts';
import type { Template } from '../language/types.ts';
import type { VariableContext } from './types.ts';

/** A name from a file, safe to stand in a sentence. */
export function shownName(name: string, length = 60): string {
  const clean = name.toWellFormed().replace(/[\p{C}\p{Zl}\p{Zp}]/gu, '�');
  return clean.length > length ? `${clean.slice(0, length - 1).toWellFormed()}…` : clean;
}

/** The last part of a path, for either separator. */
export function baseName(path: string): string {
  return path.slice(Math.max(path.lastIndexOf('/'), path.lastIndexOf('\\')) + 1);
}

/** Where `start`–`end` of a template stand in the source, through its pieces. */
export function placeInTemplate(template: Template, start: number, end: number): { start: number; end: number } {
  const from = toSource(template, start);
  const last = toSource(template, Math.max(start, end - 1));
  return { start: from, end: Math.max(from, last + (end > start ? 1 : 0)) };
}

function toSource(template: Template, offset: number): number {
  for (const piece of template.pieces) {
    if (offset >= piece.at && offset < piece.at + piece.length) return piece.source + (offset - piece.at);
  }
  return template.pieces.length === 0 ? template.span.start + offset : template.span.start;
}

/** A place in the request file with its 1-based line and column. */
export function placeInFile(context: VariableContext, start: number, end: number): Place {
  const before = context.file.text.slice(0, start);
  const lineStart = before.lastIndexOf('\n') + 1;
  let line = 1;
  for (let at = before.indexOf('\n'); at >= 0; at = before.indexOf('\n', at + 1)) line += 1;
  return {
    ...(context.path === undefined ? {} : { file: context.path }),
    start,
    end,
    line,
    column: start - lineStart + 1,
  };
}

/** At most three known names that a mistyped name may have meant, nearest first. */
export function closestNames(name: string, known: Iterable<string>): readonly string[] {
  const wanted = fold(name);
  if (wanted.length === 0 || wanted.length > 100) return [];
  const limit = Math.max(1, Math.min(3, Math.floor(wanted.length / 3)));
  const found: { readonly name: string; readonly distance: number }[] = [];
  let looked = 0;
  for (const candidate of new Set(known)) {
    if ((looked += 1) > 5000) break;
    if (candidate === name || candidate.length > 100) continue;
    const distance = editDistance(wanted, fold(candidate), limit);
    if (distance <= limit) found.push({ name: candidate, distance });
  }
  found.sort((a, b) => a.distance - b.distance || (a.name < b.name ? -1 : 1));
  return found.slice(0, 3).map((one) => one.name);
}

/** `baseUrl`, `base_url` and `BASE-URL` are the same word to a person who mistypes. */
function fold(name: string): string {
  return name.toLowerCase().replace(/[-_.]/g, '');
}

/** Insertions, deletions, replacements and swaps of neighbours; gives up above `limit`. */
function editDistance(a: string, b: string, limit: number): number {
  if (Math.abs(a.length - b.length) > limit) return limit + 1;
  let older: number[] = [];
  let previous = Array.from({ length: b.length + 1 }, (_, index) => index);
  for (let i = 1; i <= a.length; i += 1) {
    const row = [i];
    for (let j = 1; j <= b.length; j += 1) {
      let cost = Math.min(previous[j]! + 1, row[j - 1]! + 1, previous[j - 1]! + (a[i - 1] === b[j - 1] ? 0 : 1));
      if (i > 1 && j > 1 && a[i - 1] === b[j - 2] && a[i - 2] === b[j - 1]) {
        cost = Math.min(cost, older[j - 2]! + 1);
      }
      row.push(cost);
    }
    older = previous;
    previous = row;
  }
  return previous[b.length]!;
}
