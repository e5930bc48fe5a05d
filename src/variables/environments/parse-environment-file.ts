/**
 * An environment file's text as environments with the place of each value. Tolerant: comments and trailing
 * commas are fine, and of a file with a syntax error everything readable is kept. Source: dialects.md §9.
 */
import { getNodeValue, parseTree, printParseErrorCode, type Node, type ParseError } from 'jsonc-parser';
import { CountersignError } from '../../errors/countersign-error.ts';
import type { Span } from '../../language/types.ts';
import { toJsonValue, type JsonValue } from '../json-value.ts';
import { baseName, shownName } from '../words.ts';
import type { TextFile } from './cached-file.ts';

export interface EnvironmentEntry {
  readonly value: JsonValue;
  /** Of the key and value; offsets count after a byte order mark. */
  readonly span: Span;
  readonly line: number;
}

export interface ParsedEnvironmentFile {
  /** By environment name, `$shared` included, then by variable name. */
  readonly environments: ReadonlyMap<string, ReadonlyMap<string, EnvironmentEntry>>;
  /** 1-based line of each environment's key. */
  readonly lines: ReadonlyMap<string, number>;
  readonly problems: readonly CountersignError[];
}

/** Never throws; what is wrong is in `problems` (`CS-VAR-ENV-FILE`). */
export function parseEnvironmentFile(path: string, file: TextFile): ParsedEnvironmentFile {
  const environments = new Map<string, Map<string, EnvironmentEntry>>();
  const lines = new Map<string, number>();
  const problems: CountersignError[] = [];
  const shown = shownName(baseName(path));
  if (file.kind === 'unreadable') {
    problems.push(
      new CountersignError('CS-VAR-ENV-FILE', `The environment file ${shown} ${file.reason}.`, {
        place: { file: path },
        ...(file.cause === undefined ? {} : { cause: file.cause }),
      }),
    );
    return { environments, lines, problems };
  }
  const { text } = file;
  const lineAt = lineCounter(text);
  try {
    const errors: ParseError[] = [];
    const tree = parseTree(text, errors, { allowTrailingComma: true });
    const first = errors[0];
    if (first && text.trim() !== '') {
      const line = lineAt(first.offset);
      const what = printParseErrorCode(first.error);
      problems.push(
        new CountersignError('CS-VAR-ENV-FILE', `The environment file ${shown} is not JSON at line ${line}.`, {
          place: {
            file: path,
            start: first.offset,
            end: first.offset + first.length,
            line,
            column: first.offset - text.lastIndexOf('\n', first.offset - 1),
          },
          facts: { what },
        }),
      );
    }
    for (const [name, node, key] of properties(tree)) {
      const entries = environments.get(name) ?? new Map<string, EnvironmentEntry>();
      if (node.type !== 'object') continue;
      environments.set(name, entries);
      lines.set(name, lineAt(key.offset));
      for (const [variable, value, label] of properties(node)) {
        entries.set(variable, {
          value: toJson(value),
          span: { start: label.offset, end: value.offset + value.length },
          line: lineAt(label.offset),
        });
      }
    }
  } catch (cause) {
    problems.push(
      new CountersignError('CS-VAR-ENV-FILE', `The environment file ${shown} is nested too deep.`, {
        place: { file: path },
        cause,
      }),
    );
  }
  return { environments, lines, problems };
}

function* properties(node: Node | undefined): Generator<readonly [string, Node, Node]> {
  if (node?.type !== 'object') return;
  for (const property of node.children ?? []) {
    const [key, value] = property.children ?? [];
    if (key && value && typeof key.value === 'string') yield [key.value, value, key];
  }
}

/** Like getNodeValue, but a key called `__proto__` stays a key. */
function toJson(node: Node): JsonValue {
  if (node.type === 'array') return (node.children ?? []).map(toJson);
  if (node.type !== 'object') return toJsonValue(getNodeValue(node));
  const copy = Object.create(null) as Record<string, JsonValue>;
  for (const [key, value] of properties(node)) copy[key] = toJson(value);
  return copy;
}

/** 1-based line of an offset; offsets may come in any order. */
function lineCounter(text: string): (offset: number) => number {
  const starts = [0];
  for (let at = text.indexOf('\n'); at >= 0; at = text.indexOf('\n', at + 1)) starts.push(at + 1);
  return (offset) => {
    let low = 0;
    let high = starts.length;
    while (high - low > 1) {
      const middle = (low + high) >> 1;
      if (starts[middle]! <= offset) low = middle;
      else high = middle;
    }
    return low + 1;
  };
}
