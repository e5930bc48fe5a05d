/**
 * Takes a request line and its continuation lines apart: method, URL and HTTP version. Pure; the URL keeps its
 * placeholders and is not encoded. Source: dialects.md §4, R1, R2, R4.
 */
import { methodProtocol, schemeProtocol } from './methods.ts';
import { endsWithVersion, isSpace, isTarget, looksLikeUrl, skipSpace, trimEnd } from './scan/line-shapes.ts';
import { TemplateBuilder, templateOf } from './template-builder.ts';
import type { RequestProtocol, Span, Template } from './types.ts';

export interface RequestTarget {
  readonly method: string;
  readonly methodSpan: Span | null;
  readonly url: Template;
  readonly httpVersion: string | null;
  readonly versionSpan: Span | null;
  readonly protocol: RequestProtocol;
}

const version = /(?:^|\s)(HTTP\/\d(?:\.\d)?(?:\s*\(Prior Knowledge\))?)$/i;

/** @param line the request line; `parts` its continuation lines; all as ranges of the source. */
export function parseRequestTarget(source: string, line: Span, parts: readonly Span[]): RequestTarget {
  let start = skipSpace(source, line.start, line.end);
  let end = trimEnd(source, start, line.end);
  let methodSpan: Span | null = null;
  let wordEnd = start;
  while (wordEnd < end && isWordCode(source.charCodeAt(wordEnd))) wordEnd++;
  if (wordEnd > start && (wordEnd === end || isSpace(source.charCodeAt(wordEnd)))) {
    const rest = skipSpace(source, wordEnd, end);
    if (isVerb(source.slice(start, wordEnd), source, rest, end)) {
      methodSpan = { start, end: wordEnd };
      start = rest;
    }
  }
  let httpVersion: string | null = null;
  let versionSpan: Span | null = null;
  const takeVersion = (from: number, to: number): number => {
    if (!endsWithVersion(source, from, to)) return to;
    const match = version.exec(source.slice(from, to));
    if (!match) return to;
    httpVersion = normalVersion(match[1]!);
    versionSpan = { start: to - match[1]!.length, end: to };
    return trimEnd(source, from, to - match[1]!.length);
  };
  end = takeVersion(start, end);
  const url = parts.length === 0 ? templateOf(source, start, end) : joined(source, { start, end }, parts, takeVersion);
  const method = methodSpan === null ? 'GET' : source.slice(methodSpan.start, methodSpan.end).toUpperCase();
  const verb = methodProtocol(method) ?? 'http';
  return {
    method,
    methodSpan,
    url,
    httpVersion,
    versionSpan,
    protocol: verb === 'http' ? (schemeProtocol(url.text) ?? 'http') : verb,
  };
}

/** The URL over several lines, their indentation left out; a version may stand at the end of the last. */
function joined(
  source: string,
  first: Span,
  parts: readonly Span[],
  cut: (from: number, to: number) => number,
): Template {
  const builder = new TemplateBuilder(source).add(first.start, first.end);
  for (const part of parts) {
    const from = skipSpace(source, part.start, part.end);
    builder.add(from, cut(from, trimEnd(source, from, part.end)));
  }
  return builder.build(undefined, first.start);
}

function isWordCode(code: number): boolean {
  return (
    (code >= 65 && code <= 90) ||
    (code >= 97 && code <= 122) ||
    (code >= 48 && code <= 57) ||
    code === 45 ||
    code === 95
  );
}

function isVerb(word: string, source: string, rest: number, end: number): boolean {
  const upper = word.toUpperCase();
  const known = methodProtocol(upper) !== undefined;
  if (word === upper && /^[A-Z]/.test(word)) return known || (rest < end && looksLikeUrl(source.slice(rest, end)));
  return known && isTarget(source.slice(rest, end));
}

/** `HTTP/1.1`, `HTTP/2`, upper case, single spaces. */
function normalVersion(text: string): string {
  return text.replace(/\s*\(prior knowledge\)/i, ' (Prior Knowledge)').replace(/^http/i, 'HTTP');
}
