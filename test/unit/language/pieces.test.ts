import { describe, expect, it } from 'vitest';
import { canonicalDirective, directiveByName, directiveValue } from '../../../src/language/directives/canonical.ts';
import { directives } from '../../../src/language/directives/registry.ts';
import { detectDialect } from '../../../src/language/dialects/detect.ts';
import { dialects } from '../../../src/language/dialects/registry.ts';
import { splitGraphql } from '../../../src/language/graphql.ts';
import { LineIndex } from '../../../src/language/line-index.ts';
import { headerAt, nodeAt, requestAt, variableAt } from '../../../src/language/lookup.ts';
import { toParseReport } from '../../../src/language/parse-report.ts';
import { parseRequestFile, updateRequestFile } from '../../../src/language/parse-request-file.ts';
import { editBetween, RequestFileCache } from '../../../src/language/request-file-cache.ts';
import { sourceOffset } from '../../../src/language/template-builder.ts';
import { referenceKind, templateReferences } from '../../../src/language/template-references.ts';
import { parseTree } from '../../../src/language/tree.ts';
import { lines } from './check.ts';

describe('splitGraphql (G1)', () => {
  const query = 'query A($c: ID!) {\n  a\n\n  b\n}';
  const cases: [string, string, object][] = [
    ['a query alone', '{ a }', { query: '{ a }' }],
    ['a named query', 'query A { a }', { query: 'query A { a }', operationName: 'A' }],
    ['a blank line inside the query', `${query}\n\n{"c": 1}`, { query, variables: { c: 1 }, operationName: 'A' }],
    [
      'nested variables',
      `${query}\n\n{\n  "c": {"d": [1]}\n}`,
      { query, variables: { c: { d: [1] } }, operationName: 'A' },
    ],
    ['CRLF', 'query A { a }\r\n\r\n{"c": 1}\r\n', { query: 'query A { a }', variables: { c: 1 }, operationName: 'A' }],
    [
      'a placeholder as a value',
      'query A { a }\n\n{"c": {{d}}}',
      { query: 'query A { a }', variables: { c: '{{d}}' }, operationName: 'A' },
    ],
    ['a selection that is no JSON', 'query A\n\n{ a }', { query: 'query A\n\n{ a }', operationName: 'A' }],
    ['a mutation', 'mutation M { a }', { query: 'mutation M { a }', operationName: 'M' }],
    [
      'a fragment first',
      'fragment F on T { a }\nquery Q { ...F }',
      { query: 'fragment F on T { a }\nquery Q { ...F }', operationName: 'Q' },
    ],
    ['a comment with a keyword', '# query X\n{ a }', { query: '# query X\n{ a }' }],
    [
      'a request that is JSON already',
      '{"query": "{ a }", "variables": {"b": 1}}',
      { query: '{ a }', variables: { b: 1 } },
    ],
    ['nothing', '', { query: '' }],
  ];
  for (const [name, text, expected] of cases) it(name, () => expect(splitGraphql(text)).toEqual(expected));
});

describe('templateReferences (V3, V4)', () => {
  const kinds: [string, string][] = [
    ['a', 'variable'],
    ['api-version', 'variable'],
    ['이름', 'variable'],
    ['a.b', 'path'],
    ['a.b[0].c', 'path'],
    ["a['b c']", 'path'],
    ['$guid', 'dynamic'],
    ['$randomInt 1 10', 'dynamic'],
    ['$auth.token("id")', 'dynamic'],
    ['$random.alphabetic(3)', 'dynamic'],
    ['login.response.body.$.token', 'request'],
    ['login.response.headers.X-Id', 'request'],
    ["a.response.headers['x']", 'request'],
    ['a.request.body.*', 'request'],
    ['"text"', 'literal'],
    ['12', 'literal'],
    ['', 'empty'],
    ['a + 1', 'script'],
    ['f(x)', 'script'],
    ['!a', 'script'],
    ['a++', 'script'],
    ['$global.a', 'path'],
  ];
  for (const [expression, kind] of kinds)
    it(`${expression} is ${kind}`, () => expect(referenceKind(expression)).toBe(kind));
  const found = (text: string) =>
    templateReferences(text).map((reference) => [
      text.slice(reference.start, reference.end),
      reference.expression,
      reference.encoded,
    ]);
  it('ends at the first }}', () =>
    expect(found('a{{ b }}c{{d}}}}')).toEqual([
      ['{{ b }}', 'b', false],
      ['{{d}}', 'd', false],
    ]));
  it('reads {{%name}}', () => expect(found('{{%name}}')).toEqual([['{{%name}}', 'name', true]]));
  it('reads one inside a brace', () => expect(found('{"a":{{{b}}}}')).toEqual([['{{b}}', 'b', false]]));
  it('skips one that nothing closes', () => expect(found('{{a')).toEqual([]));
  it('keeps brackets of an expression apart', () => expect(found('{{a}} }}')).toEqual([['{{a}}', 'a', false]]));
  it('gives the place of the expression', () =>
    expect(templateReferences('x{{ ab }}')[0]).toMatchObject({ start: 1, end: 9, expressionStart: 4 }));
});

