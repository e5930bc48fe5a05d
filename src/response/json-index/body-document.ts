/**
 * A body that is text, answering what a view asks: tree rows, lines, search, filter, single values. It runs in the
 * worker, or in place for small bodies. Its answers hold text as received: the caller hides secrets before it shows
 * them. It keeps the bytes, the index, and what is open; nothing else.
 */
import { compareJson, type JsonComparison } from '../compare/compare-json.ts';
import { parseIgnoredPaths } from '../compare/ignored-paths.ts';
import { decoderFor } from '../decoders/registry.ts';
import type { Decoder } from '../decoders/decoder.ts';
import { XmlPaths } from '../xml/xml-paths.ts';
import { findText, type FindOutcome, type FindQuery } from './find-text.ts';
import { filterValues, matchesInValues, valueAt, type FilterOutcome } from './find-values.ts';
import { indexJson, type IndexOutcome, type JsonIndex } from './index-json.ts';
import { openAllBelow, openFirstRows, openLevel } from './opening-state.ts';
import { prettyJson, prettyLimit } from './pretty-json.ts';
import {
  endOf,
  isContainer,
  keyOf,
  kindOf,
  previewOf,
  scalarOf,
  utf8,
  type JsonKind,
  type PreviewMember,
} from './read-value.ts';
import { rowAt, rowEnd, splitLines, type TextLines } from './text-lines.ts';
import { TreeRows, type TreeRow } from './tree-rows.ts';
import { DocumentTables, type TableFacts, type TablePage, type TableSort } from '../tables/document-tables.ts';
import type { TableCell, TableOrder } from '../tables/table.ts';
import { valuePath, type PathForm } from './value-path.ts';

export type DocumentKind =
  'json' | 'ndjson' | 'text' | 'csv' | 'tsv' | 'xml' | 'cbor' | 'messagepack' | 'events' | 'multipart' | 'jwt';
export type TextView = 'text' | 'raw';
export type TreeList = 'body' | 'filter';
export type FindScope = 'tree' | TextView;

/** A row before secrets are hidden. Text is longer than what is shown, so that a secret is not cut in two. */
export interface RawRow extends TreeRow {
  readonly kind: JsonKind;
  readonly key?: string;
  readonly count?: number;
  readonly value?: string;
  readonly valueCut?: boolean;
  readonly valueBytes?: number;
  readonly preview?: readonly PreviewMember[];
  /** Path of a filter result. */
  readonly path?: string;
}

export interface Lines {
  readonly total: number;
  /** Text around and of the rows; `from`/`to` are offsets into it. */
  readonly text: string;
  readonly rows: readonly { readonly line: number; readonly from: number; readonly to: number }[];
  /** Set when the layout for reading is not offered at this size. */
  readonly asReceived: boolean;
}

export interface Rows {
  readonly total: number;
  readonly rows: readonly RawRow[];
}

export interface Fault {
  readonly line: number;
  readonly column: number;
  readonly expected: string;
  /** What it was taken for: `JSON`. */
  readonly name: string;
  /** Of a format that is no text: the place, from 0. */
  readonly byte?: number;
}

/** How much text is read beside a cut, so that secrets across it are known. */
export const contextBytes = 16 * 1024;
const shownCharacters = 400;

