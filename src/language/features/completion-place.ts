/**
 * What a person is about to write at an offset, told from the line and what stands above it, since a line that is being
 * written seldom parses as what it will be. Pure.
 */
import { requestAt } from '../lookup.ts';
import type { RequestFile, RequestNode, Span } from '../types.ts';

export type CompletionPlace =
  /** Inside `{{…}}`; `typed` is the expression up to the cursor. */
  | { readonly kind: 'reference'; readonly typed: string; readonly replace: Span; readonly inUrl: boolean }
  | { readonly kind: 'directive-name'; readonly typed: string; readonly replace: Span }
  | { readonly kind: 'directive-value'; readonly name: string; readonly typed: string; readonly replace: Span }
  | { readonly kind: 'method'; readonly replace: Span }
  | { readonly kind: 'url'; readonly replace: Span }
  | { readonly kind: 'http-version'; readonly replace: Span }
  /** The path of an address, behind its origin. */
  | { readonly kind: 'path'; readonly method: string; readonly replace: Span }
  /** A name in a query; `url` is what stands before it, joined over its lines. */
  | { readonly kind: 'query'; readonly method: string; readonly url: string; readonly replace: Span }
  | { readonly kind: 'header-name'; readonly replace: Span; readonly hasColon: boolean }
  | { readonly kind: 'header-value'; readonly header: string; readonly replace: Span }
  /** Behind `run #`. */
  | { readonly kind: 'run-name'; readonly replace: Span }
  | { readonly kind: 'none' };

export interface PlaceAt {
  readonly place: CompletionPlace;
  readonly request: RequestNode | undefined;
}

const none: CompletionPlace = { kind: 'none' };

export function completionPlace(file: RequestFile, offset: number): PlaceAt {
  const { text } = file;
  const lineStart = Math.max(text.lastIndexOf('\n', offset - 1), text.lastIndexOf('\r', offset - 1)) + 1;
  const before = text.slice(lineStart, offset);
  const rest = /^[^\r\n]*/.exec(text.slice(offset, offset + 500))?.[0] ?? '';
  const request = requestAt(file, offset);
  const inScript = request?.scripts.some((script) => offset > script.span.start && offset < script.span.end);
  if (inScript) return { place: none, request };
  return {
    place:
      inReference(before, rest, offset) ??
      inDirective(before, rest, offset) ??
      inRun(before, rest, offset) ??
      inHead(file, request, before, rest, offset),
    request,
  };
}

function inReference(before: string, rest: string, offset: number): CompletionPlace | undefined {
  const open = before.lastIndexOf('{{');
  if (open < 0 || before.includes('}}', open)) return undefined;
  const typed = before.slice(open + 2).replace(/^\s*%?\s*/, '');
  const after = /^[\p{L}\p{N}_$-]*(?=\s*\}\}|$)/u.exec(rest)?.[0].length ?? 0;
  const inUrl = /^\s*[A-Z-]+\s+$/.test(before.slice(0, open)) || before.slice(0, open).trim() === '';
  return { kind: 'reference', typed, replace: { start: offset - typed.length, end: offset + after }, inUrl };
}

function inDirective(before: string, rest: string, offset: number): CompletionPlace | undefined {
  const found = /^\s*(?:#{1,2}|\/\/)\s*@([\w-]*)(?:(\s*=\s*|\s+)(.*))?$/.exec(before);
  if (!found) return undefined;
  const [, name = '', gap, typed = ''] = found;
  if (gap === undefined) {
    const after = /^[\w-]*/.exec(rest)?.[0].length ?? 0;
    return { kind: 'directive-name', typed: name, replace: { start: offset - name.length, end: offset + after } };
  }
  return {
    kind: 'directive-value',
    name,
    typed,
    replace: { start: offset - typed.length, end: offset + rest.trimEnd().length },
  };
}

function inRun(before: string, rest: string, offset: number): CompletionPlace | undefined {
  const typed = /^run\s+#(.*)$/.exec(before)?.[1];
  if (typed === undefined || typed.includes('(')) return undefined;
  const after = /^[^(]*/.exec(rest)?.[0].trimEnd().length ?? 0;
  return { kind: 'run-name', replace: { start: offset - typed.length, end: offset + after } };
}

function inHead(
  file: RequestFile,
  request: RequestNode | undefined,
  before: string,
  rest: string,
  offset: number,
): CompletionPlace {
  if (/^\s*(?:#|\/\/|@|<|>|\?\?)/.test(before)) return none;
  const onRequestLine = request && offset >= request.requestLine.start && offset <= request.requestLine.end + 1;
  if (
    !request ||
    offset < request.requestLine.start ||
    (onRequestLine && !/[\r\n]/.test(file.text.slice(request.requestLine.start, offset)))
  ) {
    return inRequestLine(before, offset);
  }
  const above = file.text.slice(request.requestLine.end, offset - before.length);
  if (request.curl || /(?:\r\n|\n|\r)[ \t]*(?:\r\n|\n|\r)/.test(above)) return none;
  const more = /^\s+[?&]([^?&=\s]*)$/.exec(before)?.[1];
  if (more !== undefined) {
    const { method, url } = request;
    return { kind: 'query', method, url: url.text, replace: { start: offset - more.length, end: offset } };
  }
  return inHeader(before, rest, offset);
}

function inRequestLine(before: string, offset: number): CompletionPlace {
  const word = /^\s*([A-Za-z-]*)$/.exec(before);
  if (word) return { kind: 'method', replace: { start: offset - (word[1] ?? '').length, end: offset } };
  const url = /^\s*[A-Za-z-]+\s+(\S*)$/.exec(before);
  if (url) {
    const typed = url[1] ?? '';
    if (/^\{?$/.test(typed)) return { kind: 'url', replace: { start: offset - typed.length, end: offset } };
    return inAddress(before.trim().split(/\s/, 1)[0]!.toUpperCase(), typed, offset);
  }
  const version = /^\s*[A-Za-z-]+\s+\S+\s+([A-Za-z/\d.]*)$/.exec(before);
  return version ? { kind: 'http-version', replace: { start: offset - (version[1] ?? '').length, end: offset } } : none;
}

/** `typed` is the address up to the cursor. */
function inAddress(method: string, typed: string, offset: number): CompletionPlace {
  const query = /[?&]([^?&=\s]*)$/.exec(typed);
  if (query) {
    const name = query[1] ?? '';
    const url = typed.slice(0, typed.length - name.length);
    return { kind: 'query', method, url, replace: { start: offset - name.length, end: offset } };
  }
  const path = /^(?:\{\{[^{}]*\}\}|https?:\/\/[^/\s?#]+)?(\/[^\s?#]*)$/i.exec(typed)?.[1];
  return path === undefined ? none : { kind: 'path', method, replace: { start: offset - path.length, end: offset } };
}

function inHeader(before: string, rest: string, offset: number): CompletionPlace {
  const name = /^([\w-]*)$/.exec(before);
  if (name) {
    const after = /^[\w-]*/.exec(rest)?.[0] ?? '';
    return {
      kind: 'header-name',
      replace: { start: offset - before.length, end: offset + after.length },
      hasColon: rest.slice(after.length).trimStart().startsWith(':'),
    };
  }
  const value = /^([\w-]+)\s*:\s*(.*)$/.exec(before);
  if (!value) return none;
  const typed = /[^,]*$/.exec(value[2] ?? '')?.[0].trimStart() ?? '';
  return { kind: 'header-value', header: value[1] ?? '', replace: { start: offset - typed.length, end: offset } };
}
