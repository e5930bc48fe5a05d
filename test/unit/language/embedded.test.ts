/** Requests in Markdown, in AsciiDoc and in a selection: masked, at the lines and offsets of the document. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { chooseDialect } from '../../../src/language/dialects/choose-dialect.ts';
import { isInRequests } from '../../../src/language/embedded/embedding.ts';
import { embeddingOf, embeddings } from '../../../src/language/embedded/registry.ts';
import { maskAllBut } from '../../../src/language/embedded/selection.ts';
import { parseRequestFile } from '../../../src/language/parse-request-file.ts';
import { checkInvariants, lines, summarize } from './check.ts';

/** The requests of a document as `line METHOD url`, after proving that nothing moved. */
function requestsIn(name: string, text: string): string[] {
  const masked = embeddingOf(name)!.mask(text);
  expect(masked).toHaveLength(text.length);
  expect(masked.replace(/[^\r\n]/g, '')).toBe(text.replace(/[^\r\n]/g, ''));
  const file = parseRequestFile(masked);
  checkInvariants(masked, file);
  for (const { url } of file.requests)
    for (const { source, length, at } of url.pieces)
      expect(text.slice(source, source + length)).toBe(url.text.slice(at, at + length));
  expect(file.diagnostics).toEqual([]);
  return summarize(file).map(
    ({ line, method, url, body }) => `${line} ${method} ${url}${body === null ? '' : ` ${body}`}`,
  );
}

describe('Markdown', () => {
  const md = (...all: string[]): string[] => requestsIn('README.md', lines(...all));
  it('has http and rest blocks', () =>
    expect(
      md(
        '# API',
        'GET https://no.test',
        '',
        '```http',
        'GET https://a.test',
        '```',
        'text',
        '```rest',
        'DELETE https://b.test',
        '```',
      ),
    ).toEqual(['5 GET https://a.test', '9 DELETE https://b.test']));
  it('ends a body at the end of the block', () =>
    expect(md('```http', 'POST https://a.test', '', '{"a": 1}', '```', '', 'and then {')).toEqual([
      '2 POST https://a.test {"a": 1}',
    ]));
  it('leaves blocks of other languages out', () =>
    expect(
      md(
        '```sh',
        'curl https://no.test',
        '```',
        '```',
        'GET https://no.test',
        '```',
        '```https',
        'GET https://no.test',
        '```',
      ),
    ).toEqual([]));
  it('knows tildes, longer fences, indentation and words behind the language', () =>
    expect(
      md(
        '~~~~http title="x"',
        'POST https://a.test',
        '',
        '~~~',
        '~~~~',
        '- item',
        '  ```HTTP',
        '  GET https://b.test',
        '  ```',
      ),
    ).toEqual(['2 POST https://a.test ~~~', '8 GET https://b.test']));
  it('shares variables between blocks', () => {
    const masked = embeddingOf('a.md')!.mask(
      lines('```http', '@host = https://a.test', '```', '', '```http', 'GET {{host}}', '```'),
    );
    expect(parseRequestFile(masked).variables.map(({ name }) => name)).toEqual(['host']);
  });
  it('takes a kept response for one', () =>
    expect(md('```http', 'HTTP/1.1 200 OK', 'A: b', '', '{}', '```', '```http', 'GET https://a.test', '```')).toEqual([
      '8 GET https://a.test',
    ]));
  it('reads CRLF and a block that nothing closes', () =>
    expect(requestsIn('markdown', '# a\r\n```http\r\nGET https://a.test\r\n')).toEqual(['3 GET https://a.test']));
});

describe('AsciiDoc', () => {
  const adoc = (...all: string[]): string[] => requestsIn('asciidoc', lines(...all));
  it('has delimited blocks', () =>
    expect(
      adoc(
        '= API',
        '',
        '[source,http]',
        '----',
        'GET https://a.test',
        '----',
        '',
        '[source, http, linenums]',
        '.Title',
        '....',
        'GET https://b.test',
        '....',
      ),
    ).toEqual(['5 GET https://a.test', '11 GET https://b.test']));
  it('has paragraphs and fences', () =>
    expect(adoc('[,http]', 'GET https://a.test', '', 'prose', '```http', 'GET https://b.test', '```')).toEqual([
      '2 GET https://a.test',
      '6 GET https://b.test',
    ]));
  it('leaves other blocks out', () =>
    expect(adoc('[source,json]', '----', 'GET https://no.test', '----', 'GET https://no.test')).toEqual([]));
});

