import { describe, expect, it } from 'vitest';
import { Secret } from '../../../src/credentials/secret.ts';
import { parseNoProxy } from '../../../src/http/no-proxy.ts';
import { proxyPolicyFromEnvironment, proxyPolicyFromSettings } from '../../../src/http/proxy-policy.ts';

function check(entries: string, target: string, expected: boolean): void {
  expect(parseNoProxy(entries)(new URL(target))).toBe(expected);
}

describe('NO_PROXY', () => {
  it('is empty', () => check('', 'http://a', false));
  it('takes *', () => check('*', 'http://a', true));
  it('takes a host', () => check('b, a.example', 'http://a.example/x', true));
  it('takes a subdomain of a host', () => check('a.example', 'http://x.a.example', true));
  it('takes no lookalike', () => check('a.example', 'http://xa.example', false));
  it('takes a suffix', () => check('.a.example', 'http://x.a.example', true));
  it('takes a star suffix', () => check('*.a.example', 'http://x.a.example', true));
  it('takes case away', () => check('A.Example', 'http://a.EXAMPLE', true));
  it('takes a port', () => check('a:8080', 'http://a:8080', true));
  it('heeds a port', () => check('a:8080', 'http://a:8081', false));
  it('knows default ports', () => check('a:443', 'https://a', true));
  it('takes an address', () => check('127.0.0.1', 'http://127.0.0.1:1', true));
  it('takes an IPv6 address', () => check('::1', 'http://[::1]:1', true));
  it('takes a bracketed address', () => check('[::1]', 'http://[::1]', true));
  it('takes a network', () => check('10.0.0.0/8', 'http://10.1.2.3', true));
  it('takes an IPv6 network', () => check('fe80::/10', 'http://[fe80::1]', true));
  it('ends at the network', () => check('10.0.0.0/8', 'http://11.1.2.3', false));
  it('survives nonsense', () => check('10.0.0.0/99, :, ://, [', 'http://a', false));
  it('takes a trailing dot', () => check('a.example', 'http://a.example.', true));
});

function route(env: Record<string, string>, target: string): string | undefined {
  return proxyPolicyFromEnvironment(env)(new URL(target))?.url.href;
}

describe('the proxy of the environment', () => {
  it('is none', () => expect(route({}, 'http://a')).toBeUndefined());
  it('is by scheme', () =>
    expect(route({ HTTPS_PROXY: 'http://p:1', HTTP_PROXY: 'q:2' }, 'http://a')).toBe('http://q:2/'));
  it('is for https', () => expect(route({ HTTPS_PROXY: 'http://p:1' }, 'https://a')).toBe('http://p:1/'));
  it('is for all', () => expect(route({ ALL_PROXY: 'http://p:1' }, 'https://a')).toBe('http://p:1/'));
  it('prefers lower case', () => expect(route({ http_proxy: 'l', HTTP_PROXY: 'u' }, 'http://a')).toBe('http://l/'));
  it('heeds exceptions', () => expect(route({ HTTP_PROXY: 'p', NO_PROXY: 'a' }, 'http://a')).toBeUndefined());
  it('ignores HTTP_PROXY under CGI', () =>
    expect(route({ HTTP_PROXY: 'p', REQUEST_METHOD: 'GET' }, 'http://a')).toBeUndefined());
  it('makes a secret of the password', () => {
    const found = proxyPolicyFromEnvironment({ HTTP_PROXY: 'http://us%40er:pa%3ass@p:1' })(new URL('http://a'));
    expect(found?.url.href).toBe('http://p:1/');
    expect(found?.authorization?.reveal()).toBe(`Basic ${btoa('us@er:pa:ss')}`);
    expect(JSON.stringify(found)).not.toContain('pa');
  });
  it('names no password in an error', () => {
    try {
      proxyPolicyFromEnvironment({ HTTP_PROXY: 'http://u:canary@p:99999' })(new URL('http://a'));
      expect.fail('was not refused');
    } catch (error) {
      expect(error).toMatchObject({ code: 'CS-NET-PROXY' });
      expect(JSON.stringify(error) + String(error) + String((error as Error).cause)).not.toContain('canary');
    }
  });
  it('takes SOCKS, its login apart', () => {
    const found = proxyPolicyFromEnvironment({ ALL_PROXY: 'socks5h://u:canary@p:1' })(new URL('http://a'));
    expect(found).toMatchObject({ url: new URL('socks5h://p:1'), login: { username: 'u' } });
    expect(found?.login?.password.reveal()).toBe('canary');
    expect(JSON.stringify(found)).not.toContain('canary');
    expect(found?.authorization).toBeUndefined();
  });
  it('refuses SOCKS to nowhere, and other schemes', () => {
    for (const bad of ['socks5://', 'socks5://a%0ab', 'quic://p'])
      expect(() => proxyPolicyFromEnvironment({ ALL_PROXY: bad })(new URL('http://a'))).toThrow(/proxy/);
  });
});

describe('the proxy of the settings', () => {
  it('is none when empty', () =>
    expect(proxyPolicyFromSettings({ url: ' ', exclude: [] })(new URL('http://a'))).toBeUndefined());
  it('heeds exclude', () =>
    expect(proxyPolicyFromSettings({ url: 'http://p', exclude: ['a', '*.b'] })(new URL('http://x.b'))).toBeUndefined());
  it('takes a secret from the store', () => {
    const authorization = new Secret('Basic eA==', 'proxy');
    const policy = proxyPolicyFromSettings({ url: 'http://p', exclude: [], authorization });
    expect(policy(new URL('http://a'))?.authorization).toBe(authorization);
  });
});
