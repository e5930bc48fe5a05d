/** What differs between two JSON bodies, by meaning, and what is passed over. */
import { describe, expect, it } from 'vitest';
import { compareJson } from '../../../src/response/compare/compare-json.ts';
import { isIgnored, parseIgnoredPaths, type PathStep } from '../../../src/response/compare/ignored-paths.ts';
import { indexJson, type JsonIndex } from '../../../src/response/json-index/index-json.ts';

function indexOf(text: string): JsonIndex {
  const outcome = indexJson(new TextEncoder().encode(text));
  if (!outcome.ok) throw new Error(outcome.fault.expected);
  return outcome.index;
}

function check(before: string, after: string, expected: readonly string[], ignored: readonly string[] = []): void {
  const { differences } = compareJson(indexOf(before), indexOf(after), parseIgnoredPaths(ignored), 100, 1000);
  const marks = { added: '+', removed: '-', changed: '~' } as const;
  const drawn = differences.map(
    ({ kind, path, before: a, after: b }) =>
      `${marks[kind]} ${path} ${[a?.text, b?.text].filter((x) => x !== undefined).join(' → ')}`,
  );
  expect(drawn).toEqual(expected);
}

describe('two JSON texts', () => {
  it('are the same in any order of names, spacing and escapes', () =>
    check('{"a":1,"b":"é"}', ' { "b" : "\\u00e9", "a" : 1 } ', []));
  it('differ in members that came, went and changed', () =>
    check('{"a":1,"b":2}', '{"b":3,"c":4}', ['- $.a 1', '~ $.b 2 → 3', '+ $.c 4']));
  it('differ in the kind of a value', () => check('{"a":"1"}', '{"a":1}', ['~ $.a 1 → 1']));
  it('have the same number however it is written, as far as a double holds it', () => {
    check('{"a":1.0,"b":1e2}', '{"a":1,"b":100}', []);
    check('{"a":9007199254740993}', '{"a":9007199254740992}', ['~ $.a 9007199254740993 → 9007199254740992']);
  });
  it('go together by id, wherever the element stands', () =>
    check('[{"id":1,"v":"a"},{"id":2,"v":"b"},{"id":3}]', '[{"id":3},{"id":1,"v":"A"},{"id":4}]', [
      '~ $[1].v a → A',
      '- $[1] {"id":2,"v":"b"}',
      '+ $[2] {"id":4}',
    ]));
  it('go together by place where no name tells them apart', () => {
    check('[1,2,3]', '[1,9,3,4]', ['~ $[1] 2 → 9', '~ $[2] 3 → 3'].slice(0, 1).concat('+ $[3] 4'));
    check('[{"id":1},{"id":1}]', '[{"id":1},{"id":2}]', ['~ $[1].id 1 → 2']);
  });
  it('show one element put in as one', () => check('["a","b","c"]', '["x","a","b","c"]', ['+ $[0] x']));
  it('differ at the root', () => check('1', '"x"', ['~ $ 1 → x']));
  it('nest deeper than is gone into: then as a whole', () => {
    const deep = (inner: string) => `${'['.repeat(3000)}${inner}${']'.repeat(3000)}`;
    const { differences } = compareJson(indexOf(deep('1')), indexOf(deep('2')), parseIgnoredPaths([]), 100, 10);
    expect(differences.map((each) => [each.kind, each.after?.cut])).toEqual([['changed', true]]);
  });
  it('list no more than the limit, and say that there is more', () => {
    const list = (n: number) => JSON.stringify(Array.from({ length: 50 }, (_, i) => i * n));
    const { differences, more } = compareJson(indexOf(list(1)), indexOf(list(2)), parseIgnoredPaths([]), 100, 10);
    expect([differences.length, more]).toEqual([10, true]);
  });
});

describe('what is passed over', () => {
  it('is a place and all below it', () => {
    check('{"a":{"b":1},"c":1}', '{"a":{"b":2},"c":2}', ['~ $.c 1 → 2'], ['$.a']);
    check('{"a":1}', '{}', [], ['$.a']);
  });
  it('is every element, one of them, a name anywhere', () => {
    check('[{"at":1,"v":1}]', '[{"at":2,"v":1}]', [], ['$[*].at']);
    check('[1,2]', '[3,4]', ['~ $[1] 2 → 4'], ['$[0]']);
    check('{"x":{"at":1},"at":1}', '{"x":{"at":2},"at":2}', [], ['$..at']);
    check(`{"odd name":1}`, `{"odd name":2}`, [], ["$['odd name']"]);
  });
  it('names what is no path', () =>
    expect(parseIgnoredPaths(['at', '$', '$.a b', '$.ok', '$[?(@.x)]']).unread).toEqual([
      'at',
      '$',
      '$.a b',
      '$[?(@.x)]',
    ]));
  it('covers the place itself', () => {
    const is = (pattern: string, path: PathStep[]) => isIgnored(parseIgnoredPaths([pattern]), path);
    expect([is('$.a', ['a']), is('$.a', []), is('$.a', ['b']), is('$.*', ['x']), is('$..b', ['a', 'b'])]).toEqual([
      true,
      false,
      false,
      true,
      true,
    ]);
  });
});
