/**
 * A first request as text of a request file: the credential by name, never by value. What would mean something else in
 * such a file (an include, a script, another request, a variable: it is sent at once, and a stranger's command is not to
 * fetch values of this machine) is left out. Pure. Source: ux.md J2, dialects.md §1.
 */
import { parseRequestFile } from '../language/parse-request-file.ts';
import type { DraftRequest } from './pasted.ts';

/** @param credential name of it */
export function toRequestText(request: DraftRequest, credential: string): string {
  const headers = request.headers
    .filter(([name, value]) => /^[!#$%&'*+.^_`|~\dA-Za-z-]+$/.test(name) && !/[\r\n]|\{\{/.test(value))
    .map(([name, value]) => `${name}: ${value}\n`);
  const head = `# @auth ${credential}\n${request.method} ${request.url.replaceAll('{{', '%7B%7B')}\n${headers.join('')}`;
  const whole = `${head}\n${request.body ?? ''}\n`;
  return request.body !== undefined && !request.body.includes('{{') && readsAs(whole, request.body) ? whole : head;
}

/** True when the reader of request files takes this for one request with just that body. */
function readsAs(text: string, body: string): boolean {
  const { requests } = parseRequestFile(`###\n${text}`);
  const [only, ...others] = requests;
  const [part, ...parts] = only?.body?.parts ?? [];
  const plain = others.length === 0 && parts.length === 0 && part?.kind === 'text';
  return plain && part.text.text.trim() === body.trim() && only?.directives.length === 1 && only.scripts.length === 0;
}

/** A GET of an address, for an API of which no more is known. */
export function toGet(url: string): DraftRequest {
  return { method: 'GET', url, headers: [['Accept', 'application/json']] };
}
