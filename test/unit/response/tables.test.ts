/** Bodies as rows and columns: which array, which columns, what is in a cell, in which order, and what is copied. */
import { describe, expect, it } from 'vitest';
import { BodyDocument, type DocumentKind } from '../../../src/response/json-index/body-document.ts';
import { toCsvRecord } from '../../../src/response/tables/to-csv.ts';

const documentOf = (text: string, kind: DocumentKind = 'json'): BodyDocument =>
  new BodyDocument(new TextEncoder().encode(text), 0, kind);

/** The table as lines of its cells, columns separated by a bar. */
function drawn(document: BodyDocument, sort?: { column: number; descending: boolean }): string[] {
  const facts = document.tableFacts(-1);
  if (!facts) return ['none'];
  const columns = facts.columns.map((_, i) => i);
  if (sort) document.acceptOrder(facts.node, sort.column, document.computeOrder(facts.node, sort.column));
  const { rows } = document.tableRows(facts.node, columns, sort, 0, 1000, 100);
  return [
    facts.columns.map((column) => column.name).join('|'),
    ...rows.map(({ cells }) => cells.map((cell) => cell.text).join('|')),
  ];
}

describe('a table of JSON', () => {
  const check = (text: string, expected: readonly string[], kind?: DocumentKind) =>
    expect(drawn(documentOf(text, kind))).toEqual(expected);

  it('is the array at the root', () => check('[{"a":1,"b":"x"},{"b":"y","c":null}]', ['a|b|c', '1|x|', '|y|null']));
  it('is the longest array of objects one or two levels down', () =>
    check('{"few":[{"x":1}],"tags":["a","b","c"],"page":{"items":[{"id":1},{"id":2}]}}', ['id', '1', '2']));
  it('has positions as columns for arrays of arrays', () => check('[[1,2],[3]]', ['[0]|[1]', '1|2', '3|']));
  it('keeps what is no object in a column of its own', () => check('[{"a":1},"bare"]', ['a|(value)', '1|', '|bare']));
  it('keeps numbers as written and counts containers', () =>
    check('[{"n":1.50e2,"o":{"x":1},"l":[1,2,3]}]', ['n|o|l', '1.50e2|{1}|[3]']));
  it('takes the last of duplicate names, as parsers do', () => check('[{"a":1,"a":2}]', ['a', '2']));
  it('is every line of NDJSON', () => check('{"a":1}\n{"a":2}\n', ['a', '1', '2'], 'ndjson'));
  it('is none without objects', () => {
    check('[1,2,3]', ['none']);
    check('{"a":{"b":1}}', ['none']);
    check('"text"', ['none']);
  });
  it('is the array that was asked for, and none for a value that is no array', () => {
    const document = documentOf('{"a":[{"x":1}],"b":[{"y":1},{"y":2}]}');
    expect(document.tableFacts(1)?.columns.map((column) => column.name)).toEqual(['x']);
    expect(document.tableFacts(2)).toBeUndefined();
  });
  it('lists a hundred columns and says how many more there are', () => {
    const wide = Object.fromEntries(Array.from({ length: 130 }, (_, i) => [`c${String(i)}`, i]));
    const facts = documentOf(JSON.stringify([wide])).tableFacts(0);
    expect([facts?.columns.length, facts?.moreColumns]).toEqual([100, 30]);
  });
});

describe('the order of rows', () => {
  const text = '[{"n":10},{"n":9},{},{"n":"Item 10"},{"n":"item 9"},{"n":null},{"n":true}]';
  const check = (descending: boolean, expected: readonly string[]) =>
    expect(drawn(documentOf(text), { column: 0, descending }).slice(1)).toEqual(expected);

  it('is by number, then text as people sort it, rows without a value last', () =>
    check(false, ['9', '10', 'item 9', 'Item 10', 'true', 'null', '']));
  it('turns around, but for rows without a value', () =>
    check(true, ['null', 'true', 'Item 10', 'item 9', '10', '9', '']));
  it('is that of the body, and said so, when an order is not known', () => {
    const document = documentOf(text);
    const page = document.tableRows(0, [0], { column: 0, descending: false }, 0, 2, 10);
    expect([page.sorted, page.rows[0]?.cells[0]?.text]).toEqual([false, '10']);
  });
  it('keeps equal rows as they came', () => {
    const rows = Array.from({ length: 300 }, (_, i) => ({ same: 1, i }));
    const lines = drawn(documentOf(JSON.stringify(rows)), { column: 0, descending: false });
    expect(lines.slice(1)).toEqual(rows.map((row) => `1|${String(row.i)}`));
  });
});

describe('a table of separated values', () => {
  const check = (text: string, expected: readonly string[], kind: DocumentKind = 'csv') =>
    expect(drawn(documentOf(text, kind))).toEqual(expected);

  it('has the first record as names', () => check('a,b\r\n1,2\r\n3,4\r\n', ['a|b', '1|2', '3|4']));
  it('keeps separators, quotes and lines inside quotes', () =>
    check('a,b\n"x,""y""","two\nlines"\n', ['a|b', 'x,"y"|two\nlines']));
  it('knows semicolons and tabs by the first record', () => {
    check('a;b\n1,5;2\n', ['a|b', '1,5|2']);
    check('a\tb\n1\t2\n', ['a|b', '1|2']);
    check('a,b\tc\n1\t2\n', ['a,b|c', '1|2'], 'tsv');
  });
  it('shows short records, drops fields without a name, passes over empty lines', () =>
    check('a,b\n\n1\n2,3,4\n', ['a|b', '1|', '2|3']));
  it('bears a quote that is never closed', () => check('a,b\n"x,1\n2,3', ['a|b', 'x,1\n2,3|']));
  it('bears nothing at all', () => check('', ['']));
});

describe('what is copied', () => {
  const check = (cells: readonly (string | number)[], expected: string) =>
    expect(toCsvRecord(cells.map((cell) => ({ text: String(cell), isText: typeof cell === 'string' })))).toBe(expected);
  it('quotes what needs it (RFC 4180 §2)', () => check(['a', 'b,c', 'd"e', 'f\ng'], 'a,"b,c","d""e","f\ng"\r\n'));
  it('is no formula for a spreadsheet; a number stays one', () =>
    check(['=HYPERLINK("http://x")', '+1', '@x', -5], `"'=HYPERLINK(""http://x"")",'+1,'@x,-5\r\n`));
});

describe('a large table', () => {
  it('answers for rows anywhere without reading the rest', () => {
    const rows = Array.from({ length: 200_000 }, (_, i) => `{"id":${String(i)},"name":"n${String(i)}"}`);
    const document = documentOf(`{"rows":[${rows.join(',')}]}`);
    const facts = document.tableFacts(-1);
    expect([facts?.rows, facts?.sampled]).toEqual([200_000, 5000]);
    const started = performance.now();
    const page = document.tableRows(facts?.node ?? 0, [1, 0], undefined, 199_990, 200_100, 100);
    expect(performance.now() - started).toBeLessThan(100);
    expect(page.rows.map((row) => row.cells[1]?.text)).toEqual(Array.from({ length: 10 }, (_, i) => `${199_990 + i}`));
  });
});
