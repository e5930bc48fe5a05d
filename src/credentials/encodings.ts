/**
 * Every way a secret is likely to be written: the texts the redactor looks for. Pure. Double encodings are not covered,
 * except base64 and form encoding together, which `client_secret_basic` produces (RFC 6749 §2.3.1).
 */
import { Buffer } from 'node:buffer';

/** Below this length a text is too common to be searched for; such secrets are masked only where they are placed. */
export const shortestSearched = 4;

/** The distinct spellings of `value` that hold all of it (or, for base64 inside longer data, all that depends on it alone). */
export function toSpellings(value: string): readonly string[] {
  const found = new Set<string>();
  if (value.length < shortestSearched) return [];
  for (const text of [value, ...jwtParts(value)]) addSpellings(text, found);
  return [...found].filter((text) => text.length >= shortestSearched);
}

/** The payload and the signature of a JWS, each a secret's part that is worth as much. The header is public. */
function jwtParts(value: string): string[] {
  const parts = /^[\w-]+\.([\w-]{8,})\.([\w-]{8,})$/.exec(value);
  return parts ? [parts[1] as string, parts[2] as string] : [];
}

function addSpellings(text: string, found: Set<string>): void {
  const bytes = Buffer.from(text, 'utf8');
  found.add(text);
  found.add(bytes.toString('latin1'));
  addJson(text, found);
  addPercent(text, bytes, found);
  addHtml(text, found);
  found.add(bytes.toString('hex'));
  found.add(bytes.toString('hex').toUpperCase());
  for (const offset of [0, 1, 2]) addBase64(bytes, offset, found);
}

function addJson(text: string, found: Set<string>): void {
  const json = JSON.stringify(text).slice(1, -1);
  const ascii = json.replace(/[^\x20-\x7e]/g, (char) => `\\u${char.charCodeAt(0).toString(16).padStart(4, '0')}`);
  for (const form of [
    json,
    ascii,
    ascii.replace(/\\u[\da-f]{4}/g, (escape) => `\\u${escape.slice(2).toUpperCase()}`),
  ]) {
    found.add(form);
    found.add(form.replaceAll('/', '\\/'));
    // Escaped once more, as JSON in JSON or a log line of JSON has it.
    found.add(JSON.stringify(form).slice(1, -1));
  }
  found.add(ascii.replace(/[<>&'"]/g, (char) => `\\u00${char.charCodeAt(0).toString(16)}`));
}

function addPercent(text: string, bytes: Buffer, found: Set<string>): void {
  const wellFormed = text.isWellFormed() ? text : text.toWellFormed();
  const component = encodeURIComponent(wellFormed);
  const strict = component.replace(/[!'()*~]/g, (char) => `%${char.charCodeAt(0).toString(16).toUpperCase()}`);
  const strictKeepingTilde = strict.replaceAll('%7E', '~');
  const form = new URLSearchParams([['', wellFormed]]).toString().slice(1);
  const forms = [
    component,
    strict,
    strictKeepingTilde,
    encodeURI(wellFormed),
    form,
    component.replaceAll('%20', '+'),
    strictKeepingTilde.replaceAll('%20', '+'),
  ];
  // As a person or a program writes them before a URL parser encodes once more what it does not let stand.
  // A path segment often has its separators encoded by hand, and nothing else.
  const segments = [wellFormed.replaceAll('/', '%2F'), wellFormed.replace(/[/?#]/g, encodeURIComponent)];
  for (const written of [wellFormed, component, strict, encodeURI(wellFormed), ...segments])
    forms.push(...toUrlSpellings(written));
  forms.push([...bytes].map((byte) => `%${byte.toString(16).toUpperCase().padStart(2, '0')}`).join(''));
  for (const encoded of forms) {
    found.add(encoded);
    found.add(encoded.replace(/%[\dA-F]{2}/g, (escape) => escape.toLowerCase()));
  }
}

const marker = 'x';

/**
 * How a text reads after it was written into an address: query, path, fragment and userinfo each encode another set of
 * characters, “?” and “#” begin the next part, “\\” becomes “/”, dot segments go. Source: WHATWG URL, percent-encode sets.
 */
function toUrlSpellings(text: string): readonly string[] {
  const found: string[] = [];
  // The marks keep spaces and dot segments at the ends as they are in the middle of an address.
  for (const before of ['http://h/?', 'http://h/?a#', `http://h/${marker}`, `non://h/?`]) {
    if (!URL.canParse(before + text + marker)) continue;
    const url = new URL(before + text + marker);
    const spelling = url.href.slice(before.length, -marker.length);
    found.push(spelling);
    // What is sent has no fragment.
    const sent = url.hash === '' || before.endsWith('#') ? undefined : spelling.slice(0, spelling.indexOf('#'));
    if (sent !== undefined && sent.length >= 8) found.push(sent);
  }
  const url = new URL('http://h/');
  url.password = text;
  found.push(url.password);
  url.search = text + marker;
  found.push(url.search.slice(1, -marker.length));
  url.pathname = marker + text + marker;
  found.push(url.pathname.slice(1 + marker.length, -marker.length));
  return found;
}

function addHtml(text: string, found: Set<string>): void {
  if (!/[&<>"'`=/]/.test(text)) return;
  const base = text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;');
  for (const quote of ['"', '&quot;', '&#34;', '&#x22;']) {
    for (const apostrophe of ["'", '&#39;', '&#x27;', '&apos;', '&#039;']) {
      const form = base.replaceAll('"', quote).replaceAll("'", apostrophe);
      found.add(form);
      found.add(form.replaceAll('/', '&#x2F;'));
    }
  }
}

/** Base64 of data in which the secret starts at a byte position ≡ `offset` (mod 3): the characters only it decides. */
function addBase64(bytes: Buffer, offset: number, found: Set<string>): void {
  const padded = Buffer.concat([Buffer.alloc(offset), bytes])
    .toString('base64')
    .replace(/=+$/, '');
  const first = offset === 0 ? 0 : offset + 1;
  const whole = Math.floor(((bytes.length + offset) * 8) / 6);
  const core = padded.slice(first, whole);
  const forms = [core];
  // A value that stands alone: its last character is wholly known too.
  if (offset === 0) forms.push(padded);
  for (const form of forms) {
    found.add(form);
    found.add(form.replaceAll('+', '-').replaceAll('/', '_'));
    if (!/[+/]/.test(form)) continue;
    found.add(form.replaceAll('+', '%2B').replaceAll('/', '%2F'));
    found.add(form.replaceAll('+', '%2b').replaceAll('/', '%2f'));
    found.add(form.replaceAll('+', '%2B'));
    found.add(form.replaceAll('/', '\\/'));
  }
}
