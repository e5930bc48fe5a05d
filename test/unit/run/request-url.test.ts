import { describe, expect, it } from 'vitest';
import { toTargetUrl } from '../../../src/run/request-url.ts';
import { concat, plain, secret } from '../../../src/variables/tracked.ts';

function check(text: string, expected: string, host?: string): void {
  it(`${JSON.stringify(text)} is ${expected}`, () => expect(toTargetUrl(plain(text), host).url.href).toBe(expected));
}

function refuse(text: string, host?: string): void {
  it(`${JSON.stringify(text)} is refused`, () => {
    expect(() => toTargetUrl(plain(text), host)).toThrow(expect.objectContaining({ code: 'CS-HTTP-URL' }));
  });
}

describe('the address of a request', () => {
  check('https://api.example.com/a', 'https://api.example.com/a');
  check('  https://api.example.com/a  ', 'https://api.example.com/a');
  check('api.example.com/a', 'http://api.example.com/a');
  check('localhost:3000/a', 'http://localhost:3000/a');
  check('/a', 'https://api.example.com:8443/a', 'api.example.com:8443');
  check('/a', 'https://api.example.com/a', 'api.example.com:443');
  check('/a', 'http://api.example.com/a', 'api.example.com');
  check('https://a/b?q=x y', 'https://a/b?q=x%20y');
  check('https://a/b?q=%2Fx', 'https://a/b?q=%2Fx');
  check('https://a/b#fragment', 'https://a/b');
  check('https://münchen.example/ä', 'https://xn--mnchen-3ya.example/%C3%A4');
  check("https://a/s?$filter=contains(Name, 'x')", 'https://a/s?$filter=contains(Name,%20%27x%27)');
  refuse('');
  refuse('/a');
  refuse('ftp://a/b');
  refuse('file:///etc/passwd');
  refuse('https://');
  refuse('https://a/\r\nX-Evil: 1');
  refuse('https://a/\tb');
  refuse('https://a\u0000b/');
});

describe('what W03 tries', () => {
  it('reads a backslash as the server behind it would be reached', () => {
    expect(toTargetUrl(plain('https://api.good\\@evil.example/x'), undefined).url.host).toBe('api.good');
  });
  it('takes user and password out of the address', () => {
    const { url, userinfo } = toTargetUrl(plain('https://api.good@evil.example/x'), undefined);
    expect(url.href).toBe('https://evil.example/x');
    expect(userinfo).toEqual({ username: 'api.good', password: '' });
  });
});

describe('the address for show', () => {
  it('has dots where a secret stands, in its encoded place', () => {
    const { shown } = toTargetUrl(
      concat([plain('https://a/b?key='), secret('s e/cret', 'variable key'), plain('&x=1')]),
      undefined,
    );
    expect(shown.text).toBe('https://a/b?key=••••&x=1');
    expect(shown.secrets).toEqual([{ start: 16, end: 20, label: 'variable key' }]);
  });
  it('hides a secret that is the host', () => {
    const { shown } = toTargetUrl(
      concat([plain('https://'), secret('inner.example', 'variable host'), plain('/x')]),
      undefined,
    );
    expect(shown.text).toBe('https://••••/x');
  });
});
