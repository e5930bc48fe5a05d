/**
 * Reads JSON with comments into positioned nodes and plain values, without prototype keys and with bounded depth.
 * It knows nothing of credentials. Offsets are UTF-16 code units.
 */
import { parseTree, type Node, type ParseError } from 'jsonc-parser';

export interface Span {
  readonly start: number;
  readonly end: number;
}

export interface Member {
  readonly key: string;
  readonly keySpan: Span;
  readonly node: Node;
}

/** The tree of the readable part, and where the text is not JSON. Never throws. */
export function parseJsonNodes(text: string): { readonly root: Node | undefined; readonly errors: readonly Span[] } {
  const errors: ParseError[] = [];
  const body = text.startsWith('\ufeff') ? ` ${text.slice(1)}` : text;
  if (nestsTooDeep(body)) return { root: undefined, errors: [{ start: 0, end: Math.min(1, text.length) }] };
  const root = parseTree(body, errors, { allowTrailingComma: true, allowEmptyContent: true });
  return { root, errors: errors.map(({ offset, length }) => ({ start: offset, end: offset + Math.max(length, 1) })) };
}

/** More brackets open at once than a definitions file can need: the parser would run out of stack. */
function nestsTooDeep(text: string): boolean {
  let depth = 0;
  for (const char of text) {
    if (char === '{' || char === '[') depth++;
    else if (char === '}' || char === ']') depth--;
    if (depth > 200) return true;
  }
  return false;
}

export function spanOf(node: Node): Span {
  return { start: node.offset, end: node.offset + node.length };
}

/** The members of an object in order, repeated keys too; `__proto__` is an ordinary key here. */
export function membersOf(node: Node): readonly Member[] {
  if (node.type !== 'object') return [];
  return (node.children ?? []).flatMap((property) => {
    const [key, value] = property.children ?? [];
    return key && value ? [{ key: String(key.value), keySpan: spanOf(key), node: value }] : [];
  });
}

/** The value of a node as plain data. Members called `__proto__` are left out. */
export function toValue(node: Node): unknown {
  if (node.type === 'array') return (node.children ?? []).map(toValue);
  if (node.type !== 'object') return node.value as unknown;
  const value: Record<string, unknown> = {};
  for (const member of membersOf(node)) if (member.key !== '__proto__') value[member.key] = toValue(member.node);
  return value;
}
