/**
 * The tree of JSON values: rows in view are asked for, focus stays on the tree and points at the current row
 * (ARIA tree with level, size and position from the index). Source: design.md E5, G1.1.
 */
import { html, nothing, type TemplateResult } from 'lit';
import type { TreeRowView } from '../protocol.ts';
import { count, dateTime, relative, size, toTimestamp } from '../shared/format.ts';
import { icon } from '../shared/icons.ts';
import { plainOf, shown, type Mark } from '../shared/shown.ts';
import { VirtualRows, type RowSource } from '../shared/virtual-rows.ts';
import type { Panel } from './panel.ts';

const deepestGuides = 24;

export class TreeView extends VirtualRows<TreeRowView> {
  static override properties = { ...VirtualRows.properties, panel: { attribute: false } };
  declare panel: Panel | undefined;

  constructor() {
    super();
    this.panel = undefined;
    this.addEventListener('keydown', (event) => this.#key(event));
    this.addEventListener('rows-arrived', () => this.#arrived());
    this.addEventListener('contextmenu', (event) => this.#context(event));
    this.addEventListener('focus', () => {
      if (this.panel && !this.panel.rowChosen) {
        this.panel.rowChosen = true;
        this.panel.revision += 1;
        this.panel.changed();
      }
      void this.#describe();
    });
  }

  override connectedCallback(): void {
    super.connectedCallback();
    const { panel } = this;
    if (!panel) return;
    panel.goToRow = (row, total) => {
      this.refresh(total);
      this.#select(row);
    };
    panel.reload = () => this.reset();
  }

  list(): 'body' | 'filter' {
    return this.panel?.find.mode === 'filter' && this.panel.find.count !== undefined ? 'filter' : 'body';
  }

  #arrived(): void {
    const { panel } = this;
    if (!panel || panel.rowsTotal === this.total) return;
    panel.rowsTotal = this.total;
    void this.#describe();
    panel.changed();
  }

  #select(row: number): void {
    const { panel } = this;
    if (!panel) return;
    panel.rowChosen = true;
    panel.row = Math.max(0, Math.min(row, this.total - 1));
    panel.revision += 1;
    this.reveal(panel.row);
    void this.#describe();
    panel.changed();
  }

  async #describe(): Promise<void> {
    const { panel } = this;
    if (!panel) return;
    const at = panel.row;
    const row = await this.fetchRow(at);
    if (!row || at !== panel.row || row.node < 0) return;
    const answer = await panel.ask({ kind: 'path', node: row.node });
    if (answer.kind === 'path' && at === panel.row) {
      panel.path = answer.path;
      panel.pathKind = row.kind;
      panel.changed();
    }
  }

  async toggleRow(at: number, open: boolean, how: 'one' | 'level' | 'all' = 'one'): Promise<void> {
    const { panel } = this;
    if (!panel) return;
    const answer = await panel.ask({ kind: 'tree-toggle', list: this.list(), row: at, open, how });
    if (answer.kind !== 'toggled') return;
    this.refresh(answer.total);
    panel.rowsTotal = answer.total;
    if (!answer.whole) panel.say('Opened the first 100,000 rows.');
    this.#select(how === 'level' ? answer.row : at);
  }

  choose(at: number, row: TreeRowView, onTwisty: boolean): void {
    this.focus({ preventScroll: true });
    this.#select(at);
    if (row.container && (onTwisty || row.kind !== 'string')) void this.toggleRow(at, !row.open);
  }

