/** What the table view asks of a body, and what comes back: names and widths first, then the rows in view. */
import type { Shown } from '../response/model.ts';
import { isCount, isFlag, isNode, isObject, optional, type Check, type Fields } from './checks.ts';

/** Which table, what of it, in which order. `node` is the array; -1 for the one most likely meant, or the only one. */
export interface TablePart {
  readonly node: number;
  readonly columns: readonly number[];
  readonly sort?: { readonly column: number; readonly descending: boolean };
}

export type TableAsk =
  | { readonly kind: 'table'; readonly node: number }
  | { readonly kind: 'table-rows'; readonly part: TablePart; readonly from: number; readonly to: number }
  | { readonly kind: 'table-sort'; readonly node: number; readonly column: number }
  | { readonly kind: 'table-cell'; readonly node: number; readonly row: number; readonly column: number };

export interface TableColumnView {
  readonly name: Shown;
  readonly number: boolean;
  readonly characters: number;
}

export interface TableCellView {
  readonly kind: 'object' | 'array' | 'string' | 'number' | 'boolean' | 'null' | 'missing';
  readonly text: Shown;
  readonly cut: boolean;
  readonly node: number;
}

export interface TableRowView {
  /** Its place in the body, whatever the order. */
  readonly row: number;
  readonly node: number;
  readonly cells: readonly TableCellView[];
}

export type TableAnswer =
  | {
      readonly kind: 'table';
      readonly node: number;
      /** JSONPath of the array; empty for a body that is no JSON. */
      readonly path: string;
      readonly rows: number;
      readonly columns: readonly TableColumnView[];
      readonly moreColumns: number;
      readonly sampled: number;
    }
  | {
      readonly kind: 'table-rows';
      readonly total: number;
      readonly rows: readonly TableRowView[];
      readonly sorted: boolean;
      readonly hidden: number;
    }
  | { readonly kind: 'sorted' };

/** To the clipboard: one value, or with no row the rows and columns of the part as comma-separated values. */
export interface TableOrderMessage {
  readonly type: 'copy-table';
  readonly part: TablePart;
  readonly cell?: { readonly row: number; readonly column: number };
}

const isColumns: Check = (value) => Array.isArray(value) && value.length <= 100 && value.every(isCount);
const isSort: Check = (value) => isObject(value) && isCount(value['column']) && isFlag(value['descending']);
const isPart: Check = (value) =>
  isObject(value) && isNode(value['node']) && isColumns(value['columns']) && optional(isSort)(value['sort']);
const isCell: Check = (value) => isObject(value) && isCount(value['row']) && isCount(value['column']);

export const tableAsks: Readonly<Record<TableAsk['kind'], Fields>> = {
  table: { node: isNode },
  'table-rows': { part: isPart, from: isCount, to: isCount },
  'table-sort': { node: isNode, column: isCount },
  'table-cell': { node: isNode, row: isCount, column: isCount },
};

export const tableOrders: Readonly<Record<TableOrderMessage['type'], Fields>> = {
  'copy-table': { part: isPart, cell: optional(isCell) },
};
