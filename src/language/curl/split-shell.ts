/**
 * Splits a shell command into words the way a POSIX shell does for quotes, backslashes and `$'…'`, also with the
 * line joins of cmd (`^`) and PowerShell (a backtick). Runs nothing, expands nothing; `{{…}}` stays whole.
 * Source: POSIX.1-2017, Shell Command Language §2.2; dialects.md §14.
 */
import { TemplateBuilder } from '../template-builder.ts';
import type { Span, Template } from '../types.ts';

export interface ShellWord {
  readonly value: Template;
  readonly span: Span;
}

export interface ShellSplit {
  readonly words: readonly ShellWord[];
  /** A quote that nothing closes. */
  readonly open: boolean;
}

const ansi: Record<string, string> = {
  n: '\n',
  t: '\t',
  r: '\r',
  a: '\x07',
  b: '\b',
  f: '\f',
  v: '\v',
  e: '\x1b',
  0: '\0',
};

/** @param ranges lines of the command, in order, without their line ends. */
export function splitShell(source: string, ranges: readonly Span[]): ShellSplit {
  const words: ShellWord[] = [];
  let builder: TemplateBuilder | null = null;
  let wordStart = 0;
  let wordEnd = 0;
  let quote = '' as '' | "'" | '"' | '$';
  const begin = (at: number): TemplateBuilder => {
    if (!builder) {
      builder = new TemplateBuilder(source);
      wordStart = at;
    }
    return builder;
  };
  const finish = () => {
    if (builder) words.push({ value: builder.build(undefined, wordStart), span: { start: wordStart, end: wordEnd } });
    builder = null;
  };
  ranges.forEach((range, index) => {
    let joins = false;
    for (let at = range.start; at < range.end; at++) {
      const char = source[at]!;
      const next = at + 1 < range.end ? source[at + 1]! : '';
      if (char === '{' && next === '{') {
        const close = source.indexOf('}}', at + 2);
        if (close >= 0 && close + 2 <= range.end) {
          begin(at).add(at, close + 2);
          at = close + 1;
          wordEnd = at + 1;
          continue;
        }
      }
      if (quote === '') {
        if (char === ' ' || char === '\t') {
          finish();
          continue;
        }
        if ((char === '\\' || char === '^' || char === '`') && source.slice(at + 1, range.end).trim() === '') {
          joins = true;
          break;
        }
        if (char === "'" || char === '"') {
          begin(at);
          quote = char;
        } else if (char === '$' && next === "'") {
          begin(at);
          quote = '$';
          at++;
        } else if (char === '\\') {
          begin(at).add(at + 1, at + 2);
          at++;
        } else begin(at).add(at, at + 1);
      } else if (char === (quote === '$' ? "'" : quote)) quote = '';
      else if (quote === '"' && char === '\\' && next === '' && index + 1 < ranges.length) {
        joins = true;
        break;
      } else if (quote === '"' && char === '\\' && '"\\$`'.includes(next) && next !== '') {
        begin(at).add(at + 1, at + 2);
        at++;
      } else if (quote === '$' && char === '\\' && next !== '') {
        at += ansiEscape(source, at, range.end, begin(at));
      } else begin(at).add(at, at + 1);
      wordEnd = at + 1;
    }
    const following = ranges[index + 1];
    if (quote === '') {
      if (!joins) finish();
    } else if (following && !joins) begin(range.end).newline(range.end, following.start, '\n');
  });
  finish();
  return { words, open: quote !== '' };
}

/** Appends what a `\…` of `$'…'` stands for; returns how many characters after the backslash it took. */
function ansiEscape(source: string, at: number, end: number, into: TemplateBuilder): number {
  const hex = /^\\(?:x([0-9a-fA-F]{1,2})|u([0-9a-fA-F]{1,4})|U([0-9a-fA-F]{1,8}))/.exec(
    source.slice(at, Math.min(end, at + 10)),
  );
  if (hex) {
    const code = Number.parseInt(hex[1] ?? hex[2] ?? hex[3]!, 16);
    into.literal(code <= 0x10ffff ? String.fromCodePoint(code) : '\ufffd');
    return hex[0].length - 1;
  }
  const plain = ansi[source[at + 1]!];
  if (plain === undefined) into.add(at + 1, at + 2);
  else into.literal(plain);
  return 1;
}
