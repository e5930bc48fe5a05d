/** `--explain`: the 34 conflicts are data, and a file meets those it holds, at their lines. */
import { describe, expect, it } from 'vitest';
import { conflicts } from '../../../src/language/conflicts/registry.ts';
import { explain } from '../../../src/language/conflicts/explain.ts';
import { parseRequestFile } from '../../../src/language/parse-request-file.ts';
import { lines } from './check.ts';

/** dialects.md §20, in its order. */
const ids =
  'R1 R2 R3 R4 N1 N2 N3 C1 C2 B1 B2 B3 B4 B5 F1 G1 V1 V2 V3 V4 V5 V6 E1 E2 E3 P1 Q1 Q2 D1 D2 D3 A1 A2 T1'.split(' ');
/** An environment's files tell these, not a request file. */
const elsewhere = ['E1', 'E2'];

const get = 'GET https://a.test';
const post = 'POST https://a.test';
const json = 'Content-Type: application/json';
const form = 'Content-Type: application/x-www-form-urlencoded';

/** For each conflict, a text that meets it and the lines where. */
const met: Readonly<Record<string, readonly [text: string, lines: readonly number[]]>> = {
  R1: [lines(get, '  ?a=1', 'B: c', '###', get, '  D: e'), [2, 6]],
  R2: ['get https://a.test', [1]],
  R3: [lines(get, '', post, '', 'text', 'GET https://b.test'), [3, 6]],
  R4: [`${get} HTTP/2`, [1]],
  N1: [lines('### Title', get), [1]],
  N2: [lines('# @name a-b', get), [1]],
  N3: [lines('# @name = a', get), [1]],
  C1: [lines(post, json, '', '{', '// x', '}', '###', post, 'Content-Type: text/plain', '', 'a', '# b'), [5, 12]],
  C2: [lines('GRAPHQL https://a.test', '', 'query {', '# x', 'a }'), [4]],
  B1: [lines(post, '', '< ./a.json'), [3]],
  B2: [lines('< {% a() %}', get), [1]],
  B3: [lines(get, '', '> {% a() %}', '###', post, 'Content-Type: text/markdown', '', '> quote', 'b'), [3, 8]],
  B4: [lines(get, '', '>> out.json', '<> old.json'), [3, 4]],
  B5: [lines(post, json, '', '{', '@a = 1', '}'), [5]],
  F1: [lines(post, form, '', 'a=1&', 'b=2'), [4]],
  G1: [lines('GRAPHQL https://a.test', '', 'query {', 'a', '', 'b }', '', '{"c": 1}'), [3]],
  V1: [lines('@a = 1', '@b = 2', 'GET https://a.test/{{a}}'), [1]],
  V2: [lines('@a = 1', '@a = 2', 'GET https://a.test/{{b}}', '###', '@b = 1'), [2, 3]],
  V3: [lines('GET https://a.test/{{a + b()}}'), [1]],
  V4: [lines('GET https://a.test/{{a.b}}'), [1]],
  V5: ['@a = "b"', [1]],
  V6: [lines('GET https://a.test/{{$guid}}', 'A: {{$guid}}', '###', '@x = {{$uuid}}'), [1, 2, 4]],
  E3: ['GET https://a.test/{{$shared a}}', [1]],
  P1: ['GET https://a.test/{{$pick a? $value: b,c}}', [1]],
  Q1: ['GET https://a.test/{{a.response.headers.b}}', [1]],
  Q2: ['GET https://a.test/{{a.response.body.$.b}}', [1]],
  D1: ["GET https://a.test/{{$datetime 'yyyy'}}", [1]],
  D2: ['GET https://a.test/{{$randomInt 1 2}}', [1]],
  D3: ['GET https://a.test/{{$timestamp}}', [1]],
  A1: [lines(get, 'Authorization: Basic a b'), [2]],
  A2: [lines('# @no-reject-unauthorized', get, '###', 'curl -k https://a.test'), [1, 4]],
  T1: [lines('# @timeout 5', get), [1]],
};

describe('the conflicts as data', () => {
  it('are all of §20, in its order', () => expect(conflicts.map(({ id }) => id)).toEqual(ids));
  it.each(ids)('%s says its rule and the readings of the tools', (id) => {
    const conflict = conflicts.find((one) => one.id === id)!;
    const applied = typeof conflict.applied === 'function' ? conflict.applied('union') : conflict.applied;
    expect(applied).toMatch(/^[A-Z“#].*\.$/);
    expect(Object.values(conflict.readings).length).toBeGreaterThan(0);
    expect(conflict.places === undefined).toBe(elsewhere.includes(id));
  });
});

describe('explain', () => {
  it.each(ids.filter((id) => !elsewhere.includes(id)))('%s is met where it stands', (id) => {
    const [text, at] = met[id]!;
    expect(explain(parseRequestFile(text)).find((one) => one.id === id)?.lines).toEqual(at);
  });
  it('meets nothing in a plain file', () => expect(explain(parseRequestFile(lines(get, 'A: b')))).toEqual([]));
  it('tells a rule that hangs on the dialect', () => {
    const text = lines(post, '', '{}', '', get);
    const applied = (dialect: 'httpyac' | 'rest-client') =>
      explain(parseRequestFile(text, { dialect })).find(({ id }) => id === 'R3');
    expect(applied('httpyac')?.applied).toContain('as httpYac has it');
    expect(applied('rest-client')?.applied).toContain('in a body it is text');
    expect(applied('rest-client')?.others).toMatchObject({ httpYac: 'a new request, even inside a body' });
  });
});
