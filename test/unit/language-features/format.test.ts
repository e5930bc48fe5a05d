/** Formatting never changes what is sent: by examples, over the corpus, and over files put together at random. */
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { format } from '../../../src/language/features/format.ts';
import { toParseReport } from '../../../src/language/parse-report.ts';
import { parseRequestFile } from '../../../src/language/parse-request-file.ts';
import { applied } from '../../support/feature-context.ts';

function formatted(text: string): string {
  return applied(text, format(parseRequestFile(text)));
}
function sent(text: string): unknown {
  const { requests, variables } = toParseReport('', parseRequestFile(text));
  return [requests.map(({ line: _line, scripts: _scripts, ...request }) => request), variables];
}
function checkSafe(text: string): void {
  const once = formatted(text);
  expect(sent(once)).toEqual(sent(text));
  expect(formatted(once)).toBe(once);
}

describe('canonical spacing', () => {
  it.each([
    [
      '###Title  \n  GET   https://a.test   HTTP/1.1\nA:b\n  B : c  ',
      '### Title\nGET https://a.test HTTP/1.1\nA: b\nB: c\n',
    ],
    ['@a=1\n@b  :=  2\n#@name x\n// @no-log\nGET /a', '@a = 1\n@b := 2\n# @name x\n// @no-log\nGET /a\n'],
    ['GET /a\n?b=1\n\t&c=2 HTTP/1.1\nA: b\n', 'GET /a\n    ?b=1\n    &c=2 HTTP/1.1\nA: b\n'],
    ['\n\nGET /a\n\n\n\n###\nGET /b\n### c\nGET /c', 'GET /a\n\n###\nGET /b\n\n### c\nGET /c\n'],
    ['GET /a\r\nA:b\r\n###\r\nGET /b\r\n', 'GET /a\r\nA: b\r\n\r\n###\r\nGET /b\r\n'],
    ['\ufeffGET  /a\n', '\ufeffGET /a\n'],
    ['{{ host }}/a\n{{ name }}:x\n', '{{ host }}/a\n{{ name }}: x\n'],
  ])('%j', (text, expected) => {
    expect(formatted(text)).toBe(expected);
    checkSafe(text);
  });
  it.each([
    'POST /a\n\n{  "a":1 }   \n\n  # x\n',
    'POST /a\nContent-Type: text/plain\n\n  a  \n\n\n b: c\n',
    '> {%\n   a( )  ;\n\n\n%}\nGET /a\n',
    'GET /a\n\n> {%\n\n\n  x\n%}\n',
    "curl  'https://a.test'   \\\n   -d 'a\n\n\nb'\n",
    'GET /a\n\nHTTP/1.1 200 OK\nA:  b\n\n\n\n{ }\n',
  ])('leaves %j alone', (text) => expect(formatted(text)).toBe(text));
});

describe('what is sent stays as it is', () => {
  const root = path.resolve(import.meta.dirname, '../../../../shared/corpus');
  const files = existsSync(root)
    ? readdirSync(root, { recursive: true, encoding: 'utf8' }).filter((name) => /\.(?:http|rest)$/.test(name))
    : [];
  it(`in ${files.length} real files`, () => {
    for (const name of files) checkSafe(readFileSync(path.join(root, name), 'utf8'));
  }, 60_000);

  it('in files put together at random', () => {
    const line = fc.constantFrom(
      '###',
      '### T',
      '  ###x',
      'GET /a',
      'POST  https://a.test  HTTP/1.1',
      '  ?a=1',
      '&b=2',
      '/c',
      'A:b',
      '  B: c',
      '{',
      '}',
      '',
      '  ',
      '# c',
      '#@name x',
      '// @ref y',
      '@v=1',
      '@v = {{a}} ',
      '> {%',
      '%}',
      '> ./a.js',
      '>> o',
      '< ./f',
      '<@ f',
      '{{',
      '}}',
      '?? status == 200',
      'Content-Type: text/plain',
      'Content-Type: application/x-www-form-urlencoded',
      'a=1&',
      'b = 2',
      'curl x',
      "-d 'a",
      "'",
      'HTTP/1.1 200 OK',
      'import ./a.http',
      'run #x',
      'Content-Type: multipart/form-data; boundary=b',
      '--b',
      '--b--',
      '/*',
      '*/',
      'proto < a',
      '  text',
      '\t',
      '<--->',
    );
    fc.assert(
      fc.property(fc.array(line, { maxLength: 14 }), fc.constantFrom('\n', '\r\n'), (all, eol) =>
        checkSafe(all.join(eol)),
      ),
      { numRuns: 3000 },
    );
  }, 60_000);
});
