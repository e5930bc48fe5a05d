/**
 * A curl command: the credential in it is taken out, what stays is a request that may stand in a file. One that asks a
 * token endpoint is read as the client it speaks for. Nothing is run. Source: dialects.md §14, RFC 6749 §4, RFC 7617.
 */
import { schemeOf } from '../../credentials/schemes/registry.ts';
import { Secret } from '../../credentials/secret.ts';
import { toShownText } from '../../credentials/shown-text.ts';
import { parseCurl, type CurlRequest } from '../../language/curl/curl-request.ts';
import type { Span } from '../../language/types.ts';
import { readHeaderCredential, type HeaderCredential } from '../header-credential.ts';
import type { DraftRequest, Reading, Recogniser } from '../pasted.ts';
import { toPlainBody } from '../plain-body.ts';
import { isSecretParameter, toSafeUrl } from '../safe-url.ts';
import { readTokenRequest } from '../token-request.ts';

export const curlCommand: Recogniser = {
  id: 'curl',
  read(text, { now }) {
    const command = text.replace(/^\$\s+/, '').replace(/^curl\.exe\b/i, 'curl');
    if (!/^curl(?:\s|$)/i.test(command)) return undefined;
    const source = mendLineJoins(command);
    const curl = parseCurl(source, lines(source), () => 1);
    const url = toUrl(curl.url.text);
    if (typeof url === 'string') return { found: [], problem: url };
    return readTokenRequest(curl, url) ?? toReading(curl, source, url, now);
  },
};

/**
 * A field of one line has dropped the line ends of a command: `\` before blanks and an option is one that joined lines.
 * Text inside quotes stays as it is.
 */
