/**
 * Repairs of a typed multipart body that every server needs: CRLF line ends outside files, the closing boundary.
 * The boundary and the order stay as written. Source: RFC 2046 §5.1, dialects.md §6.2.
 */

/** The boundary of a `multipart/…` content type, unquoted; undefined when it has none. */
export function boundaryOf(contentType: string): string | undefined {
  if (!/^\s*multipart\//i.test(contentType)) return undefined;
  const match = /;\s*boundary\s*=\s*(?:"([^"]*)"|([^;\s]+))/i.exec(contentType);
  return match?.[1] ?? match?.[2];
}

/** `\n` to `\r\n`, leaving what has it already. */
export function toCrlf(text: string): string {
  return text.replace(/\r?\n/g, '\r\n');
}

/** What has to be appended so that the body ends with `--boundary--` on a line of its own; '' when it does. */
export function missingEnd(tail: string, boundary: string): string {
  const end = `--${boundary}--`;
  const trimmed = tail.replace(/[\r\n\t ]+$/, '');
  if (trimmed.endsWith(end)) return tail.endsWith('\n') ? '' : '\r\n';
  return tail.endsWith('\n') ? `${end}\r\n` : `\r\n${end}\r\n`;
}
