/**
 * What stands at an offset: the request, the variable, the header, the node. For editor features and for sending
 * the request under the cursor. Offsets are UTF-16 code units.
 */
import type {
  BodyPart,
  DirectiveNode,
  HeaderNode,
  RedirectNode,
  RequestFile,
  RequestNode,
  ScriptNode,
  Span,
  StatementNode,
  VariableNode,
} from './types.ts';

export type NodeAt =
  | { readonly kind: 'variable'; readonly variable: VariableNode }
  | { readonly kind: 'statement'; readonly statement: StatementNode }
  | { readonly kind: 'directive'; readonly directive: DirectiveNode; readonly request: RequestNode }
  | { readonly kind: 'script'; readonly script: ScriptNode; readonly request: RequestNode }
  | { readonly kind: 'method' | 'url'; readonly request: RequestNode }
  | {
      readonly kind: 'header';
      readonly header: HeaderNode;
      readonly part: 'name' | 'value';
      readonly request: RequestNode;
    }
  | { readonly kind: 'body'; readonly part: BodyPart; readonly request: RequestNode }
  | { readonly kind: 'redirect'; readonly redirect: RedirectNode; readonly request: RequestNode }
  | { readonly kind: 'request'; readonly request: RequestNode }
  | { readonly kind: 'none' };

/** True when an offset is in a span or at its end. */
export function touches(span: Span, offset: number): boolean {
  return offset >= span.start && offset <= span.end;
}

/** The request whose block the offset is in; the offset after the last character belongs to the last request. */
export function requestAt(file: RequestFile, offset: number): RequestNode | undefined {
  const { requests } = file;
  let low = 0;
  let high = requests.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if (requests[middle]!.span.start <= offset) low = middle + 1;
    else high = middle;
  }
  const request = requests[low - 1];
  if (!request) return undefined;
  const { end } = request.span;
  return offset < end || (offset === end && end === file.text.length) ? request : undefined;
}

/** The variable definition on whose line the offset is. */
export function variableAt(file: RequestFile, offset: number): VariableNode | undefined {
  const { variables } = file;
  let low = 0;
  let high = variables.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if (variables[middle]!.span.start <= offset) low = middle + 1;
    else high = middle;
  }
  const variable = variables[low - 1];
  return variable && touches(variable.span, offset) ? variable : undefined;
}

export function headerAt(file: RequestFile, offset: number): HeaderNode | undefined {
  const request = requestAt(file, offset);
  return request?.headers.find((header) => touches(header.span, offset));
}

/** The innermost node at an offset. */
export function nodeAt(file: RequestFile, offset: number): NodeAt {
  const variable = variableAt(file, offset);
  if (variable) return { kind: 'variable', variable };
  const statement = file.statements.find((entry) => touches(entry.span, offset));
  if (statement) return { kind: 'statement', statement };
  const request = requestAt(file, offset);
  if (!request) return { kind: 'none' };
  const directive = request.directives.find((entry) => touches(entry.span, offset));
  if (directive) return { kind: 'directive', directive, request };
  const script = request.scripts.find((entry) => touches(entry.span, offset));
  if (script) return { kind: 'script', script, request };
  if (request.methodSpan && touches(request.methodSpan, offset)) return { kind: 'method', request };
  if (touches(request.url.span, offset)) return { kind: 'url', request };
  const header = request.headers.find((entry) => touches(entry.span, offset));
  if (header) return { kind: 'header', header, part: offset <= header.name.span.end ? 'name' : 'value', request };
  const redirect = request.redirects.find((entry) => touches(entry.span, offset));
  if (redirect) return { kind: 'redirect', redirect, request };
  const part = request.body?.parts.find((entry) =>
    touches(entry.kind === 'text' ? entry.text.span : entry.span, offset),
  );
  if (part) return { kind: 'body', part, request };
  return { kind: 'request', request };
}
