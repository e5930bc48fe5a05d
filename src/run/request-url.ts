/**
 * From the resolved text of a request's target to the one URL that is checked and sent. The binding check and
 * the socket use this same parsed value, so no spelling trick can make them differ (auth.md W03).
 * Source: dialects.md §4 (scheme missing, `/path` + Host, encoding, fragment).
 */
import { CountersignError } from '../errors/countersign-error.ts';
import { masked, type SecretSpan, type Tracked } from '../variables/tracked.ts';
import { percentDecoded } from '../http/percent-decoding.ts';
import { clipped } from '../words/clipped.ts';

export interface TargetUrl {
  readonly url: URL;
  /** The URL for show: secrets are dots already, and `secrets` says where they stand. */
  readonly shown: Tracked;
  /** `user:password@` that stood in the URL; it is taken out and sent as Basic. */
  readonly userinfo: { readonly username: string; readonly password: string } | undefined;
}

const schemePattern = /^[a-z][a-z0-9+.-]*:\/\//i;

const controlPattern = /[\u0000-\u001f\u007f]/;

/**
 * @param target the resolved request target, as written
 * @param host value of a `Host` header of the request, for targets that are only a path
 * @throws CountersignError CS-HTTP-URL
 */
export function toTargetUrl(target: Tracked, host: string | undefined): TargetUrl {
  const text = target.text.trim();
  if (text === '') throw new CountersignError('CS-HTTP-URL', 'The request has no address.');
  if (controlPattern.test(text)) {
    throw new CountersignError('CS-HTTP-URL', 'The address holds a line break or another control character.', {
      next: 'Look at the variables in it; one of them brought the character.',
    });
  }
  const url = parseHttpUrl(withScheme(text, host), masked(target));
  const userinfo =
    url.username === '' && url.password === ''
      ? undefined
      : { username: percentDecoded(url.username), password: percentDecoded(url.password) };
  url.username = '';
  url.password = '';
  url.hash = '';
  return { url, shown: shownUrl(target, host, url), userinfo };
}

function withScheme(text: string, host: string | undefined): string {
  if (schemePattern.test(text)) return text;
  if (text.startsWith('/')) {
    if (!host) {
      throw new CountersignError('CS-HTTP-URL', 'The address is only a path, and no Host header says where it is.', {
        next: 'Write the whole address, or add a Host header.',
      });
    }
    const secure = /:(443|8443)$/.test(host);
    return `${secure ? 'https' : 'http'}://${host}${text}`;
  }
  return `http://${text}`;
}

function parseHttpUrl(text: string, shown: string): URL {
  let url: URL;
  try {
    url = new URL(text);
  } catch {
    throw new CountersignError('CS-HTTP-URL', `“${clipped(shown, 80)}” is not an address that can be sent to.`);
  }
  if (url.protocol !== 'http:' && url.protocol !== 'https:') {
    throw new CountersignError('CS-HTTP-URL', `Requests go to http and https addresses, not to ${url.protocol}//.`, {
      next: 'Use an https address.',
    });
  }
  return url;
}

/**
 * The normalised URL with dots for secrets. Each secret is replaced by a marker before parsing, so that its
 * encoded form needs no search; a secret that changes the structure of the URL hides the whole rest.
 */
function shownUrl(target: Tracked, host: string | undefined, real: URL): Tracked {
  if (target.secrets.length === 0) return { text: real.href, secrets: [] };
  let marked = '';
  let from = 0;
  target.secrets.forEach((span, index) => {
    marked += target.text.slice(from, span.start) + marker(index);
    from = span.end;
  });
  marked = (marked + target.text.slice(from)).trim();
  let href: string;
  try {
    const url = new URL(withScheme(marked, host));
    url.username = '';
    url.password = '';
    url.hash = '';
    href = url.href;
  } catch {
    return dots(target.secrets[0] as SecretSpan, `${real.protocol}//`);
  }
  let text = '';
  const secrets: SecretSpan[] = [];
  for (const piece of href.split(/(zqm\d+qz)/)) {
    const index = /^zqm(\d+)qz$/.exec(piece)?.[1];
    if (index === undefined) {
      text += piece;
    } else {
      secrets.push({
        start: text.length,
        end: text.length + 4,
        label: target.secrets[Number(index)]?.label ?? 'secret',
      });
      text += '••••';
    }
  }
  return { text, secrets };
}

function dots(span: SecretSpan, before: string): Tracked {
  return {
    text: `${before}••••`,
    secrets: [{ start: before.length, end: before.length + 4, label: span.label }],
  };
}

function marker(index: number): string {
  return `zqm${index}qz`;
}
