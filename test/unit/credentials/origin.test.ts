import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { checkBinding } from '../../../src/credentials/binding.ts';
import {
  isLoopback,
  loadPublicSuffixes,
  originOf,
  parseOrigin,
  toShownOrigin,
} from '../../../src/credentials/origin.ts';

describe('parseOrigin', () => {
  function check(text: string, expected: string | undefined): void {
    const parsed = parseOrigin(text);
    expect(parsed.ok ? parsed.origin.text : undefined).toBe(expected);
  }
  it('reads an origin', () => check('https://api.example.com', 'https://api.example.com'));
  it('keeps a port', () => check('https://api.example.com:8443', 'https://api.example.com:8443'));
  it('drops the default port', () => check('https://api.example.com:443', 'https://api.example.com'));
  it('lowers case', () => check('HTTPS://API.Example.COM', 'https://api.example.com'));
  it('takes a trailing slash', () => check('https://api.example.com/', 'https://api.example.com'));
  it('gives punycode', () => check('https://examplé.com', 'https://xn--exampl-gva.com'));
  it('reads IPv6', () => check('http://[::1]:80', 'http://[::1]'));
  it('gives shorthand addresses in full', () => check('https://0x7f.1', 'https://127.0.0.1'));
  it('counts wss as https', () => check('wss://api.example.com', 'https://api.example.com'));
  it('reads a wildcard', () => check('https://*.example.com', 'https://*.example.com'));
  it('refuses a path', () => check('https://api.example.com/v1', undefined));
  it('refuses a query', () => check('https://api.example.com?x', undefined));
  it('refuses userinfo', () => check('https://api.example.com@evil.example', undefined));
  it('refuses a backslash', () => check('https://api.example.com\\evil', undefined));
  it('refuses a tab', () => check('https://api.exa\tmple.com', undefined));
  it('refuses another scheme', () => check('file://host', undefined));
  it('refuses a bare host', () => check('api.example.com', undefined));
  it('refuses a wildcard inside', () => check('https://api.*.com', undefined));
  it('refuses two wildcards', () => check('https://*.*.example.com', undefined));
  it('refuses a lone wildcard', () => check('https://*', undefined));
  it('refuses a wildcard under a top-level domain', () => check('https://*.com', undefined));
  it('refuses a wildcard over an address', () => check('https://*.127.0.0.1', undefined));
  it('refuses a wildcard over plain http', () => check('http://*.example.com', undefined));
  it('takes a wildcard over plain http on this machine', () =>
    check('http://*.localhost:3000', 'http://*.localhost:3000'));
  it('never throws and is stable (fuzz)', () => {
    fc.assert(
      fc.property(
        fc.oneof(
          fc.string(),
          fc.webUrl(),
          fc.string().map((text) => `https://${text}`),
        ),
        (text) => {
          const parsed = parseOrigin(text);
          if (parsed.ok) expect(parseOrigin(parsed.origin.text)).toEqual(parsed);
        },
      ),
    );
  });
});

describe('checkBinding', () => {
  async function check(origin: string, url: string, ok: boolean): Promise<void> {
    expect((await checkBinding('orders', [origin], new URL(url))).ok).toBe(ok);
  }
  const api = 'https://api.example.com';
  it('lets it go to its origin', () => check(api, 'https://api.example.com/orders?x=1', true));
  it('ignores case of the host', () => check(api, 'https://API.example.com/', true));
  it('refuses another port', () => check(api, 'https://api.example.com:8443/', false));
  it('refuses plain http', () => check(api, 'http://api.example.com/', false));
  it('takes plain http where the origin says so', () => check('http://intranet:8080', 'http://intranet:8080/x', true));
  it('refuses https where the origin says http', () => check('http://intranet', 'https://intranet', false));
  it('refuses a longer host', () => check(api, 'https://api.example.com.evil.example/', false));
  it('refuses a trailing dot', () => check(api, 'https://api.example.com./', false));
  it('refuses a subdomain', () => check(api, 'https://x.api.example.com/', false));
  it('takes a WebSocket there', () => check(api, 'wss://api.example.com/socket', true));
  it('refuses file', () => check(api, 'file:///etc/passwd', false));
  it('matches one label', () => check('https://*.example.com', 'https://eu.example.com/', true));
  it('does not match two labels', () => check('https://*.example.com', 'https://a.eu.example.com/', false));
  it('does not match no label', () => check('https://*.example.com', 'https://example.com/', false));
  it('never covers co.uk', () => check('https://*.co.uk', 'https://evil.co.uk/', false));
  it('never covers github.io', () => check('https://*.github.io', 'https://evil.github.io/', false));
  it('covers names on this machine', () => check('https://*.localhost', 'https://api.localhost/', true));
  it('matches an IDN by its punycode', () => check('https://examplé.com', 'https://xn--exampl-gva.com/', true));
  it('tells a look-alike apart', () => check('https://example.com', 'https://exаmple.com/', false));

  it('says which origin, in punycode', async () => {
    const result = await checkBinding('orders', [api], new URL('https://examplé.com/'));
    expect(result.ok ? undefined : [result.error.code, result.error.message]).toEqual([
      'CS-BIND-ORIGIN',
      'orders may not go to https://xn--exampl-gva.com (shown as examplé.com).',
    ]);
  });
});

describe('originOf', () => {
  it('is undefined without a host', () => expect(originOf(new URL('data:text/plain,x'))).toBeUndefined());
  it('has the port in full', () => expect(originOf(new URL('https://a.example/'))?.port).toBe('443'));
});

describe('isLoopback', () => {
  for (const host of ['localhost', 'api.localhost', '127.0.0.1', '127.9.9.9', '[::1]'])
    it(`takes ${host}`, () => expect(isLoopback(host)).toBe(true));
  for (const host of ['localhost.evil.example', '128.0.0.1', '127.0.0.1.nip.io', '[::2]', ''])
    it(`refuses “${host}”`, () => expect(isLoopback(host)).toBe(false));
});

describe('toShownOrigin', () => {
  it('leaves ASCII', () => expect(toShownOrigin('https://a.example:1')).toBe('https://a.example:1'));
  it('adds what is shown elsewhere', () =>
    expect(toShownOrigin('https://xn--exampl-gva.com')).toBe('https://xn--exampl-gva.com (shown as examplé.com)'));
});

describe('loadPublicSuffixes', () => {
  it('knows suffixes', async () => {
    const isSuffix = await loadPublicSuffixes();
    expect(['com', 'co.uk', 'github.io', 'example.com', 'localhost', 'internal.test'].map(isSuffix)).toEqual([
      true,
      true,
      true,
      false,
      false,
      false,
    ]);
  });
});
