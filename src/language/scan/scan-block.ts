/**
 * The state that scanning one block needs: the line reader, the line table in the making, and the few moves all
 * stages share. The stages are `scan-head.ts`, `scan-request.ts` and `scan-body.ts`. Never fails, and never looks
 * beyond the block.
 */
import { methodProtocol } from '../methods.ts';
import type { Block, BlockNote, RequestRange, ScanContext } from './block.ts';
import { LineReader } from './line-reader.ts';
import { LINE } from './line-kinds.ts';
import { LineTable } from './line-table.ts';
import { looksLikeUrl, skipSpace, upperWord } from './line-shapes.ts';
import { notes as noteText, type NoteCode } from './notes.ts';
import { scanHead } from './scan-head.ts';

/** Shared by the many blocks that have no request or no note; never written to. */
const none: never[] = [];

export class BlockScanner {
  readonly context: ScanContext;
  readonly reader: LineReader;
  private base = 0;
  private readonly table: LineTable;
  /** Index in the table of the block's first line. */
  private at = 0;
  /** How many lines were pushed as variables or statements, some of which may turn out to be body text. */
  private definitions = 0;
  private held = false;
  private requests: RequestRange[] = none;
  private noted: BlockNote[] = none;
  private dialectal = false;
  /** Remarks come to light only when the requests of this block are built. */
  deep = false;
  /** Index of the first line of the request in the making. */
  private first = 0;
  /** Closers that were looked for up to the end of the block and are not there. */
  readonly missing = new Set<string>();
  /** Facts of the request in the making that its body depends on. */
  contentType: string | null = null;
  method = '';
  graphql = false;

  /** @param expected about how many lines will be scanned. */
  constructor(context: ScanContext, from: number, expected: number) {
    this.context = context;
    this.table = new LineTable(expected);
    this.reader = new LineReader(context.text, from, context.loneCr);
  }

  get atEnd(): boolean {
    return this.reader.pos >= this.context.text.length;
  }

  /** Scans the block that starts at the reader's position, up to the next separator line or the end. */
  scan(): Block {
    const { reader } = this;
    this.base = reader.pos;
    this.at = this.table.count;
    this.requests = none;
    this.noted = none;
    this.definitions = 0;
    this.dialectal = false;
    this.deep = false;
    this.held = false;
    this.first = 0;
    // Clearing a Set allocates even when it is empty.
    if (this.missing.size > 0) this.missing.clear();
    if (this.base === 0 && this.context.text.charCodeAt(0) === 0xfeff) reader.pos = 1;
    if (reader.advance()) {
      if (reader.isSeparator) this.push(LINE.separator);
      else this.held = true;
    }
    while (scanHead(this));
    const { table, at, count } = this;
    let variables = false;
    let statements = false;
    if (this.definitions > 0) {
      for (let line = 0; line < count; line++) {
        const kind = table.kind(at + line);
        if (kind === LINE.variable) variables = true;
        else if (kind === LINE.statement) statements = true;
      }
    }
    return {
      length: reader.pos - this.base,
      table,
      at,
      count,
      requests: this.requests,
      notes: this.noted,
      variables,
      statements,
      deep: this.deep,
      dialectal: this.dialectal,
    };
  }

  /** The next line of this block; false in front of the next separator and at the end. */
  next(): boolean {
    if (this.held) {
      this.held = false;
      return true;
    }
    const { reader } = this;
    if (!reader.advance()) return false;
    if (reader.code === 35 && reader.isSeparator) {
      reader.pos = reader.start;
      return false;
    }
    return true;
  }

  /** `next()` gives the current line again. */
  hold(): void {
    this.held = true;
  }

  push(kind: number): void {
    const { reader } = this;
    if (kind === LINE.variable || kind === LINE.statement) this.definitions++;
    this.table.push(kind, reader.start - this.base, reader.end - this.base);
  }

  /** Everything left in the block, the current line first, is of one kind. */
  pushRest(kind: number): void {
    do this.push(this.reader.code === -1 ? LINE.blank : kind);
    while (this.next());
  }

  /** How many lines the table has, so the index that the next one gets. */
  get count(): number {
    return this.table.count - this.at;
  }

  kindAt(index: number): number {
    return index < 0 ? -1 : this.table.kind(this.at + index);
  }

  setKind(index: number, kind: number): void {
    this.table.setKind(this.at + index, kind);
  }

  startOf(index: number): number {
    return this.base + this.table.start(this.at + index);
  }

  textAt(index: number): string {
    return this.context.text.slice(this.startOf(index), this.base + this.table.end(this.at + index));
  }

  /** Goes back so that `next()` gives line `index` again, and forgets it and all after it. */
  rewindTo(index: number): void {
    this.reader.pos = this.startOf(index);
    this.table.count = this.at + index;
    this.held = false;
  }

  note(code: NoteCode, index: number, fill = '', severity = noteText[code].severity): void {
    if (this.noted === none) this.noted = [];
    this.noted.push({
      code,
      severity,
      message: noteText[code].message.replace('<>', () => (fill.length > 60 ? `${fill.slice(0, 59)}…` : fill)),
      start: this.table.start(this.at + index),
      end: this.table.end(this.at + index),
    });
  }

  /** As the dialect of the whole file has it; the block is read anew when that changes. */
  splitsAnywhere(): boolean {
    this.dialectal = true;
    return this.context.splitsAnywhere();
  }

  /**
   * Whether the current line, at column 0, is a request line that starts a new request without a separator (R3).
   * @param certain nothing of a body was seen, so that only a forgotten separator makes sense
   */
  splitsHere(certain: boolean): 'split' | 'looks-so' | null {
    const { text, ink, end } = this.reader;
    const word = upperWord(text, ink, end);
    if (word < 2 || methodProtocol(text.slice(ink, ink + word)) === undefined) return null;
    const target = text.slice(skipSpace(text, ink + word, end), end).trimEnd();
    if (!looksLikeUrl(target)) return null;
    if (this.splitsAnywhere()) return 'split';
    if (!certain) return 'looks-so';
    const absolute = /^[a-z][a-z0-9+.-]*:\/\//i.test(target);
    // Without a declared type nobody sends these as a body: a variable URL, or any target under a GET.
    const undeclared =
      this.contentType === null && (target.startsWith('{{') || (this.method === 'GET' && !/\sHTTP\/\d/i.test(target)));
    return absolute || undeclared ? 'split' : 'looks-so';
  }

  /** Closes the request whose request line is line `line`; with `next`, another one begins at that line. */
  endRequest(line: number, next: number): boolean {
    if (this.requests === none) this.requests = [];
    if (next < 0) {
      this.requests.push({ first: this.first, line, end: this.count });
      return false;
    }
    if (next < this.count) this.rewindTo(next);
    else this.hold();
    this.requests.push({ first: this.first, line, end: next });
    this.first = next;
    return true;
  }
}
