/** Names of environment variables that stand where a secret was, and the parts of a request that exporters share. */
import type { SentRequest } from '../run/types.ts';
import type { Tracked } from '../variables/tracked.ts';
import type { ExportDefinition } from './types.ts';

/** `order-service` becomes `ORDER_SERVICE`; never empty, never beginning with a digit. */
export function toVariable(label: string): string {
  const name = label
    .toUpperCase()
    .replace(/[^A-Z0-9]+/g, '_')
    .replace(/^_+|_+$/g, '');
  return name === '' ? 'SECRET' : /^\d/.test(name) ? `_${name}` : name;
}

const leftToTheTool = new Set(['host', 'content-length', 'accept-encoding']);

/** Without what every HTTP client works out by itself. */
export function writtenHeaders({ headers }: SentRequest): SentRequest['headers'] {
  return headers.filter(({ name }) => !leftToTheTool.has(name.toLowerCase()));
}

export function hasHeader({ headers }: SentRequest, wanted: string): boolean {
  return headers.some(({ name }) => name.toLowerCase() === wanted);
}

/** The body is shown as text and cut at 64 KiB: whether that is all of it, byte for byte. */
export function isWholeBody({ body, bodyBytes }: SentRequest): boolean {
  return Buffer.byteLength(body?.text ?? '') === bodyBytes || (body?.secrets.length ?? 0) > 0;
}

/** The text between secrets, and the secrets, in order. */
export function pieces(value: Tracked): ({ readonly text: string } | { readonly variable: string })[] {
  const all: ({ readonly text: string } | { readonly variable: string })[] = [];
  let from = 0;
  for (const span of value.secrets) {
    if (span.start > from) all.push({ text: value.text.slice(from, span.start) });
    all.push({ variable: toVariable(span.label) });
    from = Math.max(from, span.end);
  }
  if (from < value.text.length) all.push({ text: value.text.slice(from) });
  return all;
}

/** A field of a definition that is text; '' when it is not there. */
export function fieldOf(definition: ExportDefinition | undefined, field: string): string {
  const value = (definition as unknown as Readonly<Record<string, unknown>> | undefined)?.[field];
  return typeof value === 'string' ? value : '';
}
