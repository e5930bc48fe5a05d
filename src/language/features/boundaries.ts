/** Where a multipart request writes its boundary: in the header and in each delimiter line, for linked edits. Pure. */
import { requestAt } from '../lookup.ts';
import type { RequestFile, Span } from '../types.ts';
import { toSource } from './references-in-file.ts';

/** All places of the boundary when the offset is in one of them; else none. */
export function boundarySpans(file: RequestFile, offset: number): readonly Span[] {
  const request = requestAt(file, offset);
  const type = request?.headers.find(({ name }) => name.text.toLowerCase() === 'content-type')?.value;
  const found = type && /^multipart\/.*;\s*boundary=(?:"([^"]+)"|([^\s;"]+))/i.exec(type.text);
  const boundary = found?.[1] ?? found?.[2];
  if (!request?.body || !type || boundary === undefined || boundary.includes('{{')) return [];
  const at = found!.index + found![0].lastIndexOf(boundary);
  const spans: Span[] = [toSource(type, at, at + boundary.length)];
  const { start, end } = request.body.span;
  const body = file.text.slice(start, end);
  for (let from = body.indexOf(`--${boundary}`); from >= 0; from = body.indexOf(`--${boundary}`, from + 1)) {
    const behind = body.slice(from + 2 + boundary.length);
    if ((from > 0 && !/[\r\n]/.test(body[from - 1]!)) || !/^(?:--)?[ \t]*(?:[\r\n]|$)/.test(behind)) continue;
    spans.push({ start: start + from + 2, end: start + from + 2 + boundary.length });
  }
  return spans.some((span) => offset >= span.start && offset <= span.end) ? spans : [];
}
