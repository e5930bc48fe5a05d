/**
 * The strip on top: how it went, what was asked, as whom and to where; and the bar that says an exception is in force.
 * Facts are buttons to the tab that explains them. Source: design.md E2.
 */
import { html, nothing, type TemplateResult } from 'lit';
import type { ExceptionModel, ResponseModel, RunStart, Shown } from '../protocol.ts';
import {
  count,
  date,
  dateTime,
  duration,
  exactBytes,
  many,
  middleCut,
  size,
  span,
  spokenDuration,
  spokenSize,
  time,
} from '../shared/format.ts';
import { textWidth } from '../shared/text-width.ts';
import { icon, type IconName } from '../shared/icons.ts';
import { isoText, plainOf, shown } from '../shared/shown.ts';
import type { Panel } from './panel.ts';
import type { TabId } from './tabs.ts';

interface Status {
  readonly icon: IconName;
  readonly colour: string;
  readonly words: string;
}

export function statusOf(model: ResponseModel): Status {
  const { outcome } = model;
  if (outcome.kind === 'response') {
    const words = `${String(outcome.status)} ${outcome.statusText}`.trim();
    const marks = {
      info: { icon: 'info', colour: 'blue' },
      ok: { icon: 'pass', colour: 'green' },
      redirect: { icon: 'arrow-right', colour: 'blue' },
      client: { icon: 'warning', colour: 'yellow' },
      server: { icon: 'error', colour: 'red' },
    } as const;
    return { ...marks[outcome.family], words: outcome.broken ? `${words}, broke off` : words };
  }
  if (outcome.kind === 'cancelled') {
    return { icon: 'circle-slash', colour: 'muted', words: `Cancelled after ${duration(model.durationMs)}` };
  }
  const reasons = {
    tls: { icon: 'shield', colour: 'red', words: 'Not sent: certificate not trusted' },
    'sign-in': { icon: 'error', colour: 'red', words: 'Not sent: sign-in failed' },
    secret: { icon: 'key', colour: 'yellow', words: 'Not sent: secret missing' },
    transport: { icon: 'debug-disconnect', colour: 'red', words: outcome.secretSent ? 'No answer' : 'Not sent' },
    binding: { icon: 'shield', colour: 'red', words: 'Not sent: not allowed there' },
    other: { icon: 'error', colour: 'red', words: 'Not sent' },
  } as const;
  return reasons[outcome.reason];
}

export function strip(panel: Panel, model: ResponseModel): TemplateResult {
  const status = statusOf(model);
  return html`<header class="strip">
    <div class="line one">
      ${icon(status.icon, `status ${status.colour}`)}
      <h1><bdi>${status.words}</bdi></h1>
      <div class="facts">${facts(panel, model, status.words)}</div>
      ${actions(panel, model)}
    </div>
    ${targetLine(model.method, model.target)} ${exceptionBars(panel, model)} ${route(panel, model)}
  </header>`;
}

/** While sending: the elapsed time and Cancel; the route stays where it is. */
export function sendingStrip(panel: Panel, run: RunStart): TemplateResult {
  const head = panel.head;
  const arrived = panel.progress;
  const words = head ? `${String(head.status)} ${head.statusText}`.trim() : 'Sending…';
  const seconds = Math.max(0.2, (panel.now - run.startedAt) / 1000);
  const rate = arrived ? ` · ${size(arrived.bytes)} · ${size(arrived.bytes / seconds)}/s` : '';
  return html`<header class="strip">
    <div class="line one">
      ${head ? icon('circle-filled', 'status green') : icon('loading', 'status spin')}
      <h1>${words}</h1>
      <div class="facts wrapping"><span>${head ? `receiving · ${panel.elapsed()}${rate}` : panel.elapsed()}</span></div>
      <div class="actions">
        <button class="button secondary" data-cancel @click=${() => panel.post({ type: 'cancel' })}>
          ${head ? html`${icon('debug-stop')} Stop` : 'Cancel'} <kbd>Esc</kbd>
        </button>
      </div>
    </div>
    ${targetLine(run.method, run.target)}
    <div class="line route">
      ${
        run.who
          ? html`${icon(run.who.person ? 'account' : 'server-process')}<b>${isoText(run.who.name)}</b>${
              run.who.identity === undefined ? nothing : html`<span class="muted">(${isoText(run.who.identity)})</span>`
            }`
          : html`${icon('circle-slash')}<span>no credential</span>`
      }
      ${icon('arrow-right', 'arrow')} ${icon(run.secure ? 'lock' : 'globe')}<b dir="ltr">${isoText(run.host)}</b>
    </div>
  </header>`;
}

