/**
 * Makes text from a file or a server safe to show on one line: control, bidi and invisible characters become visible,
 * length is capped. Source: design.md F5.1.
 */
const hidden =
  /[\p{Cc}\p{Cf}\p{Zl}\p{Zp}\u115f\u1160\u3164\uffa0]|[\ud800-\udbff](?![\udc00-\udfff])|(?<![\ud800-\udbff])[\udc00-\udfff]/gu;

/** `a\u202eb` becomes `a⟪U+202E⟫b`. */
export function toShownText(text: string, limit = 300): string {
  const cut = text.length > limit ? `${text.slice(0, limit)}…` : text;
  return cut.replace(hidden, (char) => `⟪U+${(char.codePointAt(0) ?? 0).toString(16).toUpperCase().padStart(4, '0')}⟫`);
}