export function mendLineJoins(text: string): string {
  if (/[\r\n]/.test(text)) return text;
  let quote = '';
  let out = '';
  for (let at = 0; at < text.length; at++) {
    const char = text.charAt(at);
    if (
      quote === '' &&
      /[\\^`]/.test(char) &&
      /\s/.test(text.charAt(at - 1)) &&
      /^[ \t]*(?:-{1,2}[A-Za-z]|['"]|https?:)/.test(text.slice(at + 1, at + 80))
    ) {
      continue;
    }
    if (quote === '"' && char === '\\') {
      out += text.slice(at, at + 2);
      at++;
      continue;
    }
    if (quote === '' && (char === "'" || char === '"')) quote = char;
    else if (char === quote) quote = '';
    out += char;
  }
  return out;
}

function lines(source: string): readonly Span[] {
  const found: Span[] = [];
  let start = 0;
  for (const end of source.matchAll(/\r\n|\n|\r/g)) {
    found.push({ start, end: end.index });
    start = end.index + end[0].length;
  }
  return [...found, { start, end: source.length }];
}

/** The address, or what is wrong with it. */
function toUrl(text: string): URL | string {
  if (text === '') return 'This curl command has no address in it.';
  if (text.includes('{{'))
    return 'The address of this curl command has {{variables}} in it. Put their values there first.';
  const written = /^[a-z][a-z0-9+.-]*:\/\//i.test(text) ? text : `https://${text}`;
  if (!URL.canParse(written)) return `The address ${toShownText(text.replace(/^.*@/, ''), 80)} cannot be read.`;
  const url = new URL(written);
  return /^https?:$/.test(url.protocol) ? url : 'This curl command is not for an http or https address.';
}

interface Credential extends HeaderCredential {
  /** Lower case, of the header it stood in. */
  readonly header?: string;
}

function toReading(curl: CurlRequest, source: string, url: URL, now: number): Reading {
  const headers = curl.headers.map(({ name, value }) => [name.text.trim(), value.text.trim()] as const);
  const safe = toSafeUrl(url);
  const found = toOtherUse(curl, source, findCredential(headers, url, now));
  const secretHeaders = headers.filter(([name, value]) => readHeaderCredential(name, value, now) !== undefined);
  const dropped = [
    ...secretHeaders.map(([name]) => name).filter((name) => name.toLowerCase() !== found?.header),
    ...headers.filter(([name]) => name.toLowerCase() === 'cookie' && found?.header !== 'cookie').map(([name]) => name),
    ...safe.dropped.filter((name) => found?.fields['in'] !== 'query' || found.fields['name'] !== name),
  ];
  const { body, why } = toPlainBody(curl);
  const kept = headers.filter(
    (header) => !secretHeaders.includes(header) && !/^(?:cookie|host|content-length)$/i.test(header[0]),
  );
  const request: DraftRequest = {
    method: /^[A-Z]{1,20}$/.test(curl.method) ? curl.method : 'GET',
    url: safe.text,
    headers: kept,
    ...(body === undefined ? {} : { body }),
  };
  const reasons = [
    ...(found?.words ?? ['It holds no credential; the API is asked how it wants to be called.']),
    ...dropped.map((name) => `${toShownText(name, 40)} may be a secret too and is left out.`),
    ...(why === undefined ? [] : [`Its body ${why} and is left out.`]),
    ...curl.remarks.slice(0, 3).map(({ text }) => `In the command, ${toShownText(text, 100)}.`),
  ];
  const scheme = found?.scheme;
  return {
    found: [
      {
        kind: 'curl',
        icon: 'terminal',
        title: scheme === undefined ? 'A curl command' : `${found?.title ?? ''} of a curl command`,
        about: `for ${toShownText(url.origin, 120)}`,
        reasons,
        draft: {
          ...(scheme === undefined ? {} : { scheme }),
          api: safe.text,
          origins: [url.origin],
          fields: found?.fields ?? {},
          secrets: found?.secrets ?? new Map(),
          request,
        },
      },
    ],
  };
}

function findCredential(
  headers: readonly (readonly [string, string])[],
  url: URL,
  now: number,
): Credential | undefined {
  const order = (name: string): number => (/^authorization$/i.test(name) ? 0 : 1);
  const sorted = [...headers].sort(([a], [b]) => order(a) - order(b));
  let other: Credential | undefined;
  for (const [name, value] of sorted) {
    const read = readHeaderCredential(name, value, now);
    if (read?.scheme !== undefined) return { ...read, header: name.toLowerCase() };
    if (read) other ??= { ...read, header: name.toLowerCase() };
  }
  return ofUserinfo(url) ?? ofQuery(url) ?? ofCookie(headers) ?? other;
}

/** User and password of `-u` are not for Basic when another option says what they are for. */
function toOtherUse(curl: CurlRequest, source: string, found: Credential | undefined): Credential | undefined {
  if (found?.scheme !== 'basic') return found;
  const said = (pattern: RegExp): boolean => curl.remarks.some(({ text }) => pattern.test(text));
  if (said(/^--aws-sigv4\b/)) {
    const [, , region, service] = (/--aws-sigv4[=\s]+["']?([\w:.-]+)/.exec(source)?.[1] ?? '').split(':');
    return {
      scheme: 'aws-sigv4',
      fields: {
        ...(found.fields['username'] === undefined ? {} : { access_key_id: found.fields['username'] }),
        ...(region ? { region } : {}),
        ...(service ? { service } : {}),
      },
      secrets: found.secrets,
      title: 'An access key of AWS',
      words: ['It signs each request and is not sent itself.'],
      header: 'authorization',
    };
  }
  if (said(/^--ntlm\b/)) {
    const words = ['They are for NTLM: the password itself is never sent.'];
    return { ...found, scheme: 'ntlm', words, header: 'authorization' };
  }
  if (!said(/^--(?:negotiate|anyauth)\b/)) return found;
  const words = ['Its user name and password are for a scheme that is not known here, and are left out.'];
  return { fields: {}, secrets: new Map(), title: 'A request', words, header: 'authorization' };
}

function ofUserinfo(url: URL): Credential | undefined {
  if (url.username === '' && url.password === '') return undefined;
  const password = decode(url.password);
  return {
    scheme: 'basic',
    fields: url.username === '' ? {} : { username: decode(url.username) },
    secrets: password === '' ? new Map() : new Map([['', new Secret(password, 'password')]]),
    title: 'A user name and password',
    words: ['They stand in the address.'],
  };
}

function ofQuery(url: URL): Credential | undefined {
  const found = [...url.searchParams].filter(([name, value]) => isSecretParameter(name, value));
  const [one] = found;
  if (!one) return undefined;
  return {
    scheme: 'apiKey',
    fields: { in: 'query', name: one[0] },
    secrets: new Map([['', new Secret(one[1], 'API key')]]),
    title: 'An API key',
    words: [`It stands in the query, as ${toShownText(one[0], 60)}. There it may end in logs.`],
  };
}

/** One cookie alone is a key; a browser's handful is a session of a person, which nothing here can renew. */
function ofCookie(headers: readonly (readonly [string, string])[]): Credential | undefined {
  const cookie = headers.find(([name]) => name.toLowerCase() === 'cookie')?.[1];
  const pair = /^\s*([!#$%&'*+.^_`|~\dA-Za-z-]+)=([^;\s]+)\s*;?\s*$/.exec(cookie ?? '');
  if (!pair || !schemeOf({ scheme: 'apiKey' })) return undefined;
  return {
    scheme: 'apiKey',
    fields: { in: 'cookie', name: pair[1] },
    secrets: new Map([['', new Secret(pair[2] ?? '', 'API key')]]),
    title: 'A cookie',
    words: ['It is kept as a key that is sent as this cookie.'],
    header: 'cookie',
  };
}

function decode(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}
