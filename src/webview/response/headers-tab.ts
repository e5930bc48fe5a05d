/** Headers and cookies that were received, in their order, each with a copy button; names and values stack when narrow. */
import { html, nothing, type TemplateResult } from 'lit';
import type { CookieRow, HeaderRow, ResponseModel } from '../protocol.ts';
import { many } from '../shared/format.ts';
import { icon } from '../shared/icons.ts';
import { isoText, plainOf, shown } from '../shared/shown.ts';
import type { Panel } from './panel.ts';

export function headersTab(panel: Panel, model: ResponseModel): TemplateResult {
  return html`<div class="section">
    <div class="section-head">
      <h2>Response headers</h2>
      <span class="muted">${model.headers.length}, in the order received</span>
      <button class="link end" @click=${() => panel.copy('headers')}>Copy all</button>
    </div>
    ${headerList(panel, model.headers)}
  </div>`;
}

export function headerList(panel: Panel, headers: readonly HeaderRow[]): TemplateResult {
  return html`<dl class="pairs">
    ${headers.map(
      ({ name, value }) =>
        html`<div class="pair">
          <dt class="key" dir="ltr">${shown(name)}</dt>
          <dd>
            <span class="code" dir="auto">${shown(value)}</span>
            ${
              value.length === 0
                ? html`<span class="muted">empty</span>`
                : html`<button
                    class="icon-button small on-hover"
                    title="Copy value"
                    aria-label=${`Copy value of ${plainOf(name)}`}
                    @click=${() => panel.copy('text', { text: plainOf(value) })}
                  >
                    ${icon('copy')}
                  </button>`
            }
          </dd>
        </div>`,
    )}
  </dl>`;
}

export function cookiesTab(panel: Panel, model: ResponseModel): TemplateResult {
  return html`<div class="section">
    <div class="section-head">
      <h2>Cookies</h2>
      <span class="muted">${many(model.cookies.length, 'cookie')} set by this response</span>
    </div>
    <dl class="pairs">${model.cookies.map((cookie) => cookieRow(cookie))}</dl>
  </div>`;
}

function cookieRow(cookie: CookieRow): TemplateResult {
  return html`<div class="pair">
    <dt class="key" dir="ltr">${shown(cookie.name)}</dt>
    <dd>
      <span>
        <span class="code" dir="auto">${shown(cookie.value)}</span>
        <span class="attributes">
          ${cookie.attributes.map(
            ({ name, value }) =>
              html`<span
                >${isoText(name)}${value.length > 0 ? html` <span class="code">${shown(value)}</span>` : nothing}</span
              >`,
          )}
        </span>
        ${cookie.remark === undefined ? nothing : html`<span class="remark">${icon('warning', 'yellow')} ${cookie.remark}</span>`}
      </span>
    </dd>
  </div>`;
}
