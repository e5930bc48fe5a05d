/**
 * The Body tab: what stands above it (step-up, problem, notes), the toolbar, the view, the footer. Which views exist
 * is the host's decision. Source: design.md E4, E6.
 */
import { html, nothing, type TemplateResult } from 'lit';
import type { ResponseModel, ViewId } from '../protocol.ts';
import { count, many, size } from '../shared/format.ts';
import { icon } from '../shared/icons.ts';
import { isoText, shown } from '../shared/shown.ts';
import { findField } from './find-field.ts';
import { searched, type Panel } from './panel.ts';
import { cancelledState, emptyState, notSentState, withoutStop } from './states.ts';
import { views } from './views.ts';

export function bodyTab(panel: Panel, model: ResponseModel): TemplateResult {
  const { body, outcome } = model;
  if (outcome.kind === 'not-sent') return html`<div class="section scroll-y">${notSentState(panel, model)}</div>`;
  if (outcome.kind === 'cancelled' && body.bytes === 0) return cancelledState(panel);
  if (body.kind === 'empty') return html`${bars(panel, model)}${emptyState(panel, model)}`;
  if (body.kind === 'pdf' && panel.view === 'hex' && !panel.asTable)
    return html`${bars(panel, model)}${pdfState(panel, model)}`;
  return html`${bars(panel, model)} ${toolbar(panel, model)} ${faultBar(panel)} ${views[panel.view].draw(panel, model)}
  ${footer(panel, model)}`;
}

/** The first ones, with the chosen one in the last place when it is not among them; the rest are in a menu. */
export function frontViews(panel: Panel, possible: readonly ViewId[]): readonly ViewId[] {
  const first = possible.slice(0, panel.width >= 380 ? 3 : 2);
  return first.includes(panel.view) ? first : [...first.slice(0, -1), panel.view];
}

function toolbar(panel: Panel, model: ResponseModel): TemplateResult {
  const { views: possible, disabled } = model.body;
  const front = frontViews(panel, possible);
  const rest = possible.filter((one) => !front.includes(one));
  const wide = panel.width >= 520;
  return html`<div class="toolbar" role="group" aria-label="Body">
    <div
      class="views"
      role="radiogroup"
      aria-label="View"
      @keydown=${(event: KeyboardEvent) => moveView(panel, event, front)}
    >
      ${front.map((one) => viewButton(panel, one, disabled.find((d) => d.view === one)?.reason, panel.view === one))}
    </div>
    ${
      rest.length > 0
        ? html`<button
            class="icon-button narrow"
            data-menu="views"
            aria-label="More views"
            title="More views"
            aria-haspopup="menu"
            aria-expanded=${panel.menu?.id === 'views' ? 'true' : 'false'}
            @click=${(event: Event) => panel.openMenu('views', event.currentTarget as Element)}
          >
            ${icon('chevron-down')}
          </button>`
        : nothing
    }
    ${searched.includes(panel.view) ? findField(panel) : html`${viewNote(panel)}<span class="grow"></span>`}
    ${panel.view === 'table' ? tableButtons(panel) : nothing}
    ${panel.width >= 380 && (panel.view === 'text' || panel.view === 'raw') ? wrapButton(panel) : nothing}
    ${
      wide && panel.view !== 'table'
        ? html`${toolButton('copy', 'Copy body', () => panel.copy('body'))}${toolButton('save', 'Save body as…', () => panel.post({ type: 'save-body' }))}`
        : nothing
    }
    ${toolButton('go-to-file', 'Open body in an editor', () => panel.post({ type: 'open-in-editor', view: panel.view === 'raw' ? 'raw' : 'text' }))}
  </div>`;
}

function viewNote(panel: Panel): TemplateResult | typeof nothing {
  const { note } = views[panel.view];
  return note === undefined ? nothing : html`<span class="muted note">${note}</span>`;
}

function tableButtons(panel: Panel): TemplateResult {
  return html`<button
      class="icon-button"
      data-menu="columns"
      title="Columns"
      aria-label="Columns"
      aria-haspopup="menu"
      aria-expanded=${panel.menu?.id === 'columns' ? 'true' : 'false'}
      @click=${(event: Event) => panel.openMenu('columns', event.currentTarget as Element)}
    >
      ${icon('list-selection')}
    </button>
    ${toolButton('copy', 'Copy as CSV', () => panel.table.copyCsv())}`;
}

