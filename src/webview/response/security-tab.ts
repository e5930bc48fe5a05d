/**
 * Security: why the connection is or is not trusted, the chain from server to root, and what can be done about it,
 * safest first. Nothing that weakens a check is drawn as the primary button. Source: design.md D7.1, E8.1.
 */
import { html, nothing, type TemplateResult } from 'lit';
import type { CertificateModel, ResponseModel, SecurityModel } from '../protocol.ts';
import { date, dateTime, many, span } from '../shared/format.ts';
import { icon } from '../shared/icons.ts';
import { isoText } from '../shared/shown.ts';
import type { Panel } from './panel.ts';
import { withoutStop } from './states.ts';

export function securityTab(panel: Panel, model: ResponseModel): TemplateResult {
  const security = model.security as SecurityModel;
  const failed = model.outcome.kind === 'not-sent' && model.outcome.reason === 'tls';
  const leaf = security.chain[0];
  return html`<div class="section">
    ${failed ? failure(panel, model) : nothing}
    <div class="section-head">
      <h2>
        ${failed ? 'Certificate chain' : security.exception ? 'Accepted by an exception' : security.authorized ? 'Verified' : 'Not verified'}
      </h2>
      <span class="muted"
        >${failed ? `as the server sent it, ${many(security.chain.length, 'certificate')}` : connection(security)}</span
      >
    </div>
    <ol class="chain">
      ${security.chain.map((certificate) => card(certificate, security))}
    </ol>
    ${leaf ? details(panel, security, leaf) : nothing} ${failed ? lastResort(panel) : nothing}
  </div>`;
}

function connection(security: SecurityModel): string {
  const parts = [security.protocol, security.cipher, security.keyExchange].filter(
    (part) => part !== undefined && part !== '',
  );
  const alpn = security.alpn === undefined ? '' : ` · ${security.alpn === 'h2' ? 'HTTP/2' : security.alpn} by ALPN`;
  return `${parts.join(', ')}${alpn}${security.reused ? ' · connection reused' : ''}`;
}

function failure(panel: Panel, model: ResponseModel): TemplateResult {
  const { error } = model;
  return html`<section class="cause error" aria-label="Why it was not sent">
    ${icon('error', 'red')}
    <div>
      <h2>${isoText(withoutStop(error?.message ?? 'The certificate is not trusted'))}</h2>
      <p>The connection was closed before any header left, so no secret was sent. ${isoText(error?.next ?? '')}</p>
      <p>If you know this server, you can trust exactly this certificate for a while.</p>
      <p class="code">${error?.code ?? ''}</p>
      <div class="buttons">
        <button class="button secondary" @click=${() => panel.post({ type: 'trust-certificate', choice: 'pin' })}>
          Trust This Certificate Until…
        </button>
        <button class="button secondary" @click=${() => panel.post({ type: 'trust-certificate', choice: 'ca-file' })}>
          Use a CA File…
        </button>
        <button class="button secondary" @click=${() => panel.post({ type: 'resend' })}>Try Again</button>
      </div>
    </div>
  </section>`;
}

function lastResort(panel: Panel): TemplateResult {
  return html`<p class="last-resort">
    Still stuck?
    <button class="link" @click=${() => panel.post({ type: 'trust-certificate', choice: 'any' })}>
      Allow any certificate from this origin until…
    </button>
    is the last resort, for 30 days at most: anyone on the path could read the secret. Every response it touches says
    so.
  </p>`;
}

function card(certificate: CertificateModel, security: SecurityModel): TemplateResult {
  const bad = certificate.fault !== undefined;
  return html`<li>
    ${icon(bad ? 'error' : 'pass', bad ? 'red' : 'green')}
    <div>
      <div class="card-head">
        <b>${isoText(certificate.name)}</b>
        <span class="muted end">${role(certificate, security)}</span>
      </div>
      ${
        certificate.role === 'server' && certificate.names.length > 0
          ? html`<div class="muted">
              for
              ${isoText(certificate.names.join(', '))}${certificate.key === '' ? nothing : html` · ${certificate.key}`}
            </div>`
          : nothing
      }
      <div class=${bad ? '' : 'muted'}>${bad ? fault(certificate, security) : validity(certificate, security)}</div>
    </div>
  </li>`;
}

