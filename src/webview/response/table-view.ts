/**
 * An array of objects as rows and columns: rows in view are asked for, focus stays on the grid and points at the
 * current cell (ARIA grid). A column is sorted by its name, hidden and copied by keys or its menu. Source: ux.md E4.
 */
import { html, nothing, type TemplateResult } from 'lit';
import css from './table.css';
import { count } from '../shared/format.ts';
import { adoptStyles } from '../shared/adopt-styles.ts';
import { icon } from '../shared/icons.ts';
import { shown } from '../shared/shown.ts';
import { VirtualRows, type RowSource } from '../shared/virtual-rows.ts';
import type { TableCellView, TableRowView } from '../table-messages.ts';
import type { Panel } from './panel.ts';
import { rowHeight } from './tree-view.ts';

adoptStyles(css);

const widestColumn = 40;

export class TableView extends VirtualRows<TableRowView> {
  static override properties = { ...VirtualRows.properties, panel: { attribute: false } };
  declare panel: Panel | undefined;

  constructor() {
    super();
    this.panel = undefined;
    this.addEventListener('keydown', (event) => this.#key(event));
    this.addEventListener('click', (event) => this.#click(event));
    this.addEventListener('contextmenu', (event) => this.#click(event));
    this.addEventListener('rows-arrived', () => this.#describe());
  }

  override connectedCallback(): void {
    super.connectedCallback();
    const { panel } = this;
    if (!panel) return;
    panel.goToRow = undefined;
    panel.reload = () => this.reset();
  }

  /** The row of names takes one row’s height at the top. */
  protected override headHeight(): number {
    return this.rowHeight;
  }

  protected override render(): unknown {
    const { panel } = this;
    const table = panel?.table;
    if (!panel || !table?.facts) return super.render();
    const { facts } = table;
    const width = (column: number): string => {
      const { characters } = facts.columns[column] as (typeof facts.columns)[number];
      // Two for the padding, three more for the arrow beside a name.
      const wanted = Math.max(4, characters + 3, table.nameOf(column).length + 5);
      return `${String(Math.min(widestColumn, wanted))}ch`;
    };
    const digits = String(facts.rows).length + 2;
    this.style.setProperty('--cs-columns', `${String(digits)}ch ${table.columns.map(width).join(' ')} 1fr`);
    return html`<div class="row table-row names" role="row" aria-rowindex="1">
        <span class="place" role="columnheader" aria-colindex="1"><span class="sr">Row</span></span>
        ${table.columns.map((column, place) => nameCell(panel, column, place))}
      </div>
      ${super.render()}`;
  }

  select(row: number, place: number): void {
    const table = this.panel?.table;
    if (!this.panel || !table) return;
    table.row = Math.max(-1, Math.min(row, this.total - 1));
    table.place = Math.max(0, Math.min(place, table.columns.length - 1));
    if (table.row >= 0) this.reveal(table.row);
    this.#revealColumn(table.place);
    this.panel.revision += 1;
    this.panel.changed();
    this.#describe();
  }

  /** The current value: its row in the body, its column, the value’s number. */
  get current(): { readonly row: number; readonly column: number; readonly node: number } | undefined {
    const table = this.panel?.table;
    const row = table && this.row(table.row);
    const column = table?.columns[table.place];
    if (!row || column === undefined) return undefined;
    return { row: row.row, column, node: row.cells[table.place]?.node ?? -1 };
  }

  #describe(): void {
    const { panel } = this;
    const { node } = this.current ?? { node: -1 };
    if (!panel) return;
    if (panel.rowsTotal !== this.total) {
      panel.rowsTotal = this.total;
      panel.changed();
    }
    if (node < 0) {
      panel.path = '';
      return panel.changed();
    }
    void panel.ask({ kind: 'path', node }).then((answer) => {
      if (answer.kind !== 'path' || this.current?.node !== node) return;
      panel.path = answer.path;
      panel.pathKind = this.row(panel.table.row)?.cells[panel.table.place]?.kind ?? '';
      panel.changed();
    });
  }

  #revealColumn(place: number): void {
    const head = this.querySelector<HTMLElement>(`#column-${String(place)}`);
    const fixed = this.querySelector<HTMLElement>('.names .place')?.offsetWidth ?? 0;
    if (!head) return;
    const left = head.offsetLeft - fixed;
    if (left < this.scrollLeft) this.scrollLeft = left;
    const right = head.offsetLeft + head.offsetWidth - this.clientWidth;
    if (right > this.scrollLeft) this.scrollLeft = Math.min(left, right);
  }

  #click(event: MouseEvent): void {
    const cell = (event.target as Element).closest<HTMLElement>('[data-place]');
    const table = this.panel?.table;
    if (!cell || !table) return;
    const place = Number(cell.dataset['place']);
    this.focus({ preventScroll: true });
    if (cell.dataset['row'] === undefined) {
      const column = table.columns[place];
      this.select(-1, place);
      if (event.type === 'click' && column !== undefined) void table.sortBy(column);
    } else this.select(Number(cell.dataset['row']), place);
    if (event.type !== 'contextmenu') return;
    event.preventDefault();
    this.panel?.openMenu('cell', cell);
  }

  #key(event: KeyboardEvent): void {
    const { panel } = this;
    if (!panel || event.target !== this || event.metaKey || event.altKey) return;
    const { table } = panel;
    const { row, place } = table;
    const column = table.columns[place];
    if (event.ctrlKey && event.key !== 'Home' && event.key !== 'End') return;
    const last = table.columns.length - 1;
    const acts: Readonly<Record<string, () => void>> = {
      ArrowDown: () => this.select(row + 1, place),
      ArrowUp: () => this.select(row - 1, place),
      ArrowLeft: () => this.select(row, place - 1),
      ArrowRight: () => this.select(row, place + 1),
      Home: () => (event.ctrlKey ? this.select(0, 0) : this.select(row, 0)),
      End: () => (event.ctrlKey ? this.select(this.total - 1, last) : this.select(row, last)),
      PageDown: () => this.select(row + this.visible - 1, place),
      PageUp: () => this.select(Math.max(row < 0 ? -1 : 0, row - this.visible + 1), place),
      Enter: () => this.#open(),
      ' ': () => (row < 0 ? this.#open() : undefined),
      s: () => (column === undefined ? undefined : void table.sortBy(column)),
      h: () => (column === undefined ? undefined : table.toggleColumn(column)),
      c: () => this.copy(),
      p: () => (panel.path === '' ? undefined : panel.copy('text', { text: panel.path })),
      ContextMenu: () => this.#openMenu(),
      F10: () => (event.shiftKey ? this.#openMenu() : undefined),
    };
    const act = acts[event.key];
    if (!act) return;
    event.preventDefault();
    event.stopPropagation();
    act();
  }

  /** A name sorts; a value is shown as a whole. */
  #open(): void {
    const table = this.panel?.table;
    const column = table?.columns[table.place];
    if (!table || column === undefined) return;
    if (table.row < 0) return void table.sortBy(column);
    const { current } = this;
    if (current) void table.showCell(current.row, current.column);
  }

  copy(): void {
    const { current, panel } = this;
    if (current) panel?.table.copyCell(current.row, current.column);
  }

  #openMenu(): void {
    const table = this.panel?.table;
    const id = table && (table.row < 0 ? nameId(table.place) : cellId(table.row, table.place));
    const element = id === undefined ? null : document.getElementById(id);
    if (element) this.panel?.openMenu('cell', element);
  }
}

