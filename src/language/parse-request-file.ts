/**
 * Parses a request file, or the next version of one. Never throws: what is not understood is a diagnostic, and
 * every character stands in exactly one line of one block. Source: dialects.md; house.md §6 rule 1.
 */
import { chosenDialect, detectDialect, type Detection } from './dialects/detect.ts';
import { ParsedFile, type BlockTable, type Choices } from './parsed-file.ts';
import { lineEnd, type Block, type BodyComments, type ScanContext } from './scan/block.ts';
import { hasLoneCr } from './scan/line-reader.ts';
import { BlockScanner } from './scan/scan-block.ts';
import type { DialectId, RequestFile } from './types.ts';

export interface ParseOptions {
  /** Settles the conflicts between dialects; told from the text when absent. */
  readonly dialect?: DialectId;
  /** Comment lines in bodies; by the body's type when absent (C1). */
  readonly bodyComments?: BodyComments;
}

/** A change of a text: [start, end) of the old text became `text`. Offsets are UTF-16 code units. */
export interface TextEdit {
  readonly start: number;
  readonly end: number;
  readonly text: string;
}

export function parseRequestFile(text: string, options: ParseOptions = {}): RequestFile {
  const chosen = options.dialect === undefined ? null : chosenDialect(options.dialect);
  return parseFile(text, { chosen, comments: options.bodyComments ?? 'auto' });
}

function parseFile(text: string, choices: Choices): ParsedFile {
  const loneCr = hasLoneCr(text);
  const { context, known } = scanContext(text, loneCr, choices);
  const blocks: Block[] = [];
  const scanner = new BlockScanner(context, 0, text.length >> 4);
  while (!scanner.atEnd) blocks.push(scanner.scan());
  return new ParsedFile(text, tableOf(blocks), loneCr, choices, known());
}

/**
 * The file after an edit. Blocks that the edit does not touch are kept, so the cost is that of the touched ones
 * and a walk over two arrays of numbers. `edit` must lead from the previous text to `text`.
 */
export function updateRequestFile(previous: RequestFile, text: string, edit: TextEdit): RequestFile {
  if (!(previous instanceof ParsedFile)) return parseRequestFile(text);
  const delta = edit.text.length - (edit.end - edit.start);
  const old = previous.table;
  const around = text.slice(Math.max(0, edit.start - 1), edit.start + edit.text.length + 2);
  // A CR at the cut may have its LF behind it.
  const edgeComplete =
    edit.start + edit.text.length + 2 < text.length && around.endsWith('\r') ? `${around}\n` : around;
  const fits = text.length === previous.text.length + delta && old.blocks.length > 0;
  if (!fits || previous.loneCr || hasLoneCr(edgeComplete) || splitsCrlf(text, edit))
    return parseFile(text, previous.choices);
  const first = firstTouched(previous, edit.start);
  const { context, known } = scanContext(text, false, previous.choices);
  // A block whose shape hangs on the dialect of the whole file is only kept while that stays the same.
  if (old.blocks.some((block) => block.dialectal) && context.splitsAnywhere() !== previous.detection.splitsAnywhere)
    return parseFile(text, previous.choices);
  const scanner = new BlockScanner(context, old.starts[first]!, 64);
  const fresh: Block[] = [];
  let resume = first;
  const count = old.blocks.length;
  while (!scanner.atEnd) {
    fresh.push(scanner.scan());
    const at = scanner.reader.pos;
    while (resume < count && (old.starts[resume]! < edit.end || old.starts[resume]! + delta < at)) resume++;
    if (resume < count && resume > first && old.starts[resume]! + delta === at) break;
  }
  if (scanner.atEnd) resume = count;
  const blocks = old.blocks.slice(0, first).concat(fresh, resume < count ? old.blocks.slice(resume) : []);
  return new ParsedFile(text, splice(old, blocks, first, fresh, resume, delta), false, previous.choices, known());
}

/** The block to scan from: the one before, when the edit may undo the separator that a block begins with. */
function firstTouched(file: ParsedFile, offset: number): number {
  const index = file.blockAt(Math.max(0, offset - 1));
  const { start, block } = file.placeOf(index);
  return index > 0 && offset <= start + lineEnd(block, 0) ? index - 1 : index;
}

/** An edit between CR and LF makes a lone CR or ends one: rare enough to parse anew. */
function splitsCrlf(text: string, edit: TextEdit): boolean {
  return (
    text.charCodeAt(edit.start - 1) === 13 ||
    (text.charCodeAt(edit.start + edit.text.length) === 10 && text.charCodeAt(edit.start + edit.text.length - 1) === 13)
  );
}

function scanContext(
  text: string,
  loneCr: boolean,
  { chosen, comments }: Choices,
): { context: ScanContext; known: () => Detection | undefined } {
  let detection: Detection | undefined = chosen ?? undefined;
  return {
    context: { text, loneCr, comments, splitsAnywhere: () => (detection ??= detectDialect(text)).splitsAnywhere },
    known: () => detection,
  };
}

function tableOf(blocks: readonly Block[]): BlockTable {
  const starts = new Int32Array(blocks.length);
  const firstLines = new Int32Array(blocks.length);
  let offset = 0;
  let line = 1;
  for (let index = 0; index < blocks.length; index++) {
    starts[index] = offset;
    firstLines[index] = line;
    offset += blocks[index]!.length;
    line += blocks[index]!.count;
  }
  return { blocks, starts, firstLines };
}

function splice(
  old: BlockTable,
  blocks: readonly Block[],
  first: number,
  fresh: readonly Block[],
  resume: number,
  delta: number,
): BlockTable {
  const starts = new Int32Array(blocks.length);
  const firstLines = new Int32Array(blocks.length);
  starts.set(old.starts.subarray(0, first));
  firstLines.set(old.firstLines.subarray(0, first));
  let offset = old.starts[first]!;
  let line = old.firstLines[first]!;
  fresh.forEach((block, index) => {
    starts[first + index] = offset;
    firstLines[first + index] = line;
    offset += block.length;
    line += block.count;
  });
  const lines = resume < old.blocks.length ? line - old.firstLines[resume]! : 0;
  for (let from = resume, to = first + fresh.length; from < old.blocks.length; from++, to++) {
    starts[to] = old.starts[from]! + delta;
    firstLines[to] = old.firstLines[from]! + lines;
  }
  return { blocks, starts, firstLines };
}
