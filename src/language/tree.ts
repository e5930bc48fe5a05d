/**
 * The lossless tree: a file of blocks of lines of leaves. The leaves' texts, in order, are the source, character
 * for character, whatever the source is. For folding, highlighting and the proof that nothing is lost.
 */
import { ParsedFile } from './parsed-file.ts';
import { parseRequestFile } from './parse-request-file.ts';
import { lineEnd, lineKind, lineStart } from './scan/block.ts';
import { LINE, lineKindName, type LineKindName } from './scan/line-kinds.ts';
import { headerColon, skipSpace, trimEnd } from './scan/line-shapes.ts';
import { parseRequestTarget } from './request-target.ts';
import type { RequestFile, Span } from './types.ts';

export type LeafKind =
  'bom' | 'text' | 'space' | 'line-end' | 'method' | 'url' | 'version' | 'name' | 'punctuation' | 'value';

export interface TreeLeaf extends Span {
  readonly kind: LeafKind;
}

export interface TreeLine extends Span {
  readonly kind: LineKindName;
  readonly leaves: readonly TreeLeaf[];
}

export interface TreeBlock extends Span {
  readonly lines: readonly TreeLine[];
}

export interface SyntaxTree {
  readonly text: string;
  readonly blocks: readonly TreeBlock[];
}

/** @param parsed the text's file when it was parsed already. */
export function parseTree(text: string, parsed: RequestFile = parseRequestFile(text)): SyntaxTree {
  const file = parsed instanceof ParsedFile && parsed.text === text ? parsed : (parseRequestFile(text) as ParsedFile);
  return { text, blocks: file.table.blocks.map((_, index) => blockOf(file, index)) };
}

/** All leaves in order. */
export function* treeLeaves(tree: SyntaxTree): Generator<TreeLeaf> {
  for (const block of tree.blocks) for (const line of block.lines) yield* line.leaves;
}

function blockOf(file: ParsedFile, index: number): TreeBlock {
  const { text, block, start } = file.placeOf(index);
  const end = start + block.length;
  const lines: TreeLine[] = [];
  let at = start;
  for (let line = 0; line < block.count; line++) {
    const from = start + lineStart(block, line);
    const to = start + lineEnd(block, line);
    const next = start + lineStart(block, line + 1);
    const kind = lineKind(block, line);
    const leaves: TreeLeaf[] = [];
    if (from > at) leaves.push({ kind: 'bom', start: at, end: from });
    for (const leaf of fill(leavesOf(text, kind, { start: from, end: to }), from, to, text)) leaves.push(leaf);
    if (next > to) leaves.push({ kind: 'line-end', start: to, end: next });
    lines.push({ kind: lineKindName(kind), start: at, end: next, leaves });
    at = next;
  }
  // A text that is nothing but a byte order mark has no line.
  if (at < end) lines.push({ kind: 'blank', start: at, end, leaves: [{ kind: 'bom', start: at, end }] });
  return { start, end, lines };
}

/** Puts space or text leaves where `leaves` leave gaps. */
function fill(leaves: readonly TreeLeaf[], start: number, end: number, text: string): TreeLeaf[] {
  const filled: TreeLeaf[] = [];
  let at = start;
  const gap = (to: number) => {
    if (to > at) filled.push({ kind: /^[ \t\r]*$/.test(text.slice(at, to)) ? 'space' : 'text', start: at, end: to });
  };
  for (const leaf of leaves) {
    if (leaf.end <= leaf.start || leaf.start < at) continue;
    gap(leaf.start);
    filled.push(leaf);
    at = leaf.end;
  }
  gap(end);
  return filled;
}

function leavesOf(text: string, kind: number, span: Span): TreeLeaf[] {
  const ink = skipSpace(text, span.start, span.end);
  if (kind === LINE.requestLine) {
    const { methodSpan, url, versionSpan } = parseRequestTarget(text, span, []);
    return [
      ...(methodSpan ? [{ kind: 'method', ...methodSpan } as const] : []),
      { kind: 'url', start: url.span.start, end: url.span.end },
      ...(versionSpan ? [{ kind: 'version', ...versionSpan } as const] : []),
    ];
  }
  if (kind === LINE.header) {
    const colon = headerColon(text, ink, span.end);
    return [
      { kind: 'name', start: ink, end: trimEnd(text, ink, colon) },
      { kind: 'punctuation', start: colon, end: colon + 1 },
      { kind: 'value', start: skipSpace(text, colon + 1, span.end), end: trimEnd(text, colon + 1, span.end) },
    ];
  }
  if (kind === LINE.variable) {
    const equals = text.indexOf('=', ink);
    return [
      { kind: 'punctuation', start: ink, end: ink + 1 },
      { kind: 'name', start: ink + 1, end: trimEnd(text, ink + 1, text[equals - 1] === ':' ? equals - 1 : equals) },
      { kind: 'value', start: skipSpace(text, equals + 1, span.end), end: trimEnd(text, equals + 1, span.end) },
    ];
  }
  return [];
}
