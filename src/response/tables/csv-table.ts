/**
 * Comma-separated values (RFC 4180) as a table: one pass finds where records begin, fields are read when asked for. The
 * first record gives the names. Other separators are recognised by the first record; nothing in it is ever wrong.
 */
import { utf8 } from '../json-index/read-value.ts';
import { columnLimit, sampledRows, type Table, type TableCell, type TableColumn } from './table.ts';

const quote = 0x22;
const newline = 0x0a;
const carriageReturn = 0x0d;
/** Bytes of a record that are read: a quote that is never closed makes one record of all that follows. */
const recordLimit = 1024 * 1024;
const separators = [',', ';', '\t', '|'];
const number = /^-?(\d+|\d*\.\d+)(e[+-]?\d+)?$/i;

export class CsvTable implements Table {
  readonly columns: readonly TableColumn[];
  readonly moreColumns: number;
  readonly sampled: number;
  readonly #bytes: Uint8Array;
  /** Where each record begins; the first is the one of names. */
  readonly #starts: Uint32Array;
  readonly #separator: string;

  /** @param bytes UTF-8 @param skip bytes of a byte-order mark @param tabs the media type says that tabs separate */
  constructor(bytes: Uint8Array, skip: number, tabs: boolean) {
    this.#bytes = bytes;
    this.#starts = recordStarts(bytes, skip);
    this.#separator = tabs ? '\t' : likelySeparator(this.#text(0));
    const names = this.#starts.length > 0 ? this.#fields(0) : [];
    const sample = sampledRows(this.rows);
    const facts = names.map((name) => ({ number: sample.length > 0, characters: Math.min(60, name.length) }));
    for (const row of sample) {
      for (const [i, field] of this.#fields(row + 1).entries()) {
        const column = facts[i];
        if (!column) break;
        column.characters = Math.max(column.characters, Math.min(60, field.length));
        if (field !== '' && !number.test(field)) column.number = false;
      }
    }
    this.columns = names.slice(0, columnLimit).map((name, i) => ({ name, ...(facts[i] as (typeof facts)[number]) }));
    this.moreColumns = names.length - this.columns.length;
    this.sampled = sample.length;
  }

  get rows(): number {
    return Math.max(0, this.#starts.length - 1);
  }

  cells(row: number, columns: readonly number[], characters: number): readonly TableCell[] {
    const fields = this.#fields(row + 1);
    return columns.map((column): TableCell => {
      const field = fields[column];
      if (field === undefined || field === '') return { kind: 'missing', text: '', cut: false, node: -1 };
      const cut = field.length > characters;
      const text = cut ? field.slice(0, characters) : field;
      return { kind: number.test(field) ? 'number' : 'string', text, cut, node: -1 };
    });
  }

  #text(record: number): string {
    const start = this.#starts[record];
    if (start === undefined) return '';
    let end = Math.min(start + recordLimit, this.#starts[record + 1] ?? this.#bytes.length);
    while (end > start && (this.#bytes[end - 1] === newline || this.#bytes[end - 1] === carriageReturn)) end -= 1;
    return utf8(this.#bytes, start, end);
  }

  #fields(record: number): readonly string[] {
    const text = this.#text(record);
    const fields: string[] = [];
    let at = 0;
    for (;;) {
      if (text[at] === '"') {
        let field = '';
        at += 1;
        for (;;) {
          const close = text.indexOf('"', at);
          if (close < 0) {
            field += text.slice(at);
            at = text.length;
            break;
          }
          field += text.slice(at, close);
          at = close + 1;
          if (text[at] !== '"') break;
          field += '"';
          at += 1;
        }
        const next = text.indexOf(this.#separator, at);
        field += text.slice(at, next < 0 ? text.length : next);
        fields.push(field);
        if (next < 0) return fields;
        at = next + 1;
      } else {
        const next = text.indexOf(this.#separator, at);
        fields.push(text.slice(at, next < 0 ? text.length : next));
        if (next < 0) return fields;
        at = next + 1;
      }
    }
  }
}

/** Line ends inside quotes do not end a record; an empty line is none. */
function recordStarts(bytes: Uint8Array, skip: number): Uint32Array {
  let starts = new Uint32Array(1024);
  let count = 0;
  let quoted = false;
  let start = skip;
  const add = (end: number): void => {
    if (end === start || (end === start + 1 && bytes[start] === carriageReturn)) return;
    if (count === starts.length) {
      const larger = new Uint32Array(count * 2);
      larger.set(starts);
      starts = larger;
    }
    starts[count++] = start;
  };
  for (let at = skip; at < bytes.length; at++) {
    const byte = bytes[at];
    if (byte === quote) quoted = !quoted;
    else if (byte === newline && !quoted) {
      add(at);
      start = at + 1;
    }
  }
  if (start < bytes.length) add(bytes.length);
  return starts.slice(0, count);
}

function likelySeparator(record: string): string {
  const bare = record.replace(/"[^"]*"/g, '');
  const counts = separators.map((separator) => bare.split(separator).length);
  const most = Math.max(...counts);
  return most === 1 ? ',' : (separators[counts.indexOf(most)] as string);
}
