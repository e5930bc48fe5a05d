/**
 * Which conflicts between the tools a file meets, by which rule each was settled, and how the others would have read
 * it. For `countersign parse --explain`. Pure. Source: dialects.md §20.
 */
import { dialects } from '../dialects/registry.ts';
import { referencesOf, referencesOfVariables } from '../features/references-in-file.ts';
import { LineIndex } from '../line-index.ts';
import { parseTree } from '../tree.ts';
import type { RequestFile } from '../types.ts';
import type { ExplainedFile } from './conflict.ts';
import { conflicts } from './registry.ts';

export interface MetConflict {
  readonly id: string;
  readonly title: string;
  /** 1-based, each once. */
  readonly lines: readonly number[];
  readonly applied: string;
  /** By the tool's name. */
  readonly others: Readonly<Record<string, string>>;
}

export function explain(file: RequestFile): readonly MetConflict[] {
  const { text } = file;
  const input: ExplainedFile = {
    file,
    lines: parseTree(text, file).blocks.flatMap((block) =>
      block.lines.map(({ kind, start, end }) => ({
        kind,
        start,
        text: text.slice(start, end).replace(/[\r\n]+$/, ''),
      })),
    ),
    references: [...referencesOfVariables(file), ...file.requests.flatMap((request) => referencesOf(request))],
  };
  const index = new LineIndex(text);
  return conflicts.flatMap(({ id, title, applied, readings, places }) => {
    const lines = (places?.(input) ?? []).map((offset) => index.position(offset).line);
    if (lines.length === 0) return [];
    return [
      {
        id,
        title,
        lines: [...new Set(lines)].sort((left, right) => left - right),
        applied: typeof applied === 'function' ? applied(file.dialect) : applied,
        others: Object.fromEntries(
          dialects.flatMap((dialect) => {
            const reading = readings[dialect.id];
            return reading === undefined ? [] : [[dialect.title, reading]];
          }),
        ),
      },
    ];
  });
}
