import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { indexJson, maximalDepth, type JsonIndex } from '../../../src/response/json-index/index-json.ts';
import {
  childrenOf,
  countChildren,
  endOf,
  keyOf,
  kindOf,
  previewOf,
  scalarOf,
  utf8,
} from '../../../src/response/json-index/read-value.ts';
import { prettyJson } from '../../../src/response/json-index/pretty-json.ts';
import { toPath, valuePath } from '../../../src/response/json-index/value-path.ts';
import { valueAt, matchesInValues, filterValues } from '../../../src/response/json-index/find-values.ts';
import { findText, type FindQuery } from '../../../src/response/json-index/find-text.ts';

const bytesOf = (text: string): Uint8Array => new TextEncoder().encode(text);

function indexOf(text: string, sequence = false): JsonIndex {
  const outcome = indexJson(bytesOf(text), 0, sequence);
  if (!outcome.ok) throw new Error(`${text}: expected ${outcome.fault.expected} at ${String(outcome.fault.offset)}`);
  return outcome.index;
}

/** The value again, from the index alone; duplicate names as a parser takes them. */
function rebuild(index: JsonIndex, node: number): unknown {
  const kind = kindOf(index, node);
  if (kind === 'array') return [...childrenOf(index, node)].map((child) => rebuild(index, child));
  if (kind === 'object') {
    return Object.fromEntries(
      [...childrenOf(index, node)].map((child) => [keyOf(index, child), rebuild(index, child)]),
    );
  }
  const { text } = scalarOf(index, node, Number.MAX_SAFE_INTEGER);
  return kind === 'string' ? text : (JSON.parse(text) as unknown);
}

describe('indexing', () => {
  it('gives back what was there, whatever it is', () => {
    fc.assert(
      fc.property(fc.jsonValue(), fc.constantFrom(undefined, 2, '\t'), (value, space) => {
        const text = JSON.stringify(value, null, space);
        const index = indexOf(text);
        expect(rebuild(index, 0)).toEqual(JSON.parse(text));
        for (let node = 0; node < index.length; node++) {
          const whole = utf8(index.bytes, index.start[node] as number, endOf(index, node));
          expect(JSON.parse(whole)).toEqual(rebuild(index, node));
        }
      }),
      { numRuns: 300 },
    );
  });

  it('accepts and refuses exactly what a JSON parser does', () => {
    const scrap = fc.array(
      fc.constantFrom(
        '{',
        '}',
        '[',
        ']',
        ',',
        ':',
        '"',
        '"a"',
        '1',
        '-',
        '0',
        '.5',
        'e',
        'true',
        'null',
        ' ',
        '\n',
        '\\',
        '\\u00e9',
        'é',
        '\u0001',
      ),
      { maxLength: 12 },
    );
    fc.assert(
      fc.property(scrap, (pieces) => {
        const text = pieces.join('');
        let parsed = true;
        try {
          JSON.parse(text);
        } catch {
          parsed = false;
        }
        // Escapes are read leniently; everything else is as strict as the parser.
        if (text.includes('\\')) return;
        expect(indexJson(bytesOf(text)).ok, text).toBe(parsed);
      }),
      { numRuns: 2000 },
    );
  });

  function checkFault(text: string, offset: number, expected: string): void {
    const outcome = indexJson(bytesOf(text));
    expect(outcome.ok ? undefined : outcome.fault, text).toEqual({ offset, expected });
  }
  it('says where it stops being JSON and what was expected', () => {
    checkFault('', 0, 'a value');
    checkFault('{"a":1,}', 7, 'a name in quotes');
    checkFault('{a:1}', 1, 'a name in quotes or }');
    checkFault('{"a" 1}', 5, 'a colon');
    checkFault('[1 2]', 3, 'a comma or ]');
    checkFault('{"a":1 "b":2}', 7, 'a comma or }');
    checkFault('[01]', 2, 'a comma or ]');
    checkFault('1 2', 2, 'the end of the text');
    checkFault('"ab', 3, 'the end of the string');
    checkFault('"a\nb"', 2, 'a character that a string may hold');
    checkFault('[1.]', 3, 'a value');
    checkFault('nulx', 3, 'a value');
  });

  it('keeps numbers as written and shows duplicate names', () => {
    const index = indexOf('{"a":1204.00,"a":1e400,"b":12345678901234567890}');
    const children = [...childrenOf(index, 0)];
    expect(children.map((child) => keyOf(index, child))).toEqual(['a', 'a', 'b']);
    expect(children.map((child) => scalarOf(index, child, 100).text)).toEqual([
      '1204.00',
      '1e400',
      '12345678901234567890',
    ]);
  });

  it('reads several values after another', () => {
    const index = indexOf('{"a":1}\n[2]\n\u001e"x"\n\n', true);
    expect(rebuild(index, 0)).toEqual([{ a: 1 }, [2], 'x']);
    expect(rebuild(indexOf('', true), 0)).toEqual([]);
    expect(indexJson(bytesOf('{"a":1}\n{"b":'), 0, true).ok).toBe(false);
  });

  it('skips a byte-order mark and stops at the deepest level', () => {
    const marked = Uint8Array.of(0xef, 0xbb, 0xbf, ...bytesOf('[1]'));
    expect(indexJson(marked, 3).ok).toBe(true);
    const deep = (levels: number): string => '['.repeat(levels) + ']'.repeat(levels);
    expect(indexJson(bytesOf(deep(maximalDepth))).ok).toBe(true);
    expect(indexJson(bytesOf(deep(maximalDepth + 1))).ok).toBe(false);
  });
});

