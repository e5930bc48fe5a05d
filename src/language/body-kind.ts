/**
 * What a Content-Type means for a body: its kind, and whether comment lines in it are sent (conflict C1: they
 * are dropped from JSON, GraphQL, XML and form bodies, and kept in every text where `#` may be data).
 */
import type { BodyKind } from './types.ts';

export interface MediaTraits {
  /** False when the header is absent or a variable. */
  readonly declared: boolean;
  readonly kind: BodyKind | null;
  /** `null`: decided by how the body looks. */
  readonly stripComments: boolean | null;
  /** Bodies that may hold whole HTTP messages: never split, never read as a saved response (R3). */
  readonly holdsMessages: boolean;
  readonly newline: '\n' | '\r\n';
  readonly finalNewline: boolean;
}

const undeclared: MediaTraits = {
  declared: false,
  kind: null,
  stripComments: null,
  holdsMessages: false,
  newline: '\n',
  finalNewline: false,
};

function traits(kind: BodyKind, stripComments: boolean, more: Partial<MediaTraits> = {}): MediaTraits {
  return { ...undeclared, declared: true, kind, stripComments, ...more };
}

const json = traits('json', true);
const xml = traits('xml', true);
const form = traits('form', true);
const multipart = traits('multipart', false, { holdsMessages: true, newline: '\r\n' });
const message = traits('text', false, { holdsMessages: true, newline: '\r\n' });
const lines = traits('text', false, { finalNewline: true });
const graphql = traits('text', true);
const other = traits('text', false);

/** @param value the header's value as written, or null when there is no such header. */
export function mediaTraits(value: string | null): MediaTraits {
  if (value === null) return undeclared;
  if (value === 'application/json') return json;
  const type = value.split(';', 1)[0]!.trim().toLowerCase();
  if (type === '' || type.startsWith('{{')) return undeclared;
  if (type.startsWith('multipart/')) return multipart;
  if (type === 'application/http' || type === 'message/http') return message;
  if (/^[\w.-]+\/(?:[\w.-]*[-.])?(?:ndjson|jsonl|jsonlines|json-seq|json-lines)$/.test(type)) return lines;
  if (
    /^[^/]+\/(?:.*\+)?(?:json|json5|jsonc)$/.test(type) ||
    /^application\/(?:x-)?(?:amz-)?json/.test(type) ||
    type === 'json'
  )
    return json;
  if (/^[^/]+\/(?:.*\+)?xml$/.test(type) || type === 'xml') return xml;
  if (type.endsWith('x-www-form-urlencoded')) return form;
  if (type.endsWith('/graphql') || type.endsWith('+graphql')) return graphql;
  return other;
}

/** Kind by the first characters, for a body without a declared type. */
export function kindByLook(text: string): BodyKind {
  const start = text.trimStart();
  if (/^\{(?!\{)/.test(start) || (start.startsWith('[') && !start.startsWith('[['))) return 'json';
  if (/^\{\{\s*\}\}/.test(start)) return 'json';
  if (/^<(?:[A-Za-z?!])/.test(start)) return 'xml';
  return 'text';
}

/** A first line that begins a GraphQL document. */
export function looksLikeGraphql(line: string): boolean {
  return (
    /^\s*(?:query|mutation|subscription)\b\s*(?:[A-Za-z_]\w*\s*)?[({@]/.test(line) ||
    /^\s*(?:query|mutation|subscription)\s+[A-Za-z_]\w*\s*$/.test(line) ||
    /^\s*(?:query|mutation)\s*$/.test(line) ||
    /^\s*fragment\s+\w+\s+on\s+\w+/.test(line) ||
    /^\s*gql\s+\w+\s+<\s+\S/.test(line)
  );
}
