/**
 * Questions about one line, given as offsets into the text: is it a separator, a directive, a header, does it
 * look like a URL. Char codes only on the hot ones; no line is copied unless a rare shape needs a regex.
 */
import { methodProtocol } from '../methods.ts';

export const HASH = 35;
export const SLASH = 47;

export function isSpace(code: number): boolean {
  return code === 32 || code === 9;
}

/** First offset in [from, to) that is not a space or tab; `to` when there is none. */
export function skipSpace(text: string, from: number, to: number): number {
  let at = from;
  while (at < to) {
    const code = text.charCodeAt(at);
    if (code !== 32 && code !== 9) break;
    at++;
  }
  return at;
}

/** Last offset after trimming spaces and tabs (and stray CR) from the end of [from, to). */
export function trimEnd(text: string, from: number, to: number): number {
  let at = to;
  while (at > from) {
    const code = text.charCodeAt(at - 1);
    if (code !== 32 && code !== 9 && code !== 13) break;
    at--;
  }
  return at;
}

export function isSeparatorAt(text: string, ink: number): boolean {
  return text.charCodeAt(ink) === HASH && text.charCodeAt(ink + 1) === HASH && text.charCodeAt(ink + 2) === HASH;
}

/** `#…` or `//…` from the first ink on. */
export function isCommentAt(text: string, ink: number): boolean {
  const code = text.charCodeAt(ink);
  return code === HASH || (code === SLASH && text.charCodeAt(ink + 1) === SLASH);
}

/** Offset of the `@` of a directive comment, or -1. */
export function directiveAt(text: string, ink: number, end: number): number {
  let at = ink;
  while (at < end && (text.charCodeAt(at) === HASH || text.charCodeAt(at) === SLASH)) at++;
  at = skipSpace(text, at, end);
  if (at >= end || text.charCodeAt(at) !== 64) return -1;
  const line = text.slice(at, end);
  const match = /^@([A-Za-z][\w.-]*)(\s*=|\s|$)/.exec(line);
  if (!match) return -1;
  // A commented-out variable (`# @host = …`) is a comment; only `name` may be written with `=`.
  if (match[2]!.endsWith('=') && match[1]!.toLowerCase() !== 'name') return -1;
  return at;
}

const variable = /^@([^\s=]+?)\s*(:?)=/;

/** `@name = value` from the first ink on. */
export function isVariable(text: string, ink: number, end: number): boolean {
  return text.charCodeAt(ink) === 64 && variable.test(text.slice(ink, end));
}

/** Length of the upper-case word at `from` when a space or the end follows; 0 otherwise. */
export function upperWord(text: string, from: number, end: number): number {
  let at = from;
  while (at < end) {
    const code = text.charCodeAt(at);
    if ((code >= 65 && code <= 90) || (at > from && (code === 45 || code === 95 || (code >= 48 && code <= 57)))) at++;
    else break;
  }
  if (at === from) return 0;
  if (at < end && !isSpace(text.charCodeAt(at))) return 0;
  return at - from;
}

