/**
 * A list of any number of rows of one height, of which only those in view exist. Rows are fetched by page; above the
 * height that a browser can scroll, the scroll position is scaled and the wheel still moves by rows. It draws into
 * light DOM, sets positions through the CSSOM (no style attributes), and knows nothing of what a row is.
 */
import { html, LitElement, nothing, render, type PropertyValues } from 'lit';

export interface RowsPage<Row> {
  readonly total: number;
  readonly rows: readonly Row[];
}

export interface RowSource<Row> {
  fetch(from: number, to: number): Promise<RowsPage<Row> | undefined>;
  draw(row: Row, index: number): unknown;
}

const pageSize = 100;
const keptPages = 12;
const tallest = 15_000_000;

export class VirtualRows<Row = unknown> extends LitElement {
  static override properties = {
    source: { attribute: false },
    rowHeight: { attribute: false },
    revision: { attribute: false },
  };

  declare source: RowSource<Row> | undefined;
  declare rowHeight: number;
  /** Anything that changes how rows are drawn. */
  declare revision: unknown;

  total = 0;
  #pages = new Map<number, readonly Row[]>();
  #stale = new Map<number, readonly Row[]>();
  #asked = new Set<number>();
  #generation = 0;
  #first = 0;
  #settingScroll = false;
  readonly #resizes = new ResizeObserver(() => this.requestUpdate());

