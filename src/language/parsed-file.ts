/**
 * One version of a request file: the table of its blocks, and views on it that are built when asked for. Also the
 * step from one version to the next, which scans only the blocks an edit touched.
 */
import { detectDialect, type Detection } from './dialects/detect.ts';
import { parseDirective, parseVariable } from './directive-node.ts';
import { buildScripts, type BlockPlace } from './block-place.ts';
import { ParsedRequest } from './request-node.ts';
import { lineEnd, lineKind, lineStart, type Block, type BodyComments } from './scan/block.ts';
import { LINE } from './scan/line-kinds.ts';
import { trimEnd, skipSpace } from './scan/line-shapes.ts';
import { notes } from './scan/notes.ts';
import type {
  DialectId,
  DirectiveNode,
  LanguageDiagnostic,
  RequestFile,
  RequestNode,
  ScriptNode,
  StatementNode,
  VariableNode,
} from './types.ts';

export interface BlockTable {
  readonly blocks: readonly Block[];
  /** Offsets of the blocks, and their 1-based first lines. */
  readonly starts: Int32Array;
  readonly firstLines: Int32Array;
}

/** What a person chose for the file. */
export interface Choices {
  /** The dialect; null when the text tells. */
  readonly chosen: Detection | null;
  readonly comments: BodyComments;
}

export class ParsedFile implements RequestFile {
  readonly text: string;
  readonly table: BlockTable;
  readonly loneCr: boolean;
  readonly choices: Choices;
  private detectionMemo: Detection | undefined;
  private requestsMemo: readonly ParsedRequest[] | undefined;
  private variablesMemo: readonly VariableNode[] | undefined;
  private statementsMemo: readonly StatementNode[] | undefined;
  private diagnosticsMemo: readonly LanguageDiagnostic[] | undefined;
  private globalsMemo: RequestFile['globals'];

  constructor(text: string, table: BlockTable, loneCr: boolean, choices: Choices, detection: Detection | undefined) {
    this.text = text;
    this.table = table;
    this.loneCr = loneCr;
    this.choices = choices;
    this.detectionMemo = detection;
  }

  get detection(): Detection {
    return (this.detectionMemo ??= this.choices.chosen ?? detectDialect(this.text));
  }

  get dialect(): DialectId {
    return this.detection.dialect;
  }

  get signals(): readonly string[] {
    return this.detection.signals;
  }

  get requests(): readonly RequestNode[] {
    return this.parsedRequests;
  }

  get parsedRequests(): readonly ParsedRequest[] {
    if (this.requestsMemo) return this.requestsMemo;
    const requests: ParsedRequest[] = [];
    const { blocks } = this.table;
    for (let index = 0; index < blocks.length; index++) {
      const block = blocks[index]!;
      if (block.requests.length === 0) continue;
      for (const range of block.requests) requests.push(new ParsedRequest(requests.length, this, index, range));
    }
    return (this.requestsMemo = requests);
  }

  get variables(): readonly VariableNode[] {
    return (this.variablesMemo ??= this.linesOf(
      LINE.variable,
      (block) => block.variables,
      (span, line, block) => parseVariable(this.text, span, line, block, () => this.dialect),
    ));
  }

  get statements(): readonly StatementNode[] {
    return (this.statementsMemo ??= this.linesOf(
      LINE.statement,
      (block) => block.statements,
      (span, line) => {
        const start = skipSpace(this.text, span.start, span.end);
        const text = this.text.slice(start, trimEnd(this.text, start, span.end));
        return {
          kind: text.startsWith('run') ? 'run' : 'import',
          text,
          line,
          span: { start, end: start + text.length },
        };
      },
    ));
  }

  get globals(): NonNullable<RequestFile['globals']> {
    if (this.globalsMemo) return this.globalsMemo;
    const directives: DirectiveNode[] = [];
    const scripts: ScriptNode[] = [];
    this.table.blocks.forEach((block, index) => {
      if (block.requests.length > 0) return;
      const place = this.placeOf(index);
      const { count } = block;
      scripts.push(...buildScripts(place, 0, count, count));
      for (let line = 0; line < count; line++) {
        if (lineKind(block, line) !== LINE.directive) continue;
        const span = { start: place.start + lineStart(block, line), end: place.start + lineEnd(block, line) };
        directives.push(parseDirective(this.text, span, place.firstLine + line));
      }
    });
    return (this.globalsMemo = { directives, scripts });
  }

  get diagnostics(): readonly LanguageDiagnostic[] {
    return (this.diagnosticsMemo ??= this.collectDiagnostics());
  }

  /** Index of the block that an offset falls in. */
  blockAt(offset: number): number {
    const { starts } = this.table;
    let low = 0;
    let high = starts.length - 1;
    while (low < high) {
      const middle = (low + high + 1) >> 1;
      if (starts[middle]! <= offset) low = middle;
      else high = middle - 1;
    }
    return low;
  }

  placeOf(index: number): BlockPlace {
    const { blocks, starts, firstLines } = this.table;
    return {
      text: this.text,
      block: blocks[index]!,
      blockIndex: index,
      start: starts[index]!,
      firstLine: firstLines[index]!,
    };
  }

  toJSON(): RequestFile {
    const { text, dialect, signals, requests, variables, statements, diagnostics, globals } = this;
    return { text, dialect, signals, requests, variables, statements, diagnostics, globals };
  }

  private linesOf<T>(
    kind: number,
    has: (block: Block) => boolean,
    build: (span: { start: number; end: number }, line: number, block: number) => T,
  ): readonly T[] {
    const found: T[] = [];
    const { blocks, starts, firstLines } = this.table;
    blocks.forEach((block, index) => {
      if (!has(block)) return;
      const start = starts[index]!;
      for (let line = 0; line < block.count; line++) {
        if (lineKind(block, line) !== kind) continue;
        const span = { start: start + lineStart(block, line), end: start + lineEnd(block, line) };
        found.push(build(span, firstLines[index]! + line, index));
      }
    });
    return found;
  }

  private collectDiagnostics(): readonly LanguageDiagnostic[] {
    const found: LanguageDiagnostic[] = [];
    const { blocks, starts } = this.table;
    blocks.forEach((block, index) => {
      for (const { code, severity, message, start, end } of block.notes)
        found.push({ code, severity, message, span: { start: starts[index]! + start, end: starts[index]! + end } });
    });
    if (blocks.some((block) => block.deep)) {
      for (const request of this.parsedRequests) {
        if (!blocks[request.block]!.deep) continue;
        const { joined, curl } = request.remarks;
        for (const span of joined) found.push({ code: 'CS-PARSE-FORM-LINE', ...notes['CS-PARSE-FORM-LINE'], span });
        for (const { text, span } of curl)
          found.push({
            code: 'CS-PARSE-CURL',
            severity: 'warning',
            message: notes['CS-PARSE-CURL'].message.replace('<>', () => text),
            span,
          });
        if (request.url.text === '' && request.method !== 'NOP')
          found.push({ code: 'CS-PARSE-URL', ...notes['CS-PARSE-URL'], span: request.requestLine });
      }
      found.sort((left, right) => left.span.start - right.span.start);
    }
    return found;
  }
}