function toolButton(name: Parameters<typeof icon>[0], label: string, act: () => void): TemplateResult {
  return html`<button class="icon-button" title=${label} aria-label=${label} @click=${act}>${icon(name)}</button>`;
}

function wrapButton(panel: Panel): TemplateResult {
  return html`<button
    class="icon-button toggle"
    title="Wrap lines"
    aria-label="Wrap lines"
    aria-pressed=${panel.wrap ? 'true' : 'false'}
    @click=${() => panel.setWrap(!panel.wrap)}
  >
    ${icon('word-wrap')}
  </button>`;
}

function viewButton(panel: Panel, view: ViewId, reason: string | undefined, tabbable: boolean): TemplateResult {
  const chosen = panel.view === view;
  return html`<button
    class="view"
    role="radio"
    aria-checked=${chosen ? 'true' : 'false'}
    tabindex=${tabbable ? 0 : -1}
    aria-disabled=${reason === undefined ? nothing : 'true'}
    title=${reason ?? nothing}
    @click=${() => (reason === undefined ? panel.setView(view) : panel.say(reason))}
  >
    ${views[view].name}
  </button>`;
}

function moveView(panel: Panel, event: KeyboardEvent, front: readonly ViewId[]): void {
  const step =
    event.key === 'ArrowRight' || event.key === 'ArrowDown'
      ? 1
      : event.key === 'ArrowLeft' || event.key === 'ArrowUp'
        ? -1
        : 0;
  if (step === 0) return;
  event.preventDefault();
  const possible = front.filter((one) => !panel.model?.body.disabled.some((d) => d.view === one));
  const at = possible.indexOf(panel.view);
  const next = possible[(at + step + possible.length) % possible.length];
  if (next === undefined) return;
  panel.setView(next);
  queueMicrotask(() => document.querySelector<HTMLElement>('.views [aria-checked=true]')?.focus());
}

function bars(panel: Panel, model: ResponseModel): TemplateResult {
  return html`${model.stepUp ? stepUpBar(panel, model.stepUp) : nothing}
  ${model.setUp ? setUpBar(panel, model.setUp) : nothing}
  ${model.error && model.outcome.kind === 'response' ? brokenBar(model.error) : nothing}
  ${
    model.body.unknownCharset === undefined
      ? nothing
      : noteBar(
          html`The server says the text is in “${isoText(model.body.unknownCharset)}”, which nothing here knows. It is
          shown as UTF-8.`,
        )
  }
  ${
    model.problem
      ? html`<div class="note-bar">
          ${icon('info')}<span
            ><b>${shown(model.problem.title)}</b
            >${model.problem.detail ? html` ${shown(model.problem.detail)}` : nothing}</span
          >
        </div>`
      : nothing
  }
  ${model.notes.map((note) => noteBar(html`${isoText(note)}`))}`;
}

function noteBar(words: TemplateResult): TemplateResult {
  return html`<div class="note-bar">${icon('info')}<span>${words}</span></div>`;
}

function brokenBar(error: NonNullable<ResponseModel['error']>): TemplateResult {
  return html`<section class="cause warning" aria-label="The body ended early">
    ${icon('warning', 'yellow')}
    <div>
      <h2>${isoText(withoutStop(error.message))}</h2>
      <p>${isoText(error.next)}</p>
      <p class="code">${error.code}</p>
    </div>
  </section>`;
}

function stepUpBar(panel: Panel, stepUp: NonNullable<ResponseModel['stepUp']>): TemplateResult {
  const { scope } = stepUp;
  return html`<section class="cause info" aria-label="What the API asks for">
    ${icon('info', 'blue')}
    <div>
      <h2>
        ${scope === undefined ? 'The API asks for a newer sign-in' : html`The API asks for the scope ${isoText(scope)}`}
      </h2>
      <p>
        ${scope === undefined ? `The session of ${stepUp.credential} is too old or too weak for this.` : `${stepUp.credential} was signed in without it. Sign in again to ask for it.`}
      </p>
      <p class="code">${shown(stepUp.challenge)}</p>
      <div class="buttons">
        <button
          class="button primary"
          @click=${() => panel.post({ type: 'sign-in', ...(scope === undefined ? {} : { scope }) })}
        >
          ${scope === undefined ? 'Sign In Again' : html`Sign In with ${isoText(scope)}`}
        </button>
        <button class="button secondary" @click=${() => panel.post({ type: 'send-as' })}>Send As…</button>
      </div>
    </div>
  </section>`;
}

