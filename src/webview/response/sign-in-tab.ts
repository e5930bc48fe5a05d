/**
 * The sign-in trace: steps in order with the rule each follows; on failure the cause on top and the failing step open.
 * Its texts were redacted when they were recorded, and again before they came here. Source: design.md E9.1.
 */
import { html, nothing, type TemplateResult } from 'lit';
import type { ResponseModel, Shown, TraceModel, TraceStepModel } from '../protocol.ts';
import { dateTime, duration } from '../shared/format.ts';
import { icon } from '../shared/icons.ts';
import { isoText, shown } from '../shared/shown.ts';
import type { Panel } from './panel.ts';
import { withoutStop } from './states.ts';

export function signInTab(panel: Panel, model: ResponseModel): TemplateResult {
  const trace = model.trace as TraceModel;
  const failed = trace.outcome === 'failed' || trace.outcome === 'cancelled';
  const who = model.who?.identity;
  return html`<div class="section">
    ${failed ? cause(panel, model, trace) : nothing}
    <div class="section-head">
      <h2>${failed ? 'Sign-in trace' : who === undefined ? 'Signed in' : html`Signed in as ${isoText(who)}`}</h2>
      <span class="muted">${isoText(trace.credential)} · ${trace.grant} · ${dateTime(trace.startedAt)}</span>
      ${failed ? nothing : html`<button class="link end" @click=${() => panel.copy('trace')}>Copy trace</button>`}
    </div>
    <ol class="chain trace">
      ${trace.steps.map((step) => stepItem(panel, step))}
    </ol>
  </div>`;
}

function cause(panel: Panel, model: ResponseModel, trace: TraceModel): TemplateResult {
  const { error } = model;
  const likely = trace.cause ?? error?.likely;
  const next = trace.next ?? error?.next;
  return html`<section class="cause error" aria-label="Why the sign-in ended">
    ${icon('error', 'red')}
    <div>
      <h2>${isoText(withoutStop(error?.message ?? trace.cause ?? 'The sign-in ended early'))}</h2>
      ${likely === undefined || likely === error?.message ? nothing : html`<p>Most likely: ${isoText(likely)}</p>`}
      ${next === undefined ? nothing : html`<p>${isoText(next)}</p>`}
      ${error?.detail ? html`<p class="muted">The server says: ${shown(error.detail)}</p>` : nothing}
      <p class="code">${trace.code ?? error?.code ?? ''}</p>
      <div class="buttons">
        ${
          error?.action === undefined || error.action === 'Show Trace'
            ? nothing
            : html`<button
                class="button ${error.sure ? 'primary' : 'secondary'}"
                @click=${() => panel.post({ type: 'error-action' })}
              >
                ${error.action}
              </button>`
        }
        <button class="button secondary" @click=${() => panel.post({ type: 'sign-in' })}>Sign In Again</button>
        <button class="link" @click=${() => panel.copy('trace')}>Copy trace</button>
      </div>
    </div>
  </section>`;
}

const marks = {
  ok: { icon: 'pass', colour: 'green', word: '' },
  failed: { icon: 'error', colour: 'red', word: 'failed' },
  warning: { icon: 'warning', colour: 'yellow', word: 'warning' },
  skipped: { icon: 'circle-large', colour: 'muted', word: 'not reached' },
} as const;

function stepItem(panel: Panel, step: TraceStepModel): TemplateResult {
  const mark = marks[step.outcome];
  const { rule } = step;
  const talk = step.request !== undefined || step.response !== undefined;
  return html`<li class=${step.outcome}>
    ${icon(mark.icon, mark.colour)}
    <div>
      <div class="card-head">
        <b>${isoText(step.title)}</b
        >${mark.word === '' || step.outcome === 'skipped' ? nothing : html`<span class="sr">, ${mark.word}</span>`}
        ${rule ? html`<button class="link" title=${rule.url} @click=${() => panel.post({ type: 'open-external', url: rule.url })}>${rule.text}</button>` : nothing}
        <span class="muted end">${step.outcome === 'skipped' ? 'not reached' : duration(step.durationMs)}</span>
      </div>
      ${step.detail ? html`<div class="muted">${shown(step.detail)}</div>` : nothing}
      ${
        talk
          ? html`<details ?open=${step.outcome === 'failed'}>
              <summary>Request and response</summary>
              ${(step.earlier ?? []).map((one) => talkOf(one))} ${talkOf(step)}
              ${step.connection ? html`<div class="muted">${shown(step.connection)}</div>` : nothing}
            </details>`
          : nothing
      }
    </div>
  </li>`;
}

function talkOf({ request, response }: Pick<TraceStepModel, 'request' | 'response'>): TemplateResult {
  const text = (what: Shown | undefined, name: string): TemplateResult | typeof nothing =>
    what ? html`<pre class="code" tabindex="0" aria-label=${name}>${shown(what)}</pre>` : nothing;
  return html`${text(request, 'Request')}${text(response, 'Response')}`;
}
