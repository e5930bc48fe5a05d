import { expect, it } from 'vitest';
import { parseYaml } from '../../../src/run/parse-yaml.ts';

it('reads YAML as data, with parts that are named again', () => {
  expect(parseYaml('a: &x { b: 1 }\nc: *x\n')).toEqual({ a: { b: 1 }, c: { b: 1 } });
});

it('refuses a text that grows by naming itself, soon', () => {
  const lines = ['a0: &a0 [x,x,x,x,x,x,x,x,x]'];
  for (let at = 1; at < 20; at++) lines.push(`a${at}: &a${at} [${`*a${at - 1},`.repeat(9)}]`);
  const started = performance.now();
  expect(() => parseYaml(lines.join('\n'))).toThrow(/alias/i);
  expect(performance.now() - started).toBeLessThan(2000);
});

it('makes no code of tags, and reaches no prototype', () => {
  expect(parseYaml('f: !!js/function "function () {}"')).toEqual({ f: 'function () {}' });
  parseYaml('__proto__: { polluted: 1 }');
  expect(({} as Record<string, unknown>)['polluted']).toBeUndefined();
});
