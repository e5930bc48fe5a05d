/**
 * Timing: bars per hop and phase on one scale, in three colours by meaning, and the same as a table. The bars are a
 * drawing; the table is what a screen reader gets. Source: design.md E7.1.
 */
import { html, nothing, svg, type TemplateResult } from 'lit';
import { ref } from 'lit/directives/ref.js';
import type { HopModel, ResponseModel } from '../protocol.ts';
import { count, duration } from '../shared/format.ts';
import { icon } from '../shared/icons.ts';
import { isoText, shown } from '../shared/shown.ts';
import type { Panel } from './panel.ts';

interface Bar {
  readonly name: string;
  readonly from: number;
  readonly ms: number;
  readonly meaning: 'reach' | 'wait' | 'move';
}

const phases = [
  ['dns', 'Name look-up', 'reach'],
  ['connect', 'Connect', 'reach'],
  ['proxy', 'Proxy', 'reach'],
  ['tls', 'TLS handshake', 'reach'],
  ['request', 'Send', 'move'],
  ['firstByte', 'Wait', 'wait'],
  ['download', 'Receive', 'move'],
] as const;

function barsOf(hop: HopModel, start: number): Bar[] {
  let at = start;
  const bars: Bar[] = [];
  const queued = hop.times.queued ?? 0;
  if (queued >= 1) bars.push({ name: 'Queued', from: at, ms: queued, meaning: 'wait' });
  at += queued;
  for (const [field, name, meaning] of phases) {
    const ms = hop.times[field];
    if (ms === null) continue;
    bars.push({ name, from: at, ms, meaning });
    at += ms;
  }
  return bars;
}

export function timingTab(panel: Panel, model: ResponseModel): TemplateResult {
  const total = Math.max(
    1,
    model.hops.reduce((sum, hop) => sum + hop.times.total, 0),
  );
  return html`<div class="section timing" role="group" tabindex="0" aria-label="Timing by hop">
      ${panel.asTable ? table(model) : bars(model, total)}
    </div>
    <footer class="footer">
      <span class="switch" role="group" aria-label="Form">
        <button class="link" aria-pressed=${panel.asTable ? 'false' : 'true'} @click=${() => setTable(panel, false)}>
          As bars
        </button>
        <button class="link" aria-pressed=${panel.asTable ? 'true' : 'false'} @click=${() => setTable(panel, true)}>
          As table
        </button>
      </span>
      ${
        panel.asTable
          ? nothing
          : html`<span class="legend muted"
              ><i class="reach"></i> reaching the server <i class="wait"></i> waiting for it <i class="move"></i> moving
              bytes</span
            >`
      }
      <span class="muted end">${duration(total)} in all</span>
    </footer>`;
}

function setTable(panel: Panel, asTable: boolean): void {
  panel.asTable = asTable;
  panel.changed();
}

function bars(model: ResponseModel, total: number): TemplateResult {
  let start = 0;
  return html`${axis(total)}${model.hops.map((hop, i) => {
    const list = barsOf(hop, start);
    start += hop.times.total;
    return html`<section class="hop" aria-label=${`Hop ${String(i + 1)}`}>
      ${hopHead(model, hop, i)}
      <ul>
        ${list.map(
          (bar) =>
            html`<li>
              <span class="muted">${bar.name}</span>
              <svg class="bar ${bar.meaning}" preserveAspectRatio="none" viewBox="0 0 1000 8" aria-hidden="true">
                ${svg`<rect x=${(bar.from / total) * 1000} y="0" width=${Math.max(4, (bar.ms / total) * 1000)} height="8" rx="1"></rect>`}
              </svg>
              <span class="number">${duration(bar.ms)}</span>
            </li>`,
        )}
      </ul>
    </section>`;
  })}`;
}

/** Round steps, and the whole at the end. */
function axis(total: number): TemplateResult {
  const rough = total / 4;
  const power = 10 ** Math.floor(Math.log10(rough));
  const step = ([1, 2, 5, 10].find((factor) => factor * power >= rough) ?? 10) * power;
  const marks = Array.from({ length: Math.max(0, Math.ceil(total / step - 0.4)) }, (_, i) => i * step);
  return html`<div class="axis muted" aria-hidden="true">
    <span></span>
    <span class="scale"
      >${marks.map((mark) => html`<span ${ref((element) => setLeft(element, (mark / total) * 100))}>${mark === 0 ? '0' : duration(mark)}</span>`)}</span
    >
    <span class="number">${duration(total)}</span>
  </div>`;
}

function setLeft(element: Element | undefined, percent: number): void {
  if (element instanceof HTMLElement) element.style.left = `${String(percent)}%`;
}

function hopHead(model: ResponseModel, hop: HopModel, i: number): TemplateResult {
  const name = model.who?.name ?? '';
  const credential =
    hop.attached === undefined
      ? nothing
      : hop.attached
        ? html`<span class="muted">${icon('key')} ${isoText(name)} attached</span>`
        : html`<span
            >${icon('shield')} ${isoText(name)} not
            sent${hop.reason === undefined ? nothing : html`: ${isoText(hop.reason)}`}</span
          >`;
  return html`<h2 class="hop-head">
    ${model.hops.length > 1 ? html`<span class="badge">${i + 1}</span>` : nothing}
    <b>${hop.status === undefined ? 'no answer' : String(hop.status)}</b>
    <span class="code" dir="ltr">${isoText(hop.host)}${shown(hop.target)}</span>
    ${credential} ${hop.exception ? html`<span>${icon('unlock')} TLS exception</span>` : nothing}
    ${hop.reused ? html`<span class="muted">connection reused</span>` : nothing}
    ${hop.why === 'first' ? nothing : html`<span class="muted">${isoText(hop.why)}</span>`}
  </h2>`;
}

function table(model: ResponseModel): TemplateResult {
  const { hops } = model;
  const used = phases.filter(([field]) => hops.some((hop) => hop.times[field] !== null));
  return html`<table>
      <thead>
        <tr>
          <th scope="col">Phase</th>
          ${hops.map((hop, i) => html`<th scope="col" class="number" title=${hop.host}>Hop ${i + 1}</th>`)}
        </tr>
      </thead>
      <tbody>
        ${used.map(
          ([field, name]) =>
            html`<tr>
              <th scope="row">${name}</th>
              ${hops.map((hop) => {
                const ms = hop.times[field];
                return html`<td class="number">${ms === null ? '–' : duration(ms)}</td>`;
              })}
            </tr>`,
        )}
        <tr class="all">
          <th scope="row">All</th>
          ${hops.map((hop) => html`<td class="number">${duration(hop.times.total)}</td>`)}
        </tr>
      </tbody>
    </table>
    <p class="muted">
      ${hops.some((hop) => hop.reused) ? 'A reused connection needs no look-up, connect or handshake.' : `${count(hops.length)} ${hops.length === 1 ? 'hop' : 'hops'}, one after another.`}
    </p>`;
}
