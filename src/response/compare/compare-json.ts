/**
 * What differs between two JSON texts by meaning: the order of names, spaces and how a string is escaped do not count.
 * Elements of arrays belong together by a name that tells them apart (`id`), else by their place. Text is as received;
 * the caller hides secrets. Pure. Source: ux.md E11.
 */
import type { JsonIndex } from '../json-index/index-json.ts';
import {
  childrenOf,
  endOf,
  isContainer,
  keyOf,
  kindOf,
  scalarOf,
  utf8,
  type JsonKind,
} from '../json-index/read-value.ts';
import { valuePath } from '../json-index/value-path.ts';
import { isIgnored, type IgnoredPaths, type PathStep } from './ignored-paths.ts';

export interface ComparedValue {
  readonly kind: JsonKind;
  readonly text: string;
  readonly cut: boolean;
}

export interface JsonDifference {
  readonly kind: 'added' | 'removed' | 'changed';
  /** JSONPath: of what was removed in the earlier text, else in the later one. */
  readonly path: string;
  readonly before?: ComparedValue;
  readonly after?: ComparedValue;
}

export interface JsonComparison {
  readonly differences: readonly JsonDifference[];
  /** There are more than the limit. */
  readonly more: boolean;
}

/** Below this values are compared as a whole. */
const deepest = 500;
const identifying = ['id', '_id', 'uuid', 'key', 'name', 'code'];

/** @param characters of each value that are read @param limit of differences that are listed */
export function compareJson(
  before: JsonIndex,
  after: JsonIndex,
  ignored: IgnoredPaths,
  characters: number,
  limit: number,
): JsonComparison {
  const differences: JsonDifference[] = [];
  const path: PathStep[] = [];
  let more = false;

  const valueOf = (index: JsonIndex, node: number): ComparedValue => {
    const kind = kindOf(index, node);
    if (!isContainer(index, node)) return { kind, ...scalarOf(index, node, characters) };
    const start = index.start[node] as number;
    const end = endOf(index, node);
    // Four bytes at most are one character; a character at the cut may be torn, and is not shown.
    const stop = Math.min(end, start + characters * 4);
    return { kind, text: utf8(index.bytes, start, stop).slice(0, characters), cut: end - start > characters };
  };

  const report = (kind: JsonDifference['kind'], a: number | undefined, b: number | undefined): void => {
    if (isIgnored(ignored, path)) return;
    if (differences.length >= limit) {
      more = true;
      return;
    }
    const place = b === undefined ? valuePath(before, a ?? 0, 'jsonpath') : valuePath(after, b, 'jsonpath');
    differences.push({
      kind,
      path: place,
      ...(a === undefined ? {} : { before: valueOf(before, a) }),
      ...(b === undefined ? {} : { after: valueOf(after, b) }),
    });
  };

  const below = (step: PathStep, act: () => void): void => {
    path.push(step);
    act();
    path.pop();
  };

  const compare = (a: number, b: number): void => {
    if (more || sameBytes(before, a, after, b) || isIgnored(ignored, path)) return;
    const kind = kindOf(before, a);
    if (kind !== kindOf(after, b) || path.length >= deepest) return report('changed', a, b);
    if (kind === 'object') return compareObjects(a, b);
    if (kind === 'array') return compareArrays(a, b);
    if (!sameScalar(before, a, after, b)) report('changed', a, b);
  };

  const compareObjects = (a: number, b: number): void => {
    const earlier = membersOf(before, a);
    const later = membersOf(after, b);
    for (const [name, node] of earlier) {
      const other = later.get(name);
      below(name, () => (other === undefined ? report('removed', node, undefined) : compare(node, other)));
    }
    for (const [name, node] of later) if (!earlier.has(name)) below(name, () => report('added', undefined, node));
  };

  const compareArrays = (a: number, b: number): void => {
    const earlier = [...childrenOf(before, a)];
    const later = [...childrenOf(after, b)];
    const earlierIds = identitiesOf(before, earlier);
    const laterIds = earlierIds && identitiesOf(after, later);
    if (earlierIds && laterIds) {
      const found = new Map(laterIds.map((id, i) => [id, i]));
      for (const [i, id] of earlierIds.entries()) {
        const at = found.get(id);
        below(at ?? i, () =>
          at === undefined
            ? report('removed', earlier[i], undefined)
            : compare(earlier[i] as number, later[at] as number),
        );
        found.delete(id);
      }
      for (const at of found.values()) below(at, () => report('added', undefined, later[at]));
      return;
    }
    // What is the same at both ends stays out of it, so that one element put in does not shift all that follow.
    let head = 0;
    const shorter = Math.min(earlier.length, later.length);
    while (head < shorter && sameBytes(before, earlier[head] as number, after, later[head] as number)) head += 1;
    let tail = 0;
    while (
      tail < shorter - head &&
      sameBytes(before, earlier.at(-1 - tail) as number, after, later.at(-1 - tail) as number)
    )
      tail += 1;
    for (let i = head; i < Math.max(earlier.length, later.length) - tail; i++) {
      const one = i < earlier.length - tail ? earlier[i] : undefined;
      const other = i < later.length - tail ? later[i] : undefined;
      below(i, () => {
        if (one !== undefined && other !== undefined) compare(one, other);
        else report(one === undefined ? 'added' : 'removed', one, other);
      });
    }
  };

  compare(0, 0);
  return { differences, more };
}

function membersOf(index: JsonIndex, node: number): Map<string, number> {
  return new Map([...childrenOf(index, node)].map((child) => [keyOf(index, child) ?? '', child]));
}

/** A name all elements have, with a value that no other has: texts of them in order; undefined when there is none. */
function identitiesOf(index: JsonIndex, elements: readonly number[]): readonly string[] | undefined {
  const first = elements[0];
  if (first === undefined || elements.some((node) => kindOf(index, node) !== 'object')) return undefined;
  const names = [...membersOf(index, first).keys()];
  const name = identifying.find((each) => names.includes(each));
  if (name === undefined) return undefined;
  const ids: string[] = [];
  for (const node of elements) {
    const member = membersOf(index, node).get(name);
    if (member === undefined || isContainer(index, member)) return undefined;
    ids.push(`${name} ${kindOf(index, member)} ${scalarOf(index, member, 500).text}`);
  }
  return new Set(ids).size === ids.length ? ids : undefined;
}

function sameBytes(a: JsonIndex, nodeA: number, b: JsonIndex, nodeB: number): boolean {
  if (a.sequence !== b.sequence && (nodeA === 0 || nodeB === 0)) return false;
  const startA = a.start[nodeA] as number;
  const startB = b.start[nodeB] as number;
  const endA = endOf(a, nodeA);
  const length = endA - startA;
  if (length !== endOf(b, nodeB) - startB) return false;
  for (let i = 0; i < length; i++) if (a.bytes[startA + i] !== b.bytes[startB + i]) return false;
  return true;
}

/** Numbers that a double holds exactly are the same however they are written. */
function sameScalar(a: JsonIndex, nodeA: number, b: JsonIndex, nodeB: number): boolean {
  const [one, other] = [scalarOf(a, nodeA, Infinity).text, scalarOf(b, nodeB, Infinity).text];
  if (one === other) return true;
  if (kindOf(a, nodeA) !== 'number' || kindOf(b, nodeB) !== 'number') return false;
  const exact = (text: string): boolean => text.replace(/e.*$/i, '').replace(/\D/g, '').length <= 15;
  return exact(one) && exact(other) && Number(one) === Number(other);
}
