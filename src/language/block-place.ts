/**
 * Where a block stands in one version of a file, and the scripts among its lines. Requests and the file's own
 * region share both.
 */
import { parseAssertion, parseScript, parseScriptFile } from './directive-node.ts';
import { lineEnd, lineKind, lineStart, type Block } from './scan/block.ts';
import { LINE } from './scan/line-kinds.ts';
import type { ScriptNode } from './types.ts';

/** Where a request's block stands in one version of a file. */
export interface BlockPlace {
  readonly text: string;
  readonly block: Block;
  readonly blockIndex: number;
  /** Offset of the block's start. */
  readonly start: number;
  /** 1-based line of the block's first line. */
  readonly firstLine: number;
}

/** Knows where the blocks of one version of a file stand. */
export interface PlaceSource {
  placeOf(blockIndex: number): BlockPlace;
}

/** Scripts among the lines [first, end) of a block; those before line `request` run before it. */
export function buildScripts(place: BlockPlace, first: number, end: number, request: number): readonly ScriptNode[] {
  const { text, start, firstLine, block } = place;
  const scripts: ScriptNode[] = [];
  for (let index = first; index < end; index++) {
    const kind = lineKind(block, index);
    if (kind < LINE.script || kind > LINE.assertion) continue;
    const from = start + lineStart(block, index);
    const line = firstLine + index;
    const span = { start: from, end: start + lineEnd(block, index) };
    if (kind === LINE.scriptFile) scripts.push(parseScriptFile(text, span, line));
    else if (kind === LINE.assertion) scripts.push(parseAssertion(text, span, line));
    else if (kind === LINE.script) {
      let last = index;
      while (last + 1 < end && lineKind(block, last + 1) === LINE.scriptMore) last++;
      scripts.push(parseScript(text, { start: from, end: start + lineEnd(block, last) }, line, index < request));
      index = last;
    }
  }
  return scripts;
}
