/**
 * Random and mutated files: parsing never throws, no character is lost, and an update gives what a parse gives.
 * LANGUAGE_FUZZ=10000000 runs as many inputs.
 */
import { describe, expect, it } from 'vitest';
import { toParseReport } from '../../../src/language/parse-report.ts';
import { parseRequestFile, updateRequestFile } from '../../../src/language/parse-request-file.ts';
import { checkInvariants, summarize } from './check.ts';

const runs = Number(process.env['LANGUAGE_FUZZ'] ?? 100_000);

const fragments = [
  '###',
  '### t',
  '### @name x',
  '  ###',
  '#',
  '//',
  '# @name a',
  '// @no-log',
  '# @ref b',
  '@v = 1',
  '@g := {{v}}',
  '@x',
  '\ufeff',
  'GET https://a.test',
  'get /x',
  'POST {{h}}/y HTTP/1.1',
  'https://a.test',
  '/p',
  'GET',
  'GRPC h/S/M',
  'HTTP/1.1 200 OK',
  'curl https://a.test \\',
  "curl -d 'a",
  "  -H 'A: b' \\",
  '"',
  "'",
  'run #x',
  'import ./a.http',
  'proto < a',
  'fragment A on B {',
  'gql A < b',
  'A: b',
  'Content-Type: application/json',
  'Content-Type: application/x-www-form-urlencoded',
  'Content-Type: text/markdown',
  'Content-Type: multipart/form-data; boundary=b',
  'X-Request-Type: GraphQL',
  '  ?a=1',
  '  &b=2',
  '  /c',
  '  #f',
  '  fold',
  '...s',
  '{',
  '}',
  '{"a": {{b}}}',
  '[',
  '<a>',
  '< ./f',
  '<@ f',
  '<@latin1 f',
  'a=1&',
  '&b = 2',
  'c',
  '--b',
  '--b--',
  'query A { b }',
  '> {%',
  '%}',
  '> {% a() %}',
  '< {%',
  '> f.js',
  '>> o',
  '>>! o',
  '<> r',
  '?? status == 200',
  '{{',
  '}}',
  '{{@request',
  '{{+',
  '/*',
  '*/',
  '<--->',
  '===',
  '',
  '',
  '',
  ' ',
  '\t',
  '\0',
  '\ud800',
  '\udc00x',
  'é',
  '\u2028',
  '\x1b[31m',
  '%00',
  '{{a',
  'b}}',
  '{{ $x 1 }}',
];
const ends = ['\n', '\n', '\n', '\n', '\r\n', '\r', '', '\n\n'];

/** A small fast generator, so that a failure can be found again by its seed. */
function generator(seed: number): (below: number) => number {
  let state = seed >>> 0 || 1;
  return (below) => {
    state ^= state << 13;
    state >>>= 0;
    state ^= state >>> 17;
    state ^= state << 5;
    state >>>= 0;
    return state % below;
  };
}

function randomFile(next: (below: number) => number): string {
  let text = '';
  const style = next(4);
  for (let count = next(14); count > 0; count--) {
    text += fragments[next(fragments.length)]!;
    text += style === 0 ? '\n' : style === 1 ? '\r\n' : ends[next(ends.length)]!;
  }
  return text;
}

describe('hostile text', () => {
  it(`parses ${runs} random files without loss`, { timeout: 0 }, () => {
    for (let seed = 1; seed <= runs; seed++) {
      const next = generator(seed * 2654435761);
      const text = randomFile(next);
      try {
        const file = parseRequestFile(text);
        checkInvariants(text, file);
        if (seed % 10 > 0) continue;
        toParseReport('x', file);
        const start = next(text.length + 1);
        const end = Math.min(text.length, start + next(4));
        const insert = next(3) === 0 ? '' : fragments[next(fragments.length)]! + ends[next(ends.length)]!;
        const edited = text.slice(0, start) + insert + text.slice(end);
        const updated = updateRequestFile(file, edited, { start, end, text: insert });
        checkInvariants(edited, updated);
        const whole = parseRequestFile(edited);
        if (JSON.stringify(updated) !== JSON.stringify(whole)) expect(summarize(updated)).toEqual(summarize(whole));
        expect(JSON.stringify(updated)).toBe(JSON.stringify(whole));
      } catch (cause) {
        throw new Error(`seed ${seed}: ${JSON.stringify(text)}`, { cause });
      }
    }
  });

  const adversarial: [string, string][] = [
    ['binary', String.fromCharCode(...Array.from({ length: 4096 }, (_, index) => (index * 7919) & 0xffff))],
    ['NUL', '\0'.repeat(1000)],
    ['only CR', '\r'.repeat(1000)],
    ['only separators', '###\n'.repeat(1000)],
    ['only braces', '{{'.repeat(5000)],
    ['only openers', '> {%\n'.repeat(1000)],
    ['only blocks', '{{\n'.repeat(1000)],
    ['only comments of blocks', '/*\n'.repeat(1000)],
    ['only request lines', 'GET https://a.test\n'.repeat(1000)],
    ['one long line', 'a'.repeat(1_000_000)],
    ['one long URL', `GET https://a.test/${'a/'.repeat(200_000)}`],
    ['one long header name', `GET https://a.test\n${'a'.repeat(500_000)}: b`],
    ['spaces', ' '.repeat(500_000)],
    ['tabs before a version', `GET https://a.test${'\t'.repeat(200_000)}HTTP/1.1`],
    ['hashes', '#'.repeat(500_000)],
    ['an open quote', `curl '${'a\n'.repeat(10_000)}`],
    ['lone surrogates', 'GET https://a.test\n\n\ud800\udc00\udc00\ud800'],
  ];
  for (const [name, text] of adversarial)
    it(`parses ${name}`, () => {
      const file = parseRequestFile(text);
      checkInvariants(text, file);
      toParseReport('x', file);
    });

  it('parses 50 MB', { timeout: 0 }, () => {
    const block = `### r\nPOST https://a.test\nContent-Type: application/json\n\n${'{"a": "b"}\n'.repeat(400)}\n`;
    const text = block.repeat(Math.ceil(50_000_000 / block.length));
    const file = parseRequestFile(text);
    expect(file.requests.length).toBe(text.length / block.length);
    expect(file.requests.at(-1)?.body?.kind).toBe('json');
  });

  it('grows with the text and no faster', { timeout: 0 }, () => {
    for (const line of ['> {%', '{{', '/*', '?? x', '  #f', '@x = 1', '// @a', 'GET /x', '&a', 'curl a', '<> a']) {
      const cost = (count: number) => {
        const text = `POST https://a.test\n\n${`${line}\n`.repeat(count)}`;
        const start = performance.now();
        parseRequestFile(text).diagnostics.at(0);
        return performance.now() - start;
      };
      cost(200);
      const small = Math.min(cost(2000), cost(2000), cost(2000));
      const large = Math.min(cost(16_000), cost(16_000));
      if (large > small * 64 && large > 400)
        throw new Error(`${line}: ${small.toFixed(1)} ms for 2000, ${large.toFixed(1)} ms for 16000`);
    }
  });
});