describe('reading values', () => {
  it('cuts long strings at a character and says so', () => {
    const index = indexOf(JSON.stringify({ a: 'é'.repeat(5000), b: '\\'.repeat(40) }));
    const [a, b] = [...childrenOf(index, 0)] as [number, number];
    expect(scalarOf(index, a, 10)).toEqual({ text: 'é'.repeat(10), cut: true, bytes: 10_000 });
    expect(scalarOf(index, b, 100)).toEqual({ text: '\\'.repeat(40), cut: false, bytes: 80 });
  });

  function checkPreview(text: string, expected: string): void {
    const index = indexOf(text);
    expect(
      previewOf(index, 0, 20)
        .map(({ key, text: value }) => `${key ?? ''}=${value}`)
        .join(' '),
    ).toBe(expected);
  }
  it('previews the members that tell most', () => {
    checkPreview('{"total":59.90,"paid":true,"id":"ord_1"}', 'id=ord_1 total=59.90');
    checkPreview('{"a":{"id":1},"b":2,"c":3,"d":4}', 'b=2 c=3');
    checkPreview('{"status":"open","name":"n","id":7}', 'id=7 name=n');
    checkPreview('{}', '');
  });

  it('counts children without their descendants', () => {
    expect(countChildren(indexOf('[[1,2],[3],{"a":[4,5]}]'), 0)).toBe(3);
  });
});

describe('paths', () => {
  const index = indexOf('{"orders":[{"id":1},{"a b":{"x\'y":2}}],"":3}');
  function check(node: number, jsonpath: string, pointer: string, jq: string): void {
    expect([
      valuePath(index, node, 'jsonpath'),
      valuePath(index, node, 'pointer'),
      valuePath(index, node, 'jq'),
    ]).toEqual([jsonpath, pointer, jq]);
  }
  it('writes them in three forms', () => {
    check(0, '$', '', '.');
    check(1, '$.orders', '/orders', '.orders');
    check(3, '$.orders[0].id', '/orders/0/id', '.orders[0].id');
    check(6, "$.orders[1]['a b']['x\\'y']", "/orders/1/a b/x'y", `.orders[1]["a b"]["x'y"]`);
    check(7, "$['']", '/', '.[""]');
  });
  it('escapes as RFC 6901 asks', () => {
    expect(toPath(['a/b', 'm~n', 0], 'pointer')).toBe('/a~1b/m~0n/0');
  });
  it('leads back to the same value', async () => {
    await fc.assert(
      fc.asyncProperty(fc.jsonValue({ maxDepth: 4 }), async (value) => {
        const some = indexOf(JSON.stringify(value));
        const node = some.length - 1;
        const outcome = await filterValues(some, valuePath(some, node, 'jsonpath'));
        expect(outcome.ok && [...outcome.nodes]).toEqual([node]);
      }),
      { numRuns: 100 },
    );
  });
});

