/**
 * What the panel shows instead of a body: before the first send, while sending, nothing received, not sent, restored.
 * Each says what is the case and what to do next. Source: design.md E6.
 */
import { html, nothing, type TemplateResult } from 'lit';
import type { ErrorModel, ResponseModel, RestoredFacts } from '../protocol.ts';
import { dateTime, duration, many } from '../shared/format.ts';
import { icon } from '../shared/icons.ts';
import { isoText, shown, visible } from '../shared/shown.ts';
import type { Panel } from './panel.ts';

export function idleState(panel: Panel): TemplateResult {
  return html`<div class="state">
    ${icon('play', 'large')}
    <h1>No response yet</h1>
    <p>Choose Send above a request, or press ${panel.settings.sendKey} in it.</p>
    <p class="muted">Press <kbd>?</kbd> for the keys of this panel.</p>
  </div>`;
}

/** The steps so far, with the time each ended; the running one counts. */
export function sendingState(panel: Panel): TemplateResult {
  let before = 0;
  const lines = panel.steps.map((step) => {
    const took = step.state === 'done' ? step.at - before : panel.now - (panel.run?.startedAt ?? panel.now) - before;
    if (step.state === 'done') before = step.at;
    return html`<li>
      ${step.state === 'done' ? icon('pass', 'green') : icon('loading', 'spin')}
      <span>${step.title}</span>
      <span class="muted end">${step.note ?? duration(Math.max(0, took))}</span>
    </li>`;
  });
  return html`<div class="state">
    <ol class="progress-steps" aria-label="Steps so far">
      ${lines}
    </ol>
  </div>`;
}

export function emptyState(panel: Panel, model: ResponseModel): TemplateResult {
  const { empty } = model.body;
  const headers = model.headers.length;
  return html`<div class="state">
    ${icon(model.outcome.kind === 'response' && model.outcome.family === 'ok' ? 'check' : 'info', 'large')}
    <h2>${empty?.heading ?? 'The body is empty'}</h2>
    <p>
      ${empty?.detail ?? ''}
      ${
        headers > 0
          ? html`<button class="link" @click=${() => panel.openTab('headers')}>
              See its ${many(headers, 'header')}
            </button>`
          : nothing
      }
    </p>
  </div>`;
}

/** Cancelled before anything came. */
export function cancelledState(panel: Panel): TemplateResult {
  return html`<div class="state">
    ${icon('circle-slash', 'large')}
    <h2>Cancelled before an answer came</h2>
    <p>Nothing had arrived.</p>
    <div class="buttons">
      <button class="button primary" data-focus @click=${() => panel.post({ type: 'resend' })}>Send Again</button>
    </div>
  </div>`;
}

export function notSentState(panel: Panel, model: ResponseModel): TemplateResult {
  return html`${model.broken ? drawing(model.broken) : nothing}
  ${model.error ? errorBox(panel, model, model.error) : nothing}`;
}

/** This machine, the proxy if any, the server; the edge that broke is marked with a cross and a word. */
function drawing(broken: NonNullable<ResponseModel['broken']>): TemplateResult {
  const edge = (bad: boolean): TemplateResult =>
    bad
      ? html`<span class="edge"></span><span class="bad">${icon('close', 'red')} ${broken.word}</span
          ><span class="edge"></span>`
      : html`<span class="edge whole"></span>`;
  const { proxy } = broken;
  const sentence =
    broken.edge === 'proxy'
      ? `The way from this machine to ${broken.host} ends at the proxy ${proxy ?? ''}: ${broken.word}.`
      : `The way from this machine to ${broken.host} is broken: ${broken.word}.`;
  return html`<div class="drawing" role="img" aria-label=${sentence}>
    <span class="node">${icon('vm')} This machine</span>
    ${
      proxy === undefined
        ? edge(true)
        : html`${edge(broken.edge === 'proxy')}<span class="node">${icon('server-process')} ${isoText(proxy)}</span
            >${edge(broken.edge !== 'proxy')}`
    }
    <span class="node">${icon('server')} ${isoText(broken.host)}</span>
  </div>`;
}

function errorBox(panel: Panel, model: ResponseModel, error: ErrorModel): TemplateResult {
  const { outcome } = model;
  const secret =
    outcome.kind !== 'not-sent'
      ? ''
      : outcome.secretSent
        ? 'The credential had left this machine before.'
        : 'No secret left this machine.';
  return html`<section class="cause error" aria-label="Why it was not sent">
    ${icon('error', 'red')}
    <div>
      <h2>${isoText(withoutStop(error.message))}</h2>
      ${error.likely === undefined ? nothing : html`<p>${isoText(`Most likely: ${visible(error.likely)}`)}</p>`}
      <p>${secret} ${isoText(error.next)}</p>
      ${error.detail ? html`<p class="muted">The server says: ${shown(error.detail)}</p>` : nothing}
      <p class="code">${error.code}</p>
      <div class="buttons">${errorButtons(panel, error)}</div>
    </div>
  </section>`;
}

function errorButtons(panel: Panel, error: ErrorModel): unknown[] {
  const retry = error.action === undefined || error.action === 'Try Again' || error.action.startsWith('Trust');
  const buttons: unknown[] = [];
  if (retry) {
    buttons.push(
      html`<button class="button primary" @click=${() => panel.post({ type: 'resend' })}>Try Again</button>`,
    );
  } else {
    buttons.push(
      html`<button class="button primary" @click=${() => panel.post({ type: 'error-action' })}>
        ${error.action}
      </button>`,
      html`<button class="button secondary" @click=${() => panel.post({ type: 'resend' })}>Try Again</button>`,
    );
  }
  if (error.line !== undefined) {
    const { line } = error;
    buttons.push(
      html`<button class="button secondary" @click=${() => panel.post({ type: 'open-request-line', line })}>
        Go to Line ${line}
      </button>`,
    );
  }
  return buttons;
}

/** A heading has no full stop. */
export function withoutStop(sentence: string): string {
  return sentence.replace(/\.$/, '');
}

export function restoredState(panel: Panel, facts: RestoredFacts): TemplateResult {
  return html`<header class="strip">
      <div class="line one">
        ${icon('history', 'status muted')}
        <h1><bdi>${facts.status}</bdi></h1>
        <div class="facts"><span>${dateTime(facts.at)}</span></div>
        <div class="actions">
          <button
            class="icon-button"
            title="Send again"
            aria-label="Send again"
            @click=${() => panel.post({ type: 'resend' })}
          >
            ${icon('refresh')}
          </button>
        </div>
      </div>
      <div class="line target" dir="ltr"><b>${isoText(facts.method)}</b> ${isoText(facts.target)}</div>
      <div class="line route">${icon('globe')}<b dir="ltr">${isoText(facts.host)}</b></div>
    </header>
    <div class="state">
      ${icon('history', 'large')}
      <h2>Restored after reload</h2>
      <p>The body was kept only as long as the window was open. Send again to see it.</p>
      <div class="buttons">
        <button class="button primary" @click=${() => panel.post({ type: 'resend' })}>Send Again</button>
      </div>
    </div>`;
}
