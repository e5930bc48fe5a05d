/** The request as it was sent, secrets as chips, and the results of its tests. Source: design.md E10.1, ux.md E3. */
import { html, nothing, type TemplateResult } from 'lit';
import type { ResponseModel, SentModel, TestRow } from '../protocol.ts';
import { exactBytes, many, size, time } from '../shared/format.ts';
import { icon } from '../shared/icons.ts';
import { isoText, shown } from '../shared/shown.ts';
import { headerList } from './headers-tab.ts';
import type { Panel } from './panel.ts';

export function requestTab(panel: Panel, model: ResponseModel): TemplateResult {
  const request = model.request as SentModel;
  const sent = model.outcome.kind !== 'not-sent' || model.outcome.secretSent;
  return html`<div class="section">
    <div class="section-head">
      <h2>${sent ? `Sent at ${time(model.startedAt)}` : 'Prepared, not sent'}</h2>
      <span class="muted" title=${exactBytes(request.bodyBytes)}
        >${model.hops.length > 1 ? `hop 1 of ${String(model.hops.length)} · ` : ''}${size(request.bodyBytes)} body</span
      >
      <button class="link end" @click=${() => panel.post({ type: 'copy-as-curl' })}>Copy as curl</button>
    </div>
    <p class="code request-line" dir="ltr">
      <span class="key">${isoText(request.method)}</span>
      ${shown(request.target)}${request.httpVersion === '' ? nothing : html` <span class="muted">${request.httpVersion}</span>`}
    </p>
    ${headerList(panel, request.headers)}
    ${request.strippedLines > 0 ? html`<p class="muted">${many(request.strippedLines, 'comment line')} of the file was not sent.</p>` : nothing}
    ${
      request.body && request.body.length > 0
        ? html`<h2>Body</h2>
            <pre class="code boxed" tabindex="0" aria-label="Body as sent">${shown(request.body)}</pre>
            ${request.bodyCut ? html`<p class="muted">This is the beginning of ${size(request.bodyBytes)}.</p>` : nothing}`
        : nothing
    }
  </div>`;
}

export function testsTab(panel: Panel, model: ResponseModel): TemplateResult {
  const failed = model.tests.filter((test) => !test.passed);
  return html`<div class="section">
    <div class="section-head">
      <h2>${failed.length === 0 ? 'All passed' : `${many(failed.length, 'test')} failed`}</h2>
      <span class="muted">${many(model.tests.length, 'test')}</span>
    </div>
    <ul class="chain tests">
      ${[...failed, ...model.tests.filter((test) => test.passed)].map((test) => testItem(panel, test))}
    </ul>
  </div>`;
}

function testItem(panel: Panel, test: TestRow): TemplateResult {
  const { line } = test;
  return html`<li>
    ${icon(test.passed ? 'pass' : 'error', test.passed ? 'green' : 'red')}
    <div>
      <div class="card-head">
        <b>${shown(test.name)}</b><span class="sr">, ${test.passed ? 'passed' : 'failed'}</span>
        ${line === undefined ? nothing : html`<button class="link end" @click=${() => panel.post({ type: 'open-request-line', line })}>line ${line}</button>`}
      </div>
      ${test.message ? html`<div class="muted">${shown(test.message)}</div>` : nothing}
    </div>
  </li>`;
}
