/** What Expand Selection takes, from the inside out: reference, its line, header or body, request, file. Pure. */
import { requestAt } from '../lookup.ts';
import type { RequestFile, Span } from '../types.ts';
import { referenceAt } from './references-in-file.ts';

/** Each holds the one before. */
export function selectionSpans(file: RequestFile, offset: number): readonly Span[] {
  const { text } = file;
  const request = requestAt(file, offset);
  const reference = referenceAt(file, request, offset);
  const lineStart = Math.max(text.lastIndexOf('\n', offset - 1), text.lastIndexOf('\r', offset - 1)) + 1;
  const lineEnd = offset + /^[^\r\n]*/.exec(text.slice(offset))![0].length;
  const body = request?.body?.span;
  const candidates: (Span | undefined)[] = [
    reference?.expressionSpan,
    reference?.span,
    request?.headers.find(({ span }) => offset >= span.start && offset <= span.end)?.value.span,
    { start: lineStart, end: lineEnd },
    request?.scripts.find(({ span }) => offset >= span.start && offset <= span.end)?.span,
    body,
    request?.span,
    { start: 0, end: text.length },
  ];
  const spans: Span[] = [];
  for (const span of candidates) {
    if (!span || offset < span.start || offset > span.end) continue;
    const inner = spans.at(-1);
    if (
      !inner ||
      (span.start <= inner.start && span.end >= inner.end && span.end - span.start > inner.end - inner.start)
    )
      spans.push(span);
  }
  return spans;
}
