/**
 * A first request as text of a request file: the credential by name, never by value. What would mean something else in
 * such a file (an include, a script, another request) is left out. Pure. Source: ux.md J2, dialects.md §1.
 */
import type { DraftRequest } from './pasted.ts';

/** A line of a body that a request file reads as more than text. */
const special = /^[ \t]*(?:<(?:@|[ \t])|>|###|\?\?|\{%|%\}|<>)/m;

/** @param credential name of it */
export function toRequestText(request: DraftRequest, credential: string): string {
  const headers = request.headers
    .filter(([name, value]) => /^[!#$%&'*+.^_`|~\dA-Za-z-]+$/.test(name) && !/[\r\n]/.test(value))
    .map(([name, value]) => `${name}: ${value}\n`);
  const body = request.body !== undefined && !special.test(request.body) ? `\n${request.body}\n` : '';
  return `# @auth ${credential}\n${request.method} ${request.url}\n${headers.join('')}${body}`;
}

/** A GET of an address, for an API of which no more is known. */
export function toGet(url: string): DraftRequest {
  return { method: 'GET', url, headers: [['Accept', 'application/json']] };
}