describe('masks', () => {
  it('keep every offset and line of any text', () => {
    const piece = fc.constantFrom(
      '```',
      '```http',
      '~~~~rest',
      '[source,http]',
      '----',
      'GET /a',
      '\n',
      '\r\n',
      '\r',
      ' ',
      '###',
      'é😀',
      '\u2028',
      '',
    );
    fc.assert(
      fc.property(fc.array(piece, { maxLength: 30 }), (all) => {
        const text = all.join('');
        for (const { mask } of embeddings) {
          const masked = mask(text);
          expect(masked).toHaveLength(text.length);
          expect(masked.replace(/[^\r\n]/g, '.')).toBe(text.replace(/[^\r\n]/g, '.'));
          checkInvariants(masked, parseRequestFile(masked));
        }
      }),
    );
  });
});

describe('a selection', () => {
  const text = lines(
    '@host = https://a.test',
    'GET {{host}}/1',
    '###',
    'POST {{host}}/2',
    '',
    '{}',
    '###',
    'GET {{host}}/3',
  );
  const select = (from: string, to: string): string =>
    maskAllBut(parseRequestFile(text), text, { start: text.indexOf(from), end: text.indexOf(to) + to.length });
  it('is sent as it is, with the variables of the file', () => {
    const masked = select('POST', '{{host}}/2');
    expect(masked).toHaveLength(text.length);
    const file = parseRequestFile(masked);
    expect(summarize(file)).toMatchObject([{ line: 4, url: '{{host}}/2', body: null }]);
    expect(file.variables.map(({ name, value }) => `${name}=${value.text}`)).toEqual(['host=https://a.test']);
  });
  it('may begin inside of a line', () =>
    expect(summarize(parseRequestFile(select('{{host}}/3', '{{host}}/3')))).toMatchObject([
      { method: 'GET', url: '{{host}}/3' },
    ]));
});

describe('the dialect a person chose', () => {
  const table = { old: 'httpyac', 'old/new.http': 'auto', './a\\b/': 'kulala', wrong: 'insomnia' };
  for (const [path, expected] of [
    ['old/x.http', 'httpyac'],
    ['old/new.http', undefined],
    ['older.http', 'jetbrains'],
    ['a/b/c.http', 'kulala'],
    ['wrong/x.http', 'jetbrains'],
  ] as const)
    it(`of ${path}`, () => expect(chooseDialect(path, table, 'jetbrains')).toBe(expected));
  it('is none without a setting', () => expect(chooseDialect('a.http', {}, undefined)).toBeUndefined());
});

describe('whether a place belongs to a request', () => {
  it.each([
    [
      'a.md',
      'prose\n\n```http\nGET https://x.example\n\n```\n\nmore\n```js\nx\n```\n',
      [false, false, true, true, true, true, false, false, false, false, false],
    ],
    [
      'a.adoc',
      'prose\n\n[source,http]\n----\nGET https://x.example\n\n----\nmore\n',
      [false, false, false, true, true, true, true, false],
    ],
  ])('is told of each line of %s, empty ones too', (name, text, expected) => {
    const embedding = embeddingOf(name)!;
    let offset = 0;
    const found = text
      .split('\n')
      .slice(0, -1)
      .map((line) => {
        const here = isInRequests(embedding, text, offset);
        expect(isInRequests(embedding, text, offset + line.length)).toBe(here);
        offset += line.length + 1;
        return here;
      });
    // An opening fence is a separator: nothing is completed there, whatever is said of it.
    expect(found.map((here, index) => here || /^(?:```|---)/.test(text.split('\n')[index]!))).toEqual(
      expected.map((here, index) => here || /^(?:```|---)/.test(text.split('\n')[index]!)),
    );
  });
});
