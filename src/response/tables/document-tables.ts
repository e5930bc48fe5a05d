/**
 * The tables of one body: made when first asked for, with the orders of their rows. A table is known by the number of
 * its array; a body of comma-separated values has one, number -1.
 */
import type { JsonIndex } from '../json-index/index-json.ts';
import { kindOf } from '../json-index/read-value.ts';
import { CsvTable } from './csv-table.ts';
import { findTableNode, JsonTable } from './json-table.ts';
import { orderBy, rowAt, type Table, type TableCell, type TableColumn, type TableOrder } from './table.ts';

export interface TableFacts {
  readonly node: number;
  readonly rows: number;
  readonly columns: readonly TableColumn[];
  readonly moreColumns: number;
  readonly sampled: number;
}

export interface TableSort {
  readonly column: number;
  readonly descending: boolean;
}

export interface TableRow {
  /** Its place in the body. */
  readonly row: number;
  /** The element as a whole; -1 where it is no value of an index. */
  readonly node: number;
  readonly cells: readonly TableCell[];
}

export interface TablePage {
  readonly total: number;
  readonly rows: readonly TableRow[];
  /** False also when an order was asked for that is not known any more. */
  readonly sorted: boolean;
}

export interface TableSource {
  /** Undefined for a body that is not JSON. */
  readonly index: JsonIndex | undefined;
  readonly bytes: Uint8Array;
  readonly skip: number;
  readonly tabs: boolean;
}

export class DocumentTables {
  readonly #source: () => TableSource;
  readonly #tables = new Map<number, Table>();
  readonly #orders = new Map<string, TableOrder>();

  constructor(source: () => TableSource) {
    this.#source = source;
  }

  /** @param node an array, or -1 for the one most likely meant; undefined when there is none */
  facts(node: number): TableFacts | undefined {
    const { index } = this.#source();
    const found = index && node < 0 ? findTableNode(index) : node;
    if (found === undefined || (index && kindOf(index, found) !== 'array')) return undefined;
    const { rows, columns, moreColumns, sampled } = this.#table(found);
    return { node: found, rows, columns, moreColumns, sampled };
  }

  rows(
    node: number,
    columns: readonly number[],
    sort: TableSort | undefined,
    from: number,
    to: number,
    characters: number,
    whole = false,
  ): TablePage {
    const table = this.#table(node);
    const order = sort && this.#orders.get(nameOf(node, sort.column));
    const rows: TableRow[] = [];
    for (let place = from; place < Math.min(to, table.rows); place++) {
      const row = rowAt(order, sort?.descending === true, place);
      const element = table instanceof JsonTable ? table.nodeOf(row) : -1;
      rows.push({ row, node: element, cells: table.cells(row, columns, characters, whole) });
    }
    return { total: table.rows, rows, sorted: order !== undefined };
  }

  /** The whole text of one value. */
  cell(node: number, row: number, column: number, characters: number): TableCell | undefined {
    const table = this.#table(node);
    return row < table.rows ? table.cells(row, [column], characters, true)[0] : undefined;
  }

  computeOrder(node: number, column: number): TableOrder {
    return this.#orders.get(nameOf(node, column)) ?? orderBy(this.#table(node), column);
  }

  acceptOrder(node: number, column: number, order: TableOrder): void {
    if (this.#orders.size >= 4) this.#orders.clear();
    this.#orders.set(nameOf(node, column), order);
  }

  #table(node: number): Table {
    let table = this.#tables.get(node);
    if (!table) {
      const { index, bytes, skip, tabs } = this.#source();
      table = index ? new JsonTable(index, node) : new CsvTable(bytes, skip, tabs);
      if (this.#tables.size >= 4) this.#tables.clear();
      this.#tables.set(node, table);
    }
    return table;
  }
}

function nameOf(node: number, column: number): string {
  return `${node} ${column}`;
}