export class BodyDocument {
  readonly #bytes: Uint8Array;
  readonly #skip: number;
  readonly #kind: DocumentKind;
  #outcome: IndexOutcome | undefined;
  #tree: TreeRows | undefined;
  #filter: TreeRows | undefined;
  #lines: { readonly view: TextView; readonly width: number; readonly lines: TextLines } | undefined;
  #pretty: Uint8Array | undefined;
  #xml: XmlPaths | undefined;
  readonly #tables = new DocumentTables(() => ({
    index: this.#hasTree ? this.#index() : undefined,
    bytes: this.#bytes,
    skip: this.#skip,
    tabs: this.#kind === 'tsv',
  }));
  #matches: { readonly scope: FindScope; readonly offsets: Uint32Array } | undefined;

  /** @param bytes UTF-8 @param skip bytes of a byte-order mark */
  constructor(bytes: Uint8Array, skip: number, kind: DocumentKind) {
    this.#bytes = bytes;
    this.#skip = skip;
    this.#kind = kind;
  }

  /** Where the text stops being JSON, or undefined. */
  fault(): Fault | undefined {
    const outcome = this.#indexed();
    if (outcome.ok) return undefined;
    const { name = 'JSON', binary = false } = this.#decoder ?? {};
    if (binary) return { line: 1, column: 1, expected: outcome.fault.expected, name, byte: outcome.fault.offset };
    const before = this.#bytes.subarray(0, outcome.fault.offset);
    let line = 1;
    let lineStart = this.#skip;
    for (let at = before.indexOf(10); at >= 0; at = before.indexOf(10, at + 1)) {
      line += 1;
      lineStart = at + 1;
    }
    const column = utf8(this.#bytes, lineStart, outcome.fault.offset).length + 1;
    return { line, column, expected: outcome.fault.expected, name };
  }

  rows(list: TreeList, from: number, to: number): Rows {
    const tree = this.#treeOf(list);
    return { total: tree.total, rows: tree.rows(from, to).map((row) => this.#rawRow(tree, row)) };
  }

  /** Opens or closes; returns the number of rows now and where the row itself is. */
  toggle(
    list: TreeList,
    row: number,
    open: boolean,
    how: 'one' | 'level' | 'all',
  ): { total: number; row: number; whole: boolean } {
    const tree = this.#treeOf(list);
    let self = row;
    let whole = true;
    if (how === 'level') self = openLevel(tree, row);
    else if (how === 'all' && open) whole = openAllBelow(tree, row);
    else tree.toggle(row, open);
    return { total: tree.total, row: self, whole };
  }

  lines(view: TextView, from: number, to: number, width: number): Lines {
    const { lines } = this.#linesOf(view, width);
    const first = Math.max(0, Math.min(from, lines.length - 1));
    const last = Math.max(first, Math.min(to, lines.length) - 1);
    const { bytes } = lines;
    const start = lines.start[first] as number;
    const end = rowEnd(lines, last);
    const textFrom = characterBefore(bytes, Math.max(this.#skipOf(bytes), start - contextBytes));
    const textTo = characterBefore(bytes, Math.min(bytes.length, end + contextBytes));
    const text = utf8(bytes, textFrom, textTo);
    const rows: { line: number; from: number; to: number }[] = [];
    let offset = utf8(bytes, textFrom, start).length;
    let at = start;
    for (let row = first; row <= last; row++) {
      const rowStart = lines.start[row] as number;
      offset += utf8(bytes, at, rowStart).length;
      const length = utf8(bytes, rowStart, rowEnd(lines, row)).length;
      rows.push({ line: lines.line[row] as number, from: offset, to: offset + length });
      at = rowStart;
    }
    return {
      total: lines.length,
      text,
      rows,
      asReceived: view === 'text' && this.#isJson && bytes === this.#bytes,
    };
  }

  /** The matching offsets, for a caller that keeps them elsewhere. */
  computeFind(query: FindQuery, scope: FindScope): FindOutcome {
    const tree = scope === 'tree';
    const outcome = findText(tree ? this.#index().bytes : this.#textBytes(scope), query, tree || this.#isJson);
    if (!outcome.ok || !tree) return outcome;
    return { ...outcome, offsets: matchesInValues(this.#index(), outcome.offsets) };
  }

  acceptFind(scope: FindScope, offsets: Uint32Array): number {
    this.#matches = { scope, offsets };
    return offsets.length;
  }

  async computeFilter(expression: string): Promise<FilterOutcome> {
    if (this.#kind !== 'xml' || expression.startsWith('$')) return filterValues(this.#index(), expression);
    return this.#xmlPaths().select(expression);
  }

  acceptFilter(nodes: Uint32Array): number {
    this.#filter = new TreeRows(this.#index(), nodes);
    return nodes.length;
  }

  /** Opens what hides the nth match; its row, or -1 when there is no such match. `after` a row: the first one below it. */
  goToMatch(n: number, width: number): { row: number; total: number } {
    const offset = this.#matches?.offsets[n];
    if (offset === undefined || !this.#matches) return { row: -1, total: 0 };
    const { scope } = this.#matches;
    if (scope === 'tree') {
      const tree = this.#treeOf('body');
      const row = tree.reveal(valueAt(this.#index(), offset));
      return { row, total: tree.total };
    }
    const { lines } = this.#linesOf(scope, width);
    return { row: rowAt(lines, offset), total: lines.length };
  }

  reveal(node: number): { row: number; total: number } {
    const tree = this.#treeOf('body');
    return { row: tree.reveal(node), total: tree.total };
  }

  path(node: number, form: PathForm): string {
    if (this.#kind === 'xml') return this.#xmlPaths().pathOf(node);
    return valuePath(this.#index(), Math.max(0, node), form);
  }

  /** A value as text: a string without its quotes, anything else as written. Undefined above the limit (bytes). */
  value(node: number, limit: number): string | undefined {
    const index = this.#index();
    const start = index.start[node] as number;
    const end = endOf(index, node);
    if (end - start > limit) return undefined;
    return isContainer(index, node) ? utf8(index.bytes, start, end) : scalarOf(index, node, limit).text;
  }

  /** The whole text of a view; undefined above the limit. */
  wholeText(view: TextView, limit: number): string | undefined {
    const bytes = this.#textBytes(this.#decoder?.binary === true ? 'text' : view);
    return bytes.length > limit ? undefined : utf8(bytes, this.#skipOf(bytes), bytes.length);
  }

  /** @param node an array; -1 for the one most likely meant. Undefined when the body has no table. */
  tableFacts(node: number): TableFacts | undefined {
    return this.#tables.facts(node);
  }

  tableRows(
    node: number,
    columns: readonly number[],
    sort: TableSort | undefined,
    from: number,
    to: number,
    characters: number,
    whole = false,
  ): TablePage {
    return this.#tables.rows(node, columns, sort, from, to, characters, whole);
  }

  tableCell(node: number, row: number, column: number, characters: number): TableCell | undefined {
    return this.#tables.cell(node, row, column, characters);
  }

  computeOrder(node: number, column: number): TableOrder {
    return this.#tables.computeOrder(node, column);
  }

  acceptOrder(node: number, column: number, order: TableOrder): void {
    this.#tables.acceptOrder(node, column, order);
  }

  /**
   * What differs from an earlier body, by meaning; undefined when one of the two is not JSON.
   * @param ignored places that are passed over, as JSONPath
   */
  computeComparison(
    earlier: { readonly bytes: Uint8Array; readonly skip: number; readonly sequence: boolean },
    ignored: readonly string[],
    limit: number,
  ): JsonComparison | undefined {
    if (!this.#isJson) return undefined;
    const before = indexJson(earlier.bytes, earlier.skip, earlier.sequence);
    const after = this.#indexed();
    if (!before.ok || !after.ok) return undefined;
    const characters = shownCharacters + contextBytes;
    return compareJson(before.index, after.index, parseIgnoredPaths(ignored), characters, limit);
  }

  get #isJson(): boolean {
    return this.#kind === 'json' || this.#kind === 'ndjson';
  }

  get #hasTree(): boolean {
    return this.#isJson || this.#decoder !== undefined;
  }

  get #decoder(): Decoder | undefined {
    return decoderFor(this.#kind);
  }

  #xmlPaths(): XmlPaths {
    this.#index();
    this.#xml ??= new XmlPaths(utf8(this.#bytes, this.#skip, this.#bytes.length));
    return this.#xml;
  }

  #skipOf(bytes: Uint8Array): number {
    return bytes === this.#bytes ? this.#skip : 0;
  }

  #indexed(): IndexOutcome {
    this.#outcome ??= this.#decoder
      ? this.#decode(this.#decoder)
      : indexJson(this.#bytes, this.#skip, this.#kind === 'ndjson');
    return this.#outcome;
  }

  #decode(decoder: Decoder): IndexOutcome {
    const outcome = decoder.decode(this.#bytes, this.#skip);
    if (!outcome.ok) return { ok: false, fault: outcome };
    this.#pretty = outcome.text;
    return indexJson(outcome.json);
  }

  #index(): JsonIndex {
    const outcome = this.#indexed();
    if (!outcome.ok) throw new Error('the body is not JSON');
    return outcome.index;
  }

  #treeOf(list: TreeList): TreeRows {
    if (list === 'filter' && this.#filter) return this.#filter;
    if (!this.#tree) {
      this.#tree = new TreeRows(this.#index());
      openFirstRows(this.#tree);
    }
    return this.#tree;
  }

  #textBytes(view: TextView): Uint8Array {
    const laidOut = this.#isJson || this.#decoder?.binary === true || this.#kind === 'xml' || this.#kind === 'jwt';
    if (view === 'raw' || !laidOut || this.#bytes.length > prettyLimit) return this.#bytes;
    const outcome = this.#indexed();
    if (!outcome.ok) return this.#bytes;
    this.#pretty ??= prettyJson(outcome.index);
    return this.#pretty;
  }

  #linesOf(view: TextView, width: number): { readonly lines: TextLines } {
    const bytes = this.#textBytes(view);
    if (this.#lines?.view !== view || this.#lines.width !== width) {
      this.#lines = { view, width, lines: splitLines(bytes, this.#skipOf(bytes), width) };
    }
    return this.#lines;
  }

  #rawRow(tree: TreeRows, row: TreeRow): RawRow {
    const index = this.#index();
    if (row.node < 0) return { ...row, kind: 'array', count: tree.results?.length ?? 0 };
    if (row.range !== undefined) return { ...row, kind: 'array', count: (row.to ?? 0) - (row.from ?? 0) };
    const kind = kindOf(index, row.node);
    const key = keyOf(index, row.node, shownCharacters + contextBytes);
    const common = {
      ...row,
      kind,
      ...(key === undefined ? {} : { key }),
      ...(tree.results && row.level === 2 ? { path: this.path(row.node, 'jsonpath') } : {}),
    };
    if (kind === 'object' || kind === 'array') {
      const count = tree.count(row.node);
      return {
        ...common,
        count,
        ...(row.open || kind === 'array' ? {} : { preview: previewOf(index, row.node, 80 + contextBytes) }),
      };
    }
    const scalar = scalarOf(index, row.node, shownCharacters + contextBytes);
    return { ...common, value: scalar.text, valueCut: scalar.cut, valueBytes: scalar.bytes };
  }
}

function characterBefore(bytes: Uint8Array, at: number): number {
  let start = at;
  while (start > 0 && start < bytes.length && ((bytes[start] as number) & 0xc0) === 0x80) start -= 1;
  return start;
}
