/**
 * Answers what the table view asks, with every live secret hidden, and writes what is copied of it. Rows come from the
 * reader a page at a time, for the clipboard too. Source: ux.md E4, design.md E10.1.
 */
import type { BodyReader } from '../../response/body-reader.ts';
import { contextBytes } from '../../response/json-index/body-document.ts';
import { countHidden, cutShown, maskedText, type FindSecrets } from '../../response/shown-text.ts';
import { toCsvRecord } from '../../response/tables/to-csv.ts';
import type { BodyAnswer, TableAsk, TableCellView, TablePart } from '../../webview/protocol.ts';

const cellCharacters = 200;
const wholeCellCharacters = 1024 * 1024;
const pageRows = 1000;
/** Few enough that hiding their secrets does not hold the host up. */
const copiedAtOnce = 200;
const noTable: BodyAnswer = { kind: 'refused', message: 'No array of objects or of arrays was found in this body.' };

export class TableAnswers {
  readonly #reader: BodyReader;
  readonly #find: FindSecrets;

  constructor(reader: BodyReader, find: FindSecrets) {
    this.#reader = reader;
    this.#find = find;
  }

  async ask(ask: TableAsk, isJson: boolean): Promise<BodyAnswer> {
    switch (ask.kind) {
      case 'table':
        return this.#facts(ask.node, isJson);
      case 'table-rows':
        return this.#rows(ask.part, ask.from, Math.max(ask.from, Math.min(ask.to, ask.from + pageRows)));
      case 'table-sort': {
        const refused = await this.#reader.sort(ask.node, ask.column);
        return refused === undefined ? { kind: 'sorted' } : { kind: 'refused', message: refused };
      }
      case 'table-cell': {
        const text = await this.copyCell(ask.node, ask.row, ask.column);
        if (text === undefined) return { kind: 'refused', message: 'There is no value here.' };
        return { kind: 'value', text: [text] };
      }
    }
  }

  /** One value, secrets as dots; undefined when there is none. */
  async copyCell(node: number, row: number, column: number): Promise<string | undefined> {
    const cell = await this.#reader.call('tableCell', node, row, column, wholeCellCharacters);
    if (!cell || cell.kind === 'missing') return undefined;
    return maskedText(cell.text, this.#find);
  }

  /** The rows in their order as comma-separated values, secrets as dots; undefined above `limit` characters. */
  async copyCsv({ node, columns, sort }: TablePart, limit: number): Promise<string | undefined> {
    const facts = await this.#reader.call('tableFacts', node);
    if (!facts) return undefined;
    const masked = (text: string): string => maskedText(text, this.#find);
    const names = columns.map((column) => ({ text: masked(facts.columns[column]?.name ?? ''), isText: true }));
    let text = toCsvRecord(names);
    for (let from = 0; from < facts.rows; from += copiedAtOnce) {
      const to = from + copiedAtOnce;
      const page = await this.#reader.call('tableRows', node, columns, sort, from, to, wholeCellCharacters, true);
      for (const { cells } of page.rows) {
        const fields = cells.map((cell) => ({ text: masked(cell.text), isText: cell.kind === 'string' }));
        text += toCsvRecord(fields);
      }
      if (text.length > limit) return undefined;
    }
    return text;
  }

  async #facts(node: number, isJson: boolean): Promise<BodyAnswer> {
    const facts = await this.#reader.call('tableFacts', node);
    if (!facts) return noTable;
    const path = isJson ? await this.#reader.call('path', facts.node, 'jsonpath') : '';
    const columns = facts.columns.map(({ name, number, characters }) => ({
      name: cutShown(name, this.#find, cellCharacters).shown,
      number,
      characters,
    }));
    return { ...facts, kind: 'table', path: maskedText(path, this.#find), columns };
  }

  async #rows({ node, columns, sort }: TablePart, from: number, to: number): Promise<BodyAnswer> {
    const characters = cellCharacters + contextBytes;
    const { total, rows, sorted } = await this.#reader.call('tableRows', node, columns, sort, from, to, characters);
    const shown = rows.map((row) => ({
      row: row.row,
      node: row.node,
      cells: row.cells.map((cell): TableCellView => {
        const { shown: text, cut } = cutShown(cell.text, this.#find, cellCharacters);
        return { kind: cell.kind, text, cut: cut || cell.cut, node: cell.node };
      }),
    }));
    const hidden = countHidden(...shown.flatMap((row) => row.cells.map((cell) => cell.text)));
    return { kind: 'table-rows', total, rows: shown, sorted, hidden };
  }
}
