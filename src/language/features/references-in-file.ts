/**
 * Every `{{…}}` of a request file with the place where it stands in the source. Positions are read through the pieces
 * of each template, so that joined lines stay true. Pure; what a reference means is not looked at.
 */
import { templateReferences, type TemplateReference } from '../template-references.ts';
import type { RequestFile, RequestNode, Span, Template } from '../types.ts';

export interface PlacedReference extends Pick<TemplateReference, 'expression' | 'kind' | 'encoded'> {
  /** In the source, braces included. */
  readonly span: Span;
  /** The expression alone. */
  readonly expressionSpan: Span;
  /** The request it stands in; undefined for a file variable's value. */
  readonly request: number | undefined;
}

/** The templates of a request, in the order of the file. */
export function templatesOf(request: RequestNode): readonly Template[] {
  const found: Template[] = [request.url];
  for (const header of request.headers) found.push(header.name, header.value);
  for (const part of request.body?.parts ?? []) found.push(part.kind === 'text' ? part.text : part.path);
  for (const redirect of request.redirects) found.push(redirect.path);
  return found;
}

export function referencesIn(template: Template, request: number | undefined): readonly PlacedReference[] {
  if (!template.text.includes('{{')) return [];
  return templateReferences(template.text).map((found) => ({
    expression: found.expression,
    kind: found.kind,
    encoded: found.encoded,
    request,
    span: toSource(template, found.start, found.end),
    expressionSpan: toSource(template, found.expressionStart, found.expressionStart + found.expression.length),
  }));
}

export function referencesOf(request: RequestNode): readonly PlacedReference[] {
  return templatesOf(request).flatMap((template) => referencesIn(template, request.index));
}

/** Those of the file's variables; each is seen as the first request of its block sees it. */
export function referencesOfVariables(file: RequestFile): readonly PlacedReference[] {
  return file.variables.flatMap((variable) => referencesIn(variable.value, undefined));
}

export function referenceAt(
  file: RequestFile,
  request: RequestNode | undefined,
  offset: number,
): PlacedReference | undefined {
  const holds = ({ span }: PlacedReference): boolean => offset >= span.start && offset <= span.end;
  const variable = file.variables.find(({ span }) => offset >= span.start && offset <= span.end);
  if (variable) return referencesIn(variable.value, undefined).find(holds);
  return request && referencesOf(request).find(holds);
}

/** The name a reference begins with: `login` of `login.response.body.$.token`, `user` of `user.name[0]`. */
export function headOf(expression: string): string {
  return /^[^.[\s(]+/.exec(expression)?.[0] ?? expression;
}

/** Where `start`–`end` of a template stand in the source. */
export function toSource(template: Template, start: number, end: number): Span {
  const from = at(template, start);
  const to = end > start ? at(template, end - 1) + 1 : from;
  return { start: from, end: Math.max(from, to) };
}

function at(template: Template, offset: number): number {
  const { pieces } = template;
  let low = 0;
  let high = pieces.length - 1;
  while (low < high) {
    const middle = (low + high + 1) >> 1;
    if (pieces[middle]!.at <= offset) low = middle;
    else high = middle - 1;
  }
  const piece = pieces[low];
  return piece ? piece.source + Math.min(offset - piece.at, piece.length) : template.span.start;
}
