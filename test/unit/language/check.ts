/** The one way in which the language tests look at a parsed file: each request as a flat record of short strings. */
import { expect } from 'vitest';
import { parseRequestFile, type ParseOptions } from '../../../src/language/parse-request-file.ts';
import { parseTree, treeLeaves } from '../../../src/language/tree.ts';
import type { BodyNode, RequestFile } from '../../../src/language/types.ts';

export interface RequestSummary {
  line: number;
  protocol: string;
  method: string;
  url: string;
  version: string | null;
  /** `Name: value`. */
  headers: string[];
  kind: string | null;
  /** The body's text, includes as `‹path›`, `‹@path›`, `‹@enc path›`. */
  body: string | null;
  stripped: string[];
  name: string | null;
  title: string | null;
  /** `name=value`. */
  directives: string[];
  /** `when syntax: text`. */
  scripts: string[];
  /** `kind path`. */
  redirects: string[];
}

export interface FileSummary {
  dialect?: string;
  /** `name=value`. */
  variables?: string[];
  statements?: string[];
  /** Codes in order. */
  diagnostics?: string[];
}

export function bodyText(body: BodyNode): string {
  return body.parts
    .map((part) =>
      part.kind === 'text'
        ? part.text.text
        : `‹${part.variables ? '@' : ''}${part.encoding ? `${part.encoding} ` : ''}${part.path.text}›`,
    )
    .join('');
}

export function summarize(file: RequestFile): RequestSummary[] {
  return file.requests.map((request) => ({
    line: request.line,
    protocol: request.protocol,
    method: request.method,
    url: request.url.text,
    version: request.httpVersion,
    headers: request.headers.map((header) => `${header.name.text}: ${header.value.text}`),
    kind: request.body?.kind ?? null,
    body: request.body && bodyText(request.body),
    stripped: (request.body?.stripped ?? []).map((span) => file.text.slice(span.start, span.end)),
    name: request.name,
    title: request.title,
    directives: request.directives.map((directive) => `${directive.name}=${directive.value}`),
    scripts: request.scripts.map((script) => `${script.when} ${script.syntax}: ${script.text.trim()}`),
    redirects: request.redirects.map((redirect) => `${redirect.kind} ${redirect.path.text}`),
  }));
}

/** Parses `text`, compares what is given, and proves that nothing of the text is lost and every span is true. */
export function check(
  text: string,
  requests: readonly Partial<RequestSummary>[],
  more: FileSummary = {},
  options: ParseOptions = {},
): void {
  const file = parseRequestFile(text, options);
  const summary = summarize(file);
  expect(summary.map((request) => `${request.method} ${request.url}`)).toHaveLength(requests.length);
  requests.forEach((request, index) => expect(summary[index]).toMatchObject(request));
  if (more.dialect !== undefined) expect(file.dialect).toBe(more.dialect);
  if (more.variables)
    expect(file.variables.map((variable) => `${variable.name}=${variable.value.text}`)).toEqual(more.variables);
  if (more.statements) expect(file.statements.map((statement) => statement.text)).toEqual(more.statements);
  if (more.diagnostics) expect(file.diagnostics.map((diagnostic) => diagnostic.code)).toEqual(more.diagnostics);
  checkInvariants(text, file);
}

/** Lossless, and every template's pieces stand where they say. */
export function checkInvariants(text: string, file: RequestFile): void {
  let joined = '';
  let at = 0;
  for (const leaf of treeLeaves(parseTree(text, file))) {
    if (leaf.start !== at) throw new Error(`leaf at ${leaf.start}, expected ${at}`);
    joined += text.slice(leaf.start, leaf.end);
    at = leaf.end;
  }
  if (joined !== text) throw new Error('the leaves do not make the text');
  for (const request of file.requests) {
    const templates = [request.url, ...request.headers.flatMap((header) => [header.name, header.value])];
    for (const part of request.body?.parts ?? []) templates.push(part.kind === 'text' ? part.text : part.path);
    for (const { text: value, pieces } of templates) {
      for (const piece of pieces) {
        const source = text.slice(piece.source, piece.source + piece.length);
        if (value.slice(piece.at, piece.at + piece.length) !== source)
          throw new Error(`piece ${JSON.stringify(source)} is not in ${JSON.stringify(value)}`);
      }
    }
    if (/[\r\n]/.test(request.url.text) && !request.curl) throw new Error('a URL holds a line end');
    if (request.span.start > request.requestLine.start || request.span.end < request.requestLine.end)
      throw new Error('the request line is outside of the request');
  }
}

/** Lines joined with LF. */
export function lines(...all: string[]): string {
  return all.join('\n');
}
