import { describe, expect, it } from 'vitest';
import { isSameIssuer, parseIssuer, toWellKnownUrls } from '../../../src/oauth/issuer.ts';

function check(pasted: string, expected: string): void {
  it(`reads ${JSON.stringify(pasted)}`, () => expect(parseIssuer(pasted)).toBe(expected));
}

describe('parseIssuer', () => {
  check('https://idp.example', 'https://idp.example');
  check(' https://idp.example/ \n', 'https://idp.example/');
  check('idp.example/realms/a', 'https://idp.example/realms/a');
  check('https://idp.example/realms/a/', 'https://idp.example/realms/a/');
  check('https://idp.example/.well-known/openid-configuration', 'https://idp.example');
  check('https://idp.example/realms/a/.well-known/openid-configuration', 'https://idp.example/realms/a');
  check('https://idp.example/.well-known/oauth-authorization-server/realms/a', 'https://idp.example/realms/a');
  check('https://idp.example/.well-known/oauth-authorization-server', 'https://idp.example');
  check('https://idp.example/a?x=1#y', 'https://idp.example/a');

  for (const pasted of [
    'http://idp.example',
    'ftp://x',
    'javascript:alert(1)',
    '',
    'https://',
    'https://a:b@c.example',
  ]) {
    it(`refuses ${JSON.stringify(pasted)}`, () => expect(() => parseIssuer(pasted)).toThrow(/^The issuer/));
  }
});

describe('toWellKnownUrls', () => {
  const urls = (issuer: string): string[] => toWellKnownUrls(issuer).map(({ url }) => url);
  it('appends and inserts a path', () =>
    expect(urls('https://idp.example/a/b/')).toEqual([
      'https://idp.example/a/b/.well-known/openid-configuration',
      'https://idp.example/.well-known/oauth-authorization-server/a/b',
      'https://idp.example/a/b/.well-known/oauth-authorization-server',
    ]));
  it('has two places for a bare host', () => expect(urls('https://idp.example/')).toHaveLength(2));
});

describe('isSameIssuer', () => {
  const same: [string, string, boolean][] = [
    ['https://a.example', 'https://a.example', true],
    ['https://a.example', 'https://a.example/', true],
    ['https://a.example/x', 'https://a.example/x/', false],
    ['https://a.example', 'https://A.example', false],
    ['https://a.example', 'https://a.example:443', false],
    ['https://a.example', 'https://a.example/?', false],
    ['https://a.example', 'http://a.example', false],
    ['https://a.example', 'nonsense', false],
  ];
  for (const [left, right, expected] of same) {
    it(`${left} and ${right}: ${expected}`, () => expect(isSameIssuer(left, right)).toBe(expected));
  }
});
