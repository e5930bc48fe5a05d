/** Text by lines: those in view are asked for; long lines are cut into rows, at the width of the panel when wrapped. */
import { html, nothing, type TemplateResult } from 'lit';
import type { LineView } from '../protocol.ts';
import { shown } from '../shared/shown.ts';
import { VirtualRows, type RowSource } from '../shared/virtual-rows.ts';
import type { Panel } from './panel.ts';
import { markOf, rowHeight } from './tree-view.ts';

const unwrappedWidth = 2000;

export class LinesView extends VirtualRows<LineView> {
  static override properties = { ...VirtualRows.properties, panel: { attribute: false } };
  declare panel: Panel | undefined;

  constructor() {
    super();
    this.panel = undefined;
    this.addEventListener('rows-arrived', () => {
      const { panel } = this;
      if (!panel || panel.rowsTotal === this.total) return;
      panel.rowsTotal = this.total;
      panel.changed();
    });
  }

  override connectedCallback(): void {
    super.connectedCallback();
    const { panel } = this;
    if (!panel) return;
    panel.goToRow = (row, total) => {
      if (total !== this.total) this.refresh(total);
      this.reveal(row);
      this.requestUpdate();
    };
    panel.reload = undefined;
  }
}

customElements.define('cs-lines', LinesView);

const sources = new WeakMap<Panel, { readonly key: string; readonly source: RowSource<LineView> }>();

function sourceFor(panel: Panel, view: 'text' | 'raw', width: number): RowSource<LineView> {
  const key = `${panel.model?.runId ?? ''} ${view} ${String(width)}`;
  const known = sources.get(panel);
  if (known?.key === key) return known.source;
  const source: RowSource<LineView> = {
    async fetch(from, to) {
      const answer = await panel.ask({ kind: 'lines', view, from, to, width });
      if (answer.kind !== 'lines') return undefined;
      if (answer.hidden > panel.hiddenInBody || answer.asReceived !== panel.asReceived) {
        panel.hiddenInBody = Math.max(answer.hidden, panel.hiddenInBody);
        panel.asReceived = answer.asReceived;
        panel.changed();
      }
      return answer;
    },
    draw: (row, index) =>
      html`<div class="row text">
        <span class="line-number" aria-hidden="true">${row.line === 0 ? '' : String(row.line)}</span>
        <span class="code"
          >${shown(row.text, markOf(panel, index === panel.row && panel.find.current !== undefined))}</span
        >
      </div>`,
  };
  sources.set(panel, { key, source });
  return source;
}

export function lineRows(panel: Panel, view: 'text' | 'raw'): TemplateResult {
  panel.lineWidth = panel.wrap ? columns(panel) : unwrappedWidth;
  return html`<cs-lines
    class="rows lines ${panel.wrap ? 'wrapped' : ''}"
    role="region"
    tabindex="0"
    aria-label=${view === 'raw' ? 'Body as received' : 'Body as text'}
    aria-busy=${panel.rowsTotal === 0 ? 'true' : nothing}
    .panel=${panel}
    .source=${sourceFor(panel, view, panel.lineWidth)}
    .rowHeight=${rowHeight()}
    .revision=${panel.revision}
  ></cs-lines>`;
}

let characterWidth: { readonly font: string; readonly width: number } | undefined;

/** Characters that fit beside the line numbers, in steps, so that dragging does not ask for every pixel. */
function columns(panel: Panel): number {
  const style = getComputedStyle(document.documentElement);
  const font = `${style.getPropertyValue('--cs-code-size').trim()} ${style.getPropertyValue('--cs-code-font').trim()}`;
  if (characterWidth?.font !== font) {
    const context = document.createElement('canvas').getContext('2d');
    if (context) context.font = font;
    characterWidth = { font, width: (context?.measureText('0'.repeat(100)).width ?? 780) / 100 };
  }
  const room = (panel.twoColumns ? (panel.width * panel.split) / 100 : panel.width) - 90;
  return Math.max(20, Math.floor(room / characterWidth.width / 4) * 4);
}
