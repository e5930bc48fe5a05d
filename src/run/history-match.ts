/**
 * From an entry of the history to the request in its file as it stands now, and what differs between the two: method,
 * origin, address, credential. An entry keeps no body, so a changed body is not noticed. Pure. Source: design.md A1.5.
 */
import type { RequestNode } from '../language/types.ts';
import type { HistoryEntry } from './history.ts';

/** What sending the request now would mean; `origin` is undefined while a variable in it is unknown. */
export interface SendingNow {
  readonly request: Pick<RequestNode, 'method' | 'url'>;
  readonly origin: string | undefined;
  readonly credential: string | undefined;
}

type Candidate = Pick<RequestNode, 'name' | 'line' | 'method' | 'url'>;

/** By its name; a request without one is the nearest that reads the same, else the one on its line. */
export function findAgain<R extends Candidate>(requests: readonly R[], entry: HistoryEntry): R | undefined {
  if (entry.name !== null) return requests.find((each) => each.name === entry.name);
  const nameless = requests.filter((each) => each.name === null);
  const distance = (each: R): number => Math.abs(each.line - entry.line);
  const [nearest] = nameless.filter((each) => readsAs(each, entry)).sort((a, b) => distance(a) - distance(b));
  return nearest ?? nameless.find((each) => each.line === entry.line);
}

/** One line for then and one for now; undefined when nothing that an entry knows has changed. */
export function toChange(
  entry: HistoryEntry,
  now: SendingNow,
): { readonly then: string; readonly now: string } | undefined {
  const origin = URL.canParse(entry.url) ? new URL(entry.url).origin : undefined;
  const moved = now.origin !== undefined && now.origin !== origin;
  // What was never sent may have ended before its credential was chosen.
  const asOther = entry.status !== undefined && now.credential !== entry.credential;
  if (!moved && !asOther && readsAs(now.request, entry)) return undefined;
  const where = now.request.url.text.trim();
  const said = (method: string, url: string, name: string | undefined): string =>
    `${method} ${url} ${name === undefined ? 'with no credential' : `as ${name}`}`;
  return {
    then: said(entry.method, entry.url, entry.credential),
    now: said(now.request.method, moved ? `${where} at ${now.origin}` : where, now.credential),
  };
}

function readsAs({ method, url }: Pick<RequestNode, 'method' | 'url'>, entry: HistoryEntry): boolean {
  return method === entry.method && fitsTemplate(url.text.trim(), entry.url);
}

/** Stands for a variable; no address holds it. */
const anything = '\0';

/** Whether path and query of an address can come from this template; each variable stands for any text. */
function fitsTemplate(template: string, address: string): boolean {
  const { authority, rest } = split(template.replace(/\{\{[^{}]*\}\}/g, anything).replace(/#.*$/, ''));
  const path = plain(split(address).rest);
  const open = authority.includes(anything);
  const pieces = (open && rest === '/' ? '' : rest).split(anything).map(plain);
  const first = open ? '' : (pieces.shift() ?? '');
  const last = pieces.pop();
  if (last === undefined) return path === first;
  if (!path.startsWith(first) || !path.endsWith(last)) return false;
  let at = first.length;
  for (const piece of pieces) {
    const found = path.indexOf(piece, at);
    if (found === -1) return false;
    at = found + piece.length;
  }
  return at <= path.length - last.length;
}

/** `rest` begins with a slash, as an address is sent. */
function split(address: string): { readonly authority: string; readonly rest: string } {
  const scheme = address.indexOf('://');
  const start = scheme === -1 ? 0 : scheme + 3;
  const length = address.slice(start).search(/[/?]/);
  if (length === -1) return { authority: address, rest: '/' };
  const rest = address.slice(start + length);
  return { authority: address.slice(0, start + length), rest: rest.startsWith('?') ? `/${rest}` : rest };
}

/** Escapes and spaces are written in more than one way. */
function plain(text: string): string {
  const tight = text.replace(/\s+/g, '');
  try {
    return decodeURIComponent(tight).replace(/\s+/g, '');
  } catch {
    return tight;
  }
}