const urlStart =
  /^(?:[a-z][a-z0-9+.-]*:\/\/|unix:|\/(?!\/)|\{\{|\[\[|\$\{|localhost(?::|\/|\?|$)|\[[0-9a-f:.]+\]|[\w-]+(?:\.[\w-]+)+\.?(?::\d|:\{\{|\/|\?|$)|[\w.-]+:(?:\d|\{\{)|[\w-]+\/)/i;

/** Whether text could be the target of a request by its beginning alone. */
export function looksLikeUrl(target: string): boolean {
  return urlStart.test(target);
}

/** `looksLikeUrl`, and the `*` of `OPTIONS *`. */
export function isTarget(target: string): boolean {
  return looksLikeUrl(target) || /^\*(?:\s+HTTP\/\S+)?\s*$/i.test(target);
}

/** A whole line that can stand alone as an implicit GET: URL-like, and prose is not. */
export function isImplicitUrl(line: string): boolean {
  if (/^(?:[a-z][a-z0-9+.-]*:\/\/|\/(?!\/)|\{\{|\[\[)/i.test(line)) return true;
  const first = /^\S+/.exec(line)?.[0] ?? '';
  if (!looksLikeUrl(first)) return false;
  return first.length === line.length || /^\S+\s+HTTP\/\S+$/i.test(line);
}

export interface RequestLineShape {
  /** Whether the line begins with a verb; an implicit GET does not. */
  readonly verb: boolean;
}

/** Whether a line (from ink to end, trimmed) is a request line, and of which sort. */
export function requestLineShape(text: string, ink: number, end: number): RequestLineShape | null {
  const word = upperWord(text, ink, end);
  if (word > 0) {
    const verb = text.slice(ink, ink + word);
    if (methodProtocol(verb) !== undefined) return { verb: true };
    if (word > 1) {
      const rest = text.slice(skipSpace(text, ink + word, end), end);
      if (rest !== '' && looksLikeUrl(rest)) return { verb: true };
    }
  }
  const line = text.slice(ink, end);
  const any = /^([A-Za-z][A-Za-z-]*)\s+(\S.*)$/.exec(line);
  if (any && methodProtocol(any[1]!.toUpperCase()) !== undefined && isTarget(any[2]!)) return { verb: true };
  return isImplicitUrl(line) ? { verb: false } : null;
}

/** End of the header name at `ink` when the line is `name:`; -1 otherwise. Names are tokens or hold `{{…}}`. */
export function headerColon(text: string, ink: number, end: number): number {
  let at = ink;
  while (at < end) {
    const code = text.charCodeAt(at);
    if (code === 58) return at > ink ? at : -1;
    if (
      (code >= 97 && code <= 122) ||
      (code >= 65 && code <= 90) ||
      (code >= 48 && code <= 57) ||
      code === 45 ||
      code === 95 ||
      code > 127
    ) {
      at++;
      continue;
    }
    if (code === 123 && text.charCodeAt(at + 1) === 123) {
      const close = text.indexOf('}}', at + 2);
      if (close < 0 || close >= end) return -1;
      at = close + 2;
      continue;
    }
    if (code === 32 || code === 9) {
      at = skipSpace(text, at, end);
      return text.charCodeAt(at) === 58 && at < end ? at : -1;
    }
    // RFC 9110 token characters that are neither letters nor digits.
    if ("!#$%&'*+.^`|~".includes(text[at]!)) {
      at++;
      continue;
    }
    return -1;
  }
  return -1;
}

/** `> {%`, `>{%`, `< {%`: start of a handler block. */
export function opensHandler(text: string, ink: number, end: number): boolean {
  const at = skipSpace(text, ink + 1, end);
  return text.charCodeAt(at) === 123 && text.charCodeAt(at + 1) === 37 && at + 1 < end;
}

const handlerFile = /^>\s+\S.*\.(?:js|mjs|cjs|ts|lua)\s*$/i;
const redirect = /^(?:>>!?|<>)\s+\S/;
const include = /^<(?:@(\w+)?)?\s+\S/;

export function isHandlerFile(line: string): boolean {
  return handlerFile.test(line);
}
export function isRedirect(line: string): boolean {
  return redirect.test(line);
}
/** `< path`, `<@ path`, `<@latin1 path`; a line of markup that ends in `>` is not one. */
export function isInclude(line: string): boolean {
  return include.test(line) && !/>\s*$/.test(line);
}

const httpyacBlock = /^\{\{(?:@\w+(?:\s+\w+)?|\+\w*|)\s*$/;
/** `{{`, `{{@event`, `{{+` alone on a line. */
export function opensScriptBlock(line: string): boolean {
  return httpyacBlock.test(line);
}

const assertion = /^\?\?(?:\s|$)/;
export function isAssertion(line: string): boolean {
  return assertion.test(line);
}

const statusLine = /^HTTP\/\d(?:\.\d)?\s+\d{3}(?:\s|$)/i;
export function isStatusLine(line: string): boolean {
  return statusLine.test(line);
}

/** Whether [ink, end) ends in ` HTTP/x`. */
export function endsWithVersion(text: string, ink: number, end: number): boolean {
  const last = text.charCodeAt(end - 1);
  if (last !== 41 && text.charCodeAt(end - 2) !== 47 && text.charCodeAt(end - 4) !== 47) return false;
  return /(?:^|\s)HTTP\/\d(?:\.\d)?(?:\s*\(Prior Knowledge\))?$/i.test(text.slice(Math.max(ink, end - 40), end));
}