customElements.define('cs-table', TableView);

const nameId = (place: number): string => `column-${String(place)}`;
const cellId = (row: number, place: number): string => `cell-${String(row)}-${String(place)}`;

const sources = new WeakMap<Panel, { readonly key: string; readonly source: RowSource<TableRowView> }>();

function sourceFor(panel: Panel): RowSource<TableRowView> {
  const { part } = panel.table;
  const key = `${panel.model?.runId ?? ''} ${JSON.stringify(part)}`;
  const known = sources.get(panel);
  if (known?.key === key) return known.source;
  const source: RowSource<TableRowView> = {
    async fetch(from, to) {
      const answer = await panel.ask({ kind: 'table-rows', part, from, to });
      if (answer.kind !== 'table-rows') return undefined;
      if (part.sort && !answer.sorted) panel.table.unsort();
      if (answer.hidden > panel.hiddenInBody) {
        panel.hiddenInBody = answer.hidden;
        panel.changed();
      }
      return answer;
    },
    draw: (row, index) => drawRow(panel, row, index),
  };
  sources.set(panel, { key, source });
  return source;
}

export function tableView(panel: Panel): TemplateResult {
  const { table } = panel;
  if (!table.facts && table.refused === undefined) void table.load();
  if (table.refused !== undefined)
    return html`<div class="state">
      <h2>No table</h2>
      <p>${table.refused}</p>
    </div>`;
  const { facts } = table;
  if (!facts) return html`<div class="state" aria-busy="true"></div>`;
  if (facts.rows === 0) return html`<div class="state"><p>The table has no rows.</p></div>`;
  return html`<cs-table
    class="rows table"
    role="grid"
    tabindex="0"
    aria-label=${facts.path === '' ? 'Body as a table' : `${facts.path} as a table`}
    aria-rowcount=${facts.rows + 1}
    aria-colcount=${table.columns.length + 1}
    aria-activedescendant=${table.row < 0 ? nameId(table.place) : cellId(table.row, table.place)}
    aria-busy=${table.busy || panel.rowsTotal === 0 ? 'true' : nothing}
    .panel=${panel}
    .source=${sourceFor(panel)}
    .rowHeight=${rowHeight()}
    .revision=${panel.revision}
  ></cs-table>`;
}

