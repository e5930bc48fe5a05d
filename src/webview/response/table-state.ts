/**
 * Which table is shown and how: its columns, those that are hidden, the order, the cell that has the focus. It asks for
 * the columns once a table; rows are the view's affair.
 */
import { count, many } from '../shared/format.ts';
import { plainOf } from '../shared/shown.ts';
import type { TableAnswer, TablePart } from '../table-messages.ts';
import type { Panel } from './panel.ts';

type Facts = Extract<TableAnswer, { kind: 'table' }>;

export class TableState {
  facts: Facts | undefined;
  /** Why there is no table: one sentence. */
  refused: string | undefined;
  sort: { readonly column: number; readonly descending: boolean } | undefined;
  /** The current cell: -1 is the row of names; a place among the visible columns. */
  row = 0;
  place = 0;
  busy = false;
  readonly #panel: Panel;
  readonly #hidden = new Set<number>();
  #asked: string | undefined;

  constructor(panel: Panel) {
    this.#panel = panel;
  }

  reset(): void {
    this.facts = undefined;
    this.refused = undefined;
    this.sort = undefined;
    this.row = 0;
    this.place = 0;
    this.busy = false;
    this.#hidden.clear();
    this.#asked = undefined;
  }

  /** @param node an array; -1 for the one most likely meant */
  async load(node = -1): Promise<void> {
    const panel = this.#panel;
    const asked = `${panel.model?.runId ?? ''} ${String(node)}`;
    if (this.#asked !== undefined && (node < 0 || this.#asked === asked)) return;
    this.reset();
    this.#asked = asked;
    const answer = await panel.ask({ kind: 'table', node });
    if (this.#asked !== asked) return;
    if (answer.kind === 'table') this.facts = answer;
    else if (answer.kind === 'refused') this.refused = answer.message;
    else if (answer.kind === 'fault') return panel.showFault(answer);
    panel.changed();
  }

  /** Numbers of the columns in sight, in order. */
  get columns(): readonly number[] {
    return (this.facts?.columns ?? []).map((_, i) => i).filter((i) => !this.#hidden.has(i));
  }

  isHidden(column: number): boolean {
    return this.#hidden.has(column);
  }

  get part(): TablePart {
    const { sort } = this;
    return { node: this.facts?.node ?? -1, columns: this.columns, ...(sort === undefined ? {} : { sort }) };
  }

  nameOf(column: number): string {
    return plainOf(this.facts?.columns[column]?.name ?? []);
  }

  /** The last column stays: a table without any says nothing. */
  toggleColumn(column: number): void {
    if (this.#hidden.has(column)) this.#hidden.delete(column);
    else if (this.columns.length > 1) this.#hidden.add(column);
    else return this.#panel.tell('The last column stays.');
    this.place = Math.min(this.place, this.columns.length - 1);
    this.#panel.say(`${this.nameOf(column)} ${this.#hidden.has(column) ? 'hidden' : 'shown'}.`);
    this.#redraw();
  }

  showAllColumns(): void {
    this.#hidden.clear();
    this.#redraw();
  }

  /** Ascending, then descending, then as received. */
  async sortBy(column: number, descending?: boolean): Promise<void> {
    const panel = this.#panel;
    const { sort, facts } = this;
    if (!facts || this.busy) return;
    if (descending === undefined && sort?.column === column && sort.descending) return this.unsort();
    const next = { column, descending: descending ?? sort?.column === column };
    this.busy = true;
    panel.changed();
    const answer = await panel.ask({ kind: 'table-sort', node: facts.node, column });
    this.busy = false;
    if (this.facts !== facts) return;
    if (answer.kind === 'refused') return panel.tell(answer.message);
    this.sort = next;
    this.row = Math.min(this.row, 0);
    panel.say(`Sorted by ${this.nameOf(column)}, ${next.descending ? 'descending' : 'ascending'}.`);
    this.#redraw();
  }

  unsort(): void {
    this.sort = undefined;
    this.#panel.say('In the order of the body.');
    this.#redraw();
  }

  copyCsv(): void {
    this.#panel.post({ type: 'copy-table', part: this.part });
  }

  copyCell(row: number, column: number): void {
    this.#panel.post({ type: 'copy-table', part: this.part, cell: { row, column } });
  }

  async showCell(row: number, column: number): Promise<void> {
    const node = this.facts?.node ?? -1;
    const answer = await this.#panel.ask({ kind: 'table-cell', node, row, column });
    if (answer.kind === 'value')
      this.#panel.whole = { title: `${this.nameOf(column)}, row ${String(row)}`, text: answer };
    this.#panel.changed();
  }

  /** For the footer: `1,204 rows · 5 of 12 columns`. */
  words(): readonly string[] {
    const { facts } = this;
    if (!facts) return [];
    const all = facts.columns.length + facts.moreColumns;
    const columns = this.columns.length;
    const seen = facts.sampled < facts.rows ? `, seen in ${count(facts.sampled)} rows` : '';
    return [
      many(facts.rows, 'row'),
      columns === all ? `${many(all, 'column')}${seen}` : `${count(columns)} of ${many(all, 'column')}${seen}`,
    ];
  }

  #redraw(): void {
    this.#panel.revision += 1;
    this.#panel.changed();
  }
}
