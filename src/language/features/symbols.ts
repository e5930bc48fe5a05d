/** What the outline, the breadcrumbs and Go to Symbol list: requests by title, and the file’s variables. Source: design.md A1.1. */
import type { RequestFile, Span } from '../types.ts';

export interface FileSymbol {
  readonly kind: 'request' | 'variable';
  readonly name: string;
  readonly detail: string;
  readonly span: Span;
  /** What is selected when the symbol is chosen; inside `span`. */
  readonly selection: Span;
}

export function symbols(file: RequestFile): readonly FileSymbol[] {
  // Variables at the head of a block are beside its request, not in it: siblings must not overlap.
  const behind = new Map<number, number>();
  const lines = new Map(file.requests.map((request) => [request.block, request.line]));
  for (const { block, line, span } of file.variables) {
    if (line < (lines.get(block) ?? 0)) behind.set(block, span.end);
  }
  const requests = file.requests.map((request): FileSymbol => {
    const line = `${request.method} ${cut(request.url.text)}`;
    const title = request.title ?? request.name;
    return {
      kind: 'request',
      name: title === null || title.trim() === '' ? line : cut(title),
      detail: title === null || title.trim() === '' ? '' : line,
      span: { start: Math.max(request.span.start, behind.get(request.block) ?? 0), end: request.span.end },
      selection: request.requestLine,
    };
  });
  const variables = file.variables.map(({ name, value, span, nameSpan }): FileSymbol => ({
    kind: 'variable',
    name: `@${name}`,
    detail: cut(value.text),
    span,
    selection: nameSpan,
  }));
  return [...requests, ...variables].sort((a, b) => a.selection.start - b.selection.start);
}

function cut(text: string): string {
  const line = text.replace(/\s+/g, ' ').trim();
  return line.length > 80 ? `${line.slice(0, 79)}…` : line;
}
