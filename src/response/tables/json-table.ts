/**
 * An array of objects (or of arrays) of an index as a table: names of members are columns, elements are rows. Values
 * are read when they are asked for; of duplicate names the last one counts, as in every parser.
 */
import type { JsonIndex } from '../json-index/index-json.ts';
import {
  childrenOf,
  countChildren,
  endOf,
  isContainer,
  keyOf,
  kindOf,
  scalarOf,
  utf8,
} from '../json-index/read-value.ts';
import { columnLimit, sampledRows, type Table, type TableCell, type TableColumn } from './table.ts';

/** A name is read so far that a secret in it is known as one, wherever it is cut later. */
const nameCharacters = 400 + 16 * 1024;
const widestName = 60;
/** How many elements tell whether an array is one of objects. */
const lookedAt = 20;
/** What the column of elements that are no container is called. */
const ownValue = '(value)';

/**
 * The array that is most likely meant: the root, else the longest array of containers among the members of the root
 * and of its members. Undefined when there is none.
 */
export function findTableNode(index: JsonIndex): number | undefined {
  if (isTable(index, 0)) return 0;
  if (kindOf(index, 0) !== 'object') return undefined;
  const members = childrenOf(index, 0, 0, 1000);
  const deeper = [...members].flatMap((member) =>
    kindOf(index, member) === 'object' ? [...childrenOf(index, member, 0, 1000)] : [],
  );
  let best: { readonly node: number; readonly rows: number } | undefined;
  for (const node of [...members, ...deeper]) {
    if (!isTable(index, node)) continue;
    const rows = countChildren(index, node);
    if (!best || rows > best.rows) best = { node, rows };
  }
  return best?.node;
}

/** An array of which one of the first elements is a container. */
function isTable(index: JsonIndex, node: number): boolean {
  if (kindOf(index, node) !== 'array') return false;
  return childrenOf(index, node, 0, lookedAt).some((child) => isContainer(index, child));
}

export class JsonTable implements Table {
  readonly columns: readonly TableColumn[];
  readonly moreColumns: number;
  readonly sampled: number;
  readonly #index: JsonIndex;
  readonly #elements: Uint32Array;
  readonly #names: readonly string[];

  /** @param node an array */
  constructor(index: JsonIndex, node: number) {
    this.#index = index;
    this.#elements = childrenOf(index, node);
    const seen = new Map<string, { number: boolean; characters: number }>();
    const sample = sampledRows(this.#elements.length);
    for (const row of sample) {
      for (const [name, child] of this.#members(this.#elements[row] as number)) {
        const number = kindOf(index, child) === 'number';
        const { length } = isContainer(index, child) ? '{00}' : scalarOf(index, child, 60).text;
        const known = seen.get(name);
        if (known) {
          known.number &&= number;
          known.characters = Math.max(known.characters, length);
        } else seen.set(name, { number, characters: Math.max(Math.min(widestName, name.length), length) });
      }
    }
    const all = [...seen].map(([name, facts]) => ({ name, ...facts }));
    this.columns = all.slice(0, columnLimit);
    this.#names = this.columns.map(({ name }) => name);
    this.moreColumns = all.length - this.columns.length;
    this.sampled = sample.length;
  }

  get rows(): number {
    return this.#elements.length;
  }

  /** The element itself. */
  nodeOf(row: number): number {
    return this.#elements[row] ?? -1;
  }

  cells(row: number, columns: readonly number[], characters: number, whole = false): readonly TableCell[] {
    const wanted = new Map(columns.map((column, i) => [this.#names[column], i]));
    const cells: TableCell[] = columns.map(() => ({ kind: 'missing', text: '', cut: false, node: -1 }));
    for (const [name, child] of this.#members(this.#elements[row] as number)) {
      const at = wanted.get(name);
      if (at !== undefined) cells[at] = this.#cell(child, characters, whole);
    }
    return cells;
  }

  #cell(node: number, characters: number, whole: boolean): TableCell {
    const kind = kindOf(this.#index, node);
    if (kind === 'object' || kind === 'array') {
      const count = countChildren(this.#index, node);
      if (whole) {
        const start = this.#index.start[node] as number;
        return { kind, text: utf8(this.#index.bytes, start, endOf(this.#index, node)), cut: false, node, count };
      }
      return { kind, text: kind === 'object' ? `{${count}}` : `[${count}]`, cut: false, node, count };
    }
    const { text, cut } = scalarOf(this.#index, node, characters);
    return { kind, text, cut, node };
  }

  *#members(element: number): Iterable<readonly [name: string, node: number]> {
    const index = this.#index;
    if (!isContainer(index, element)) {
      yield [ownValue, element];
      return;
    }
    const named = kindOf(index, element) === 'object';
    let position = 0;
    for (const child of childrenOf(index, element, 0, 10_000)) {
      yield [named ? (keyOf(index, child, nameCharacters) ?? '') : `[${position}]`, child];
      position += 1;
    }
  }
}
