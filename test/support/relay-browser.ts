/**
 * A browser that ends at an address with a fragment: it keeps the fragment, loads the page, runs its one script with a
 * location, a history and a fetch of its own, and says in which order the script did what.
 */
import { request } from 'node:http';
import { runInNewContext } from 'node:vm';
import { visit, type Page } from './loopback-browser.ts';

export interface RelayVisit {
  /** The page with the script. */
  readonly first: Page;
  /** The page it ended at, when it went on. */
  readonly last: Page | undefined;
  /** `replaceState PATH`, `fetch METHOD PATH STATUS`, `replace PATH`, `show ID`, in order. */
  readonly deeds: readonly string[];
}

/** Posts as a script of the page would. */
export function post(
  url: string,
  body: string,
  headers: Record<string, string> = {},
): Promise<{ status: number; location: string | undefined; text: string }> {
  return new Promise((resolve, reject) => {
    const asked = request(
      url,
      { method: 'POST', agent: false, headers: { 'content-type': 'application/x-www-form-urlencoded', ...headers } },
      (response) => {
        let text = '';
        response.setEncoding('utf8').on('data', (chunk: string) => (text += chunk));
        response.on('end', () => {
          const { location } = response.headers;
          resolve({ status: response.statusCode ?? 0, location, text });
        });
      },
    );
    asked.on('error', reject);
    asked.end(body);
  });
}

export async function visitWithFragment(address: string): Promise<RelayVisit> {
  const url = new URL(address);
  const hash = url.hash;
  url.hash = '';
  const first = await visit(url.href);
  const script = /<script nonce="([^"]+)">([\s\S]*)<\/script>/.exec(first.text);
  const deeds: string[] = [];
  if (!script) return { first, last: undefined, deeds };
  let ended: (to: string | undefined) => void = () => undefined;
  const end = new Promise<string | undefined>((resolve) => (ended = resolve));
  const mains = [...first.text.matchAll(/<main id="(\w+)"/g)].map(([, id]) => ({
    id,
    set hidden(is: boolean) {
      if (is) return;
      deeds.push(`show ${id}`);
      ended(undefined);
    },
  }));
  runInNewContext(script[2] ?? '', {
    location: {
      hash,
      pathname: url.pathname,
      replace: (to: string) => {
        deeds.push(`replace ${to}`);
        ended(to);
      },
    },
    history: { replaceState: (_state: unknown, _title: string, to: string) => deeds.push(`replaceState ${to}`) },
    document: { querySelectorAll: () => mains },
    fetch: async (path: string, init: { method: string; body: string; headers: Record<string, string> }) => {
      const answer = await post(new URL(path, url).href, init.body, {
        ...init.headers,
        origin: url.origin,
        'sec-fetch-mode': 'cors',
        'sec-fetch-dest': 'empty',
        'sec-fetch-site': 'same-origin',
      });
      deeds.push(`fetch ${init.method} ${path} ${answer.status}`);
      return { status: answer.status };
    },
  });
  const to = await end;
  return { first, deeds, last: to === undefined ? undefined : await visit(new URL(to, url).href) };
}

/** The form that a page of the provider posts by itself, and where the browser ends. @param origin of that page */
export async function postForm(url: string, fields: URLSearchParams, origin: string): Promise<Page | undefined> {
  const answer = await post(url, fields.toString(), {
    origin,
    'sec-fetch-mode': 'navigate',
    'sec-fetch-dest': 'document',
    'sec-fetch-site': 'cross-site',
  });
  if (answer.status !== 303 || answer.location === undefined) {
    return { status: answer.status, url, headers: {}, text: answer.text, path: [url] };
  }
  return visit(new URL(answer.location, url).href);
}
