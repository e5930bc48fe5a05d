/**
 * The page that takes an answer out of the fragment, which no browser sends, and posts it to the listener that served the
 * page. The first thing its script does is to take the fragment out of the address and the history. It says nothing of
 * the sign-in. Source: RFC 6749 §4.2, RFC 8252 §8.2, OAuth 2.0 Multiple Response Type Encoding Practices §5.
 */
import type { LandingFacts, LandingPage } from './landing-page.ts';
import { toLandingStyle, toPageHeaders } from './landing-page.ts';

/** The header that a posted answer brings along: a form cannot set it, another page may not. */
export const relayHeader = 'x-countersign-relay';

const script = (token: string): string => `(async () => {
  const answer = location.hash.slice(1);
  history.replaceState(null, '', location.pathname);
  const show = (id) => { for (const one of document.querySelectorAll('main')) one.hidden = one.id !== id; };
  if (answer === '') return show('none');
  try {
    const response = await fetch(location.pathname, {
      method: 'POST', credentials: 'omit', cache: 'no-store', redirect: 'error', body: answer,
      headers: { 'content-type': 'application/x-www-form-urlencoded', '${relayHeader}': '${token}' },
    });
    if (response.status === 204) location.replace('/done');
    else show('none');
  } catch { show('none'); }
})();`;

/** @param nonce for its style and script @param token of this one page; both of unreserved characters only */
export function toRelayPage(facts: Pick<LandingFacts, 'returnTo'>, nonce: string, token: string): LandingPage {
  const headers = toPageHeaders(nonce);
  const policy = (headers['content-security-policy'] ?? '').replace(
    "default-src 'none';",
    `default-src 'none'; script-src 'nonce-${nonce}'; connect-src 'self';`,
  );
  const back = facts.returnTo === 'the terminal' ? 'the terminal' : 'VS Code';
  const body = `<!doctype html>
<html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width"><title>Signing in</title>
<link rel="icon" href="data:,"><style nonce="${nonce}">${toLandingStyle()}</style></head>
<body><main id="wait"><h1>Signing in…</h1><p class="soft">This page goes on by itself.</p></main>
<main id="none" hidden><h1>This page belongs to no sign-in</h1><p>It was opened twice, too late, or by another page. A sign-in that is under way goes on.</p><p class="soft">You can close this tab and go back to ${back}.</p></main>
<noscript><main><p>This page needs JavaScript. Copy its address and paste it in ${back}.</p></main></noscript>
<script nonce="${nonce}">${script(token)}</script></body></html>
`;
  return { status: 200, headers: { ...headers, 'content-security-policy': policy }, body };
}
