/**
 * The frame of every page the identity provider shows: one column, system fonts, light and dark by the browser's
 * setting, no script, nothing from elsewhere. Every value put into a page goes through `html`, which escapes it.
 */
import { randomBytes } from 'node:crypto';

/** Text that is HTML already. */
export interface Markup {
  readonly markup: string;
}

type Part = string | number | Markup | undefined | readonly Markup[];

const entities: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&#39;',
};

export function escapeHtml(text: string): string {
  return text.replace(/[&<>"']/g, (character) => entities[character] ?? character);
}

function toMarkup(part: Part): string {
  if (part === undefined) return '';
  if (typeof part === 'string' || typeof part === 'number') return escapeHtml(String(part));
  if ('markup' in part) return part.markup;
  return part.map((one) => one.markup).join('');
}

/** A template whose values are escaped, but for Markup. */
export function html(strings: TemplateStringsArray, ...parts: readonly Part[]): Markup {
  return { markup: strings.map((text, index) => text + (index < parts.length ? toMarkup(parts[index]) : '')).join('') };
}

/** For markup that the provider's library wrote (its hidden form fields). */
export function trusted(markup: string): Markup {
  return { markup };
}

const styles = `
:root { color-scheme: light dark; --ink: #1f1f1f; --soft: #5c5c5c; --line: #d4d4d4; --paper: #ffffff; --panel: #f6f6f6;
  --accent: #005fb8; --on-accent: #ffffff; --good: #1a7f37; --bad: #b3201b; }
@media (prefers-color-scheme: dark) { :root { --ink: #ececec; --soft: #a6a6a6; --line: #464646; --paper: #1f1f1f;
  --panel: #2a2a2a; --accent: #4daafc; --on-accent: #101010; --good: #73c991; --bad: #f48771; } }
* { box-sizing: border-box; }
body { margin: 0; background: var(--paper); color: var(--ink); font: 16px/1.5 system-ui, sans-serif; }
main { max-width: 480px; margin: 0 auto; padding: 64px 24px; overflow-wrap: anywhere; }
h1 { font-size: 24px; line-height: 32px; font-weight: 600; margin: 0 0 8px; }
h1 svg { width: 28px; height: 28px; vertical-align: -6px; margin-right: 12px; }
h2 { font-size: 16px; font-weight: 600; margin: 0 0 4px; }
p { margin: 0 0 16px; }
.soft { color: var(--soft); }
.good { color: var(--good); } .bad { color: var(--bad); }
label { display: block; font-weight: 600; margin: 16px 0 4px; }
input { width: 100%; font: inherit; color: inherit; background: var(--paper); border: 1px solid var(--soft);
  border-radius: 4px; padding: 8px 12px; }
button { font: inherit; font-weight: 600; border-radius: 4px; padding: 8px 16px; cursor: pointer;
  border: 1px solid var(--soft); background: var(--paper); color: var(--ink); }
button.main { border-color: var(--accent); background: var(--accent); color: var(--on-accent); }
:is(input, button, summary, a):focus-visible { outline: 2px solid var(--accent); outline-offset: 2px; }
.row { display: flex; flex-wrap: wrap; gap: 12px; margin-top: 24px; }
.panel { background: var(--panel); border: 1px solid var(--line); border-radius: 4px; padding: 16px; margin: 0 0 24px; }
.panel p:last-child, .panel form:last-child { margin-bottom: 0; }
.alert { border-left: 4px solid var(--bad); padding: 4px 12px; margin: 0 0 24px; }
code { font: 15px/1.5 ui-monospace, monospace; }
.code { font-size: 28px; letter-spacing: 0.12em; }
dl { display: grid; grid-template-columns: max-content 1fr; gap: 4px 16px; margin: 0 0 12px; }
dt { color: var(--soft); } dd { margin: 0; }
ul { margin: 0 0 16px; padding-left: 20px; } li { margin: 4px 0; }
summary { cursor: pointer; } details { margin-top: 16px; } details[open] summary { margin-bottom: 12px; }
footer { margin-top: 40px; padding-top: 16px; border-top: 1px solid var(--line); color: var(--soft); font-size: 14px; }
`;

const marks = {
  good: '<svg class="good" viewBox="0 0 28 28" fill="none" stroke="currentColor" stroke-width="2.4" aria-hidden="true"><circle cx="14" cy="14" r="11.5"/><path d="M9 14.5l3.5 3.5L19.5 10.5"/></svg>',
  bad: '<svg class="bad" viewBox="0 0 28 28" fill="none" stroke="currentColor" stroke-width="2.4" aria-hidden="true"><circle cx="14" cy="14" r="11.5"/><path d="M10 10l8 8M18 10l-8 8"/></svg>',
} as const;

export interface Page {
  readonly title: string;
  readonly mark?: keyof typeof marks;
  readonly body: Markup;
}

/** The whole page and the headers it is sent with. */
export function renderPage(page: Page): { readonly text: string; readonly headers: Record<string, string> } {
  const nonce = randomBytes(16).toString('base64');
  const mark = page.mark === undefined ? '' : marks[page.mark];
  const text = `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="robots" content="noindex">
<title>${escapeHtml(page.title)} · Countersign playground</title>
<style nonce="${nonce}">${styles}</style>
</head>
<body>
<main>
<h1>${mark}${escapeHtml(page.title)}</h1>
${page.body.markup}
<footer>This is a practice identity provider on this machine. Its people and passwords open nothing else.</footer>
</main>
</body>
</html>
`;
  // No form-action: browsers apply it to the redirects after a form too, and these lead back to the client.
  const policy = `default-src 'none'; style-src 'nonce-${nonce}'; base-uri 'none'; frame-ancestors 'none'`;
  return {
    text,
    headers: {
      'Content-Type': 'text/html; charset=utf-8',
      'Content-Security-Policy': policy,
      'Cache-Control': 'no-store',
      'Referrer-Policy': 'no-referrer',
      'X-Content-Type-Options': 'nosniff',
    },
  };
}
