/**
 * Completion of paths into the last real response of a request: the keys of its JSON where the path stands, with what
 * each holds in words, never its value: a response may hold secrets. Pure.
 */
import type { Span } from '../types.ts';
import type { CompletionItem } from './completion.ts';

/** The shape of a value: `string`, `number`, `{3}`, `[12]`. */
export function shapeOf(value: unknown): string {
  if (Array.isArray(value)) return `[${value.length}]`;
  if (value === null) return 'null';
  return typeof value === 'object' ? `{${Object.keys(value).length}}` : typeof value;
}

/**
 * @param path what is typed behind `body.`: `$.user.`, `$.items[0].na`, `user.`
 * @param replace where the whole path stands up to the cursor and to the end of its word
 */
export function completeBodyPath(body: unknown, path: string, replace: Span): readonly CompletionItem[] {
  const at = path.search(/[^.[\]]*$/);
  const before = path.slice(0, at);
  if (/[?(*]|\.\./.test(before)) return [];
  const value = valueAt(body, before);
  if (value === undefined) return [];
  const span = { start: replace.start + at, end: replace.end };
  if (before.endsWith('[')) {
    return Array.isArray(value)
      ? value.slice(0, 20).map((one, index): CompletionItem => ({
          label: `${index}]`,
          kind: 'value',
          detail: shapeOf(one),
          replace: span,
        }))
      : [];
  }
  if (Array.isArray(value)) return [];
  if (typeof value !== 'object' || value === null) return [];
  return Object.entries(value)
    .slice(0, 500)
    .flatMap(([key, one]): CompletionItem[] =>
      // A key with other characters needs brackets and quotes.
      /^[\p{L}\p{N}_$-]+$/u.test(key) ? [{ label: key, kind: 'value', detail: shapeOf(one), replace: span }] : [],
    );
}

function valueAt(body: unknown, path: string): unknown {
  let value = body;
  for (const [step, name, index] of path.replace(/[.[]$/, '').matchAll(/\.?([^.[\]]+)|\[\s*(\d+)\s*\]/g)) {
    if (step === '$' && value === body) continue;
    if (index !== undefined) value = Array.isArray(value) ? (value[Number(index)] as unknown) : undefined;
    else if (typeof value === 'object' && value !== null && name !== undefined && Object.hasOwn(value, name))
      value = (value as Record<string, unknown>)[name];
    else return undefined;
  }
  return value;
}
