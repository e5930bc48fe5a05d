/**
 * Finds the `{{…}}` references of a text. It does not read what is inside them (expression.ts) and never fails.
 * A reference stays on one line and ends at the first `}}`; `{{{x}}}` is `{`, `{{x}}`, `}`. Source: dialects.md §8.
 */
import { limits } from './limits.ts';

export type TextSegment =
  | { readonly kind: 'text'; readonly text: string; readonly start: number; readonly end: number }
  | { readonly kind: 'reference'; readonly inner: string; readonly start: number; readonly end: number };

export interface ScanOptions {
  /** httpYac: `\{\{x\}\}` stands for the characters `{{x}}`. */
  readonly escapes?: boolean;
}

/**
 * Splits a text into plain text and references, in order. `start`/`end` are offsets into `text`; for an escaped
 * `\{\{x\}\}` the plain text is what it stands for, the offsets are those of the source.
 */
export function scanReferences(text: string, options: ScanOptions = {}): readonly TextSegment[] {
  const segments: TextSegment[] = [];
  let plainFrom = 0;
  let at = 0;
  const flush = (end: number) => {
    if (end > plainFrom) {
      segments.push({ kind: 'text', text: text.slice(plainFrom, end), start: plainFrom, end });
    }
  };
  const escapes = options.escapes === true && text.includes('\\{\\{');
  let close = -2;
  for (;;) {
    const open = text.indexOf('{{', at);
    const escaped = escapes ? text.indexOf('\\{\\{', at) : -1;
    if (escaped >= 0 && (open < 0 || escaped < open)) {
      const end = text.indexOf('\\}\\}', escaped + 4);
      const inner = end < 0 ? '' : text.slice(escaped + 4, end);
      if (end >= 0 && !/[\r\n]/.test(inner)) {
        flush(escaped);
        segments.push({ kind: 'text', text: `{{${inner}}}`, start: escaped, end: end + 4 });
        at = plainFrom = end + 4;
      } else {
        at = escaped + 4;
      }
      continue;
    }
    if (open < 0) break;
    if (close < open + 2 && close !== -1) close = text.indexOf('}}', open + 2);
    if (close < 0) {
      at = open + 2;
      continue;
    }
    // Of several openings before one end only the last can be a reference, which also keeps this linear.
    const start = text.lastIndexOf('{{', close - 2);
    const inner = close - start - 2 > limits.reference ? '' : text.slice(start + 2, close);
    if (inner.trim() === '' || /[\r\n]/.test(inner)) {
      at = close + 2;
      continue;
    }
    flush(start);
    segments.push({ kind: 'reference', inner, start, end: close + 2 });
    at = plainFrom = close + 2;
  }
  flush(text.length);
  return segments;
}

/** True when a text may hold a reference; cheap. */
export function mayHoldReference(text: string): boolean {
  return text.includes('{{');
}