  #context(event: MouseEvent): void {
    const target = (event.target as Element).closest<HTMLElement>('[data-row]');
    if (!target) return;
    event.preventDefault();
    this.#select(Number(target.dataset['row']));
    this.panel?.openMenu('row', target.querySelector('.key, .value') ?? target);
  }

  #key(event: KeyboardEvent): void {
    const { panel } = this;
    if (!panel || event.target !== this || event.ctrlKey || event.metaKey || event.altKey) return;
    const at = panel.row;
    const row = this.row(at);
    const rtl = getComputedStyle(this).direction === 'rtl';
    const key =
      event.key === 'ArrowLeft' ? (rtl ? 'in' : 'out') : event.key === 'ArrowRight' ? (rtl ? 'out' : 'in') : event.key;
    const acts: Readonly<Record<string, () => void>> = {
      ArrowDown: () => this.#select(at + 1),
      ArrowUp: () => this.#select(at - 1),
      Home: () => this.#select(0),
      End: () => this.#select(this.total - 1),
      PageDown: () => this.#select(at + this.visible - 1),
      PageUp: () => this.#select(at - this.visible + 1),
      in: () => (row?.container ? (row.open ? this.#select(at + 1) : void this.toggleRow(at, true)) : undefined),
      out: () =>
        row?.container && row.open
          ? void this.toggleRow(at, false)
          : row && row.parentRow >= 0
            ? this.#select(row.parentRow)
            : undefined,
      Enter: () => (row?.container ? void this.toggleRow(at, !row.open) : undefined),
      ' ': () => (row?.container ? void this.toggleRow(at, !row.open) : undefined),
      '*': () => void this.toggleRow(at, true, 'level'),
      c: () => (row && row.node >= 0 ? panel.copy('value', { node: row.node }) : undefined),
      p: () => (row && row.node >= 0 ? panel.copy('path', { node: row.node }) : undefined),
      f: () => this.filterTo(),
      ContextMenu: () => this.#openRowMenu(),
      F10: () => (event.shiftKey ? this.#openRowMenu() : undefined),
    };
    const act = acts[key];
    if (!act) return;
    event.preventDefault();
    event.stopPropagation();
    act();
  }

  #openRowMenu(): void {
    const element = document.getElementById(`row-${String(this.panel?.row ?? 0)}`);
    if (element) this.panel?.openMenu('row', element.querySelector('.key, .value') ?? element);
  }

  filterTo(): void {
    if (this.panel && this.panel.path !== '') this.panel.finding.search({ text: this.panel.path }, 0);
  }
}

customElements.define('cs-tree', TreeView);

const sources = new WeakMap<Panel, { readonly key: string; readonly source: RowSource<TreeRowView> }>();

