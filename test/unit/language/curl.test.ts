import { describe, expect, it } from 'vitest';
import { splitShell } from '../../../src/language/curl/split-shell.ts';
import { check, lines, type RequestSummary } from './check.ts';

function curl(command: string, request: Partial<RequestSummary>, diagnostics: string[] = []): void {
  check(command, [request], { diagnostics });
}
const form = 'Content-Type: application/x-www-form-urlencoded';

describe('cURL blocks (§14)', () => {
  it('is a GET', () => curl('curl https://a.test', { method: 'GET', url: 'https://a.test', line: 1, body: null }));
  it('in any case', () => curl('CURL https://a.test', { url: 'https://a.test' }));
  it('reads -X', () => curl("curl -X PUT 'https://a.test'", { method: 'PUT' }));
  it('reads -XPUT', () => curl('curl -XPUT https://a.test', { method: 'PUT' }));
  it('reads --request=PUT', () => curl('curl --request=put https://a.test', { method: 'PUT' }));
  it('reads --url', () => curl('curl --url https://a.test', { url: 'https://a.test' }));
  it('reads -L before a URL', () => curl('curl -L https://a.test', { url: 'https://a.test' }));
  it('reads --location before a URL', () =>
    curl("curl --location 'https://a.test?x=1'", { url: 'https://a.test?x=1' }));
  it('reads -H', () => curl('curl https://a.test -H "A: b" --header \'C: d: e\'', { headers: ['A: b', 'C: d: e'] }));
  it('reads -H without a value', () => curl("curl https://a.test -H 'A;'", { headers: ['A: '] }));
  it('reads -I', () => curl('curl -I https://a.test', { method: 'HEAD' }));
  it('reads -b', () => curl('curl -b a=1 https://a.test', { headers: ['Cookie: a=1'] }));
  it('remarks a cookie file', () => curl('curl -b jar.txt https://a.test', { headers: [] }, ['CS-PARSE-CURL']));
  it('reads -u', () => curl('curl -u me:pass https://a.test', { headers: ['Authorization: Basic me:pass'] }));
  it('reads --digest -u', () =>
    curl('curl --digest -u me:pass https://a.test', { headers: ['Authorization: Digest me:pass'] }));
  it('reads -A and -e', () =>
    curl('curl -A agent -e https://r.test https://a.test', {
      headers: ['User-Agent: agent', 'Referer: https://r.test'],
    }));
  it('reads --oauth2-bearer', () =>
    curl('curl --oauth2-bearer {{t}} https://a.test', { headers: ['Authorization: Bearer {{t}}'] }));
  it('reads -d', () =>
    curl('curl https://a.test -d a=1 -d b=2', { method: 'POST', body: 'a=1&b=2', kind: 'form', headers: [form] }));
  it('keeps a given type', () =>
    curl(`curl https://a.test -H 'Content-Type: application/json' -d '{"a": "b  c"}'`, {
      headers: ['Content-Type: application/json'],
      body: '{"a": "b  c"}',
      kind: 'json',
    }));
  it('reads -d @file', () => curl('curl https://a.test -d @./a.json', { body: '‹./a.json›', kind: 'file' }));
  it('reads --data-raw @text', () => curl('curl https://a.test --data-raw @a', { body: '@a' }));
  it('reads --json', () =>
    curl(`curl https://a.test --json '{"a":1}'`, {
      method: 'POST',
      body: '{"a":1}',
      headers: ['Content-Type: application/json', 'Accept: application/json'],
    }));
  it('reads -G', () =>
    curl('curl -G https://a.test -d a=1 --data-urlencode "q=x y&z"', {
      method: 'GET',
      url: 'https://a.test?a=1&q=x%20y%26z',
      body: null,
      headers: [],
    }));
  it('reads -G after a query', () => curl('curl -G https://a.test?x=1 -d a=1', { url: 'https://a.test?x=1&a=1' }));
  it('keeps placeholders in --data-urlencode', () =>
    curl('curl https://a.test --data-urlencode "q={{ a b }} c"', { body: 'q={{ a b }}%20c' }));
  it('reads -F', () =>
    curl('curl https://a.test -F a=1 -F "f=@./x.png;type=image/png"', {
      method: 'POST',
      kind: 'multipart',
      headers: ['Content-Type: multipart/form-data; boundary=countersign-form-boundary'],
      body: '--countersign-form-boundary\r\nContent-Disposition: form-data; name="a"\r\n\r\n1\r\n--countersign-form-boundary\r\nContent-Disposition: form-data; name="f"; filename="x.png"\r\nContent-Type: image/png\r\n\r\n‹./x.png›\r\n--countersign-form-boundary--\r\n',
    }));
  it('reads -T', () => curl('curl -T ./a.bin https://a.test', { method: 'PUT', body: '‹./a.bin›' }));
  it('reads --http2', () => curl('curl --http2 https://a.test', { version: 'HTTP/2' }));
  it('reads bundled flags', () => curl('curl -sSLX POST https://a.test', { method: 'POST' }));
  it('passes --compressed and -s', () => curl('curl --compressed -s https://a.test', { headers: [] }));
  it('never obeys -k', () => curl('curl -k https://a.test', {}, ['CS-PARSE-CURL']));
  it('skips the value of what it ignores', () =>
    curl('curl -o out.json https://a.test', { url: 'https://a.test' }, ['CS-PARSE-CURL']));
  it('remarks what it does not know', () =>
    curl('curl --frobnicate https://a.test', { url: 'https://a.test' }, ['CS-PARSE-CURL']));
  it('remarks a second URL', () =>
    curl('curl https://a.test https://b.test', { url: 'https://a.test' }, ['CS-PARSE-CURL']));
  it('remarks a quote that is not closed', () =>
    curl("curl 'https://a.test", { url: 'https://a.test' }, ['CS-PARSE-CURL']));
  it('remarks a missing URL', () => curl('curl', { url: '' }, ['CS-PARSE-URL']));
});

