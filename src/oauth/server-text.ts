/**
 * Text that a server chose, made inert for people: no control or bidirectional characters, no Markdown link, capped.
 * Surfaces still escape it for their own syntax; it never becomes a link. Source: RFC 6749 §5.2, auth.md H08, H24.
 */
const controls = /[\u0000-\u001f\u007f-\u009f\u2028\u2029]+/g;
const invisible =
  /[\u00ad\u061c\u180e\u200b-\u200f\u202a-\u202e\u2060-\u206f\ufeff\ufff9-\ufffb]|[\u{e0000}-\u{e007f}]/gu;

/** One line of at most `max` characters. */
export function toInertText(value: unknown, max = 500): string {
  if (typeof value !== 'string') return '';
  const line = value
    .slice(0, max * 4)
    .replace(invisible, '')
    .replace(controls, ' ')
    .replace(/\]\s*\(/g, '] (')
    .trim();
  const characters = [...line];
  return characters.length > max ? `${characters.slice(0, max - 1).join('')}…` : line;
}

/** An `error` code of RFC 6749 when it looks like one, else undefined: only this may stand in a sentence. */
export function toErrorName(value: unknown): string | undefined {
  return typeof value === 'string' && /^[A-Za-z][A-Za-z0-9_.-]{0,63}$/.test(value) ? value : undefined;
}

const hidden = new RegExp(`${invisible.source}|[\\u007f-\\u009f\\u2028\\u2029]`, 'gu');

/** JSON with what cannot be seen written out, so that nothing in it turns the direction of reading or moves a cursor. */
export function toInertJson(value: unknown, indent?: number): string {
  return JSON.stringify(value, null, indent).replace(hidden, (found) =>
    Array.from({ length: found.length }, (_, at) => `\\u${found.charCodeAt(at).toString(16).padStart(4, '0')}`).join(
      '',
    ),
  );
}
