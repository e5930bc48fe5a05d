/**
 * An exchange as HAR 1.2, to be shared: sizes and timings are true, secrets are not in it. Whatever says who asks is dots
 * by its place (Authorization, cookies, keys and tokens by their name), and every text passes the redactor besides.
 * Source: HTTP Archive 1.2 (W3C web performance group, historical draft).
 */
import type { RunResult } from '../../run/types.ts';
import { masked } from '../../variables/tracked.ts';

export interface HarOptions {
  readonly version: string;
  /** Removes every live secret, in all its encodings. */
  redact(text: string): string;
}

/** What is dots by its place is dots everywhere else too: a server that echoes it must not give it away. */
interface Hiding extends HarOptions {
  hide(value: string): string;
}

/** Shorter values would take common words with them. */
const shortestHidden = 8;
/** A body may hold any number of members that are called like secrets: each is dots, not all are looked for elsewhere. */
const mostHidden = 200;

type Exchange = NonNullable<RunResult['exchange']>;
type Hop = Exchange['hops'][number];
type Pair = { readonly name: string; readonly value: string };

const dots = '••••';
/** Longer bodies are left out; their size stands. */
const bodyLimit = 10 * 1024 * 1024;
const secretName = /api[-_]?key|token|secret|passw|passphrase|signature|^sig$|session|assertion|credential/i;
/** In an address they are codes of a sign-in and keys; in a body, words of an API. */
const secretParameter = /^(?:code|key|state)$/i;
const secretHeader = /^(?:authorization|proxy-authorization|dpop|signature)$|api[-_]?key|token|secret|password/i;

/** @returns undefined when nothing was exchanged */
export async function toHar(result: RunResult, options: HarOptions): Promise<object | undefined> {
  const { exchange } = result;
  if (!exchange || exchange.hops.length === 0) return undefined;
  const hidden = new Set<string>();
  const hide = (value: string): string => {
    for (const each of [value, decoded(value)])
      if (each.length >= shortestHidden && hidden.size < mostHidden) hidden.add(each);
    return dots;
  };
  // Once to learn what is hidden by its place, once to leave it out of every other.
  await toEntries(result, exchange, { ...options, hide });
  const values = [...hidden].sort((one, other) => other.length - one.length);
  const redact = (text: string): string =>
    options.redact(values.reduce((all, value) => all.replaceAll(value, dots), text));
  return {
    log: {
      version: '1.2',
      creator: { name: 'Countersign', version: options.version },
      entries: await toEntries(result, exchange, { ...options, redact, hide: () => dots }),
      comment: 'Redacted: secrets, cookies and credentials are dots. Sizes and timings are those of the exchange.',
    },
  };
}

async function toEntries(result: RunResult, exchange: Exchange, options: Hiding): Promise<readonly object[]> {
  const content = await toContent(exchange, options);
  let at = result.startedAt;
  return exchange.hops.map((hop, index) => {
    const last = index === exchange.hops.length - 1;
    const timings = toTimings(hop);
    const entry = {
      startedDateTime: new Date(at).toISOString(),
      time: timings.time,
      request: toRequest(hop, result, options),
      response: toResponse(hop, last ? exchange : undefined, content, options),
      cache: {},
      timings: timings.parts,
      ...(hop.remoteAddress === undefined ? {} : { serverIPAddress: hop.remoteAddress }),
      comment: options.redact(hop.why),
    };
    at += timings.time;
    return entry;
  });
}

function toRequest(hop: Hop, { request }: RunResult, options: Hiding): object {
  const body = request?.body;
  const mimeType = valueOf(hop.headers, 'content-type');
  const text = body && options.redact(maskedBody(masked(body), mimeType, options));
  return {
    method: hop.method,
    url: toUrl(hop.url, options),
    httpVersion: request?.httpVersion ?? 'HTTP/1.1',
    cookies: hop.headers
      .filter(([name]) => name.toLowerCase() === 'cookie')
      .flatMap(([, value]) => value.split(';').map((pair) => toCookie(pair, options))),
    headers: toHeaders(hop.headers, options),
    queryString: toQuery(hop.url, options),
    ...(hop.bodyBytes > 0 && text !== undefined
      ? { postData: { mimeType: options.redact(mimeType), text, params: [] } }
      : {}),
    headersSize: -1,
    bodySize: hop.bodyBytes,
  };
}

function toResponse(hop: Hop, exchange: Exchange | undefined, content: object, options: Hiding): object {
  const { response } = hop;
  const headers = response?.headers ?? [];
  const location = valueOf(headers, 'location');
  return {
    status: response?.status ?? 0,
    statusText: options.redact(response?.statusText ?? ''),
    httpVersion: `HTTP/${response?.httpVersion ?? '1.1'}`,
    cookies: headers
      .filter(([name]) => name.toLowerCase() === 'set-cookie')
      .map(([, value]) => toSetCookie(value, options)),
    headers: toHeaders(headers, options),
    content: exchange ? content : { size: 0, mimeType: options.redact(valueOf(headers, 'content-type')) },
    redirectURL: location === '' ? '' : toUrl(location, options),
    headersSize: -1,
    bodySize: exchange ? exchange.body.encodedBytes : -1,
  };
}

/** `connect` holds the time of TLS, as the format has it; what none of the phases counts is `blocked`. */
function toTimings({ timings }: Hop): { readonly time: number; readonly parts: object } {
  const { queued, dns, connect, proxy, tls, request, firstByte, download, total } = timings;
  const connected =
    connect === null && tls === null && proxy === null ? -1 : (connect ?? 0) + (proxy ?? 0) + (tls ?? 0);
  const [send, wait, receive] = [request ?? 0, firstByte ?? 0, download ?? 0];
  const counted = (dns ?? 0) + Math.max(0, connected) + send + wait + receive;
  const blocked = Math.max(queued ?? 0, total - counted);
  return {
    time: blocked + counted,
    parts: { blocked, dns: dns ?? -1, connect: connected, send, wait, receive, ssl: tls ?? -1 },
  };
}

