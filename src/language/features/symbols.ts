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
  const requests = file.requests.map((request): FileSymbol => {
    const line = `${request.method} ${cut(request.url.text)}`;
    const title = request.title ?? request.name;
    return {
      kind: 'request',
      name: title === null || title.trim() === '' ? line : cut(title),
      detail: title === null || title.trim() === '' ? '' : line,
      span: request.span,
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
  return [...requests, ...variables].sort((a, b) => a.span.start - b.span.start);
}

function cut(text: string): string {
  const line = text.replace(/\s+/g, ' ').trim();
  return line.length > 80 ? `${line.slice(0, 79)}…` : line;
}
