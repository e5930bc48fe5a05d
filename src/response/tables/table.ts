/**
 * A body as rows and columns, of which only those asked for are read: what a table is, and the order of its rows by a
 * column. Text is as received; the caller hides secrets. Pure. Source: ux.md E4.
 */
import type { JsonKind } from '../json-index/read-value.ts';

export interface TableColumn {
  readonly name: string;
  /** Every value seen in it is a number. */
  readonly number: boolean;
  /** Characters of the longest value seen, its name included; for the width at first sight. */
  readonly characters: number;
}

export interface TableCell {
  readonly kind: JsonKind | 'missing';
  readonly text: string;
  readonly cut: boolean;
  /** Number of the value in the index; -1 where there is none. */
  readonly node: number;
  /** Members of a container. */
  readonly count?: number;
}

export interface Table {
  readonly rows: number;
  readonly columns: readonly TableColumn[];
  /** Columns beyond those listed. */
  readonly moreColumns: number;
  /** Rows that were looked at for the columns. */
  readonly sampled: number;
  /** @param characters how much of a value is read @param whole containers as their JSON, not as a count */
  cells(row: number, columns: readonly number[], characters: number, whole?: boolean): readonly TableCell[];
}

export interface TableOrder {
  /** Row numbers, ascending by value; rows without a value last. */
  readonly rows: Uint32Array;
  /** How many have one. */
  readonly present: number;
}

export const columnLimit = 100;
/** Rows that are looked at for names and widths. */
export const sampleSize = 5000;
const keyCharacters = 200;

/** The rows looked at: all of few, evenly spread over many. */
export function sampledRows(rows: number): readonly number[] {
  const count = Math.min(rows, sampleSize);
  return Array.from({ length: count }, (_, i) => Math.floor((i * rows) / count));
}

type SortKey = readonly [rank: number, value: number | string];

/** Numbers before text before true and false before containers and null, as people sort names: `item 9`, `Item 10`. */
export function orderBy(table: Table, column: number): TableOrder {
  const keys: (SortKey | undefined)[] = [];
  const present: number[] = [];
  const absent: number[] = [];
  for (let row = 0; row < table.rows; row++) {
    const key = keyOfCell(table.cells(row, [column], keyCharacters)[0]);
    keys.push(key);
    (key ? present : absent).push(row);
  }
  const { compare } = new Intl.Collator('en', { numeric: true, sensitivity: 'base' });
  present.sort((a, b) => {
    const [rankA, valueA] = keys[a] as SortKey;
    const [rankB, valueB] = keys[b] as SortKey;
    if (rankA !== rankB) return rankA - rankB;
    if (typeof valueA === 'number' && typeof valueB === 'number') return valueA - valueB || a - b;
    return compare(String(valueA), String(valueB)) || a - b;
  });
  return { rows: Uint32Array.from([...present, ...absent]), present: present.length };
}

const ranks = { number: 0, string: 1, boolean: 2, array: 3, object: 3, null: 4 } as const;

function keyOfCell(cell: TableCell | undefined): SortKey | undefined {
  if (!cell || cell.kind === 'missing') return undefined;
  const rank = ranks[cell.kind];
  if (cell.kind === 'number') return [rank, Number(cell.text)];
  return cell.count === undefined ? [rank, cell.text] : [rank, cell.count];
}

/** The row at a place of the sorted table. */
export function rowAt(order: TableOrder | undefined, descending: boolean, place: number): number {
  if (!order) return place;
  const turned = descending && place < order.present ? order.present - 1 - place : place;
  return order.rows[turned] as number;
}
