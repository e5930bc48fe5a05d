/**
 * From places in the bytes to values in the tree: which matches stand in a name or a scalar, and in whose. Also
 * JSONPath (RFC 9535) results as values of the index, found again by their steps, so that they show as written.
 */
import type { JsonIndex } from './index-json.ts';
import { childrenOf, endOf, isContainer, keyOf, kindOf } from './read-value.ts';
import { skipString } from './index-json.ts';

/** The value whose name or scalar covers a byte, or -1. */
export function valueAt(index: JsonIndex, offset: number): number {
  const { start, keyStart } = index;
  let low = 0;
  let high = index.length - 1;
  while (low < high) {
    const middle = (low + high + 1) >> 1;
    const key = keyStart[middle] as number;
    if ((key === 0 ? (start[middle] as number) : key) <= offset) low = middle;
    else high = middle - 1;
  }
  const key = keyStart[low] as number;
  if (key !== 0 && offset > key && offset < skipString(index.bytes, key, index.bytes.length) - 1) return low;
  if ((index.sequence && low === 0) || isContainer(index, low)) return -1;
  return offset >= (start[low] as number) && offset < endOf(index, low) ? low : -1;
}

/** Only the matches that a row can show. */
export function matchesInValues(index: JsonIndex, offsets: Uint32Array): Uint32Array {
  return offsets.filter((offset) => valueAt(index, offset) >= 0);
}

/** Beyond this a filter would need more memory than it is worth: the body is parsed whole for it. */
export const filterLimit = 64 * 1024 * 1024;

export type FilterOutcome =
  | { readonly ok: true; readonly nodes: Uint32Array }
  | { readonly ok: false; readonly message: string; readonly column?: number };

/** Evaluates a JSONPath; a leading `.` stands for `$.`. The library is loaded when it is first asked. */
export async function filterValues(index: JsonIndex, expression: string): Promise<FilterOutcome> {
  if (index.bytes.length > filterLimit) {
    return { ok: false, message: 'A filter works up to 64 MB. Find text works at any size.' };
  }
  const path = expression.startsWith('.') ? `$${expression}` : expression;
  const shift = path.length - expression.length;
  const { exec } = await import('jsonpath-rfc9535');
  const found: number[] = [];
  const follow = stepFollower(index);
  try {
    const input = parseForFilter(index);
    exec(input, path, (_value, steps) => {
      const node = follow(steps.map((step) => (typeof step === 'string' ? memberName(step) : step)));
      if (node >= 0) found.push(node);
    });
  } catch (error) {
    return faultOf(error, path, shift);
  }
  return { ok: true, nodes: Uint32Array.from(found) };
}

type Json = Parameters<(typeof import('jsonpath-rfc9535'))['query']>[0];

function parseForFilter(index: JsonIndex): Json {
  const decode = (start: number, end: number): Json =>
    JSON.parse(new TextDecoder().decode(index.bytes.subarray(start, end))) as Json;
  if (!index.sequence) return decode(index.start[0] as number, endOf(index, 0));
  return [...childrenOf(index, 0)].map((child) => decode(index.start[child] as number, endOf(index, child)));
}

/** Follows steps from the root; of duplicate names the last one, as a parser does. Lists are walked once. */
export function stepFollower(index: JsonIndex): (steps: readonly (string | number)[]) => number {
  const lists = new Map<number, Uint32Array>();
  const names = new Map<number, Map<string, number>>();
  const elementOf = (node: number, position: number): number => {
    let list = lists.get(node);
    if (!list) lists.set(node, (list = childrenOf(index, node)));
    return list[position] ?? -1;
  };
  const memberOf = (node: number, name: string): number => {
    let members = names.get(node);
    if (!members) {
      members = new Map([...childrenOf(index, node)].map((child) => [keyOf(index, child) ?? '', child]));
      if (names.size > 1000) names.clear();
      names.set(node, members);
    }
    return members.get(name) ?? -1;
  };
  return (steps) => {
    let node = 0;
    for (const step of steps) {
      const fits = kindOf(index, node) === (typeof step === 'number' ? 'array' : 'object');
      node = !fits ? -1 : typeof step === 'number' ? elementOf(node, step) : memberOf(node, step);
      if (node < 0) return -1;
    }
    return node;
  };
}

/** The library gives names as a normalized path has them (RFC 9535 §2.7): with escapes. */
function memberName(step: string): string {
  if (!step.includes('\\')) return step;
  const controls: Readonly<Record<string, string>> = { b: '\b', f: '\f', n: '\n', r: '\r', t: '\t' };
  return step.replace(/\\(?:u([0-9a-fA-F]{4})|(.))/gs, (_whole, hex: string | undefined, char: string | undefined) =>
    hex === undefined ? (controls[char as string] ?? (char as string)) : String.fromCharCode(Number.parseInt(hex, 16)),
  );
}

function faultOf(error: unknown, path: string, shift: number): FilterOutcome {
  const place = (error as { location?: { start?: { offset?: unknown } } } | null)?.location?.start?.offset;
  if (typeof place !== 'number') return { ok: false, message: 'This is not a JSONPath.' };
  const column = Math.max(1, Math.min(place, path.length) + 1 - shift);
  const char = path[place];
  const what = char === undefined ? 'It ends too early' : `“${char}” does not fit here`;
  return { ok: false, message: `${what} (column ${String(column)}).`, column };
}
