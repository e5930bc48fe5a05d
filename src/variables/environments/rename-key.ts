/** Renames a variable in an environment file: its key in every environment, and the references in values. Pure. */
import { parseTree, type Node } from 'jsonc-parser';
import type { Span } from '../../language/types.ts';

export interface KeyChange {
  readonly span: Span;
  readonly text: string;
}

/** @param text an environment file; one with a syntax error is changed as far as it can be read */
export function renameEnvironmentKey(text: string, name: string, to: string): readonly KeyChange[] {
  const root = parseTree(text, [], { allowTrailingComma: true });
  const changes: KeyChange[] = [];
  for (const environment of root?.type === 'object' ? (root.children ?? []) : []) {
    const variables = environment.children?.[1];
    for (const property of variables?.type === 'object' ? (variables.children ?? []) : []) {
      const [key, value] = property.children ?? [];
      if (key?.value === name) changes.push({ span: inner(key), text: JSON.stringify(to).slice(1, -1) });
      if (value) changes.push(...referencesIn(text, value, name, to));
    }
  }
  return changes.sort((left, right) => left.span.start - right.span.start);
}

function referencesIn(text: string, node: Node, name: string, to: string): KeyChange[] {
  if (node.type !== 'string') return (node.children ?? []).flatMap((child) => referencesIn(text, child, name, to));
  const { start, end } = inner(node);
  return [...text.slice(start, end).matchAll(/\{\{\s*%?\s*([^\s{}.[\]]+)/g)].flatMap((match) => {
    if (match[1] !== name) return [];
    const at = start + match.index + match[0].length - name.length;
    return [{ span: { start: at, end: at + name.length }, text: to }];
  });
}

/** Between the quotes. */
function inner({ offset, length }: Node): Span {
  return { start: offset + 1, end: offset + length - 1 };
}
