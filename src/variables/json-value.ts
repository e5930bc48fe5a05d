/**
 * JSON as variables see it: objects without a prototype, descent along a path, and text with secrets kept.
 * It does not read files. Prototype names (`__proto__`) are ordinary keys here (W05).
 */
import { concat, emptyTracked, mapTracked, plain, secret, type Tracked } from './tracked.ts';
import type { PathSegment } from './types.ts';

export type JsonValue = string | number | boolean | null | readonly JsonValue[] | JsonObject;
export interface JsonObject {
  readonly [key: string]: JsonValue;
}

const maxDepth = 200;

/** A copy made of plain JSON only, objects without a prototype; anything else becomes null. */
export function toJsonValue(value: unknown, depth = 0): JsonValue {
  if (typeof value === 'string' || typeof value === 'boolean') return value;
  if (typeof value === 'number') return Number.isFinite(value) ? value : null;
  if (value === null || typeof value !== 'object' || depth > maxDepth) return null;
  if (Array.isArray(value)) return value.map((item) => toJsonValue(item, depth + 1));
  const copy = Object.create(null) as Record<string, JsonValue>;
  for (const [key, item] of Object.entries(value)) copy[key] = toJsonValue(item, depth + 1);
  return copy;
}

export function isJsonObject(value: JsonValue | undefined): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** The value at a path, own properties only; negative indexes count from the end. */
export function descend(value: JsonValue, path: readonly PathSegment[]): JsonValue | undefined {
  let current: JsonValue | undefined = value;
  for (const segment of path) {
    if (typeof current !== 'object' || current === null) return undefined;
    if (Array.isArray(current)) {
      const index = typeof segment === 'number' ? segment : /^\d+$/.test(segment) ? Number(segment) : NaN;
      current = Number.isNaN(index) ? undefined : (current as readonly JsonValue[]).at(index);
    } else {
      const key = String(segment);
      current = Object.hasOwn(current, key) ? (current as JsonObject)[key] : undefined;
    }
    if (current === undefined) return undefined;
  }
  return current;
}

/** Strings raw, everything else as JSON text (Q2: null is `null`, false `false`, 0 `0`). */
export function toText(value: JsonValue): string {
  return typeof value === 'string' ? value : JSON.stringify(value);
}

/** As `toText`, with every string inside passed through `expand`; escaping keeps the secret spans. */
export async function toTrackedText(value: JsonValue, expand: (text: string) => Promise<Tracked>): Promise<Tracked> {
  return typeof value === 'string' ? expand(value) : toTrackedJson(value, expand);
}

async function toTrackedJson(value: JsonValue, expand: (text: string) => Promise<Tracked>): Promise<Tracked> {
  if (typeof value === 'string') return concat([plain('"'), mapTracked(await expand(value), escapeJson), plain('"')]);
  if (typeof value !== 'object' || value === null) return plain(JSON.stringify(value));
  const array = Array.isArray(value);
  const parts: Tracked[] = [plain(array ? '[' : '{')];
  for (const [key, item] of Object.entries<JsonValue>(value as JsonObject)) {
    if (parts.length > 1) parts.push(plain(','));
    if (!array) parts.push(plain(`${JSON.stringify(key)}:`));
    parts.push(await toTrackedJson(item, expand));
  }
  parts.push(plain(array ? ']' : '}'));
  return concat(parts);
}

function escapeJson(text: string): string {
  return JSON.stringify(text).slice(1, -1);
}

/** Part of a text that is JSON. A part of a text that holds a secret is a secret. */
export function partOfText(value: Tracked, path: readonly PathSegment[]): Tracked | undefined {
  if (!/^\s*[[{]/.test(value.text)) return undefined;
  let json: unknown;
  try {
    json = JSON.parse(value.text);
  } catch {
    return undefined;
  }
  const part = descend(toJsonValue(json), path);
  if (part === undefined) return undefined;
  const label = value.secrets[0]?.label;
  const text = toText(part);
  return text === '' ? emptyTracked : label === undefined ? plain(text) : secret(text, label);
}
