/**
 * What the parser knows better than the grammar’s regular expressions: which comment-like lines of a body are sent and
 * which are not (C1), request-like lines that are text (R3), names and what each reference is. The grammar colours the
 * rest. In the order of the file, none over another, each on one line. Pure.
 */
import { canonicalDirective } from '../directives/canonical.ts';
import type { RequestFile, RequestNode, Span } from '../types.ts';
import { referencesIn, referencesOf, type PlacedReference } from './references-in-file.ts';

export const tokenTypes = ['comment', 'string', 'keyword', 'property', 'variable', 'function', 'method'] as const;
export const tokenModifiers = ['declaration', 'defaultLibrary'] as const;

export interface SemanticToken extends Span {
  readonly type: (typeof tokenTypes)[number];
  readonly modifier?: (typeof tokenModifiers)[number];
}

/** @param within only of what touches this span; the whole file when absent */
export function semanticTokens(file: RequestFile, within?: Span): readonly SemanticToken[] {
  const touches = ({ start, end }: Span): boolean => !within || (start <= within.end && end >= within.start);
  const names = new Set(file.requests.flatMap(({ name }) => name ?? []));
  const under: SemanticToken[] = [];
  const over: SemanticToken[] = [];
  for (const { span, nameSpan, value } of file.variables) {
    if (!touches(span)) continue;
    over.push({ ...nameSpan, type: 'variable', modifier: 'declaration' });
    for (const reference of referencesIn(value, undefined)) over.push(tokenOf(reference, names));
  }
  for (const request of file.requests) {
    if (!touches(request.span)) continue;
    // One by one: a call takes fewer arguments than a line can have references.
    for (const token of headTokens(request)) over.push(token);
    for (const reference of referencesOf(request)) over.push(tokenOf(reference, names));
    for (const token of bodyTokens(file, request)) under.push(token);
  }
  const upper = over.filter(({ start, end }) => end > start).sort((a, b) => a.start - b.start);
  return withoutOverlap([...under.flatMap((token) => cutOut(token, upper)), ...upper], file.text);
}

function headTokens({ methodSpan, headers, directives, curl }: RequestNode): SemanticToken[] {
  const tokens: SemanticToken[] = [];
  if (methodSpan && !curl) tokens.push({ ...methodSpan, type: 'keyword' });
  if (!curl)
    for (const { name } of headers) if (!name.text.includes('{{')) tokens.push({ ...name.span, type: 'property' });
  for (const { name, value, valueSpan } of directives) {
    if (value === '' || value.includes('{{')) continue;
    const kind = canonicalDirective(name);
    if (kind === 'name') tokens.push({ ...valueSpan, type: 'method', modifier: 'declaration' });
    else if (kind === 'ref' || kind === 'force-ref') tokens.push({ ...valueSpan, type: 'method' });
  }
  return tokens;
}

/** Lines that are not sent are comments; lines that only look like comments or requests are text. */
function bodyTokens({ text }: RequestFile, { body, curl }: RequestNode): SemanticToken[] {
  if (!body || curl) return [];
  const tokens: SemanticToken[] = body.stripped.map((span) => ({ ...span, type: 'comment' }));
  for (const part of body.parts) {
    if (part.kind !== 'text') continue;
    for (const { source, length } of part.text.pieces) {
      const piece = text.slice(source, source + length);
      for (const match of piece.matchAll(/^[ \t]*(?:#|\/\/|[A-Z]+[ \t]|@\S+[ \t]*=)[^\r\n]*/gm)) {
        const start = source + match.index;
        if (start > 0 && !/[\r\n]/.test(text[start - 1]!)) continue;
        tokens.push({ start, end: start + match[0].length, type: 'string' });
      }
    }
  }
  return tokens;
}

function tokenOf({ kind, expression, expressionSpan }: PlacedReference, names: ReadonlySet<string>): SemanticToken {
  if (kind === 'dynamic') {
    const length = /^\$[\w.-]*/.exec(expression)?.[0].length ?? 0;
    return { ...cut(expressionSpan, length), type: 'function', modifier: 'defaultLibrary' };
  }
  if (kind === 'literal' || kind === 'script' || kind === 'empty') return { ...expressionSpan, type: 'string' };
  const head = /^[^.[\s]+/.exec(expression)?.[0] ?? expression;
  if (kind === 'request' || (kind === 'path' && names.has(head)))
    return { ...cut(expressionSpan, head.length), type: 'method' };
  return { ...expressionSpan, type: 'variable' };
}

function cut({ start }: Span, length: number): Span {
  return { start, end: start + length };
}

/** What is left of a token between others that lie on it. */
function cutOut(token: SemanticToken, upper: readonly SemanticToken[]): SemanticToken[] {
  const pieces: SemanticToken[] = [];
  let from = token.start;
  for (let index = firstEndingBehind(upper, from); index < upper.length; index++) {
    const { start, end } = upper[index]!;
    if (start >= token.end) break;
    if (start > from) pieces.push({ ...token, start: from, end: start });
    from = Math.max(from, end);
  }
  if (from < token.end) pieces.push({ ...token, start: from });
  return pieces;
}

/** By bisection: they are in order, and none lies in another. */
function firstEndingBehind(tokens: readonly SemanticToken[], offset: number): number {
  let low = 0;
  let high = tokens.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if (tokens[middle]!.end > offset) high = middle;
    else low = middle + 1;
  }
  return low;
}

function withoutOverlap(tokens: readonly SemanticToken[], text: string): readonly SemanticToken[] {
  const sorted = [...tokens].sort((a, b) => a.start - b.start || a.end - b.end);
  let last = 0;
  return sorted.filter(({ start, end }) => {
    if (start < last || end <= start || /[\r\n]/.test(text.slice(start, end))) return false;
    last = end;
    return true;
  });
}
