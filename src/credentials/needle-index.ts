/**
 * Finds many texts in one pass: a four-character window from the middle of each needle is hashed into a bit table, and
 * only a hit there is compared. Cost is one table look-up a character, whatever the number of needles; adding is
 * incremental. It does not merge or mask (the redactor does).
 */
import { shortestSearched } from './encodings.ts';

export interface Hit {
  readonly start: number;
  readonly end: number;
  readonly label: string;
}

interface Needle {
  readonly text: string;
  readonly label: string;
  /** Where the hashed window stands in `text`. */
  readonly window: number;
}

const bits = 18;
const mask = (1 << bits) - 1;

function hashAt(text: string, at: number): number {
  let hash = text.charCodeAt(at);
  hash = Math.imul(hash, 0x01000193) ^ text.charCodeAt(at + 1);
  hash = Math.imul(hash, 0x01000193) ^ text.charCodeAt(at + 2);
  hash = Math.imul(hash, 0x01000193) ^ text.charCodeAt(at + 3);
  return (hash ^ (hash >>> 15)) & mask;
}

export class NeedleIndex {
  readonly #windows = new Uint8Array(1 << bits);
  readonly #heads = new Uint8Array(1 << bits);
  readonly #byWindow = new Map<number, Needle[]>();
  readonly #byHead = new Map<number, Needle[]>();
  readonly #known = new Set<string>();
  /** The first one, two and three characters of every needle. */
  readonly #beginnings = new Set<string>();
  #longest = 0;

  /** The length of the longest needle, in UTF-16 code units. */
  get longest(): number {
    return this.#longest;
  }

  /** Adds a text of at least four code units; the first label of a text stays. */
  add(text: string, label: string): void {
    if (text.length < shortestSearched || this.#known.has(text)) return;
    this.#known.add(text);
    const needle: Needle = { text, label, window: (text.length - shortestSearched) >> 1 };
    this.#enter(this.#windows, this.#byWindow, hashAt(text, needle.window), needle);
    this.#enter(this.#heads, this.#byHead, hashAt(text, 0), needle);
    for (const length of [1, 2, 3]) this.#beginnings.add(text.slice(0, length));
    this.#longest = Math.max(this.#longest, text.length);
  }

  #enter(table: Uint8Array, lists: Map<number, Needle[]>, hash: number, needle: Needle): void {
    table[hash] = 1;
    const list = lists.get(hash);
    if (list) list.push(needle);
    else lists.set(hash, [needle]);
  }

  /** All occurrences, overlapping ones too, in no particular order. */
  find(text: string): Hit[] {
    const hits: Hit[] = [];
    if (this.#known.size === 0) return hits;
    const table = this.#windows;
    const last = text.length - shortestSearched;
    for (let at = 0; at <= last; at++) {
      const hash = hashAt(text, at);
      if (table[hash] === 0) continue;
      for (const needle of this.#byWindow.get(hash) as Needle[]) {
        const start = at - needle.window;
        if (start >= 0 && text.startsWith(needle.text, start)) {
          hits.push({ start, end: start + needle.text.length, label: needle.label });
        }
      }
    }
    return hits;
  }

  /** The earliest position from which the rest of `text` is the beginning of a needle; `text.length` when there is none. */
  openFrom(text: string): number {
    for (let at = Math.max(0, text.length - this.#longest + 1); at < text.length; at++) {
      const rest = text.length - at;
      if (rest < shortestSearched) {
        if (this.#beginnings.has(text.slice(at))) return at;
        continue;
      }
      const hash = hashAt(text, at);
      if (this.#heads[hash] === 0) continue;
      for (const needle of this.#byHead.get(hash) as Needle[]) {
        if (needle.text.length > rest && startsWithRest(needle.text, text, at)) return at;
      }
    }
    return text.length;
  }
}

function startsWithRest(needle: string, text: string, at: number): boolean {
  for (let i = 0; at + i < text.length; i++) if (needle.charCodeAt(i) !== text.charCodeAt(at + i)) return false;
  return true;
}