function role(certificate: CertificateModel, security: SecurityModel): string {
  if (certificate.role === 'root') return security.trustedBy === undefined ? 'root' : 'root, trusted';
  return certificate.role;
}

function validity(certificate: CertificateModel, security: SecurityModel): string {
  const ends = Date.parse(certificate.validTo);
  const until = `valid until ${date(ends)}`;
  if (certificate.role === 'server') return `${until}, ${span(ends - security.judgedAt)} more`;
  if (certificate.role !== 'root' || security.trustedBy === undefined) return until;
  return `${trust(security.trustedBy)} · ${until}`;
}

function trust(source: string): string {
  if (source === 'system') return 'trusted by this system';
  if (source === 'pin') return 'trusted by your decision';
  return `trusted from ${source.split(/[\\/]/).at(-1) ?? source}, in your settings`;
}

/** The number that decides comes first. */
function fault(certificate: CertificateModel, security: SecurityModel): TemplateResult {
  const mark = icon('error', 'red');
  const clock = `this machine’s clock says ${date(security.judgedAt)}`;
  switch (certificate.fault) {
    case 'expired':
      return html`${mark} <b>Ended ${dateTime(Date.parse(certificate.validTo))}</b>
        <span class="muted">was valid from ${date(Date.parse(certificate.validFrom))} · ${clock}</span>`;
    case 'not-yet':
      return html`${mark} <b>Begins ${dateTime(Date.parse(certificate.validFrom))}</b>
        <span class="muted">${clock}</span>`;
    case 'hostname':
      return html`${mark} <b>Not for ${isoText(security.host)}</b>
        <span class="muted">it names ${isoText(certificate.names.join(', '))}</span>`;
    case 'self-signed':
      return html`${mark} <b>Signed by itself</b> <span class="muted">no authority vouches for it</span>`;
    case 'chain':
      return html`${mark} <b>The certificate of ${isoText(certificate.issuer)} is missing</b>
        <span class="muted">the server did not send it</span>`;
    default:
      return html`${mark} <b>Signed by ${isoText(certificate.issuer)}</b>
        <span class="muted">which this machine does not trust</span>`;
  }
}

function details(panel: Panel, security: SecurityModel, leaf: CertificateModel): TemplateResult {
  const { exception } = security;
  return html`<h2>Details</h2>
    <dl class="pairs compact">
      <div class="pair">
        <dt>SHA-256</dt>
        <dd>
          <span class="code fingerprint" dir="ltr">${leaf.fingerprint}</span>
          <button
            class="icon-button small"
            title="Copy fingerprint"
            aria-label="Copy fingerprint"
            @click=${() => panel.copy('text', { text: leaf.fingerprint })}
          >
            ${icon('copy')}
          </button>
        </dd>
      </div>
      <div class="pair">
        <dt>Checked</dt>
        <dd><span>${checks(security)}</span></dd>
      </div>
      ${
        security.protocol === ''
          ? nothing
          : html`<div class="pair">
              <dt>Protocol</dt>
              <dd>${connection(security)}</dd>
            </div>`
      }
      ${
        exception
          ? html`<div class="pair">
              <dt>Exception</dt>
              <dd>
                <span
                  >${exception.kind === 'pin' ? 'this certificate' : 'any certificate'} for ${exception.origin}, until
                  ${dateTime(exception.expires)}</span
                >
                <button class="link" @click=${() => panel.post({ type: 'trust-certificate', choice: 'revoke' })}>
                  Revoke
                </button>
              </dd>
            </div>`
          : nothing
      }
    </dl>`;
}

function checks({ chain, code }: SecurityModel): TemplateResult {
  const found = new Set(chain.map((certificate) => certificate.fault));
  const parts = [
    found.has('hostname') ? html`<b>name does not match</b>` : html`name matches`,
    found.has('chain') || code === 'CS-TLS-CHAIN'
      ? html`<b>chain incomplete</b>`
      : found.has('self-signed') || found.has('untrusted')
        ? html`<b>root not trusted</b>`
        : html`chain complete`,
    found.has('expired')
      ? html`<b>dates ended</b>`
      : found.has('not-yet')
        ? html`<b>dates not begun</b>`
        : html`dates current`,
  ];
  return html`${parts.map((part, i) => html`${i === 0 ? nothing : ', '}${part}`)}`;
}
