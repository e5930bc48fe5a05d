/** The one field that finds text or filters by JSONPath, its toggles, its count and its error (design.md E4.1). */
import { html, nothing, type TemplateResult } from 'lit';
import { count, many } from '../shared/format.ts';
import { icon, type IconName } from '../shared/icons.ts';
import type { Panel } from './panel.ts';

export function findField(panel: Panel): TemplateResult {
  const { find } = panel;
  const path = panel.model?.body.kind === 'xml' ? '/path' : '$.path';
  const words = panel.view === 'tree' ? `Find text or ${path}` : 'Find text';
  return html`<div class="find" role="search" aria-label="Body">
    <div class="field ${find.error === undefined ? '' : 'wrong'}">
      ${icon('search')}
      <input
        id="find"
        type="text"
        spellcheck="false"
        autocomplete="off"
        placeholder=${words}
        aria-label=${words}
        aria-invalid=${find.error === undefined ? nothing : 'true'}
        aria-describedby=${find.error === undefined ? 'find-count' : 'find-error'}
        .value=${find.text}
        @input=${(event: Event) => panel.finding.search({ text: (event.target as HTMLInputElement).value })}
        @keydown=${(event: KeyboardEvent) => keys(panel, event)}
      />
      <span class="count" id="find-count">${countWords(panel)}</span>
      ${
        find.mode === 'filter'
          ? nothing
          : html`${toggle(panel, 'case-sensitive', 'Match case', 'caseSensitive')}${toggle(panel, 'whole-word', 'Match whole word', 'word')}${toggle(panel, 'regex', 'Use regular expression', 'regex')}`
      }
      ${
        find.text === ''
          ? nothing
          : html`<button
              class="inside"
              aria-label="Clear"
              title="Clear (Esc)"
              @click=${() => panel.finding.search({ text: '' }, 0)}
            >
              ${icon('close')}
            </button>`
      }
    </div>
    ${find.error === undefined ? nothing : html`<div class="field-error" id="find-error">${find.error}</div>`}
  </div>`;
}

function toggle(
  panel: Panel,
  name: IconName,
  label: string,
  field: 'caseSensitive' | 'word' | 'regex',
): TemplateResult {
  const on = panel.find[field];
  return html`<button
    class="inside option ${on ? 'on' : ''}"
    title=${label}
    aria-label=${label}
    aria-pressed=${on ? 'true' : 'false'}
    @click=${() => panel.finding.search({ [field]: !on }, 0)}
  >
    ${icon(name)}
  </button>`;
}

function countWords(panel: Panel): string {
  const { find } = panel;
  if (find.mode === 'none') return '';
  if (find.busy || find.count === undefined) return find.error === undefined ? '…' : '';
  const all = `${count(find.count)}${find.more ? '+' : ''}`;
  if (find.mode === 'filter' || find.current === undefined)
    return find.count === 1 ? many(1, 'match') : `${all} matches`;
  return `${count(find.current + 1)} of ${all}`;
}

function keys(panel: Panel, event: KeyboardEvent): void {
  if (event.key === 'Enter') {
    event.preventDefault();
    if (panel.find.mode === 'find') panel.finding.nextMatch(event.shiftKey ? -1 : 1);
    else document.querySelector<HTMLElement>('cs-rows')?.focus();
  } else if (event.key === 'ArrowDown') {
    event.preventDefault();
    document.querySelector<HTMLElement>('cs-rows')?.focus();
  } else if (event.key === 'Escape' && panel.find.text !== '') {
    event.preventDefault();
    event.stopPropagation();
    panel.finding.search({ text: '' }, 0);
  }
}
