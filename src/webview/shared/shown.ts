/**
 * Draws text from outside: isolated in direction, control and bidi characters visible, secrets as chips, matches
 * marked. Text only; nothing in it becomes markup. Source: design.md E10.1, F5.1.
 */
import { html, nothing, type TemplateResult } from 'lit';
import type { Piece, Shown } from '../protocol.ts';

const dots = '••••';
const strange =
  /[\u0000-\u0008\u000b-\u001f\u007f-\u009f\u00ad\u061c\u200b-\u200f\u2028-\u202e\u2060-\u2069\ufeff\ufff9-\ufffb]/;
const strangeAll = new RegExp(strange.source, 'g');

/** What is marked in shown text; `current` is the match that was gone to. */
export interface Mark {
  readonly pattern: RegExp;
  readonly current: boolean;
}

export function shown(pieces: Shown, mark?: Mark): TemplateResult {
  return html`<bdi
    >${pieces.map((piece) => (typeof piece === 'string' ? marked(piece, mark) : chip(piece.hidden)))}</bdi
  >`;
}

/** A hidden secret: focusable, named, never selectable. */
export function chip(label: string): TemplateResult {
  return html`<span
    class="chip"
    role="img"
    tabindex="0"
    aria-label=${`Hidden: ${label}. Not available in this view.`}
    title=${`Hidden: ${label}`}
    >${dots} ${label}</span
  >`;
}

export function plainOf(pieces: Shown): string {
  return pieces.map((piece: Piece) => (typeof piece === 'string' ? piece : dots)).join('');
}

/** Control and bidi characters as symbols: `␛`, `⟪U+202E⟫`. */
export function visible(text: string): string {
  return strange.test(text) ? text.replace(strangeAll, symbol) : text;
}

export function isoText(text: string): TemplateResult {
  return html`<bdi>${drawn(text)}</bdi>`;
}

function symbol(character: string): string {
  const code = character.charCodeAt(0);
  if (code < 0x20) return String.fromCharCode(0x2400 + code);
  if (code === 0x7f) return '␡';
  return `⟪U+${code.toString(16).toUpperCase().padStart(4, '0')}⟫`;
}

function drawn(text: string): unknown {
  if (!strange.test(text)) return text;
  const parts: unknown[] = [];
  let from = 0;
  for (const match of text.matchAll(strangeAll)) {
    if (match.index > from) parts.push(text.slice(from, match.index));
    parts.push(html`<span class="control">${symbol(match[0])}</span>`);
    from = match.index + 1;
  }
  parts.push(text.slice(from));
  return parts;
}

function marked(text: string, mark: Mark | undefined): unknown {
  if (!mark) return drawn(text);
  const parts: unknown[] = [];
  let from = 0;
  mark.pattern.lastIndex = 0;
  for (const match of text.matchAll(mark.pattern)) {
    if (match[0] === '') continue;
    if (match.index > from) parts.push(drawn(text.slice(from, match.index)));
    parts.push(html`<mark class=${mark.current ? 'current' : nothing}>${drawn(match[0])}</mark>`);
    from = match.index + match[0].length;
    if (parts.length > 200) break;
  }
  if (parts.length === 0) return drawn(text);
  parts.push(drawn(text.slice(from)));
  return parts;
}
