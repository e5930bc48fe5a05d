/**
 * The rights that were asked for and those that were given, as a difference a person can read. Pure.
 * Source: RFC 9396 §7, auth.md §1.1 (“warn on silent widening”).
 */
import { toInertText } from './server-text.ts';

/** `rights not given: payment, given beyond that: account_information`; undefined when they are as asked. */
export function toRightsDifference(asked: unknown, given: unknown): string | undefined {
  if (asked === undefined) return undefined;
  if (!Array.isArray(given)) return 'the answer does not say which rights were given';
  const before = (Array.isArray(asked) ? asked : [asked]).map(toComparable);
  const after = given.map(toComparable);
  const missing = before.filter((one) => !after.some((other) => covers(other.value, one.value)));
  const extra = after.filter((one) => !before.some((other) => covers(other.value, one.value)));
  const parts = [
    ...(missing.length > 0 ? [`rights not given: ${toNames(missing)}`] : []),
    ...(extra.length > 0 ? [`given beyond what was asked: ${toNames(extra)}`] : []),
  ];
  return parts.length === 0 ? undefined : parts.join(', ');
}

interface Comparable {
  readonly name: string;
  readonly value: unknown;
}

function toComparable(value: unknown): Comparable {
  const type = value !== null && typeof value === 'object' ? (value as { type?: unknown }).type : undefined;
  return { name: toInertText(type, 40) || 'without a type', value };
}

function toNames(all: readonly Comparable[]): string {
  return [...new Set(all.map(({ name }) => name))].slice(0, 10).join(', ');
}

/** Every right of `small` stands in `large`: members of objects, elements of lists in any order. */
function covers(large: unknown, small: unknown, depth = 0): boolean {
  if (depth > 20) return false;
  if (Array.isArray(small)) {
    return Array.isArray(large) && small.every((one) => large.some((other) => covers(other, one, depth + 1)));
  }
  if (small !== null && typeof small === 'object') {
    if (large === null || typeof large !== 'object') return false;
    return Object.entries(small).every(([key, value]) =>
      covers(Object.hasOwn(large, key) ? (large as Record<string, unknown>)[key] : undefined, value, depth + 1),
    );
  }
  return large === small;
}
