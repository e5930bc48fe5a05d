/** Entry of the response panel: font and styles, the panel's state, and what it draws. */
import { html, nothing, render, type TemplateResult } from 'lit';
import font from '@vscode/codicons/dist/codicon.ttf';
import css from './panel.css';
import { adoptStyles } from '../shared/adopt-styles.ts';
import { icon } from '../shared/icons.ts';
import type { ResponseModel } from '../protocol.ts';
import { bodyTab } from './body-tab.ts';
import { dialog, panelKeys } from './keys.ts';
import { menu } from './menus.ts';
import { onDemand, type Draw } from './on-demand.ts';
import { Panel } from './panel.ts';
import { splitter } from './splitter.ts';
import { idleState, restoredState, sendingState } from './states.ts';
import { sendingStrip, strip } from './strip.ts';
import { tabList, tabsOf, type TabId } from './tabs.ts';

adoptStyles(css);
void new FontFace('codicon', `url("${new URL(font, import.meta.url).href}")`)
  .load()
  .then((face) => document.fonts.add(face));

const root = document.getElementById('app') as HTMLElement;
let asked = false;
const panel = new Panel(() => {
  if (asked) return;
  asked = true;
  queueMicrotask(() => {
    asked = false;
    draw();
  });
});

function draw(): void {
  const { style } = document.documentElement;
  const { fontSize, fontFamily } = panel.settings;
  style.setProperty(
    '--cs-code-size',
    fontSize === undefined ? 'var(--vscode-editor-font-size, 13px)' : `${String(fontSize)}px`,
  );
  style.setProperty('--cs-code-font', fontFamily ?? 'var(--vscode-editor-font-family, monospace)');
  render(page(), root);
}

function page(): TemplateResult {
  return html`<main class="panel ${panel.phase}" aria-label="Response">
      ${content()} ${menu(panel)} ${dialog(panel)}
    </main>
    ${panel.toast === '' ? nothing : html`<div class="toast" aria-hidden="true">${icon(panel.toast === 'Copied.' ? 'check' : 'info')} ${panel.toast}</div>`}
    <div class="sr" role="status" aria-live="polite">${panel.polite}</div>
    <div class="sr" role="alert" aria-live="assertive">${panel.assertive}</div>`;
}

function content(): unknown {
  const { phase, model, run, facts } = panel;
  if (phase === 'sending' && run && panel.sendingShown) {
    const old = model && !panel.head ? html`<div class="old" inert>${tabs(model)}</div>` : nothing;
    return html`${sendingStrip(panel, run)}
      <div class="progress-line"></div>
      ${model && !panel.head ? old : html`<div class="content">${sendingState(panel)}</div>`}`;
  }
  if (phase === 'sending' && run && !model) return html`${nothing}`;
  if (phase === 'restored' && facts) return restoredState(panel, facts);
  if (phase === 'idle') return idleState(panel);
  return model ? html`${strip(panel, model)} ${tabs(model)}` : nothing;
}

function tabs(model: ResponseModel): TemplateResult {
  const list = tabsOf(model, panel);
  if (panel.twoColumns) {
    const [body, ...others] = list;
    return html`<div class="columns">
      <div class="column first">${tabList(panel, body ? [body] : [], 'body')}${tabPanel(model, 'body')}</div>
      ${splitter(panel)}
      <div class="column">
        ${tabList(panel, others, panel.side)}${others.length > 0 ? tabPanel(model, panel.side) : nothing}
      </div>
    </div>`;
  }
  return html`${tabList(panel, list, panel.tab)} ${tabPanel(model, panel.tab)}`;
}

/** One file and one line each; all but the first are loaded when they are first shown. */
const drawn: Readonly<Record<TabId, Draw>> = {
  body: bodyTab,
  headers: onDemand(async () => (await import('./headers-tab.ts')).headersTab),
  cookies: onDemand(async () => (await import('./headers-tab.ts')).cookiesTab),
  timing: onDemand(async () => (await import('./timing-tab.ts')).timingTab),
  security: onDemand(async () => (await import('./security-tab.ts')).securityTab),
  'sign-in': onDemand(async () => (await import('./sign-in-tab.ts')).signInTab),
  request: onDemand(async () => (await import('./request-tab.ts')).requestTab),
  tests: onDemand(async () => (await import('./request-tab.ts')).testsTab),
  compare: onDemand(async () => (await import('./compare-tab.ts')).compareTab),
  identities: onDemand(async () => (await import('./identities-tab.ts')).identitiesTab),
};

const fixed: readonly TabId[] = ['body', 'timing', 'compare'];

function tabPanel(model: ResponseModel, tab: TabId): TemplateResult {
  return html`<div
    class="tabpanel ${fixed.includes(tab) ? '' : 'scroll-y'}"
    role="tabpanel"
    id="panel-${tab}"
    aria-labelledby="tab-${tab}"
    tabindex=${fixed.includes(tab) ? nothing : 0}
  >
    ${drawn[tab](panel, model)}
  </div>`;
}

new ResizeObserver(() => {
  panel.width = root.clientWidth;
  panel.changed();
}).observe(root);
document.addEventListener('keydown', (event) => panelKeys(panel, event));
document.addEventListener('visibilitychange', () => panel.changed());
draw();
panel.start();