function sourceFor(panel: Panel): RowSource<TreeRowView> {
  const key = panel.model?.runId ?? '';
  const known = sources.get(panel);
  if (known?.key === key) return known.source;
  const source: RowSource<TreeRowView> = {
    async fetch(from, to) {
      const list = panel.find.mode === 'filter' && panel.find.count !== undefined ? 'filter' : 'body';
      const answer = await panel.ask({ kind: 'tree-rows', list, from, to });
      if (answer.kind === 'fault') {
        panel.showFault(answer);
        return undefined;
      }
      if (answer.kind !== 'tree-rows') return undefined;
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

export function treeRows(panel: Panel): TemplateResult {
  return html`<cs-tree
    class="rows tree"
    role="tree"
    tabindex="0"
    aria-label=${panel.find.mode === 'filter' ? 'Results of the filter' : 'Body as a tree'}
    aria-activedescendant=${`row-${String(panel.row)}`}
    aria-busy=${panel.rowsTotal === 0 ? 'true' : nothing}
    .panel=${panel}
    .source=${sourceFor(panel)}
    .rowHeight=${rowHeight()}
    .revision=${panel.revision}
  ></cs-tree>`;
}

export function rowHeight(): number {
  const size = Number.parseFloat(getComputedStyle(document.documentElement).getPropertyValue('--cs-code-size')) || 13;
  return Math.max(22, Math.round(size * 1.5));
}

function treeElement(): TreeView | null {
  return document.querySelector<TreeView>('cs-tree');
}

function drawRow(panel: Panel, row: TreeRowView, index: number): TemplateResult {
  const current = index === panel.row && panel.rowChosen;
  const mark = markOf(panel, current);
  return html`<div
    class="row ${current ? 'current' : ''}"
    role="treeitem"
    id="row-${index}"
    data-row=${index}
    aria-level=${row.level}
    aria-setsize=${row.siblings}
    aria-posinset=${row.position}
    aria-expanded=${row.container ? (row.open ? 'true' : 'false') : nothing}
    aria-selected=${current ? 'true' : 'false'}
    @click=${(event: MouseEvent) => treeElement()?.choose(index, row, (event.target as Element).closest('.twisty') !== null)}
  >
    ${guides(row.level)}
    <span class="twisty">${row.container ? icon(row.open ? 'chevron-down' : 'chevron-right') : nothing}</span>
    <span class="cells">${name(row, mark)} ${value(panel, row, mark)}</span>
    ${row.node < 0 || row.kind === 'range' ? nothing : rowActions(panel, row)}
  </div>`;
}

const guideCache = new Map<number, TemplateResult>();

function guides(level: number): TemplateResult {
  const depth = Math.min(level - 1, deepestGuides);
  let made = guideCache.get(depth);
  if (!made) {
    made = html`${Array.from({ length: depth }, () => html`<i class="guide"></i>`)}`;
    guideCache.set(depth, made);
  }
  return made;
}

function name(row: TreeRowView, mark: Mark | undefined): unknown {
  if (row.kind === 'range')
    return html`<span class="key">${count(row.from ?? 0)} … ${count((row.to ?? 1) - 1)}</span
      ><span class="punctuation">:</span>`;
  if (row.key) return html`<span class="key">${shown(row.key, mark)}</span><span class="punctuation">:</span>`;
  if (row.ordinal !== undefined && row.level > 1)
    return html`<span class="key index">${String(row.ordinal)}</span><span class="punctuation">:</span>`;
  return nothing;
}

function value(panel: Panel, row: TreeRowView, mark: Mark | undefined): unknown {
  if (row.kind === 'range') return html`<span class="hint">${count(row.count ?? 0)} rows</span>`;
  if (row.kind === 'object' || row.kind === 'array') {
    const [open, close] = row.kind === 'object' ? ['{', '}'] : ['[', ']'];
    const preview = row.preview && !row.open ? html` <span class="hint">${shown(row.preview, mark)}</span>` : nothing;
    const words = row.node < 0 ? 'matches of the filter' : row.path;
    return html`<span class="punctuation">${open}${count(row.count ?? 0)}${close}</span
      >${preview}${words === undefined ? nothing : html` <span class="hint">${words}</span>`}`;
  }
  const quote = row.kind === 'string' ? '"' : '';
  const text = html`${quote}${shown(row.value ?? [], mark)}${row.cutBytes === undefined ? quote : '…'}`;
  return html`<span class="value ${row.kind}">${row.url === undefined ? text : link(panel, row.url, text)}</span
    >${hints(panel, row)}`;
}

function link(panel: Panel, url: string, text: TemplateResult): TemplateResult {
  return html`<button
    class="url"
    tabindex="-1"
    title=${`Open ${url}`}
    @click=${(event: Event) => {
      event.stopPropagation();
      panel.post({ type: 'open-external', url });
    }}
  >
    ${text}
  </button>`;
}

function hints(panel: Panel, row: TreeRowView): unknown {
  if (row.cutBytes !== undefined) {
    return html` <button
      class="url hint"
      tabindex="-1"
      @click=${(event: Event) => {
        event.stopPropagation();
        void panel.showWhole(row.key ? plainOf(row.key) : String(row.ordinal ?? ''), row.node);
      }}
    >
      show all (${size(row.cutBytes)})
    </button>`;
  }
  if (row.path !== undefined) return html` <span class="hint">${row.path}</span>`;
  const first = row.value?.[0];
  if (row.kind !== 'string' || typeof first !== 'string') return nothing;
  const at = toTimestamp(first);
  return at === undefined ? nothing : html` <span class="hint" title=${dateTime(at)}>${relative(at, panel.now)}</span>`;
}

function rowActions(panel: Panel, row: TreeRowView): TemplateResult {
  const act = (event: Event, run: () => void): void => {
    event.stopPropagation();
    run();
  };
  return html`<span class="row-actions">
    <button
      class="icon-button small"
      tabindex="-1"
      title="Filter to this (f)"
      aria-label="Filter to this"
      @click=${(event: Event) =>
        act(event, () => {
          void panel.ask({ kind: 'path', node: row.node }).then((answer) => {
            if (answer.kind === 'path') panel.finding.search({ text: answer.path }, 0);
          });
        })}
    >
      ${icon('filter')}
    </button>
    <button
      class="icon-button small"
      tabindex="-1"
      title="Copy value (c)"
      aria-label="Copy value"
      @click=${(event: Event) => act(event, () => panel.copy('value', { node: row.node }))}
    >
      ${icon('copy')}
    </button>
  </span>`;
}

/** What to mark in a row: the text that is searched for. */
export function markOf(panel: Panel, current: boolean): Mark | undefined {
  const { find } = panel;
  if (find.mode !== 'find' || find.error !== undefined) return undefined;
  const pattern = find.regex ? find.text : find.text.replace(/[\\^$.*+?()[\]{}|/]/g, '\\$&');
  try {
    return { pattern: new RegExp(pattern, `gu${find.caseSensitive ? '' : 'i'}`), current };
  } catch {
    return undefined;
  }
}
