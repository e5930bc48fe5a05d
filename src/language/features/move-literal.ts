/**
 * The edits that take a literal secret out of a request and name a credential in its place, as one step: the header’s
 * line or the query’s parameter goes, `# @auth NAME` comes. Pure; the secret itself is stored elsewhere, before.
 */
import { canonicalDirective } from '../directives/canonical.ts';
import type { RequestFile, RequestNode, Span } from '../types.ts';
import { lineEndOf, type TextChange } from './code-actions.ts';
import type { DiagnosticFacts, FeatureDiagnostic } from './diagnostics.ts';

export type SecretFacts = Extract<DiagnosticFacts, { kind: 'secret' }>;
export type SecretDiagnostic = FeatureDiagnostic & { readonly facts: SecretFacts };

export function isSecretDiagnostic(diagnostic: FeatureDiagnostic): diagnostic is SecretDiagnostic {
  return diagnostic.facts?.kind === 'secret';
}

/** The literal that is meant, also after the text around it moved: same header, same kind, nearest to where it was. */
export function nearestLiteral(
  found: readonly FeatureDiagnostic[],
  meant: { readonly header: string; readonly start: number },
): SecretDiagnostic | undefined {
  const distance = (one: FeatureDiagnostic): number => Math.abs(one.span.start - meant.start);
  return found
    .filter(isSecretDiagnostic)
    .filter(({ facts }) => facts.header.toLowerCase() === meant.header.toLowerCase())
    .sort((a, b) => distance(a) - distance(b))[0];
}

/** Names the credential on a request: changes its `# @auth`, or puts one above the request line. */
export function authEdit(file: RequestFile, request: RequestNode, credential: string): TextChange {
  const directive = request.directives.find((one) => ['auth', 'no-auth'].includes(canonicalDirective(one.name)));
  if (directive && canonicalDirective(directive.name) === 'no-auth') {
    return { span: { start: directive.nameSpan.start, end: directive.span.end }, text: `auth ${credential}` };
  }
  if (directive && directive.value !== '') return { span: directive.valueSpan, text: credential };
  if (directive) return { span: { start: directive.nameSpan.end, end: directive.span.end }, text: ` ${credential}` };
  const start = lineStart(file.text, request.requestLine.start);
  return { span: { start, end: start }, text: `# @auth ${credential}${lineEndOf(file.text)}` };
}

/** Empty when the literal is in no request. Changes do not overlap and are in the order of the file. */
export function moveEdits(file: RequestFile, literal: SecretDiagnostic, credential: string): readonly TextChange[] {
  const request = literal.facts.request === undefined ? undefined : file.requests[literal.facts.request];
  if (!request) return [];
  const removal =
    literal.facts.where === 'query'
      ? parameterAround(file.text, literal.facts.line)
      : wholeLines(file.text, literal.facts.line);
  return [authEdit(file, request, credential), { span: removal, text: '' }].sort((a, b) => a.span.start - b.span.start);
}

function lineStart(text: string, offset: number): number {
  return Math.max(text.lastIndexOf('\n', offset - 1), text.lastIndexOf('\r', offset - 1)) + 1;
}

/** The lines a span stands on with one line end: the one behind, or at the end of the file the one before. */
function wholeLines(text: string, span: Span): Span {
  const start = lineStart(text, span.start);
  const rest = /\r\n|\n|\r/g;
  rest.lastIndex = span.end;
  const found = rest.exec(text);
  if (found) return { start, end: found.index + found[0].length };
  const before = text.slice(0, start);
  return { start: start - (/(?:\r\n|\n|\r)$/.exec(before)?.[0].length ?? 0), end: text.length };
}

/** `name=value` around a value with one of its separators, so that the rest stays a query. */
function parameterAround(text: string, value: Span): Span {
  let start = value.start;
  while (start > 0 && !/[?&\s]/.test(text.charAt(start - 1))) start--;
  const first = text.charAt(start - 1) === '?';
  const another = text.charAt(value.end) === '&';
  if (first) return another ? { start, end: value.end + 1 } : { start: start - 1, end: value.end };
  return { start: start - 1, end: value.end };
}