describe('LineIndex', () => {
  const index = new LineIndex('a\nbc\r\nd\re');
  for (const [offset, line, column] of [
    [0, 1, 1],
    [1, 1, 2],
    [2, 2, 1],
    [4, 2, 3],
    [6, 3, 1],
    [8, 4, 1],
    [9, 4, 2],
    [99, 4, 2],
    [-1, 1, 1],
  ] as const)
    it(`${offset} is ${line}:${column}`, () => expect(index.position(offset)).toEqual({ line, column }));
  it('goes back', () =>
    expect([index.offset({ line: 2, column: 2 }), index.offset({ line: 9, column: 1 }), index.lineStart(3)]).toEqual([
      3, 8, 6,
    ]));
});

describe('lookups', () => {
  const text = lines(
    '@v = 1',
    '### one',
    '# @name one',
    'GET https://a.test/{{v}}',
    'A: b',
    '',
    'body',
    '',
    '> {% x() %}',
    '### two',
    'GET https://b.test',
  );
  const file = parseRequestFile(text);
  const at = (needle: string) => nodeAt(file, text.indexOf(needle) + 1).kind;
  for (const [needle, kind] of [
    ['v = 1', 'variable'],
    ['@name', 'directive'],
    ['GET', 'method'],
    ['https://a', 'url'],
    ['A: b', 'header'],
    ['body', 'body'],
    ['x()', 'script'],
    ['### two', 'request'],
  ] as const)
    it(`${needle} is a ${kind}`, () => expect(at(needle)).toBe(kind));
  it('finds requests', () =>
    expect(
      [requestAt(file, 0), requestAt(file, text.indexOf('### one')), requestAt(file, text.length)].map(
        (request) => request?.index,
      ),
    ).toEqual([undefined, 0, 1]));
  it('finds a variable', () => expect(variableAt(file, 2)?.name).toBe('v'));
  it('finds a header', () => expect(headerAt(file, text.indexOf('A: b'))?.value.text).toBe('b'));
  it('maps a joined URL back', () => {
    const joined = 'GET https://a.test\n  ?q={{x}}';
    const { url } = parseRequestFile(joined).requests[0]!;
    expect(sourceOffset(url, url.text.indexOf('{{x}}'))).toBe(joined.indexOf('{{x}}'));
  });
  it('gives a tree of lines', () =>
    expect(parseTree(text).blocks.map((block) => block.lines.map((line) => line.kind))).toEqual([
      ['variable'],
      ['separator', 'directive', 'requestLine', 'header', 'blank', 'body', 'blank', 'script'],
      ['separator', 'requestLine'],
    ]));
  it('gives spans of names', () =>
    expect(text.slice(file.requests[0]!.nameSpan!.start, file.requests[0]!.nameSpan!.end)).toBe('one'));
  it('gives request-free scripts and directives', () => {
    const global = parseRequestFile(lines('# @import ./a.http', '{{+', 'x();', '}}', '###', 'GET https://a.test'));
    expect(global.globals).toMatchObject({
      directives: [{ name: 'import' }],
      scripts: [{ syntax: 'httpyac', when: 'pre-request' }],
    });
  });
});

