/** Bytes, sixteen a row (eight when narrow), read from the spool as they come into view; secrets are dots there too. */
import { html, type TemplateResult } from 'lit';
import type { HexRowView } from '../protocol.ts';
import type { RowSource } from '../shared/virtual-rows.ts';
import type { Panel } from './panel.ts';
import { rowHeight } from './tree-view.ts';

const sources = new WeakMap<Panel, { readonly key: string; readonly source: RowSource<HexRowView> }>();

function sourceFor(panel: Panel, width: 8 | 16): RowSource<HexRowView> {
  const key = `${panel.model?.runId ?? ''} ${String(width)}`;
  const known = sources.get(panel);
  if (known?.key === key) return known.source;
  const source: RowSource<HexRowView> = {
    async fetch(from, to) {
      const answer = await panel.ask({ kind: 'hex', from, to, width });
      return answer.kind === 'hex' ? answer : undefined;
    },
    draw: (row) =>
      html`<div class="row text">
        <span class="offset">${row.offset.toString(16).padStart(8, '0')}</span>
        <span class="code bytes">${row.bytes.join(' ').padEnd(width * 3 - 1)}</span>
        <span class="code">${row.text}</span>
      </div>`,
  };
  sources.set(panel, { key, source });
  return source;
}

export function hexRows(panel: Panel): TemplateResult {
  const room = panel.twoColumns ? (panel.width * panel.split) / 100 : panel.width;
  return html`<cs-rows
    class="rows hex"
    role="region"
    tabindex="0"
    aria-label="Body as bytes"
    .source=${sourceFor(panel, room >= 700 ? 16 : 8)}
    .rowHeight=${rowHeight()}
    .revision=${panel.revision}
  ></cs-rows>`;
}
