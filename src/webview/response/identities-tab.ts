/**
 * One request as several identities: a row each with what was answered, whether that was expected, and how the body
 * stands to the first. A press opens that answer. The icon says as expected or not, never the class of the status.
 * Source: ux.md E12, design.md E12.1.
 */
import { html, nothing, type TemplateResult } from 'lit';
import css from './identities.css';
import type { IdentityRow } from '../protocol.ts';
import { duration, many, size } from '../shared/format.ts';
import { adoptStyles } from '../shared/adopt-styles.ts';
import { icon } from '../shared/icons.ts';
import { isoText, shown } from '../shared/shown.ts';
import type { Panel } from './panel.ts';

adoptStyles(css);

export function identitiesTab(panel: Panel): TemplateResult {
  const { identities } = panel;
  if (!identities) return html`<div class="state"></div>`;
  const { rows, current } = identities;
  const surprises = rows.filter(({ asExpected }) => asExpected === false);
  const expecting = rows.some(({ expected }) => expected !== undefined);
  return html`<div class="section">
    <div class="section-head">
      <h2>
        ${many(rows.length, 'identity', 'identities')}${surprises.length > 0 ? `, ${many(surprises.length, 'surprise')}` : ''}
      </h2>
      <span class="muted">sent one after another</span>
    </div>
    <table class="identities" @keydown=${move}>
      <caption class="sr">
        The same request as several identities
      </caption>
      <thead>
        <tr>
          <th scope="col">Sent as</th>
          <th scope="col">Status</th>
          ${expecting ? html`<th scope="col">Expected</th>` : nothing}
          <th scope="col">Body</th>
          <th scope="col" class="number">Time</th>
        </tr>
      </thead>
      <tbody>
        ${rows.map((row, index) => line(panel, row, index, index === current, expecting))}
      </tbody>
    </table>
    ${surprises.map((row) => html`<p class="surprise">${surprise(row)}</p>`)}
  </div>`;
}

function line(panel: Panel, row: IdentityRow, index: number, isCurrent: boolean, expecting: boolean): TemplateResult {
  const open = (compare: boolean) => (): void => panel.post({ type: 'open-identity', row: index, compare });
  return html`<tr class=${isCurrent ? 'current' : ''}>
    <th scope="row">
      ${icon(row.as === 'none' ? 'circle-slash' : 'account')} ${isoText(row.as)}
      ${row.person === undefined ? nothing : html`<span class="muted">(${shown(row.person)})</span>`}
    </th>
    <td>
      ${mark(row)}
      <button class="link" data-open aria-current=${isCurrent ? 'true' : nothing} @click=${open(false)}>
        <span class="sr">Open the answer: </span>${shown(row.outcome)}
      </button>
      ${row.problem === undefined ? nothing : html`<div class="muted">${shown(row.problem)}</div>`}
    </td>
    ${expecting ? html`<td>${row.expected ?? '–'}</td>` : nothing}
    <td>
      ${
        row.differs
          ? html`<button class="link" @click=${open(true)}>${row.body}<span class="sr">, compare</span></button>`
          : row.body
      }
      ${row.bytes === undefined ? nothing : html`<span class="muted">${size(row.bytes)}</span>`}
    </td>
    <td class="number">${duration(row.milliseconds)}</td>
  </tr>`;
}

function mark({ asExpected }: IdentityRow): unknown {
  if (asExpected === undefined) return nothing;
  return asExpected
    ? html`${icon('pass', 'green')}<span class="sr">as expected</span>`
    : html`${icon('error', 'red')}<span class="sr">not as expected</span>`;
}

function surprise({ as, outcome, expected }: IdentityRow): TemplateResult {
  const who = as === 'none' ? 'Nobody' : isoText(as);
  return html`${who}: ${shown(outcome)}, although <code># @expect-status</code> says ${expected}.`;
}

/** Up and down between the answers; Home and End. */
function move(event: KeyboardEvent): void {
  const buttons = [...(event.currentTarget as Element).querySelectorAll<HTMLElement>('[data-open]')];
  const row = (event.target as Element).closest('tr');
  const at = buttons.findIndex((button) => button.closest('tr') === row);
  const steps: Readonly<Record<string, number>> = {
    ArrowDown: Math.min(at + 1, buttons.length - 1),
    ArrowUp: Math.max(at - 1, 0),
    Home: 0,
    End: buttons.length - 1,
  };
  const next = steps[event.key];
  if (next === undefined || at < 0) return;
  event.preventDefault();
  event.stopPropagation();
  buttons[next]?.focus();
}
