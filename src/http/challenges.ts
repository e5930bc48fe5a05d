/**
 * Reads `WWW-Authenticate` and `Proxy-Authenticate` into challenges. Total: whatever a server sends gives a list, never an
 * error; sizes are capped. Source: RFC 9110 §11.3, §11.6.1; hostile shapes auth.md A06.
 */

export interface Challenge {
  /** As written; schemes compare without regard to case. */
  readonly scheme: string;
  /** The single value some schemes have instead of parameters (`Negotiate abc==`). */
  readonly token68?: string;
  /** Names in lower case; the first of a repeated name counts. Has no prototype. */
  readonly params: Readonly<Record<string, string>>;
}

const maxChallenges = 32;
const maxParams = 64;
const maxInput = 64 * 1024;
const maxValue = 8 * 1024;

const token = /[!#$%&'*+\-.^_`|~0-9A-Za-z]+/y;
const token68 = /[A-Za-z0-9\-._~+/]+=*(?=[ \t]*(?:,|$))/y;

/** @param values one entry a header line, as received. */
export function parseChallenges(values: readonly string[]): Challenge[] {
  const found: Challenge[] = [];
  for (const value of values) {
    if (found.length >= maxChallenges) break;
    readLine(value.slice(0, maxInput), found);
  }
  return found;
}

/** Challenges of one scheme. @param scheme any case. */
export function challengesOf(challenges: readonly Challenge[], scheme: string): Challenge[] {
  return challenges.filter((challenge) => challenge.scheme.toLowerCase() === scheme.toLowerCase());
}

function readLine(text: string, found: Challenge[]): void {
  const scan = new Scanner(text);
  let current: { params: Record<string, string>; count: number } | undefined;
  for (;;) {
    scan.skip(/[ \t,]*/y);
    if (scan.done) return;
    const name = scan.take(token);
    if (name === undefined) {
      // Not a name: go on behind the next comma, past any quoted text.
      scan.skipToComma();
      continue;
    }
    const value = current ? readValue(scan) : undefined;
    if (current && value !== undefined) {
      const key = name.toLowerCase();
      if (!(key in current.params) && current.count++ < maxParams) current.params[key] = value.slice(0, maxValue);
      continue;
    }
    if (found.length >= maxChallenges) return;
    current = { params: Object.create(null) as Record<string, string>, count: 0 };
    const single = readToken68(scan);
    found.push({
      scheme: name,
      ...(single === undefined ? {} : { token68: single.slice(0, maxValue) }),
      params: current.params,
    });
  }
}

/** `= value` after a parameter's name; undefined and nothing consumed when there is none. */
function readValue(scan: Scanner): string | undefined {
  const start = scan.at;
  scan.skip(/[ \t]*/y);
  if (!scan.eat('=')) {
    scan.at = start;
    return undefined;
  }
  scan.skip(/[ \t]*/y);
  if (scan.eat('"')) return scan.quoted();
  // More than a token may hold, since servers send bare URLs and empty values.
  return scan.take(/[^ \t,"]*/y) ?? '';
}

/** A token68 after a scheme, told from a first parameter by what follows: a comma or the end, and no `name=value`. */
function readToken68(scan: Scanner): string | undefined {
  const start = scan.at;
  if (!scan.skip(/[ \t]+/y)) return undefined;
  const value = scan.take(token68);
  if (value === undefined) scan.at = start;
  return value;
}

class Scanner {
  readonly #text: string;
  at = 0;

  constructor(text: string) {
    this.#text = text;
  }

  get done(): boolean {
    return this.at >= this.#text.length;
  }

  /** @param pattern sticky. */
  take(pattern: RegExp): string | undefined {
    pattern.lastIndex = this.at;
    const match = pattern.exec(this.#text);
    if (!match) return undefined;
    this.at += match[0].length;
    return match[0];
  }

  skip(pattern: RegExp): boolean {
    return (this.take(pattern)?.length ?? 0) > 0;
  }

  eat(character: string): boolean {
    if (this.#text[this.at] !== character) return false;
    this.at++;
    return true;
  }

  /** After the opening quote; an unterminated string ends with the text. */
  quoted(): string {
    let out = '';
    let character = this.#next();
    while (character !== '' && character !== '"') {
      out += character === '\\' ? this.#next() : character;
      character = this.#next();
    }
    return out;
  }

  /** The next character, '' at the end. */
  #next(): string {
    return this.#text[this.at++] ?? '';
  }

  skipToComma(): void {
    while (!this.done) {
      const character = this.#text[this.at++];
      if (character === '"') this.quoted();
      else if (character === ',') return;
    }
  }
}
