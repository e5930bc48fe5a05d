/**
 * A request as a curl command for a POSIX shell, the credential as a placeholder in the form of an environment
 * variable: what is copied can be shared. Source: ux.md E2 (Copy as curl), E10.
 */
import type { SentRequest } from '../../run/types.ts';
import type { Tracked } from '../../variables/tracked.ts';

const left = new Set(['host', 'content-length', 'accept-encoding']);

/** @param credential whose secret stands where nothing is written, as `$NAME` */
export function toCurl(request: SentRequest, credential: string | undefined): string {
  const parts = ['curl'];
  if (request.method !== (request.body ? 'POST' : 'GET'))
    parts.push(`-X ${quote({ text: request.method, secrets: [] })}`);
  parts.push(quote(request.url));
  for (const { name, value } of request.headers) {
    if (left.has(name.toLowerCase())) continue;
    parts.push(`-H ${quote({ text: `${name}: ${value.text}`, secrets: shift(value, name.length + 2) })}`);
  }
  const hasAuthorization = request.headers.some(({ name }) => name.toLowerCase() === 'authorization');
  if (credential !== undefined && !hasAuthorization) {
    parts.push(`-H "Authorization: Bearer $${toVariable(credential)}"`);
  }
  if (request.body) parts.push(`--data-raw ${quote(request.body)}`);
  return parts.join(' \\\n  ');
}

function shift(value: Tracked, by: number): Tracked['secrets'] {
  return value.secrets.map((span) => ({ ...span, start: span.start + by, end: span.end + by }));
}

/** Single quotes around what is known, double quotes around the placeholder of a secret. */
function quote(value: Tracked): string {
  let out = '';
  let from = 0;
  const literal = (text: string): string => (text === '' ? '' : `'${text.replaceAll("'", `'\\''`)}'`);
  for (const span of value.secrets) {
    out += `${literal(value.text.slice(from, span.start))}"$${toVariable(span.label)}"`;
    from = span.end;
  }
  return out + literal(value.text.slice(from)) || "''";
}

function toVariable(label: string): string {
  return (
    label
      .toUpperCase()
      .replace(/[^A-Z0-9]+/g, '_')
      .replace(/^_|_$/g, '') || 'SECRET'
  );
}
