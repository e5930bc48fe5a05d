/** The panel's menus: tabs that do not fit, more views, more actions, and a row's own. Arrow keys move, Esc closes. */
import { html, nothing, type TemplateResult } from 'lit';
import { ref } from 'lit/directives/ref.js';
import { icon } from '../shared/icons.ts';
import type { Panel } from './panel.ts';
import { restTabs, tabsOf } from './tabs.ts';
import type { TreeView } from './tree-view.ts';
import { frontViews } from './body-tab.ts';
import { cellEntries, columnEntries } from './table-menus.ts';
import { views as allViews } from './views.ts';

export interface Entry {
  readonly label: string;
  readonly key?: string;
  readonly checked?: boolean;
  readonly disabled?: string;
  readonly act: () => void;
}

export function menu(panel: Panel): TemplateResult | typeof nothing {
  const open = panel.menu;
  if (!open) return nothing;
  const groups = entries(panel, open.id).filter((group) => group.length > 0);
  return html`<div
      class="menu-cover"
      @click=${() => close(panel)}
      @contextmenu=${(event: Event) => {
        event.preventDefault();
        close(panel);
      }}
    ></div>
    <div
      class="menu"
      role="menu"
      aria-label=${names[open.id] ?? 'Actions'}
      tabindex="-1"
      ${ref((element) => place(element, open))}
      @keydown=${(event: KeyboardEvent) => keys(panel, event)}
    >
      ${groups.map((group, i) => html`${i > 0 ? html`<div class="rule" role="separator"></div>` : nothing}${group.map((entry) => item(panel, entry))}`)}
    </div>`;
}

const names: Readonly<Record<string, string>> = {
  tabs: 'More tabs',
  views: 'More views',
  more: 'More actions',
  row: 'Row',
  cell: 'Value',
  columns: 'Columns',
};

function entries(panel: Panel, id: string): readonly (readonly Entry[])[] {
  const { model } = panel;
  if (!model) return [];
  if (id === 'tabs') {
    return [
      restTabs(
        panel,
        panel.twoColumns ? tabsOf(model, panel).slice(1) : tabsOf(model, panel),
        panel.twoColumns ? panel.side : panel.tab,
      ).map((tab) => ({
        label: tab.label,
        ...(tab.count === undefined ? {} : { key: tab.count }),
        act: () => panel.openTab(tab.id),
      })),
    ];
  }
  if (id === 'views') {
    const { views, disabled } = model.body;
    return [
      views
        .filter((view) => !frontViews(panel, views).includes(view))
        .map((view) => {
          const reason = disabled.find((one) => one.view === view)?.reason;
          return {
            label: allViews[view].name,
            checked: panel.view === view,
            ...(reason === undefined ? {} : { disabled: reason }),
            act: () => panel.setView(view),
          };
        }),
    ];
  }
  if (id === 'cell') return cellEntries(panel);
  if (id === 'columns') return columnEntries(panel);
  return id === 'row' ? rowEntries(panel) : moreEntries(panel);
}

function rowEntries(panel: Panel): readonly (readonly Entry[])[] {
  const tree = document.querySelector<TreeView>('cs-tree');
  const row = tree?.row(panel.row);
  if (!tree || !row || row.node < 0) return [];
  const { node } = row;
  const isXml = panel.model?.body.kind === 'xml';
  return [
    [
      { label: 'Filter to This', key: 'f', act: () => tree.filterTo() },
      ...(row.cutBytes === undefined
        ? []
        : [{ label: 'Show Whole Value', act: () => void panel.showWhole(panel.path, node) }]),
      ...(row.token === true
        ? [{ label: 'Show Decoded Token', act: () => void panel.showWhole(panel.path, node, 'token') }]
        : []),
    ],
    [
      { label: 'Copy Value', key: 'c', act: () => panel.copy('value', { node }) },
      { label: isXml ? 'Copy XPath' : 'Copy Path', key: 'p', act: () => panel.copy('path', { node }) },
      ...(isXml
        ? []
        : [
            { label: 'Copy as JSON Pointer', act: () => panel.copy('pointer', { node }) },
            { label: 'Copy as jq', act: () => panel.copy('jq', { node }) },
            { label: 'Copy as JavaScript', act: () => panel.copy('javascript', { node }) },
          ]),
    ],
    row.container
      ? [
          { label: 'Expand All Below', act: () => void tree.toggleRow(panel.row, true, 'all') },
          { label: 'Expand This Level', key: '*', act: () => void tree.toggleRow(panel.row, true, 'level') },
          { label: 'Collapse', act: () => void tree.toggleRow(panel.row, false) },
        ]
      : [],
    row.kind === 'array' ? [{ label: 'Show as Table', act: () => panel.showTable(node) }] : [],
  ];
}