function setUpBar(panel: Panel, { origin, challenge }: NonNullable<ResponseModel['setUp']>): TemplateResult {
  return html`<section class="cause info" aria-label="What the API asks for">
    ${icon('info', 'blue')}
    <div>
      <h2>The API asks who is calling</h2>
      <p>The request went to ${isoText(origin)} without a credential.</p>
      ${challenge === undefined ? nothing : html`<p class="code">${shown(challenge)}</p>`}
      <div class="buttons">
        <button class="button primary" @click=${() => panel.post({ type: 'set-up-sign-in' })}>Set Up Sign-in…</button>
        <button class="button secondary" @click=${() => panel.post({ type: 'send-as' })}>Send As…</button>
      </div>
    </div>
  </section>`;
}

function faultBar(panel: Panel): TemplateResult | typeof nothing {
  const { fault } = panel;
  if (!fault || (panel.view === 'hex' && fault.byte === undefined)) return nothing;
  return html`<div class="note-bar" role="note">
    ${icon('warning', 'yellow')}
    <span
      >${
        fault.why ??
        (fault.byte === undefined
          ? `This is not ${fault.name} from line ${count(fault.line)}, column ${count(fault.column)}: expected ${fault.expected}. It is shown as text.`
          : `This is not ${fault.name} from byte ${count(fault.byte)}: expected ${fault.expected}. It is shown as bytes.`)
      }</span
    >
  </div>`;
}

function pdfState(panel: Panel, model: ResponseModel): TemplateResult {
  return html`<div class="state">
    ${icon('file-pdf', 'large')}
    <h2>${isoText(model.title)}, ${size(model.body.bytes)}</h2>
    <p>A PDF can hold scripts, so it is not opened here by itself.</p>
    <div class="buttons">
      <button class="button primary" @click=${() => panel.post({ type: 'save-body' })}>Save Body As…</button>
      <button
        class="button secondary"
        @click=${() => {
          panel.asTable = true;
          panel.changed();
        }}
      >
        Show as Hex
      </button>
    </div>
  </div>`;
}

function footer(panel: Panel, model: ResponseModel): TemplateResult {
  const { body } = model;
  const wire =
    body.encoding !== undefined && body.encodedBytes !== body.bytes
      ? `, ${body.encoding} ${size(body.encodedBytes)}`
      : '';
  const right: string[] = [];
  const hidden = panel.hiddenInBody;
  if (hidden > 0) right.push(`${many(hidden, 'secret')} hidden`);
  if (panel.view === 'tree' && panel.find.mode === 'filter' && panel.find.count !== undefined)
    right.push(many(panel.find.count, 'result'));
  else if (panel.view === 'tree' && panel.rowsTotal > 0) right.push(many(panel.rowsTotal, 'row'));
  if (panel.view === 'table') right.push(...panel.table.words());
  if ((panel.view === 'text' || panel.view === 'raw') && panel.rowsTotal > 0) right.push(many(panel.rowsTotal, 'line'));
  if (panel.asReceived && panel.view === 'text') right.push('as received');
  right.push(`${size(body.bytes)}${wire}`);
  if (body.onDisk && panel.view === 'tree' && panel.path !== '') right.push('kept on disk until this tab closes');
  if (body.charset !== 'utf-8' && body.kind !== 'binary' && body.kind !== 'image') right.push(body.charset);
  const left =
    (panel.view === 'tree' || panel.view === 'table') && panel.path !== ''
      ? html`<button class="path" dir="ltr" title="Copy path" @click=${() => panel.copy('text', { text: panel.path })}>
            ${isoText(panel.path)}</button
          ><span class="muted">${panel.pathKind}</span>`
      : html`<span class="muted"
          >${body.onDisk ? 'Kept on disk until this tab closes' : body.sniffed === undefined ? body.mediaType : `${shortType(body.sniffed)}, by its first bytes`}</span
        >`;
  return html`<footer class="footer">${left}<span class="muted end">${right.join(' · ')}</span></footer>`;
}

function shortType(type: string): string {
  return `${type.replace(/^(image|application)\//, '').replace(/^vnd\./, '')} data`;
}