describe('layout for reading', () => {
  it('is what JSON.stringify makes, numbers as written', () => {
    fc.assert(
      fc.property(fc.jsonValue(), (value) => {
        const text = JSON.stringify(value);
        expect(new TextDecoder().decode(prettyJson(indexOf(text)))).toBe(JSON.stringify(JSON.parse(text), null, 2));
      }),
    );
    expect(new TextDecoder().decode(prettyJson(indexOf('{"a":1.0,"a":[]}')))).toBe('{\n  "a": 1.0,\n  "a": []\n}');
    expect(new TextDecoder().decode(prettyJson(indexOf('{"a":1}\n[2]', true)))).toBe('{\n  "a": 1\n}\n[\n  2\n]');
  });
});

describe('finding text', () => {
  const query = (text: string, change: Partial<FindQuery> = {}): FindQuery => ({
    text,
    caseSensitive: false,
    word: false,
    regex: false,
    ...change,
  });
  function check(text: string, asked: FindQuery, offsets: readonly number[], json = true): void {
    const outcome = findText(bytesOf(text), asked, json);
    expect(outcome.ok ? [...outcome.offsets] : outcome.message, asked.text).toEqual(offsets);
  }
  it('finds in any case, exactly, by word, by expression', () => {
    check('Order ORDER order', query('order'), [0, 6, 12]);
    check('Order ORDER order', query('ORDER', { caseSensitive: true }), [6]);
    check('order orders', query('order', { word: true }), [0]);
    check('a1 b22', query('\\d+', { regex: true }), [1, 4]);
    check('aaaa', query('aa'), [0, 2]);
    check('none', query('zz'), []);
    check('12-12', query('12'), [0, 3]);
  });
  it('finds what JSON escapes', () => {
    check('"caf\\u00e9 caf\u00e9"', query('café', { caseSensitive: true }), [1, 11]);
    check('"a\\/b a/b"', query('a/b'), [1, 6]);
    check('"say \\"hi\\""', query('say "hi"'), [1]);
    check('É é', query('é'), [0, 3]);
  });
  it('says what is wrong with an expression', () => {
    const outcome = findText(bytesOf('a'), query('(', { regex: true }), true);
    expect(outcome).toEqual({
      ok: false,
      message: expect.stringMatching(/^This is not a regular expression: /) as unknown,
    });
  });
  it('finds the same as a plain search of the text', () => {
    const word = fc.stringMatching(/^[a-c ]{1,3}$/);
    fc.assert(
      fc.property(fc.stringMatching(/^[a-cA-C ]{0,60}$/), word, (text, needle) => {
        const expected: number[] = [];
        for (
          let at = text.toLowerCase().indexOf(needle);
          at >= 0;
          at = text.toLowerCase().indexOf(needle, at + needle.length)
        )
          expected.push(at);
        check(text, query(needle), expected, false);
        check(text, query(needle, { regex: true }), expected, false);
      }),
    );
  });
  it('finds across the borders of chunks once', () => {
    const text = `${'x'.repeat((1 << 20) - 2)}needle${'x'.repeat(100)}`;
    check(text, query('n.edle', { regex: true }), [(1 << 20) - 2]);
  });

  it('tells whose name or value a place is in', () => {
    const text = '{"alpha":{"b":"alpha"},"n":-1}';
    const index = indexOf(text);
    const offsets = findText(index.bytes, query('alpha'), true);
    expect(offsets.ok && [...matchesInValues(index, offsets.offsets)].map((at) => valueAt(index, at))).toEqual([1, 2]);
    expect(valueAt(index, text.indexOf('-1'))).toBe(3);
    for (const mark of [0, 1, 7, 8, 21]) expect(valueAt(index, mark), String(mark)).toBe(-1);
  });
});

describe('filter', () => {
  const text = '{"orders":[{"id":"a","total":9},{"id":"b","total":20.50},{"id":"c"}]}';
  async function check(path: string, expected: readonly string[] | string): Promise<void> {
    const index = indexOf(text);
    const outcome = await filterValues(index, path);
    expect(
      outcome.ok ? [...outcome.nodes].map((node) => valuePath(index, node, 'jsonpath')) : outcome.message,
      path,
    ).toEqual(expected);
  }
  it('gives values as they stand in the text', async () => {
    await check('$.orders[?@.total > 10].id', ['$.orders[1].id']);
    await check('.orders[*].total', ['$.orders[0].total', '$.orders[1].total']);
    await check('$..nothing', []);
    await check('$', ['$']);
  });
  it('says at which column it stops being a path', async () => {
    await check('$.orders[', 'It ends too early (column 10).');
    await check('.orders[x]', '“x” does not fit here (column 9).');
  });
});
