import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { challengesOf, parseChallenges } from '../../../src/http/challenges.ts';

type Short = [scheme: string, params: Record<string, string> | string];

function check(input: string | string[], expected: Short[]): void {
  const actual = parseChallenges(typeof input === 'string' ? [input] : input).map(
    ({ scheme, token68, params }): Short => [scheme, token68 ?? { ...params }],
  );
  expect(actual).toEqual(expected);
}

describe('challenges', () => {
  it('reads one', () => check('Basic realm="x"', [['Basic', { realm: 'x' }]]));
  it('reads a scheme alone', () => check('Negotiate', [['Negotiate', {}]]));
  it('reads a token68', () =>
    check('Negotiate YII=, Basic realm=a', [
      ['Negotiate', 'YII='],
      ['Basic', { realm: 'a' }],
    ]));
  it('reads several in one line', () =>
    check('Newauth realm="apps", type=1, title="Login to \\"apps\\"", Basic realm="simple"', [
      ['Newauth', { realm: 'apps', type: '1', title: 'Login to "apps"' }],
      ['Basic', { realm: 'simple' }],
    ]));
  it('reads several lines', () =>
    check(
      ['A a=b', 'C d="e, f"'],
      [
        ['A', { a: 'b' }],
        ['C', { d: 'e, f' }],
      ],
    ));
  it('reads a scheme after a scheme', () =>
    check('A, B, C x=y', [
      ['A', {}],
      ['B', {}],
      ['C', { x: 'y' }],
    ]));
  it('reads commas in quotes', () =>
    check('Bearer error_description="a, Basic realm=b"', [['Bearer', { error_description: 'a, Basic realm=b' }]]));
  it('reads an unterminated quote to the end', () =>
    check('Bearer realm="abc, x=y', [['Bearer', { realm: 'abc, x=y' }]]));
  it('reads blanks around =', () => check('Digest nonce = "a" , qop= auth', [['Digest', { nonce: 'a', qop: 'auth' }]]));
  it('reads empty list members', () => check(',, ,Basic realm="a",,', [['Basic', { realm: 'a' }]]));
  it('reads bare URLs', () =>
    check('Bearer resource_metadata=https://a/b?c', [['Bearer', { resource_metadata: 'https://a/b?c' }]]));
  it('keeps the first of a repeated name', () => check('A x=1, X=2', [['A', { x: '1' }]]));
  it('skips what is no name', () => check('@@ "a, b", Basic realm=c', [['Basic', { realm: 'c' }]]));
  it('has no prototype', () => {
    const [challenge] = parseChallenges(['A __proto__=1, constructor=2']);
    expect(Object.getPrototypeOf(challenge?.params)).toBeNull();
    expect(challenge?.params['constructor']).toBe('2');
  });
  it('finds by scheme without regard to case', () =>
    expect(challengesOf(parseChallenges(['bearer a=1, BEARER b=2, Basic']), 'Bearer')).toHaveLength(2));
  it('A06 takes 1000 challenges, capped', () =>
    expect(parseChallenges([Array.from({ length: 1000 }, (_, n) => `S${String(n)} a=b`).join(', ')]).length).toBe(32));
  it('A06 takes a megabyte', () => expect(parseChallenges([`A a="${'\\"'.repeat(500_000)}`])).toHaveLength(1));
  it('A06 is total', () => {
    fc.assert(
      fc.property(fc.array(fc.oneof(fc.string(), fc.stringMatching(/^[A-Za-z=", \\]*$/))), (lines) => {
        for (const { scheme, params } of parseChallenges(lines)) {
          expect(scheme).not.toBe('');
          expect(Object.values(params).every((value) => typeof value === 'string')).toBe(true);
        }
      }),
      { numRuns: 2000 },
    );
  });
  it('reads back what it would write', () => {
    const name = fc.stringMatching(/^[a-z][a-z0-9-]{0,8}$/);
    fc.assert(
      fc.property(name, fc.dictionary(name, fc.string(), { maxKeys: 5 }), (scheme, params) => {
        const text = Object.entries(params).map(([key, value]) => `${key}="${value.replace(/["\\]/g, '\\$&')}"`);
        check(`${scheme} ${text.join(', ')}`, [[scheme, { ...params }]]);
      }),
    );
  });
});