function moreEntries(panel: Panel): readonly (readonly Entry[])[] {
  const hasBody = (panel.model?.body.bytes ?? 0) > 0;
  const mac = panel.settings.mac;
  return [
    [
      { label: 'Send Again', key: mac ? '⌘Enter' : 'Ctrl+Enter', act: () => panel.post({ type: 'resend' }) },
      { label: 'Send As…', act: () => panel.post({ type: 'send-as' }) },
      ...(panel.model?.outcome.kind === 'response'
        ? [{ label: 'Compare…', key: 'd', act: () => panel.post({ type: 'compare' }) }]
        : []),
    ],
    [
      ...(hasBody
        ? [
            { label: 'Copy Body', act: () => panel.copy('body') },
            { label: 'Save Body As…', key: mac ? '⌘S' : 'Ctrl+S', act: () => panel.post({ type: 'save-body' }) },
            { label: 'Open Body in an Editor', act: () => panel.post({ type: 'open-in-editor', view: 'text' }) },
          ]
        : []),
      ...((panel.model?.hops.length ?? 0) > 0
        ? [{ label: 'Save Exchange as HAR…', act: () => panel.post({ type: 'save-har' }) }]
        : []),
      { label: 'Copy Request as curl', act: () => panel.post({ type: 'copy-as-curl' }) },
    ],
    [
      ...(panel.view === 'text' || panel.view === 'raw'
        ? [{ label: 'Wrap Lines', checked: panel.wrap, act: () => panel.setWrap(!panel.wrap) }]
        : []),
      { label: panel.pinned ? 'Unpin' : 'Pin', act: () => panel.post({ type: 'pin', pinned: !panel.pinned }) },
      { label: 'Go to Request', key: 'Esc', act: () => panel.post({ type: 'open-request-line' }) },
      { label: 'Response Settings', act: () => panel.post({ type: 'open-settings', key: 'countersign.response' }) },
      {
        label: 'Keys of This Panel',
        key: '?',
        act: () => {
          panel.help = true;
          panel.changed();
        },
      },
    ],
  ];
}

function item(panel: Panel, entry: Entry): TemplateResult {
  return html`<button
    class="menu-item"
    role=${entry.checked === undefined ? 'menuitem' : 'menuitemcheckbox'}
    aria-checked=${entry.checked === undefined ? nothing : entry.checked ? 'true' : 'false'}
    tabindex="-1"
    aria-disabled=${entry.disabled === undefined ? nothing : 'true'}
    title=${entry.disabled ?? nothing}
    @click=${() => {
      if (entry.disabled !== undefined) return;
      close(panel);
      entry.act();
    }}
  >
    <span class="tick">${entry.checked ? icon('check') : nothing}</span
    ><span>${entry.label}</span>${entry.key === undefined ? nothing : html`<span class="menu-key">${entry.key}</span>`}
  </button>`;
}

function place(element: Element | undefined, at: { readonly x: number; readonly y: number }): void {
  if (!(element instanceof HTMLElement)) return;
  queueMicrotask(() => {
    const { width, height } = element.getBoundingClientRect();
    const left = Math.max(4, Math.min(at.x - width, window.innerWidth - width - 4));
    const below = at.y + 2 + height <= window.innerHeight;
    element.style.left = `${String(left)}px`;
    element.style.top = `${String(below ? at.y + 2 : Math.max(4, window.innerHeight - height - 4))}px`;
    if (!element.contains(document.activeElement)) element.querySelector<HTMLElement>('.menu-item')?.focus();
  });
}

function close(panel: Panel): void {
  const id = panel.menu?.id;
  panel.closeMenu();
  const back = id === 'row' ? 'cs-tree' : id === 'cell' ? 'cs-table' : `[data-menu=${id ?? ''}]`;
  document.querySelector<HTMLElement>(back)?.focus({ preventScroll: true });
}

function keys(panel: Panel, event: KeyboardEvent): void {
  const items = [...(event.currentTarget as Element).querySelectorAll<HTMLElement>('.menu-item')];
  const at = items.indexOf(document.activeElement as HTMLElement);
  const to =
    event.key === 'ArrowDown'
      ? at + 1
      : event.key === 'ArrowUp'
        ? at - 1
        : event.key === 'Home'
          ? 0
          : event.key === 'End'
            ? items.length - 1
            : undefined;
  if (to !== undefined) {
    event.preventDefault();
    items[(to + items.length) % items.length]?.focus();
  } else if (event.key === 'Escape' || event.key === 'Tab') {
    event.preventDefault();
    close(panel);
  }
  event.stopPropagation();
}
