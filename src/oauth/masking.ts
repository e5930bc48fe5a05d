/**
 * Masks what is secret by its place in the protocol, before the redactor sees the text: tokens, codes, verifiers,
 * assertions, authorization headers. A value unknown to the redactor is hidden all the same. Source: house.md §6.2.
 */
import { STATUS_CODES } from 'node:http';
import type { WireExchange } from './capped-fetch.ts';
import { toInertText } from './server-text.ts';

const dots = '••••';
const longestBody = 16 * 1024;
const secretName =
  /^(code|code_verifier|client_secret|client_assertion|assertion|(?:access|refresh|id)token|password|passphrase|device_code|auth_req_id|id_token_hint|request|response|registration_access_token|.*_token|token|authorization|proxy-authorization|cookie|set-cookie|dpop|logout_token)$/i;
const plainName = /^(token_type|expires_in|subject_token_type|requested_token_type|issued_token_type)$/i;
const shown =
  /^(authorization|content-type|content-length|date|dpop|location|retry-after|www-authenticate|accept|server|via|dpop-nonce|proxy-status|x-squid-error|allow)$/i;

function isSecretName(name: string): boolean {
  return secretName.test(name) && !plainName.test(name);
}

/** `Basic ••••`: the scheme of an Authorization header says a lot and is no secret. */
function toMaskedHeader(name: string, value: string): string {
  if (!isSecretName(name)) return toInertText(value);
  const scheme = /^([A-Za-z][A-Za-z0-9-]*) /.exec(value)?.[1];
  return /authorization/i.test(name) && scheme ? `${scheme} ${dots}` : dots;
}

/** `name=value`, encoded as far as it has to be to be sent again, and no further: addresses and scopes stay readable. */
function toMaskedParameters(text: string): string[] {
  return [...new URLSearchParams(text)].map(
    ([name, value]) => `${encode(toInertText(name, 80))}=${isSecretName(name) ? dots : encode(toInertText(value))}`,
  );
}

function encode(text: string): string {
  return text.replace(/[%&+#"<>]/g, encodeURIComponent).replaceAll(' ', '+');
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

/**
 * Text that is neither JSON nor a form, as of an answer that was cut off: members and parameters with secret names lose
 * their values, and so does everything that is as long as a token and looks like one.
 */
function maskLoose(text: string): string {
  const source = text.slice(0, 8192);
  let out = '';
  let from = 0;
  // Name by name, and nothing between them is taken for a value: what was cut off has no structure to go by.
  for (const { 0: name, index } of source.matchAll(/(?<![\w-])[A-Za-z][\w-]*/g)) {
    if (index < from || !isSecretName(name)) continue;
    looseValue.lastIndex = index + name.length;
    const [, sign] = looseValue.exec(source) ?? [];
    if (sign === undefined) continue;
    out += source.slice(from, index + name.length) + sign + dots;
    from = looseValue.lastIndex;
  }
  out += source.slice(from);
  return out.replace(/[\w.~+/-]{40,}=*/g, (run) => (/\d/.test(run) && /[A-Za-z]/.test(run) ? dots : run));
}

/** What follows a name: its closing quote, the sign, and the value up to its end or that of the text. */
const looseValue = /(["']?\s*[:=]\s*)(?:"(?:[^"\\]|\\[^])*"?|'[^']*'?|[^\s"',;&<>{}]+)/y;

/** JSON, a member a line, with its secret members masked; other text as one inert line of at most 2,000 characters. */
export function toMaskedBody(text: string): string {
  try {
    const json = JSON.stringify(maskValue(JSON.parse(text)), undefined, 2);
    return json.length > longestBody ? `${json.slice(0, longestBody)}\n…` : json;
  } catch {
    if (/^[\w.~%+-]+=/.test(text) && !/[\s<]/.test(text)) return toMaskedParameters(text).join('\n&');
    return toInertText(maskLoose(text), 2000);
  }
}

/** A registration is JSON, all else is a form. */
function toMaskedRequestBody(text: string): string {
  return text.startsWith('{') ? toMaskedBody(text) : toMaskedParameters(text).join('\n&');
}

/** As a request that can be read, and copied into a request file once the dots are filled in. */
export function toMaskedRequest(exchange: WireExchange): string {
  const headers = Object.entries(exchange.headers)
    .filter(([name]) => shown.test(name))
    .map(([name, value]) => `${name}: ${toMaskedHeader(name, value)}`);
  const body = exchange.body === '' ? [] : ['', toMaskedRequestBody(exchange.body)];
  const version = exchange.connection?.httpVersion ?? '1.1';
  const url = toMaskedUrl(exchange.url);
  // A request file may go on with its query on the next lines.
  const target = url.length > 120 ? url.replace(/[?&]/g, '\n    $&') : url;
  return [`${exchange.method} ${target} HTTP/${version}`, ...headers, ...body].join('\n');
}

export function toMaskedResponse(exchange: WireExchange): string | undefined {
  const { status, connection } = exchange;
  if (status === undefined) return undefined;
  const headers = (exchange.responseHeaders ?? [])
    .filter(([name]) => shown.test(name))
    .map(([name, value]) => `${name}: ${/location/i.test(name) ? toMaskedUrl(value) : toMaskedHeader(name, value)}`);
  const body = exchange.responseText ? ['', toMaskedBody(exchange.responseText)] : [];
  const line = `HTTP/${connection?.httpVersion ?? '1.1'} ${status} ${STATUS_CODES[status] ?? ''}`.trimEnd();
  return [line, ...headers, ...body].join('\n');
}

/** `HTTP/1.1 · TLSv1.3 · TLS_AES_256_GCM_SHA384 · certificate of idp.example.com by Example CA, until 2027-01-31`. */
export function toConnectionText({ connection }: WireExchange): string | undefined {
  if (!connection) return undefined;
  const { httpVersion, tls } = connection;
  if (!tls) return `HTTP/${httpVersion} · no TLS (loopback)`;
  const [leaf] = tls.chain;
  const name = (dn: string): string => toInertText(/CN=([^,\n]+)/.exec(dn)?.[1] ?? dn, 80);
  const certificate = leaf
    ? `certificate of ${name(leaf.subject)} by ${name(leaf.issuer)}, until ${leaf.validTo.slice(0, 10)}`
    : undefined;
  return [
    `HTTP/${httpVersion}`,
    tls.protocol,
    tls.cipher,
    certificate,
    tls.trustedBy && `trusted by ${trust(tls.trustedBy)}`,
  ]
    .filter(Boolean)
    .join(' · ');
}

/** A CA file by its name alone: its folder is nobody's business in a bug report. */
function trust(source: string): string {
  return toInertText(source.split(/[\\/]/).at(-1), 80);
}
