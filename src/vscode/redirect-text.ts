/**
 * The address of a redirect from what VS Code made of it: its parts come decoded once, so what a second decoding would
 * change is encoded again. A `&` or `=` inside a value cannot be told from those between values any more.
 */
export interface UriParts {
  readonly scheme: string;
  readonly authority: string;
  readonly path: string;
  readonly query: string;
  readonly fragment: string;
}

export function toRedirectText({ scheme, authority, path, query, fragment }: UriParts): string {
  const again = (text: string): string => text.replace(/[%+#\s]/g, encodeURIComponent);
  const tail = (mark: string, text: string): string => (text === '' ? '' : mark + again(text));
  return `${scheme}://${authority}${path}${tail('?', query)}${tail('#', fragment)}`;
}
