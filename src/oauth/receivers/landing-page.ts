/**
 * The pages a browser ends at after a sign-in. Static: no script, no outside resource, nothing from the address; the
 * credential's name and the issuer's host come from the approved definition, escaped. Source: design.md D4.1, D4.2.
 */
export type LandingOutcome = 'signed-in' | 'failed' | 'unknown' | 'under-way';

export interface LandingFacts {
  readonly credential: string;
  readonly issuerHost: string;
  /** `VS Code` or `the terminal`. */
  readonly returnTo: string;
  /** The browser comes back from the page that ended the provider’s session. */
  readonly leaving?: boolean;
}

export interface LandingPage {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
}

const icons = {
  good: '<svg class="good" viewBox="0 0 24 24" aria-hidden="true"><circle cx="12" cy="12" r="10"/><path d="m7.5 12.5 3 3 6-6.5"/></svg>',
  bad: '<svg class="bad" viewBox="0 0 24 24" aria-hidden="true"><circle cx="12" cy="12" r="10"/><path d="m8.5 8.5 7 7m0-7-7 7"/></svg>',
  wait: '<svg class="wait" viewBox="0 0 24 24" aria-hidden="true"><circle cx="12" cy="12" r="10"/><path d="M12 6.5V12l3.5 2"/></svg>',
};

const style = `:root{color-scheme:light dark;--back:#fff;--text:#1f1f1f;--soft:#616161;--good:#1a7f37;--bad:#b01011}
@media (prefers-color-scheme:dark){:root{--back:#1f1f1f;--text:#e6e6e6;--soft:#a6a6a6;--good:#73c991;--bad:#f48771}}
@media (prefers-contrast:more){:root{--soft:var(--text)}}
body{margin:0;background:var(--back);color:var(--text);font:16px/1.5 system-ui,-apple-system,"Segoe UI",Ubuntu,sans-serif}
main{max-width:34rem;margin:18vh auto 0;padding:0 1.5rem}
h1{display:flex;align-items:center;gap:.75rem;margin:0 0 .75rem;font-size:1.5rem;line-height:1.3;font-weight:600}
p{margin:0 0 .75rem;overflow-wrap:anywhere}
.soft{color:var(--soft)}
svg{flex:none;width:1.75rem;height:1.75rem;fill:none;stroke-width:2;stroke-linecap:round;stroke-linejoin:round}
.good{stroke:var(--good)}.bad{stroke:var(--bad)}.wait{stroke:var(--soft)}`;

/** For every page of the listener. */
export function toLandingStyle(): string {
  return style;
}

/** @param nonce for the one style element; unreserved characters only. */
export function toLandingPage(outcome: LandingOutcome, facts: LandingFacts, nonce: string): LandingPage {
  const credential = `<b>${escapeHtml(facts.credential)}</b>`;
  const issuer = `<b>${escapeHtml(facts.issuerHost)}</b>`;
  const back = escapeHtml(facts.returnTo);
  const pages = {
    'signed-out': {
      icon: icons.good,
      title: 'Signed out',
      text: `The session at ${issuer} has ended, and the tokens of ${credential} are deleted.`,
      soft: `You can close this tab and go back to ${back}.`,
    },
    'signed-in': {
      icon: icons.good,
      title: 'Signed in',
      text: `The credential ${credential} is signed in at ${issuer}.`,
      soft: `You can close this tab and go back to ${back}.`,
    },
    failed: {
      icon: icons.bad,
      title: 'Not signed in',
      text: `The credential ${credential} is not signed in. ${capitalised(back)} shows why and what to try next.`,
      soft: 'You can close this tab. Nothing was stored.',
    },
    'under-way': {
      icon: icons.wait,
      title: 'Not signed in yet',
      text: `${issuer} takes long to answer. ${capitalised(back)} shows how it goes on.`,
      soft: 'You can close this tab.',
    },
    unknown: {
      icon: icons.bad,
      title: 'This page belongs to no sign-in',
      text: 'It was opened twice, too late, or by another page. A sign-in that is under way goes on.',
      soft: 'You can close this tab.',
    },
  };
  const page = pages[outcome === 'signed-in' && facts.leaving === true ? 'signed-out' : outcome];
  const body = `<!doctype html>
<html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width"><title>${page.title}</title>
<link rel="icon" href="data:,"><style nonce="${nonce}">${style}</style></head>
<body><main><h1>${page.icon}${page.title}</h1><p>${page.text}</p><p class="soft">${page.soft}</p></main></body></html>
`;
  return { status: outcome === 'unknown' ? 400 : 200, headers: toPageHeaders(nonce), body };
}

/** For every answer of the listener. */
export function toPageHeaders(nonce: string): Record<string, string> {
  return {
    'content-type': 'text/html; charset=utf-8',
    'content-security-policy': `default-src 'none'; style-src 'nonce-${nonce}'; img-src data:; base-uri 'none'; form-action 'none'; frame-ancestors 'none'`,
    'referrer-policy': 'no-referrer',
    'cache-control': 'no-store',
    'x-content-type-options': 'nosniff',
    'cross-origin-opener-policy': 'same-origin',
    connection: 'close',
  };
}

function capitalised(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1);
}

function escapeHtml(text: string): string {
  return text.replace(/[&<>"']/g, (character) => `&#${character.charCodeAt(0)};`);
}
