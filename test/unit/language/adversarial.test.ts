/** The two worst things: a construct that is sent as a body or a URL, and body text that is taken for a construct. */
import { describe, expect, it } from 'vitest';
import { parseRequestFile } from '../../../src/language/parse-request-file.ts';
import { bodyText, check, lines } from './check.ts';

const neverRequested = [
  'run #login',
  'run ./a.http',
  'run ./a.http (@host=x)',
  'import ./auth.http',
  'proto < ./a.proto',
  'gql A < ./a.gql',
  'fragment A on B {',
  '# GET https://a.test',
  '// GET https://a.test',
  '> {% x() %}',
  '< {% x() %}',
  '> ./x.js',
  '< ./x.js',
  '>> out.json',
  '>>! out.json',
  '<> a.json',
  '?? status == 200',
  '...headers',
  'HTTP/1.1 200 OK',
  'This is prose.',
  'Hello',
  'note: this',
  '- item',
  '* item',
  '| a | b |',
  '```http',
  '```',
  '---',
  '===',
  '"a": 1',
  '}',
  '{',
  ']',
  '%}',
  '}}',
  '<tag>',
  '!x',
  '@x',
  '@x = GET https://a.test',
  '# @name x',
  'a=b&c=d',
  'get users',
  'Get all orders',
  'POSTED yesterday',
  'LATER: write',
  'NOTE this is it',
  'echo hi',
  '$ curl https://a.test',
  'Content-Type: application/json',
  'Authorization: Bearer x',
  'query { a }',
  'e.g. this one',
  'i.e. that',
];

describe('never a request', () => {
  for (const line of neverRequested) {
    it(line, () => {
      expect(parseRequestFile(line).requests.map((request) => request.url.text)).toEqual([]);
      const after = parseRequestFile(lines(line, '', '###', 'GET https://a.test')).requests;
      expect(after.map((request) => request.url.text)).toEqual(['https://a.test']);
    });
  }
});

const constructs = [
  '> {% x() %}',
  '>{% x() %}',
  '> {%\n  x();\n%}',
  '> {%\nGET https://b.test\n# @name y\n@z = 1\n%}',
  '> ./x.js',
  '>> out.json',
  '>>! out.json',
  '<> a.json',
  '?? status == 200',
  '{{\nx()\n}}',
  '{{@response\nx()\n}}',
  'HTTP/1.1 200 OK\nA: b\n\n{"c": 1}',
  '# remark',
  '// remark',
  '## Expected\n// { }',
  '@x = 1',
];

describe('never sent behind a structured body', () => {
  const bodies: [string, string][] = [
    ['application/json', '{"a": 1}'],
    ['application/vnd.api+json', '[\n1\n]'],
    ['application/x-www-form-urlencoded', 'a=1&b=2'],
    ['application/xml', '<a>\n</a>'],
  ];
  for (const [type, body] of bodies)
    for (const construct of constructs.filter((each) => each !== '@x = 1' || type.includes('json')))
      for (const end of ['\n', '\r\n'])
        it(`${type} ${JSON.stringify(construct)} ${JSON.stringify(end)}`, () => {
          const text = lines('POST https://a.test', `Content-Type: ${type}`, '', body, '', construct, '').replaceAll(
            '\n',
            end,
          );
          const { requests } = parseRequestFile(text);
          expect(requests).toHaveLength(1);
          expect(bodyText(requests[0]!.body!)).toBe(body);
        });
  for (const construct of constructs)
    it(`nothing ${JSON.stringify(construct)}`, () =>
      check(lines('GET https://a.test', 'A: b', '', construct), [
        { body: null, url: 'https://a.test', headers: ['A: b'] },
      ]));
});

const prose = [
  '# heading',
  '## heading',
  '// slashes',
  '> quote',
  '>> nested',
  '> {% include a %}',
  '> see x.js',
  '@mention = x',
  '@mention',
  '?? really',
  '< less',
  '<a>',
  '<> diamond',
  '{{name}}',
  '{{',
  '}}',
  'GET ready',
  'GET https://b.test/x',
  'HTTP/1.1 200 OK',
  'curl https://b.test',
  'run #x',
  'import x',
  '/* c */',
  '---',
  '===',
  '- a',
  'A: b',
  '%}',
  '{%',
  '&a=1',
  '?a=1',
  '/path',
];

describe('kept in prose that goes on', () => {
  for (const type of [
    'text/plain',
    'text/markdown',
    'application/yaml',
    'text/csv',
    'application/sql',
    'text/html; charset=utf-8',
  ])
    for (const line of prose.filter((each) => !/^<\s/.test(each)))
      it(`${type} ${line}`, () => {
        const sent = lines('first', line, 'middle', '', line, '', 'last');
        const file = parseRequestFile(lines('POST https://a.test', `Content-Type: ${type}`, '', sent), {
          dialect: 'union',
        });
        expect(file.requests).toHaveLength(1);
        expect(bodyText(file.requests[0]!.body!)).toBe(sent);
        expect(file.variables).toEqual([]);
      });
});

describe('statements below a request', () => {
  it('are statements where no body is', () =>
    check(lines('GET https://a.test', '', 'run #other', 'import ./b.http'), [{ body: null }], {
      statements: ['run #other', 'import ./b.http'],
    }));
  it('are text in a body', () =>
    check(lines('POST https://a.test', 'Content-Type: text/plain', '', 'run #other'), [{ body: 'run #other' }], {
      statements: [],
    }));
  it('are text when they only begin so', () =>
    check(lines('POST https://a.test', '', 'run for your life'), [{ body: 'run for your life' }], { statements: [] }));
});

describe('kept in a part of multipart', () => {
  for (const line of [...prose.filter((each) => !/^<\s/.test(each)), '> ./x.js', '> {% x() %}', '# @name x'])
    it(line, () => {
      const sent = lines('--b', 'Content-Disposition: form-data; name="a"', '', line, '', line, '--b--');
      const file = parseRequestFile(
        lines('POST https://a.test', 'Content-Type: multipart/form-data; boundary=b', '', sent),
        { dialect: 'union' },
      );
      expect(file.requests).toHaveLength(1);
      expect(bodyText(file.requests[0]!.body!)).toBe(sent.replaceAll('\n', '\r\n'));
      expect(file.requests[0]!.scripts).toEqual([]);
    });
});

describe('kept in a cURL command', () => {
  for (const line of ['# heading', '// slashes', '> {% x %}', 'GET https://b.test', '@x = 1', '', '{{a}}'])
    it(line, () =>
      check(lines("curl https://a.test -d 'a", line, "b'"), [{ body: `a\n${line}\nb` }], { variables: [] }),
    );
});
