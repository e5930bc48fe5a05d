/**
 * Masks what is secret by its place in the protocol, before the redactor sees the text: tokens, codes, verifiers,
 * assertions, authorization headers. A value unknown to the redactor is hidden all the same. Source: house.md §6.2.
 */
import type { WireExchange } from './capped-fetch.ts';
import { toInertText } from './server-text.ts';

const dots = '••••';
const secretName =
  /^(code|code_verifier|client_secret|client_assertion|assertion|(?:access|refresh|id)token|password|passphrase|device_code|auth_req_id|id_token_hint|request|response|registration_access_token|.*_token|token|authorization|proxy-authorization|cookie|set-cookie|dpop|logout_token)$/i;
const plainName = /^(token_type|expires_in|subject_token_type|requested_token_type|issued_token_type)$/i;
const shown = /^(authorization|content-type|content-length|date|dpop|location|retry-after|www-authenticate|accept)$/i;

function isSecretName(name: string): boolean {
  return secretName.test(name) && !plainName.test(name);
}

/** `Basic ••••`: the scheme of an Authorization header says a lot and is no secret. */
function toMaskedHeader(name: string, value: string): string {
  if (!isSecretName(name)) return toInertText(value);
  const scheme = /^([A-Za-z][A-Za-z0-9-]*) /.exec(value)?.[1];
  return /authorization/i.test(name) && scheme ? `${scheme} ${dots}` : dots;
}

export function toMaskedParameters(text: string): string[] {
  return [...new URLSearchParams(text)].map(
    ([name, value]) => `${toInertText(name, 80)}=${isSecretName(name) ? dots : toInertText(value)}`,
  );
}

/** A URL with the secret parameters of its query and fragment masked. */
export function toMaskedUrl(text: string): string {
  let url: URL;
  try {
    url = new URL(text);
  } catch {
    return toInertText(text, 200);
  }
  if (url.password) url.password = dots;
  const base = `${url.protocol}//${url.host}${url.pathname}`;
  const query = url.search ? `?${toMaskedParameters(url.search).join('&')}` : '';
  const hash = url.hash ? `#${toMaskedParameters(url.hash.slice(1)).join('&')}` : '';
  return (url.host ? base : `${url.protocol}${url.pathname}`) + query + hash;
}

function maskValue(value: unknown, name = ''): unknown {
  if (name !== '' && isSecretName(name) && value !== null && typeof value !== 'object') return dots;
  if (typeof value === 'string') return toInertText(value);
  if (Array.isArray(value)) return value.slice(0, 50).map((one) => maskValue(one));
  if (value !== null && typeof value === 'object') {
    return Object.fromEntries(
      Object.entries(value)
        .slice(0, 100)
        .map(([key, one]) => [toInertText(key, 80), maskValue(one, key)]),
    );
  }
  return value;
}

/** JSON with its secret members masked; other text as one inert line of at most 2,000 characters. */
export function toMaskedBody(text: string): string {
  try {
    return JSON.stringify(maskValue(JSON.parse(text)));
  } catch {
    if (/^[\w.~%+-]+=/.test(text) && !/[\s<]/.test(text)) return toMaskedParameters(text).join('&');
    return toInertText(text, 2000);
  }
}

/** A registration is JSON, all else is a form. */
function toMaskedRequestBody(text: string): readonly string[] {
  return text.startsWith('{') ? [toMaskedBody(text)] : toMaskedParameters(text);
}

export function toMaskedRequest(exchange: WireExchange): string {
  const headers = Object.entries(exchange.headers)
    .filter(([name]) => shown.test(name))
    .map(([name, value]) => `${name}: ${toMaskedHeader(name, value)}`);
  const body = exchange.body === '' ? [] : ['', ...toMaskedRequestBody(exchange.body)];
  return [`${exchange.method} ${toMaskedUrl(exchange.url)}`, ...headers, ...body].join('\n');
}

export function toMaskedResponse(exchange: WireExchange): string | undefined {
  if (exchange.status === undefined) return undefined;
  const headers = (exchange.responseHeaders ?? [])
    .filter(([name]) => shown.test(name))
    .map(([name, value]) => `${name}: ${/location/i.test(name) ? toMaskedUrl(value) : toMaskedHeader(name, value)}`);
  const body = exchange.responseText ? ['', toMaskedBody(exchange.responseText)] : [];
  return [String(exchange.status), ...headers, ...body].join('\n');
}