describe('cURL over lines', () => {
  it('joins backslashes', () =>
    curl(lines('curl -X POST https://a.test \\', "  -H 'A: b' \\", "  -d '{", '  "a": 1', "}'"), {
      method: 'POST',
      headers: ['A: b', form],
      body: '{\n  "a": 1\n}',
    }));
  it('joins carets and backticks', () =>
    curl(lines('curl ^', '  -H "A: b" `', '  https://a.test'), { url: 'https://a.test', headers: ['A: b'] }));
  it('joins lines without a mark', () => curl(lines('curl https://a.test', "  -H 'A: b'"), { headers: ['A: b'] }));
  it('leaves out comment lines', () =>
    curl(lines('curl https://a.test \\', '# -H "C: d" \\', "  -H 'A: b'"), { headers: ['A: b'] }));
  it('reads CRLF', () => curl("curl https://a.test \\\r\n  -H 'A: b'\r\n", { headers: ['A: b'] }));
  it('keeps a blank line in quotes', () => curl(lines("curl https://a.test -d 'a", '', "b'"), { body: 'a\n\nb' }));
  it('has a name and a handler', () =>
    check(
      lines('### login', '# @name login', 'curl https://a.test', '', '> {% a() %}'),
      [{ name: 'login', line: 3, scripts: ['response jetbrains: a()'], body: null }],
      { diagnostics: [] },
    ));
  it('stands between others', () =>
    check(lines('GET https://b.test', '###', 'curl https://a.test', '###', 'GET https://c.test'), [
      {},
      { url: 'https://a.test' },
      {},
    ]));
  it('keeps a placeholder with spaces whole', () =>
    curl('curl https://{{ host }}/a -H "A: {{ b c }}"', { url: 'https://{{ host }}/a', headers: ['A: {{ b c }}'] }));
  it('is not a word that begins so', () => check('curler https://a.test', [], { diagnostics: ['CS-PARSE-LINE'] }));
});

describe('splitShell', () => {
  const words = (text: string) =>
    splitShell(text, [{ start: 0, end: text.length }]).words.map((word) => word.value.text);
  for (const [text, expected] of [
    ['a b  c', ['a', 'b', 'c']],
    [`'a b' "c d"`, ['a b', 'c d']],
    [`a'b'"c"`, ['abc']],
    [`"a\\"b" 'a\\b'`, ['a"b', 'a\\b']],
    [`a\\ b`, ['a b']],
    [`$'a\\nb\\x41\\u0042'`, ['a\nbAB']],
    [`'' a`, ['', 'a']],
    [`"a\\nb"`, ['a\\nb']],
    [`'it'\\''s'`, ["it's"]],
  ] as const)
    it(text, () => expect(words(text)).toEqual(expected));
});