export function targetLine(method: string, target: Shown): TemplateResult {
  const text = plainOf(target);
  const cut = target.every((piece) => typeof piece === 'string') ? [middleCut(text, 110)] : target;
  return html`<div class="line target" dir="ltr" title=${`${method} ${text}`}>
    <b>${isoText(method)}</b> ${shown(cut)}
  </div>`;
}

/** As many facts as have room beside the status, in order of weight. */
function facts(panel: Panel, model: ResponseModel, statusWords: string): unknown[] {
  const { body, outcome } = model;
  const list: { readonly text: string; readonly drawn: TemplateResult }[] = [];
  const tab = (id: TabId, text: string, spoken: string, hover: string): void => {
    const name = id === 'body' ? 'Body' : labels[id];
    const open = (): void => panel.openTab(id);
    list.push({
      text,
      drawn: html`<button class="fact" title=${hover} @click=${open}>
        <span aria-hidden="true">${text}</span><span class="sr">${spoken}, open ${name}</span>
      </button>`,
    });
  };
  if (outcome.kind !== 'cancelled') {
    const ms = duration(model.durationMs);
    const exact = `${String(Math.round(model.durationMs * 10) / 10)} ms`;
    if (model.hops.length > 0) tab('timing', ms, spokenDuration(model.durationMs), exact);
    else list.push({ text: ms, drawn: html`<span>${ms}</span>` });
  }
  if (outcome.kind === 'response' || model.headers.length > 0) {
    const compressed = body.encodedBytes !== body.bytes && body.encoding !== undefined;
    const wire = compressed ? `, ${exactBytes(body.encodedBytes)} on the wire` : '';
    tab('body', size(body.bytes), spokenSize(body.bytes), `${exactBytes(body.bytes)}${wire}`);
    const typed = body.kind === 'image' || body.kind === 'pdf' || body.kind === 'binary';
    const type = typed ? body.mediaType : model.httpVersion;
    if (type !== '')
      tab(model.security ? 'security' : 'headers', type, type, `${model.httpVersion} · ${body.mediaType}`);
    if (model.hops.length > 1)
      tab('timing', many(model.hops.length, 'hop'), many(model.hops.length, 'hop'), 'Redirects and retries');
    const at = time(model.startedAt);
    list.push({ text: at, drawn: html`<span title=${dateTime(model.startedAt)}>${at}</span>` });
  }
  const wide = panel.width >= 860;
  let room = panel.width - textWidth(statusWords, 'status') - (panel.width >= 520 ? 32 + 24 + 116 : 24 + 24 + 60) - 16;
  if (wide) room = Number.POSITIVE_INFINITY;
  const fitting = list.filter((fact, i) => {
    room -= textWidth(fact.text) + (i === 0 ? 0 : 14);
    return room >= 0;
  });
  return fitting.map(({ drawn }, i) => (i === 0 ? drawn : html`<span class="dot" aria-hidden="true">·</span>${drawn}`));
}

const labels: Readonly<Record<TabId, string>> = {
  body: 'Body',
  headers: 'Headers',
  cookies: 'Cookies',
  timing: 'Timing',
  security: 'Security',
  'sign-in': 'Sign-in',
  request: 'Request',
  tests: 'Tests',
  compare: 'Compare',
  identities: 'Identities',
};

function actions(panel: Panel, model: ResponseModel): TemplateResult {
  const wide = panel.width >= 520;
  return html`<div class="actions">
    <button
      class="icon-button"
      data-resend
      title="Send again (${panel.settings.mac ? '⌘' : 'Ctrl+'}Enter)"
      aria-label="Send again"
      @click=${() => panel.post({ type: 'resend' })}
    >
      ${icon('refresh')}
    </button>
    ${wide && model.outcome.kind === 'response' ? compareButton(panel) : nothing} ${wide ? pinButton(panel) : nothing}
    <button
      class="icon-button"
      data-menu="more"
      title="More actions"
      aria-label="More actions"
      aria-haspopup="menu"
      aria-expanded=${panel.menu?.id === 'more' ? 'true' : 'false'}
      @click=${(event: Event) => panel.openMenu('more', event.currentTarget as Element)}
    >
      ${icon('ellipsis')}
    </button>
  </div>`;
}

function compareButton(panel: Panel): TemplateResult {
  return html`<button
    class="icon-button"
    title="Compare with another answer (d)"
    aria-label="Compare with another answer"
    @click=${() => panel.post({ type: 'compare' })}
  >
    ${icon('diff')}
  </button>`;
}

function pinButton(panel: Panel): TemplateResult {
  const words = panel.pinned ? 'Unpin: let the next response take this tab' : 'Pin: keep this response in its tab';
  return html`<button
    class="icon-button"
    title=${words}
    aria-label="Pin this response"
    aria-pressed=${panel.pinned ? 'true' : 'false'}
    @click=${() => panel.post({ type: 'pin', pinned: !panel.pinned })}
  >
    ${icon(panel.pinned ? 'pinned' : 'pin')}
  </button>`;
}

