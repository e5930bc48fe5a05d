/**
 * What a redirect asks for, as a pure step from one request to the next: address, method, body, and which headers may
 * go along. It sends nothing and asks nobody. Source: RFC 9110 §15.4, §10.2.2; Fetch §4.5; auth.md §1.3.
 */
import { CountersignError } from '../errors/countersign-error.ts';
import { printable, valuesOf } from './request-head.ts';
import type { HeaderPair, OutgoingRequest, ResponseHead } from './types.ts';

export interface Redirect {
  readonly request: OutgoingRequest;
  /** True when credentials were taken off: another origin, and not the upgrade of the same host from http to https. */
  readonly crossOrigin: boolean;
  /** From https to http. */
  readonly downgrade: boolean;
  /** Names of the headers taken off for the sake of the origin. */
  readonly stripped: readonly string[];
  readonly why: string;
}

const redirectStatuses: ReadonlySet<number> = new Set([301, 302, 303, 307, 308]);
const bodyHeaders: ReadonlySet<string> = new Set([
  'content-length',
  'content-type',
  'content-encoding',
  'content-language',
  'content-location',
  'content-disposition',
  'content-md5',
  'content-digest',
  'repr-digest',
  'digest',
  'transfer-encoding',
  'expect',
  'trailer',
]);
const credentialHeaders: ReadonlySet<string> = new Set([
  'authorization',
  'cookie',
  'cookie2',
  'proxy-authorization',
  'dpop',
  'x-csrf-token',
  'x-xsrf-token',
  'ocp-apim-subscription-key',
  'x-functions-key',
  'signature-input',
]);
/** Words in the names of hand-written key headers: X-API-Key, Private-Token, X-Vault-Token, X-Amz-Security-Token. */
const credentialWords =
  /(?:^|[-_])(?:api[-_]?key|apikey|access[-_]?key|token|secret|auth|authorization|password|passwd|credential|credentials|session|signature|jwt)(?:$|[-_])/i;

/** @param marked further names, any case. */
export function isCredentialHeader(name: string, marked: readonly string[] = []): boolean {
  const lower = name.toLowerCase();
  return (
    credentialHeaders.has(lower) || credentialWords.test(name) || marked.some((extra) => extra.toLowerCase() === lower)
  );
}

/** True when a credential travels with the request: marked by who put it there, or in a header known for it. */
export function carriesCredential(request: OutgoingRequest): boolean {
  return (
    request.carriesCredential === true ||
    request.headers.some(([name]) => isCredentialHeader(name, request.sensitiveHeaders))
  );
}

/**
 * @param base the request of this hop before a credential was put on it.
 * @returns undefined when the response is no redirect, or names no place to go.
 * @throws CountersignError CS-HTTP-LOCATION, CS-HTTP-REPLAY
 */
export function toRedirect(base: OutgoingRequest, head: ResponseHead): Redirect | undefined {
  if (!redirectStatuses.has(head.status)) return undefined;
  const locations = [...new Set(valuesOf(head.headers, 'location').map((value) => value.trim()))];
  const [location] = locations;
  if (location === undefined || location === '') return undefined;
  const from = base.url;
  if (locations.length > 1) throw locationError(from, `${from.host} names more than one place to redirect to.`);
  const url = resolveLocation(location, from);

  const rewritten = rewrite(base, head.status);
  const upgrade =
    from.protocol === 'http:' &&
    url.protocol === 'https:' &&
    from.hostname === url.hostname &&
    from.port === '' &&
    url.port === '';
  const crossOrigin = from.origin !== url.origin && !upgrade;
  const stripped: string[] = [];
  const headers = rewritten.headers.filter(([name]) => {
    // A hand-written Host names the old place.
    if (name.toLowerCase() === 'host') return url.host === from.host;
    if (!crossOrigin || !isCredentialHeader(name, base.sensitiveHeaders)) return true;
    stripped.push(name);
    return false;
  });
  if (rewritten.body && !rewritten.body.replayable) {
    throw new CountersignError('CS-HTTP-REPLAY', `The body can be sent only once, and ${from.host} redirects it.`);
  }
  return {
    request: {
      method: rewritten.method,
      url,
      headers,
      ...(rewritten.body ? { body: rewritten.body } : {}),
      ...(base.sensitiveHeaders ? { sensitiveHeaders: base.sensitiveHeaders } : {}),
      ...(base.allowHostOverride === undefined ? {} : { allowHostOverride: base.allowHostOverride }),
    },
    crossOrigin,
    downgrade: from.protocol === 'https:' && url.protocol === 'http:',
    stripped,
    why: `redirect ${String(head.status)}`,
  };
}

function rewrite(
  base: OutgoingRequest,
  status: number,
): { method: string; headers: readonly HeaderPair[]; body: OutgoingRequest['body'] } {
  const { method } = base;
  const toGet = (status === 303 && method !== 'GET' && method !== 'HEAD') || (status <= 302 && method === 'POST');
  if (!toGet) return { method, headers: base.headers, body: base.body };
  return {
    method: 'GET',
    headers: base.headers.filter(([name]) => !bodyHeaders.has(name.toLowerCase())),
    body: undefined,
  };
}

function resolveLocation(location: string, from: URL): URL {
  let url: URL;
  try {
    url = new URL(asUtf8(location), from);
  } catch {
    throw locationError(from, `${from.host} redirects to “${printable(location, 40)}”, which is no address.`);
  }
  if (url.protocol !== 'http:' && url.protocol !== 'https:') {
    throw locationError(
      from,
      `${from.host} redirects to a ${printable(url.protocol, 20)} address, which is not followed.`,
    );
  }
  if (url.username !== '' || url.password !== '') {
    throw locationError(from, `${from.host} redirects to an address of ${url.host} that names a user.`);
  }
  if (url.hash === '' && from.hash !== '') url.hash = from.hash;
  return url;
}

/** Servers send raw UTF-8 in Location; node reads it as Latin-1. */
function asUtf8(text: string): string {
  if (!/[\x80-\xff]/.test(text)) return text;
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(Buffer.from(text, 'latin1'));
  } catch {
    return text;
  }
}

function locationError(from: URL, message: string): CountersignError {
  return new CountersignError('CS-HTTP-LOCATION', message, { facts: { host: from.host } });
}
