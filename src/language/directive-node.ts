/** Builds `DirectiveNode`, `VariableNode` and `ScriptNode` from their lines. Source: dialects.md §8, §12, §13. */
import { directiveAt, skipSpace, trimEnd } from './scan/line-shapes.ts';
import { templateOf } from './template-builder.ts';
import type { DialectId, DirectiveNode, RedirectNode, ScriptNode, Span, VariableNode } from './types.ts';

/** @param span a directive line. */
export function parseDirective(source: string, span: Span, line: number): DirectiveNode {
  const at = directiveAt(source, skipSpace(source, span.start, span.end), span.end) + 1;
  return directiveFrom(source, at, span, line);
}

/** `### @name x`: a directive inside a separator (§17.5), or null. */
export function parseSeparatorDirective(source: string, span: Span, line: number): DirectiveNode | null {
  const match = /^\s*#{3,}\s*@(?=name(?:\s|=))/.exec(source.slice(span.start, span.end));
  return match ? directiveFrom(source, span.start + match[0].length, span, line) : null;
}

function directiveFrom(source: string, at: number, span: Span, line: number): DirectiveNode {
  let nameEnd = at;
  while (nameEnd < span.end && /[\w.-]/.test(source[nameEnd]!)) nameEnd++;
  const name = source.slice(at, nameEnd);
  let value = skipSpace(source, nameEnd, span.end);
  // JetBrains documents `# @name = x` (N3).
  if (name.toLowerCase() === 'name' && source[value] === '=') value = skipSpace(source, value + 1, span.end);
  const end = trimEnd(source, value, span.end);
  return {
    name,
    value: source.slice(value, end),
    span,
    nameSpan: { start: at, end: nameEnd },
    valueSpan: { start: value, end },
    line,
  };
}

const definition = /^(\s*@)(global\.)?([^\s=]+?)(\s*)(:?)=\s*/;

/** @param span a variable line; only httpYac takes quotes off the value (V5). */
export function parseVariable(
  source: string,
  span: Span,
  line: number,
  block: number,
  dialect: () => DialectId,
): VariableNode {
  const match = definition.exec(source.slice(span.start, span.end))!;
  const start = span.start + match[1]!.length + (match[2]?.length ?? 0);
  let from = span.start + match[0].length;
  let to = trimEnd(source, from, span.end);
  if (to - from >= 2 && source[from] === '"' && source[to - 1] === '"' && dialect() === 'httpyac') {
    from++;
    to--;
  }
  return {
    name: match[3]!,
    value: templateOf(source, from, to),
    nameSpan: { start, end: start + match[3]!.length },
    span,
    line,
    block,
    global: match[2] !== undefined,
    lazy: match[5] === ':',
  };
}

/** @param span from the first line of a script to the end of its last; `before` the request line or after it. */
export function parseScript(source: string, span: Span, line: number, before: boolean): ScriptNode {
  const start = skipSpace(source, span.start, span.end);
  const head = source.slice(start, Math.min(span.end, start + 64));
  const handler = /^([<>])\s*\{%/.exec(head);
  if (handler) {
    const from = start + handler[0].length;
    const close = source.indexOf('%}', from);
    const to = close < 0 || close > span.end ? span.end : close;
    const text = source.slice(from, to);
    const when = handler[1] === '<' ? 'pre-request' : 'response';
    return {
      when,
      syntax: /^\s*--\s*lua\b/.test(text) ? 'lua' : 'jetbrains',
      line,
      span,
      text,
      textSpan: { start: from, end: to },
    };
  }
  const opener = /^\{\{(?:@(\w+)|(\+)(\w*))?[^\r\n]*/.exec(head);
  const from = start + (opener?.[0].length ?? 2);
  const close = source.lastIndexOf('}}', span.end);
  const to = close < from ? span.end : close;
  return {
    when: whenOf(opener?.[1], opener?.[3], before),
    syntax: 'httpyac',
    line,
    span,
    text: source.slice(from, to),
    textSpan: { start: from, end: to },
  };
}

function whenOf(event: string | undefined, global: string | undefined, before: boolean): ScriptNode['when'] {
  if (event === 'request') return 'pre-request';
  if (event === 'response') return 'response';
  if ((event !== undefined && event !== 'js') || (global !== undefined && global !== '')) return 'other';
  return before ? 'pre-request' : 'response';
}

/** `< file.js`, `> file.js`. */
export function parseScriptFile(source: string, span: Span, line: number): ScriptNode {
  const start = skipSpace(source, span.start, span.end);
  const from = skipSpace(source, start + 1, span.end);
  const to = trimEnd(source, from, span.end);
  const when = source[start] === '<' ? 'pre-request' : 'response';
  return { when, syntax: 'file', line, span, text: source.slice(from, to), textSpan: { start: from, end: to } };
}

/** `?? status == 200`. */
export function parseAssertion(source: string, span: Span, line: number): ScriptNode {
  const from = skipSpace(source, skipSpace(source, span.start, span.end) + 2, span.end);
  const to = trimEnd(source, from, span.end);
  return {
    when: 'response',
    syntax: 'assertion',
    line,
    span,
    text: source.slice(from, to),
    textSpan: { start: from, end: to },
  };
}

/** `>> file`, `>>! file`, `<> file`. */
export function parseRedirect(source: string, span: Span, line: number): RedirectNode {
  const start = skipSpace(source, span.start, span.end);
  const overwrite = source.startsWith('>>!', start);
  const kind = source[start] === '<' ? 'reference' : overwrite ? 'overwrite' : 'save';
  const from = skipSpace(source, start + (overwrite ? 3 : 2), span.end);
  return { kind, path: templateOf(source, from, trimEnd(source, from, span.end)), span, line };
}
