/**
 * Two answers compared: which ones, what is passed over, and the differences, side by side where there is room and one
 * line each where there is not. Rows in view are asked for. Source: ux.md E11.
 */
import { html, nothing, type TemplateResult } from 'lit';
import css from './compare.css';
import type { CompareModel, DifferenceView } from '../protocol.ts';
import { many, time } from '../shared/format.ts';
import { adoptStyles } from '../shared/adopt-styles.ts';
import { icon, type IconName } from '../shared/icons.ts';
import { isoText, shown } from '../shared/shown.ts';
import type { RowSource } from '../shared/virtual-rows.ts';
import type { Panel } from './panel.ts';
import { rowHeight } from './tree-view.ts';

adoptStyles(css);

export function compareTab(panel: Panel): TemplateResult {
  const { comparison } = panel;
  if (!comparison) return html`<div class="state"></div>`;
  const { who, title, startedAt } = comparison;
  return html`<div class="compare-head">
      <p>
        ${words(comparison)} since <b>${shown(title)}</b>
        <span class="muted">· ${time(startedAt)}${who === undefined ? nothing : html` · as ${isoText(who)}`}</span>
      </p>
      <div class="buttons">
        <button class="button secondary" @click=${() => panel.post({ type: 'compare-text' })}>Open as Text</button>
        <button class="button secondary" @click=${() => panel.post({ type: 'compare' })}>Compare With…</button>
      </div>
    </div>
    ${ignoredField(panel, comparison)}
    ${
      comparison.body === undefined
        ? nothing
        : html`<div class="note-bar" role="note">${icon('info')}<span>${comparison.body}</span></div>`
    }
    ${comparison.total === 0 ? nothing : rows(panel, comparison)}`;
}

function words({ total, more, body }: CompareModel): string {
  if (total === 0) return body === undefined ? 'No difference' : 'No other difference';
  return `${more ? 'More than ' : ''}${many(total, 'difference')}`;
}

function ignoredField(panel: Panel, { ignored, unread }: CompareModel): TemplateResult {
  const set = (event: Event): void => {
    const paths = (event.target as HTMLInputElement).value.split(/,\s*(?![^[]*\])/);
    panel.post({ type: 'compare-ignore', paths });
  };
  return html`<div class="ignored">
    <label for="ignored">Ignored paths</label>
    <div class="field ${unread.length === 0 ? '' : 'wrong'}">
      <input
        id="ignored"
        type="text"
        spellcheck="false"
        autocomplete="off"
        placeholder="$..updatedAt, headers.etag"
        aria-invalid=${unread.length === 0 ? nothing : 'true'}
        aria-describedby=${unread.length === 0 ? nothing : 'ignored-error'}
        .value=${ignored.join(', ')}
        @change=${set}
      />
    </div>
    ${
      unread.length === 0
        ? nothing
        : html`<div class="field-error" id="ignored-error">
            ${isoText(unread.join(', '))}: a path begins with $, a header with “headers.”.
          </div>`
    }
  </div>`;
}

const marks = {
  added: { icon: 'diff-added', word: 'added', colour: 'green' },
  removed: { icon: 'diff-removed', word: 'removed', colour: 'red' },
  changed: { icon: 'diff-modified', word: 'changed', colour: 'blue' },
} as const satisfies Readonly<Record<DifferenceView['kind'], { icon: IconName; word: string; colour: string }>>;

const sources = new WeakMap<Panel, { readonly key: CompareModel; readonly source: RowSource<DifferenceView> }>();

function sourceFor(panel: Panel, comparison: CompareModel): RowSource<DifferenceView> {
  const known = sources.get(panel);
  if (known?.key === comparison) return known.source;
  const source: RowSource<DifferenceView> = {
    async fetch(from, to) {
      const answer = await panel.ask({ kind: 'differences', from, to });
      return answer.kind === 'differences' ? answer : undefined;
    },
    draw: (row) => drawRow(row),
  };
  sources.set(panel, { key: comparison, source });
  return source;
}

/** Both columns have room, or each difference is one line. */
function rows(panel: Panel, comparison: CompareModel): TemplateResult {
  const room = panel.twoColumns ? (panel.width * (100 - panel.split)) / 100 : panel.width;
  return html`<cs-rows
    class="rows differences ${room >= 900 ? 'beside' : ''}"
    role="region"
    tabindex="0"
    aria-label="Differences"
    .source=${sourceFor(panel, comparison)}
    .rowHeight=${rowHeight()}
    .revision=${`${String(panel.revision)} ${String(room >= 900)}`}
  ></cs-rows>`;
}

function drawRow(row: DifferenceView): TemplateResult {
  const mark = marks[row.kind];
  const value = (pieces: DifferenceView['before']): unknown =>
    pieces === undefined ? html`<span class="muted">–</span>` : shown(pieces);
  return html`<div class="row difference ${row.kind}">
    <span class="mark">${icon(mark.icon, `small ${mark.colour}`)}<span class="sr">${mark.word}</span></span>
    <span class="key" dir="ltr">${shown(row.path)}</span>
    <span class="before"><span class="sr">before</span>${value(row.before)}</span>
    <span class="turn" aria-hidden="true">${icon('arrow-right', 'small')}</span>
    <span class="after"><span class="sr">after</span>${value(row.after)}</span>
  </div>`;
}
