/**
 * Puts what a scheme computed onto a request: headers, query, cookies. Pure; whether it may go there was decided
 * before (`authorize.ts`). A header the file wrote by hand is replaced, so that one identity speaks.
 */
import type { Attachment } from '../credentials/types.ts';
import type { HeaderPair, OutgoingRequest } from '../http/types.ts';
import { percentDecoded } from '../http/percent-decoding.ts';

/** @param attachments in order; signing schemes come last */
export function attach(request: OutgoingRequest, attachments: readonly Attachment[]): OutgoingRequest {
  let headers: HeaderPair[] = [...request.headers];
  const url = new URL(request.url);
  for (const attachment of attachments) {
    for (const { name, prefix, value } of attachment.headers) {
      headers = headers.filter(([key]) => key.toLowerCase() !== name.toLowerCase());
      headers.push([name, prefix + (value?.reveal() ?? '')]);
    }
    for (const { name, value } of attachment.query) setQuery(url, name, value.reveal());
    for (const { name, value } of attachment.cookies) headers = withCookie(headers, name, value.reveal());
  }
  return { ...request, url, headers };
}

/** Leaves the rest of the query byte for byte as it was written. */
function setQuery(url: URL, name: string, value: string): void {
  const kept = toPairs(url).filter((pair) => !isNamed(pair, name));
  url.search = [...kept, `${encodeURIComponent(name)}=${encodeURIComponent(value)}`].join('&');
}

function toPairs(url: URL): string[] {
  return url.search
    .replace(/^\?/, '')
    .split('&')
    .filter((pair) => pair !== '');
}

/** By what they stand for: a URL writes some characters in another way than they were put in. */
function isNamed(pair: string, name: string): boolean {
  const at = pair.indexOf('=');
  // “+” stays: `encodeURIComponent`, which wrote what is compared, has no “+” for a space.
  return percentDecoded(at < 0 ? pair : pair.slice(0, at)) === name;
}

function withCookie(headers: readonly HeaderPair[], name: string, value: string): HeaderPair[] {
  const index = headers.findIndex(([key]) => key.toLowerCase() === 'cookie');
  const pair = `${name}=${value}`;
  const existing = headers[index];
  if (!existing) return [...headers, ['Cookie', pair]];
  const others = existing[1]
    .split(';')
    .map((each) => each.trim())
    .filter((each) => each !== '' && !each.startsWith(`${name}=`));
  return headers.map((header, at) => (at === index ? [header[0], [...others, pair].join('; ')] : header));
}

/** Undoes `attach` for a hop where the credential may not go: removes exactly what was put on. */
export function detach(request: OutgoingRequest, attachments: readonly Attachment[]): OutgoingRequest {
  let headers: HeaderPair[] = [...request.headers];
  const url = new URL(request.url);
  for (const attachment of attachments) {
    for (const { name, prefix, value } of attachment.headers) {
      headers = headers.filter(
        ([key, text]) => key.toLowerCase() !== name.toLowerCase() || text !== prefix + (value?.reveal() ?? ''),
      );
    }
    for (const { name, value } of attachment.query) {
      url.search = toPairs(url)
        .filter((each) => !isNamed(each, name) || percentDecoded(each.slice(each.indexOf('=') + 1)) !== value.reveal())
        .join('&');
    }
    for (const { name, value } of attachment.cookies) {
      headers = headers.flatMap(([key, text]): HeaderPair[] => {
        if (key.toLowerCase() !== 'cookie') return [[key, text]];
        const rest = text.split('; ').filter((each) => each !== `${name}=${value.reveal()}`);
        return rest.length === 0 ? [] : [[key, rest.join('; ')]];
      });
    }
  }
  return { ...request, url, headers };
}