function exceptionBars(panel: Panel, model: ResponseModel): TemplateResult | typeof nothing {
  const all = model.exceptions ?? [];
  if (all.length === 0) return nothing;
  return html`<div class="exceptions">${all.map((exception) => exceptionBar(panel, model, exception))}</div>`;
}

/** An exception that is not the last hop's names its origin. */
function exceptionBar(panel: Panel, model: ResponseModel, exception: ExceptionModel): TemplateResult {
  const until = date(exception.expires);
  const here = exception.origin === model.security?.exception?.origin;
  const words = here
    ? exception.kind === 'pin'
      ? `this certificate is trusted by you until ${until}`
      : `any certificate of this origin is accepted until ${until}`
    : exception.kind === 'pin'
      ? html`on the way, the certificate of ${isoText(exception.origin)} is trusted by you until ${until}`
      : html`on the way, any certificate of ${isoText(exception.origin)} is accepted until ${until}`;
  const revoke = { type: 'trust-certificate', choice: 'revoke', origin: exception.origin } as const;
  return html`<div class="exception" role="note">
    ${icon('unlock')}
    <span><b>TLS exception:</b> ${words}</span>
    <button class="link" @click=${() => panel.post(revoke)}>Revoke</button>
  </div>`;
}

function route(panel: Panel, model: ResponseModel): TemplateResult {
  const { who, hosts } = model;
  const last = hosts.at(-1);
  const first = hosts[0];
  const between = hosts.length - 2;
  return html`<div class="line route">
    <span class="who">${whoPart(panel, model)}</span>
    <span class="where">
      ${hosts.length > 1 && first ? html`${icon('arrow-right', 'arrow')}${hostPart(first.host, first.secure ? 'lock' : 'globe')}` : nothing}
      ${between > 0 ? html`<span class="muted">${icon('arrow-right', 'arrow')}${count(between)} more</span>` : nothing}
    </span>
    ${
      last
        ? html`<span class="where">
            ${icon('arrow-right', 'arrow')}${lastHost(panel, model, last.host, last.secure)}
            ${who && !who.onLastHop ? html`<span class="muted">· ${who.name} not sent</span>` : nothing}
          </span>`
        : nothing
    }
  </div>`;
}

function whoPart(panel: Panel, model: ResponseModel): TemplateResult {
  const { who } = model;
  if (!who) {
    const words = model.noCredential === 'literal' ? 'literal token in this file' : 'no credential';
    return html`${icon(model.noCredential === 'literal' ? 'warning' : 'circle-slash', model.noCredential === 'literal' ? 'yellow' : '')}<span
        >${words}</span
      >`;
  }
  const name = who.scheme === 'apiKey' ? 'key' : who.person ? 'account' : 'server-process';
  return html`${icon(name)}<button
      class="fact strong"
      title="Show this credential"
      @click=${() => panel.post({ type: 'show-credential' })}
    >
      ${isoText(who.name)}</button
    >${who.identity === undefined ? nothing : html`<span class="muted">(${isoText(who.identity)})</span>`}`;
}

function hostPart(host: string, name: IconName): TemplateResult {
  return html`${icon(name)}<b dir="ltr">${isoText(host)}</b>`;
}

function lastHost(panel: Panel, model: ResponseModel, host: string, secure: boolean): TemplateResult {
  const { security, outcome } = model;
  const leaf = security?.chain[0];
  const notSent = outcome.kind === 'not-sent';
  const failed = notSent && outcome.reason === 'tls';
  const name: IconName = !secure || (notSent && !failed) ? 'globe' : failed || security?.exception ? 'unlock' : 'lock';
  let note = secure ? '' : 'not encrypted';
  if (notSent && !failed)
    note =
      outcome.reason === 'transport' && !outcome.secretSent
        ? 'not reached'
        : outcome.secretSent
          ? ''
          : 'nothing was sent';
  else if (security?.exception) note = security.exception.kind === 'pin' ? 'pinned certificate' : 'any certificate';
  else if (leaf) {
    const ends = Date.parse(leaf.validTo);
    note =
      ends < security.judgedAt
        ? `certificate ended ${span(security.judgedAt - ends)} ago`
        : failed
          ? ''
          : `valid ${span(ends - security.judgedAt)}`;
  }
  const text = html`<b dir="ltr">${isoText(host)}</b>`;
  return html`${icon(name)}${
    security
      ? html`<button class="fact strong" title="Open Security" @click=${() => panel.openTab('security')}>
          ${text}
        </button>`
      : text
  }${note === '' ? nothing : html`<span class="muted">· ${note}</span>`}`;
}