function toHeaders(headers: Hop['headers'], options: Hiding): Pair[] {
  return headers.map(([name, value]) => ({
    name: options.redact(name),
    value: options.redact(maskedHeader(name, value, options)),
  }));
}

function maskedHeader(name: string, value: string, options: Hiding): string {
  const lower = name.toLowerCase();
  if (lower === 'cookie') return value.replace(/=([^;]*)/g, (_, each: string) => `=${options.hide(each)}`);
  if (lower === 'set-cookie')
    return value.replace(/^([^=;]*=)([^;]*)/, (_, pair: string, each: string) => pair + options.hide(each));
  if (/^(?:location|referer|content-location)$/.test(lower)) return maskedUrl(value, options);
  if (!secretHeader.test(lower)) return value;
  const [scheme = '', ...rest] = value.split(' ');
  if (rest.length === 0) return options.hide(value);
  // The scheme is no secret; of Basic the password is one by itself.
  const credentials = rest.join(' ');
  if (/^basic$/i.test(scheme)) {
    const pair = Buffer.from(credentials, 'base64').toString('utf8');
    options.hide(pair.slice(pair.indexOf(':') + 1));
  }
  return `${scheme} ${options.hide(credentials)}`;
}

function toCookie(pair: string, options: Hiding): Pair {
  return { name: options.redact(pair.split('=', 1)[0]?.trim() ?? ''), value: dots };
}

function toSetCookie(line: string, options: Hiding): object {
  const [pair = '', ...attributes] = line.split(';').map((part) => part.trim());
  const known = new Map(
    attributes.map((each) => [each.split('=', 1)[0]?.toLowerCase() ?? '', each.slice(each.indexOf('=') + 1)]),
  );
  const expires = Date.parse(known.get('expires') ?? '');
  const text = (name: string): object => {
    const value = known.get(name);
    return value === undefined ? {} : { [name]: options.redact(value) };
  };
  return {
    ...toCookie(pair, options),
    ...text('path'),
    ...text('domain'),
    ...(Number.isNaN(expires) ? {} : { expires: new Date(expires).toISOString() }),
    httpOnly: known.has('httponly'),
    secure: known.has('secure'),
  };
}

function toUrl(url: string, options: Hiding): string {
  return options.redact(maskedUrl(url, options));
}

/** Without the password of an address, and values of parameters that are called like secrets; the rest as it was. */
function maskedUrl(url: string, { hide }: Hiding): string {
  return url
    .replace(/^([a-z][a-z0-9+.-]*:)?\/\/([^/?#@]*)@/i, (_, scheme = '', user: string) => {
      hide(user.slice(user.indexOf(':') + 1));
      return `${String(scheme)}//`;
    })
    .replace(/([?&#;])([^=&#;]*)=([^&#;]*)/g, (whole, before: string, name: string, value: string) =>
      isSecret(decoded(name)) ? `${before}${name}=${hide(value)}` : whole,
    );
}

function isSecret(parameter: string): boolean {
  return secretName.test(parameter) || secretParameter.test(parameter);
}

function toQuery(url: string, options: Hiding): Pair[] {
  const query = /\?([^#]*)/.exec(url)?.[1] ?? '';
  return query
    .split('&')
    .filter((pair) => pair !== '')
    .map((pair) => {
      const at = pair.indexOf('=');
      const name = decoded(at < 0 ? pair : pair.slice(0, at));
      const value = at < 0 ? '' : decoded(pair.slice(at + 1));
      return { name: options.redact(name), value: isSecret(name) ? dots : options.redact(value) };
    });
}

async function toContent(exchange: Exchange, options: Hiding): Promise<object> {
  const { body, response } = exchange;
  const mimeType = valueOf(response.headers, 'content-type');
  const facts = {
    size: body.bytes,
    ...(body.bytes > body.encodedBytes ? { compression: body.bytes - body.encodedBytes } : {}),
    mimeType: options.redact(mimeType),
  };
  if (body.bytes > bodyLimit) return { ...facts, comment: 'Left out: longer than 10 MB.' };
  const bytes = await body.bytesUpTo(bodyLimit);
  try {
    const text = new TextDecoder('utf-8', { fatal: true }).decode(bytes);
    return { ...facts, text: options.redact(maskedBody(text, mimeType, options)) };
  } catch {
    const text = options.redact(Buffer.from(bytes).toString('latin1'));
    return { ...facts, text: Buffer.from(text, 'latin1').toString('base64'), encoding: 'base64' };
  }
}

/** Members of JSON and fields of forms that are called like secrets, wherever the value came from. */
function maskedBody(text: string, mimeType: string, options: Hiding): string {
  if (/x-www-form-urlencoded/i.test(mimeType)) return maskedUrl(`?${text}`, options).slice(1);
  return text.replace(
    /"((?:[^"\\]|\\.){1,100})"(\s*:\s*)"((?:[^"\\]|\\.)*)"/g,
    (whole, name: string, between: string, value: string) =>
      secretName.test(name) ? `"${name}"${between}"${options.hide(value)}"` : whole,
  );
}

function valueOf(headers: Hop['headers'], name: string): string {
  return headers.find(([key]) => key.toLowerCase() === name)?.[1] ?? '';
}

function decoded(text: string): string {
  try {
    return decodeURIComponent(text.replaceAll('+', ' '));
  } catch {
    return text;
  }
}