describe('updates', () => {
  const text = Array.from({ length: 50 }, (_, index) => `### r${index}\nGET https://a.test/${index}\n\n`).join('');
  const file = parseRequestFile(text);
  const edits: [string, number, number, string][] = [
    ['a letter', 200, 200, 'x'],
    ['a new request', 225, 225, '\n###\nGET https://b.test\n'],
    ['a separator gone', text.indexOf('### r7'), text.indexOf('### r7') + 3, ''],
    ['a line end gone', text.indexOf('### r9') - 1, text.indexOf('### r9'), ''],
    ['everything gone', 0, text.length, ''],
    ['the first', 0, 4, ''],
    ['the last', text.length, text.length, 'A: b'],
    ['a lone CR', 100, 100, '\r'],
    ['a mark of httpYac', 100, 100, '\n{{\nx\n}}\n'],
    ['several blocks', 100, 400, 'POST /x\n'],
  ];
  for (const [name, start, end, insert] of edits)
    it(name, () => {
      const after = text.slice(0, start) + insert + text.slice(end);
      expect(JSON.stringify(updateRequestFile(file, after, { start, end, text: insert }))).toBe(
        JSON.stringify(parseRequestFile(after)),
      );
    });
  it('reads a block anew whose handlers hang on the dialect of the whole file, when an edit elsewhere changes that', () => {
    const before = 'GET {{x}}\n\n<@latin1 f\n> {% a() %}\n@x\n//\n### t\nGET /y\n\n{{@request\n';
    const at = before.indexOf('{{@request');
    const after = before.slice(0, at) + before.slice(at + 3);
    const edit = { start: at, end: at + 3, text: '' };
    const whole = JSON.stringify(parseRequestFile(after));
    expect(JSON.stringify(parseRequestFile(before).requests[0]?.scripts)).not.toBe(
      JSON.stringify(parseRequestFile(after).requests[0]?.scripts),
    );
    expect(JSON.stringify(updateRequestFile(parseRequestFile(before), after, edit))).toBe(whole);
  });
  it('keeps the blocks it does not touch', () => {
    const after = text.slice(0, 500) + 'x' + text.slice(500);
    const before = parseRequestFile(text) as unknown as { table: { blocks: unknown[] } };
    const updated = updateRequestFile(before as never, after, { start: 500, end: 500, text: 'x' }) as unknown as {
      table: { blocks: unknown[] };
    };
    const kept = updated.table.blocks.filter((block) => before.table.blocks.includes(block));
    expect(kept).toHaveLength(49);
  });
  it('parses anew when the edit does not fit', () =>
    expect(updateRequestFile(file, 'GET https://a.test', { start: 0, end: 0, text: '' }).requests).toHaveLength(1));
  it('finds the edit between two texts', () =>
    expect(editBetween('abcdef', 'abXdef')).toEqual({ start: 2, end: 3, text: 'X' }));
  it('finds an insertion', () => expect(editBetween('aa', 'aaa')).toEqual({ start: 2, end: 2, text: 'a' }));
  it('caches by version', () => {
    const cache = new RequestFileCache();
    const first = cache.get('a', 1, () => text);
    expect(cache.get('a', 1, () => '')).toBe(first);
    const second = cache.get('a', 2, () => `${text}\n###\nGET https://z.test`);
    expect(second.requests).toHaveLength(51);
    cache.forget('a');
    expect(cache.get('a', 1, () => 'GET https://a.test').requests).toHaveLength(1);
  });
  it('parses anew when another dialect is chosen', () => {
    const cache = new RequestFileCache();
    const split = () => lines('POST https://a.test', '', '{}', '', 'GET /b');
    expect(cache.get('a', 1, split).requests).toHaveLength(1);
    expect(cache.get('a', 1, split, { dialect: 'httpyac' }).requests).toHaveLength(2);
    expect(cache.get('a', 1, split).requests).toHaveLength(1);
  });
});