  constructor() {
    super();
    this.source = undefined;
    this.rowHeight = 22;
    this.revision = undefined;
    this.addEventListener('scroll', () => this.#scrolled(), { passive: true });
    this.addEventListener('wheel', (event) => this.#wheel(event), { passive: false });
  }

  protected override createRenderRoot(): this {
    return this;
  }

  override connectedCallback(): void {
    super.connectedCallback();
    this.#resizes.observe(this);
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    this.#resizes.disconnect();
  }

  /** Rows that fit. */
  get visible(): number {
    return Math.max(1, Math.floor((this.clientHeight - this.headHeight()) / this.rowHeight));
  }

  /** Of what a subclass draws above the rows and keeps in sight there. */
  protected headHeight(): number {
    return 0;
  }

  get first(): number {
    return Math.round(this.#first);
  }

  row(index: number): Row | undefined {
    return this.#pages.get(Math.floor(index / pageSize))?.[index % pageSize];
  }

  /** Fetches a row that may not be in view. */
  async fetchRow(index: number): Promise<Row | undefined> {
    const known = this.row(index);
    if (known !== undefined) return known;
    const page = await this.source?.fetch(index, index + 1);
    return page?.rows[0];
  }

  /** The rows changed: ask again, showing the old ones until the new ones are here. */
  refresh(total?: number): void {
    this.#generation += 1;
    this.#stale = this.#pages;
    this.#pages = new Map();
    this.#asked.clear();
    if (total !== undefined) this.total = total;
    this.requestUpdate();
  }

  reset(): void {
    this.refresh(0);
    this.#stale = new Map();
    this.#first = 0;
    this.scrollTop = 0;
  }

  /** Scrolls no more than needed, or to the middle when the row is far away. */
  reveal(index: number): void {
    const rows = this.visible;
    if (index < this.#first) this.#setFirst(this.#first - index > rows ? index - Math.floor(rows / 3) : index);
    else if (index >= this.#first + rows) {
      this.#setFirst(index - this.#first > rows * 2 ? index - Math.floor(rows / 3) : index - rows + 1);
    }
  }

  protected override willUpdate(changed: PropertyValues): void {
    if (changed.has('source')) {
      this.#generation += 1;
      this.#pages.clear();
      this.#stale.clear();
      this.#asked.clear();
      this.total = 0;
      this.#first = 0;
    }
  }

  protected override render(): unknown {
    return html`<div class="spacer" role="presentation"><div class="layer" role="presentation"></div></div>`;
  }

  protected override updated(): void {
    const spacer = this.querySelector<HTMLElement>(':scope > .spacer');
    const layer = spacer?.firstElementChild as HTMLElement | null;
    if (!spacer || !layer || !this.source) return;
    const height = Math.min(this.total * this.rowHeight, tallest);
    spacer.style.height = `${String(height)}px`;
    const from = Math.max(0, Math.floor(this.#first) - 4);
    const to = Math.min(Math.max(this.total, 1), Math.floor(this.#first) + this.visible + 6);
    this.#ask(from, to);
    const { source } = this;
    const parts: unknown[] = [];
    for (let i = from; i < Math.min(to, this.total); i++) {
      const row = this.row(i) ?? this.#stale.get(Math.floor(i / pageSize))?.[i % pageSize];
      parts.push(row === undefined ? html`<div class="row pending" role="presentation"></div>` : source.draw(row, i));
    }
    render(parts.length > 0 ? parts : nothing, layer);
    layer.style.transform = `translateY(${String(this.#offsetOf(from))}px)`;
    this.toggleAttribute('busy', this.total === 0 && this.#asked.size > 0);
  }

  #scaled(): boolean {
    return this.total * this.rowHeight > tallest;
  }

  #offsetOf(row: number): number {
    if (!this.#scaled()) return row * this.rowHeight;
    return this.scrollTop + (row - this.#first) * this.rowHeight;
  }

  #scrolled(): void {
    if (this.#settingScroll) {
      this.#settingScroll = false;
    } else if (this.#scaled()) {
      const range = Math.max(1, this.scrollHeight - this.clientHeight);
      this.#first = (this.scrollTop / range) * Math.max(0, this.total - this.visible);
    } else this.#first = this.scrollTop / this.rowHeight;
    this.requestUpdate();
  }

  #wheel(event: WheelEvent): void {
    if (!this.#scaled() || event.deltaY === 0 || event.ctrlKey) return;
    event.preventDefault();
    const pixels = event.deltaMode === 1 ? event.deltaY * this.rowHeight : event.deltaY;
    this.#setFirst(this.#first + pixels / this.rowHeight);
  }

  #setFirst(row: number): void {
    const last = Math.max(0, this.total - this.visible);
    this.#first = Math.max(0, Math.min(row, last));
    const spacer = this.firstElementChild as HTMLElement | null;
    if (spacer) spacer.style.height = `${String(Math.min(this.total * this.rowHeight, tallest))}px`;
    const before = this.scrollTop;
    const range = Math.max(0, this.scrollHeight - this.clientHeight);
    const top = this.#scaled() ? (last === 0 ? 0 : (this.#first / last) * range) : this.#first * this.rowHeight;
    this.scrollTop = top;
    this.#settingScroll = this.#scaled() && this.scrollTop !== before;
    this.requestUpdate();
  }

  #ask(from: number, to: number): void {
    const { source } = this;
    if (!source) return;
    for (let page = Math.floor(from / pageSize); page <= Math.floor(Math.max(from, to - 1) / pageSize); page++) {
      if (this.#pages.has(page) || this.#asked.has(page)) continue;
      this.#asked.add(page);
      const generation = this.#generation;
      void source.fetch(page * pageSize, (page + 1) * pageSize).then((answer) => {
        if (generation !== this.#generation || source !== this.source) return;
        this.#asked.delete(page);
        if (!answer) return;
        this.#pages.set(page, answer.rows);
        this.#forget(page);
        this.total = answer.total;
        this.requestUpdate();
        this.dispatchEvent(new CustomEvent('rows-arrived'));
      });
    }
  }

  #forget(around: number): void {
    if (this.#pages.size <= keptPages) return;
    for (const page of this.#pages.keys()) {
      if (Math.abs(page - around) > keptPages / 2) this.#pages.delete(page);
    }
  }
}

customElements.define('cs-rows', VirtualRows);
