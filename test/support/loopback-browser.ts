/**
 * A browser as far as the loopback listener can tell: navigates with the headers of one and follows redirects. `fetch`
 * would not do: it says `sec-fetch-mode: cors`, which the listener turns away.
 */
import { request, type IncomingHttpHeaders } from 'node:http';

export interface Page {
  readonly status: number;
  /** The last address. */
  readonly url: string;
  readonly headers: IncomingHttpHeaders;
  readonly text: string;
  /** Every address on the way. */
  readonly path: readonly string[];
}

const navigation = { 'sec-fetch-mode': 'navigate', 'sec-fetch-dest': 'document', 'sec-fetch-site': 'cross-site' };

/** One request, redirects not followed. */
export function visit(
  url: string,
  options: { readonly method?: string; readonly headers?: Record<string, string> } = {},
): Promise<Page> {
  return new Promise((resolve, reject) => {
    const { method = 'GET', headers = navigation } = options;
    const asked = request(url, { method, headers, agent: false }, (response) => {
      let text = '';
      response.setEncoding('utf8').on('data', (chunk: string) => (text += chunk));
      response.on('end', () => {
        resolve({ status: response.statusCode ?? 0, url, headers: response.headers, text, path: [url] });
      });
    });
    asked.on('error', reject);
    asked.end();
  });
}

export async function followRedirect(url: string): Promise<Page> {
  const page = await visit(url);
  const { location } = page.headers;
  if (page.status !== 303 || location === undefined) return page;
  const last = await followRedirect(new URL(location, url).href);
  return { ...last, path: [url, ...last.path] };
}