function nameCell(panel: Panel, column: number, place: number): TemplateResult {
  const { facts, sort, row, place: current } = panel.table;
  const { name, number } = facts?.columns[column] ?? { name: [], number: false };
  const sorted = sort?.column === column ? sort : undefined;
  return html`<span
    class="cell name ${number ? 'number' : ''} ${row < 0 && place === current ? 'current' : ''}"
    role="columnheader"
    id=${nameId(place)}
    data-place=${place}
    aria-colindex=${place + 2}
    aria-sort=${sorted ? (sorted.descending ? 'descending' : 'ascending') : nothing}
    title="Sort"
    >${shown(name)}${sorted ? icon(sorted.descending ? 'chevron-down' : 'chevron-up', 'small') : nothing}</span
  >`;
}

function drawRow(panel: Panel, row: TableRowView, index: number): TemplateResult {
  const { table } = panel;
  return html`<div class="row table-row ${index === table.row ? 'current' : ''}" role="row" aria-rowindex=${index + 2}>
    <span class="place" role="rowheader" aria-colindex="1">${count(row.row)}</span>
    ${row.cells.map((cell, place) => {
      const column = table.facts?.columns[table.columns[place] ?? -1];
      const current = index === table.row && place === table.place;
      return html`<span
        class="cell ${column?.number ? 'number' : ''} ${current ? 'current' : ''}"
        role="gridcell"
        id=${cellId(index, place)}
        data-row=${index}
        data-place=${place}
        aria-colindex=${place + 2}
        >${valueOf(cell)}</span
      >`;
    })}
  </div>`;
}

function valueOf(cell: TableCellView): unknown {
  if (cell.kind === 'missing') return nothing;
  const container = cell.kind === 'object' || cell.kind === 'array';
  return html`<span class=${container ? 'punctuation' : `value ${cell.kind}`}
    >${shown(cell.text)}${cell.cut ? '…' : nothing}</span
  >`;
}
