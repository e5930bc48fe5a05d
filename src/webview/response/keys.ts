/** Keys of the whole panel, and the list of them that `?` shows. A view's own keys are with the view. Source: design.md G1.1. */
import { html, nothing, type TemplateResult } from 'lit';
import { ref } from 'lit/directives/ref.js';
import { icon } from '../shared/icons.ts';
import { shown } from '../shared/shown.ts';
import type { Panel } from './panel.ts';
import { tabsOf } from './tabs.ts';

export function panelKeys(panel: Panel, event: KeyboardEvent): void {
  const command = panel.settings.mac ? event.metaKey : event.ctrlKey;
  const typing = event.target instanceof HTMLInputElement;
  const act = commandFor(panel, event, command, typing);
  if (!act) return;
  event.preventDefault();
  act();
}

function commandFor(panel: Panel, event: KeyboardEvent, command: boolean, typing: boolean): (() => void) | undefined {
  const { key } = event;
  if (command && key === 'Enter') return () => panel.post({ type: 'resend' });
  if (command && key.toLowerCase() === 'f') return focusField;
  if (command && key.toLowerCase() === 's') return () => panel.post({ type: 'save-body' });
  if (key === 'F3') return () => panel.finding.nextMatch(event.shiftKey ? -1 : 1);
  const digit = /^Digit([1-9])$/.exec(event.code)?.[1];
  if (event.altKey && digit !== undefined) return () => openNth(panel, Number(digit) - 1);
  if (key === 'Escape') return () => escape(panel);
  if (typing || command || event.altKey) return undefined;
  if (key === '/') return focusField;
  if (key === 'd' && panel.model?.outcome.kind === 'response') return () => panel.post({ type: 'compare' });
  if (key === '?') {
    return () => {
      panel.help = !panel.help;
      panel.changed();
    };
  }
  return undefined;
}

function focusField(): void {
  const field = document.getElementById('find') as HTMLInputElement | null;
  field?.focus();
  field?.select();
}

function openNth(panel: Panel, n: number): void {
  const tab = panel.model ? tabsOf(panel.model, panel)[n] : undefined;
  if (tab) panel.openTab(tab.id);
}

/** Closes what is open, else cancels, else clears the field, else goes back to the request. */
function escape(panel: Panel): void {
  if (panel.menu) return panel.closeMenu();
  if (panel.help || panel.whole) {
    panel.help = false;
    panel.whole = undefined;
    panel.changed();
    document.querySelector<HTMLElement>('.rows')?.focus();
    return;
  }
  if (panel.phase === 'sending') panel.post({ type: 'cancel' });
  else if (panel.find.text !== '') panel.finding.search({ text: '' }, 0);
  else panel.post({ type: 'open-request-line' });
}

function keyList(mac: boolean): readonly (readonly [string, string])[] {
  const mod = mac ? '⌘' : 'Ctrl+';
  return [
    ['Tab, Shift+Tab', 'next and previous region'],
    ['↑ ↓ Home End Page Up Page Down', 'rows'],
    ['→ ←', 'open, close'],
    ['*', 'open the level'],
    ['c', 'copy value'],
    ['p', 'copy path'],
    ['f', 'filter to this'],
    ['s, h', 'in a table: sort by the column, hide it'],
    ['Shift+F10', 'menu of the row or value'],
    [`${mod}F or /`, 'find text or $.path'],
    ['F3, Shift+F3', 'next and previous match'],
    [`${mac ? '⌥' : 'Alt+'}1 … 9`, 'tabs'],
    [`${mod}S`, 'save body'],
    ['d', 'compare with another answer'],
    [`${mod}Enter`, 'send again'],
    ['Esc', 'cancel, clear the field, back to the request'],
    ['?', 'this list'],
  ];
}

/** Dialogs over the panel: the keys, or one whole value. */
export function dialog(panel: Panel): TemplateResult | typeof nothing {
  const { whole } = panel;
  if (!panel.help && !whole) return nothing;
  const title = whole ? `Value of ${whole.title}` : 'Keys of this panel';
  const shut = (): void => escape(panel);
  return html`<div class="menu-cover shade" @click=${shut}></div>
    <div class="dialog" role="dialog" aria-modal="true" aria-label=${title}>
      <div class="section-head">
        <h2><bdi>${title}</bdi></h2>
        <button
          class="icon-button end"
          aria-label="Close"
          title="Close (Esc)"
          @click=${shut}
          ${ref((element) => queueMicrotask(() => (element as HTMLElement | undefined)?.focus()))}
        >
          ${icon('close')}
        </button>
      </div>
      ${
        whole
          ? html`<pre class="code boxed" tabindex="0" aria-label="Value">${shown(whole.text.text)}</pre>`
          : html`<dl class="pairs keys">
              ${keyList(panel.settings.mac).map(
                ([keys, words]) =>
                  html`<div class="pair">
                    <dt><kbd>${keys}</kbd></dt>
                    <dd>${words}</dd>
                  </div>`,
              )}
            </dl>`
      }
    </div>`;
}