describe('directives', () => {
  for (const [written, canonical] of [
    ['noRedirect', 'no-redirect'],
    ['NO-REDIRECT', 'no-redirect'],
    ['forceRef', 'force-ref'],
    ['delay', 'sleep'],
    ['curl-insecure', 'no-reject-unauthorized'],
    ['Unknown', 'unknown'],
  ] as const)
    it(`${written} is ${canonical}`, () => expect(canonicalDirective(written)).toBe(canonical));
  it('gives values', () => {
    const request = parseRequestFile(lines('# @timeout 5 s', '# @noLog', 'GET https://a.test')).requests[0]!;
    expect([
      directiveValue(request, 'timeout'),
      directiveValue(request, 'no-log'),
      directiveValue(request, 'name'),
    ]).toEqual(['5 s', '', undefined]);
  });
  it('have distinct names and a sentence each', () => {
    const names = directives.flatMap((directive) => [directive.name, ...(directive.aliases ?? [])]);
    expect(new Set(names).size).toBe(names.length);
    for (const directive of directives) {
      expect(directive.name).toMatch(/^[a-z]+(?:-[a-z]+)*$/);
      expect(directive.doc).toMatch(/^[A-Z].*\.$/);
      expect(directiveByName(directive.name)).toBe(directive);
    }
  });
});

describe('dialects (§15)', () => {
  for (const [text, dialect] of [
    ['GET https://a.test', 'union'],
    ['GET https://a.test\n\n> {% x() %}', 'jetbrains'],
    ['< {% x() %}\nGET https://a.test', 'jetbrains'],
    ['import ./a.http', 'jetbrains'],
    ['# @ref a\nGET https://a.test', 'httpyac'],
    ['{{\nx\n}}', 'httpyac'],
    ['GET https://a.test\n?? status == 200', 'httpyac'],
    ['@x:=1', 'httpyac'],
    ['# @prompt a\nGET https://a.test', 'rest-client'],
    ['POST https://a.test\nX-Request-Type: GraphQL', 'rest-client'],
    ['curl https://a.test', 'rest-client'],
    ['\ufeffGET https://a.test', 'visual-studio'],
    ['@Api_HostAddress = http://localhost', 'visual-studio'],
    ['> {%\n-- lua\n%}\n# @jq .a\nGET https://a.test', 'kulala'],
  ] as const)
    it(`${JSON.stringify(text)} is ${dialect}`, () => expect(detectDialect(text).dialect).toBe(dialect));
  it('says why', () => expect(detectDialect('# @ref a').signals).toEqual(['httpYac: # @ref']));
  it('have signals whose hints stand in what they match', () => {
    for (const dialect of dialects) expect(dialect.signals.length).toBeGreaterThan(1);
  });
});

describe('toParseReport', () => {
  it('gives the form of the contract', () => {
    const text = lines(
      '@h = https://a.test',
      '### Send it',
      '# @name send',
      '# @no-log',
      'POST {{h}}/x HTTP/1.1',
      'Content-Type: application/json',
      '',
      '{',
      '# c',
      '}',
      '',
      '> {% x() %}',
      '###',
      'oops',
      'GET {{h}}',
      '',
      '< ./f.json',
    );
    expect(toParseReport('a.http', parseRequestFile(text))).toEqual({
      file: 'a.http',
      dialect: 'jetbrains',
      requests: [
        {
          name: 'send',
          title: 'Send it',
          line: 5,
          method: 'POST',
          url: '{{h}}/x',
          httpVersion: 'HTTP/1.1',
          headers: [['Content-Type', 'application/json']],
          body: { kind: 'json', text: '{\n}' },
          directives: [
            ['name', 'send'],
            ['no-log', ''],
          ],
          scripts: [{ when: 'response', line: 12 }],
        },
        {
          name: null,
          title: null,
          line: 15,
          method: 'GET',
          url: '{{h}}',
          httpVersion: null,
          headers: [],
          body: { kind: 'file', file: './f.json' },
          directives: [],
          scripts: [],
        },
      ],
      variables: [['h', 'https://a.test']],
      diagnostics: [
        {
          code: 'CS-PARSE-LINE',
          severity: 'warning',
          line: 14,
          column: 1,
          message: '“oops” is not a request line, header or comment, and is ignored.',
        },
      ],
    });
  });
});
