/**
 * Text that remembers which of its spans are secret, so that every later step can show dots instead.
 * It does not know where secrets come from. Offsets are UTF-16 code units into `text`.
 */

export interface SecretSpan {
  readonly start: number;
  readonly end: number;
  /** What stands there, for a chip: `orders access token`, `variable apiKey`. */
  readonly label: string;
}

export interface Tracked {
  readonly text: string;
  readonly secrets: readonly SecretSpan[];
}

export const emptyTracked: Tracked = { text: '', secrets: [] };

export function plain(text: string): Tracked {
  return { text, secrets: [] };
}

export function secret(text: string, label: string): Tracked {
  return text === '' ? emptyTracked : { text, secrets: [{ start: 0, end: text.length, label }] };
}

export function concat(parts: readonly Tracked[]): Tracked {
  let text = '';
  const secrets: SecretSpan[] = [];
  for (const part of parts) {
    for (const span of part.secrets) {
      secrets.push({ start: span.start + text.length, end: span.end + text.length, label: span.label });
    }
    text += part.text;
  }
  return { text, secrets };
}

/** The text with every secret span replaced by a constant number of dots (design.md E10.1). */
export function masked(value: Tracked): string {
  let out = '';
  let from = 0;
  for (const span of value.secrets) {
    out += value.text.slice(from, span.start) + '••••';
    from = span.end;
  }
  return out + value.text.slice(from);
}

/** Changes the text piece by piece (secret pieces and the text between them), keeping the spans on their pieces. */
export function mapTracked(value: Tracked, change: (text: string) => string): Tracked {
  const parts: Tracked[] = [];
  let from = 0;
  for (const span of value.secrets) {
    parts.push(plain(change(value.text.slice(from, span.start))));
    parts.push(secret(change(value.text.slice(span.start, span.end)), span.label));
    from = span.end;
  }
  parts.push(plain(change(value.text.slice(from))));
  return concat(parts);
}
