/**
 * The tabs: which exist for a response, in a fixed order, with their counts; drawn as a tab list with roving focus,
 * narrow as the active one, two more and a menu. Source: ux.md E3, design.md E3.1.
 */
import { html, nothing, type TemplateResult } from 'lit';
import type { CompareModel, IdentitiesModel, ResponseModel } from '../protocol.ts';
import { count } from '../shared/format.ts';
import { icon } from '../shared/icons.ts';
import { textWidth } from '../shared/text-width.ts';
import type { Panel } from './panel.ts';

export type TabId =
  'body' | 'headers' | 'cookies' | 'timing' | 'security' | 'sign-in' | 'request' | 'tests' | 'compare' | 'identities';

export interface Tab {
  readonly id: TabId;
  readonly label: string;
  readonly count?: string;
  readonly failed?: boolean;
}

/** What the panel has beside the answer. */
interface MoreTabs {
  readonly comparison?: CompareModel | undefined;
  readonly identities?: IdentitiesModel | undefined;
}

/** Only tabs with content. A request that was not sent has no body: the tab that explains it comes first. */
export function tabsOf(model: ResponseModel, { comparison, identities }: MoreTabs = {}): readonly Tab[] {
  const { outcome } = model;
  const notSent = outcome.kind === 'not-sent';
  const first: TabId =
    notSent && outcome.reason === 'tls' && model.security
      ? 'security'
      : notSent && outcome.reason === 'sign-in' && model.trace
        ? 'sign-in'
        : 'body';
  const failed = model.tests.filter((test) => !test.passed).length;
  const tabs: (Tab | undefined)[] = [
    first === 'body' ? { id: 'body', label: notSent ? 'Problem' : 'Body' } : undefined,
    model.headers.length > 0 ? { id: 'headers', label: 'Headers', count: String(model.headers.length) } : undefined,
    model.cookies.length > 0 ? { id: 'cookies', label: 'Cookies', count: String(model.cookies.length) } : undefined,
    model.hops.length > 0 ? { id: 'timing', label: 'Timing' } : undefined,
    model.security ? { id: 'security', label: 'Security' } : undefined,
    model.trace ? { id: 'sign-in', label: 'Sign-in' } : undefined,
    model.request ? { id: 'request', label: 'Request' } : undefined,
    model.tests.length > 0
      ? {
          id: 'tests',
          label: 'Tests',
          count: `${String(model.tests.length - failed)}/${String(model.tests.length)}`,
          failed: failed > 0,
        }
      : undefined,
    identities
      ? {
          id: 'identities',
          label: 'Identities',
          count: String(identities.rows.length),
          failed: identities.rows.some(({ asExpected }) => asExpected === false),
        }
      : undefined,
    comparison ? { id: 'compare', label: 'Compare', count: many(comparison) } : undefined,
  ];
  return tabs.filter((tab) => tab !== undefined).sort((a, b) => Number(b.id === first) - Number(a.id === first));
}

function many({ total, more }: CompareModel): string {
  return `${count(total)}${more ? '+' : ''}`;
}

/** @param list which tabs, @param active the chosen one, @param name of this tab list's panel id prefix */
export function tabList(panel: Panel, list: readonly Tab[], active: TabId): TemplateResult | typeof nothing {
  const activeTab = list.find((tab) => tab.id === active) ?? list[0];
  if (!activeTab) return nothing;
  const front = frontTabs(list, activeTab, roomFor(panel, list));
  const rest = list.filter((tab) => !front.includes(tab));
  return html`<div class="tabs">
    <div
      class="tablist"
      role="tablist"
      aria-label="Parts of the response"
      @keydown=${(event: KeyboardEvent) => move(panel, event, front)}
    >
      ${front.map((tab) => tabButton(panel, tab, tab.id === activeTab.id))}
    </div>
    ${
      rest.length > 0
        ? html`<button
            class="tab more"
            data-menu="tabs"
            aria-haspopup="menu"
            aria-expanded=${panel.menu?.id === 'tabs' ? 'true' : 'false'}
            @click=${(event: Event) => panel.openMenu('tabs', event.currentTarget as Element)}
          >
            More ${icon('chevron-down')}
          </button>`
        : nothing
    }
  </div>`;
}

/** How many tabs fit: all, or what is left beside `More`; three at most below 520 px. */
function roomFor(panel: Panel, list: readonly Tab[]): number {
  const column = panel.twoColumns ? (panel.width * (100 - panel.split)) / 100 : panel.width;
  const widths = list.map(
    (tab) =>
      textWidth(tab.label) +
      16 +
      (tab.count === undefined ? 0 : 8 + textWidth(tab.count, 'small') + (tab.failed ? 16 : 0)),
  );
  const all = widths.reduce((sum, width) => sum + width, 0);
  if (column >= 520 || list.length <= 4) if (all <= column - 16) return list.length;
  let room = column - 16 - 72;
  let fitting = 0;
  for (const width of widths) {
    room -= width;
    if (room < 0) break;
    fitting += 1;
  }
  return Math.max(1, column < 520 ? Math.min(3, fitting) : fitting);
}

/** The first ones, with the active one in the last place when it is not among them. */
function frontTabs(list: readonly Tab[], active: Tab, room: number): readonly Tab[] {
  const first = list.slice(0, room);
  return first.includes(active) ? first : [...list.slice(0, room - 1), active];
}

/** What the menu holds. */
export function restTabs(panel: Panel, list: readonly Tab[], active: TabId): readonly Tab[] {
  const activeTab = list.find((tab) => tab.id === active) ?? list[0];
  if (!activeTab) return [];
  const front = frontTabs(list, activeTab, roomFor(panel, list));
  return list.filter((tab) => !front.includes(tab));
}

function tabButton(panel: Panel, tab: Tab, selected: boolean): TemplateResult {
  return html`<button
    class="tab"
    role="tab"
    id="tab-${tab.id}"
    aria-selected=${selected ? 'true' : 'false'}
    aria-controls=${selected ? `panel-${tab.id}` : nothing}
    tabindex=${selected ? 0 : -1}
    @click=${() => panel.openTab(tab.id)}
  >
    ${tab.label}${tab.count === undefined ? nothing : html` <span class="count">${tab.failed ? icon('error', 'red small') : nothing}${tab.count}</span>`}
  </button>`;
}

function move(panel: Panel, event: KeyboardEvent, list: readonly Tab[]): void {
  const buttons = [...(event.currentTarget as Element).querySelectorAll<HTMLElement>('[role=tab]')];
  const at = buttons.indexOf(document.activeElement as HTMLElement);
  const rtl = getComputedStyle(document.documentElement).direction === 'rtl';
  const forward = rtl ? 'ArrowLeft' : 'ArrowRight';
  const back = rtl ? 'ArrowRight' : 'ArrowLeft';
  const to =
    event.key === forward
      ? at + 1
      : event.key === back
        ? at - 1
        : event.key === 'Home'
          ? 0
          : event.key === 'End'
            ? list.length - 1
            : undefined;
  if (to === undefined || at < 0) return;
  event.preventDefault();
  const tab = list[(to + list.length) % list.length] as Tab;
  panel.openTab(tab.id);
  queueMicrotask(() => document.getElementById(`tab-${tab.id}`)?.focus());
}

/** The tab that explains a failure. */
export function failedTab(model: ResponseModel): TabId | undefined {
  if (model.outcome.kind !== 'not-sent') return undefined;
  return tabsOf(model)[0]?.id;
}
