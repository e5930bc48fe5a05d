import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { parseReceivedCookies, parseSetCookie } from '../../../src/http/set-cookie.ts';

const plain = { secure: false, httpOnly: false, partitioned: false };

function check(line: string, expected: Record<string, unknown> | undefined): void {
  expect(parseSetCookie(line)).toEqual(expected && { ...plain, ...expected });
}

describe('Set-Cookie', () => {
  it('reads a pair', () => check('a=b', { name: 'a', value: 'b' }));
  it('reads = in a value', () => check('a=b=c', { name: 'a', value: 'b=c' }));
  it('reads a value alone', () => check('abc', { name: '', value: 'abc' }));
  it('reads nothing', () => check(' ; Secure', undefined));
  it('reads attributes', () =>
    check('__Host-s=1; Path=/; Secure; HttpOnly; SameSite=Lax; Max-Age=60; Domain=.Example.com; Partitioned', {
      name: '__Host-s',
      value: '1',
      path: '/',
      secure: true,
      httpOnly: true,
      sameSite: 'Lax',
      maxAge: 60,
      domain: 'example.com',
      partitioned: true,
    }));
  it('reads a date', () =>
    check('a=b; expires=Wed, 21 Oct 2026 07:28:00 GMT', {
      name: 'a',
      value: 'b',
      expires: '2026-10-21T07:28:00.000Z',
    }));
  it('leaves out what it cannot read', () =>
    check('a=b; Max-Age=x; Expires=soon; Path=x; Domain=', { name: 'a', value: 'b' }));
  it('is total', () => fc.assert(fc.property(fc.string(), (line) => void parseSetCookie(line))));
  it('takes all of a response', () =>
    expect(
      parseReceivedCookies([
        ['Set-Cookie', 'a=1'],
        ['X', 'y'],
        ['set-cookie', 'b=2'],
      ]).map(({ name }) => name),
    ).toEqual(['a', 'b']));
});
