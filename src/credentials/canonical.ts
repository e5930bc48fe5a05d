/**
 * The canonical form of a definition and its SHA-256, by which approvals, sessions and pins are stored. `title` is left
 * out: renaming what a person reads changes nothing that is sent. Source: contracts.md §4; ordering as RFC 8785 §3.2.3.
 */
import { createHash } from 'node:crypto';
import type { Definition } from './types.ts';

/** JSON with object keys sorted by UTF-16 code units and no white space; undefined members are left out. */
export function toCanonicalJson(value: unknown): string {
  if (Array.isArray(value)) return `[${value.map((item) => toCanonicalJson(item ?? null)).join(',')}]`;
  if (typeof value !== 'object' || value === null) return JSON.stringify(value);
  const members = Object.entries(value)
    .filter(([, member]) => member !== undefined)
    .sort(([a], [b]) => (a < b ? -1 : a > b ? 1 : 0));
  return `{${members.map(([key, member]) => `${JSON.stringify(key)}:${toCanonicalJson(member)}`).join(',')}}`;
}

/** Lower-case hex SHA-256 of the canonical JSON without `title`. */
export function toDefinitionHash(definition: Definition): string {
  const { title: _title, ...rest } = definition;
  return sha256(toCanonicalJson(rest));
}

export function sha256(text: string): string {
  return createHash('sha256').update(text, 'utf8').digest('hex');
}
