import { describe, expect, it } from 'vitest';
import type { CountersignError } from '../../../src/errors/countersign-error.ts';
import { isCredentialHeader, toRedirect } from '../../../src/http/redirects.ts';
import type { HeaderPair, OutgoingRequest } from '../../../src/http/types.ts';
import { textBody } from '../../support/http-servers.ts';

interface Case {
  readonly from?: string;
  readonly method?: string;
  readonly status?: number;
  readonly to: string | string[];
  readonly headers?: HeaderPair[];
  readonly body?: boolean;
}

/** `METHOD url [names of headers] body?`, an error code, or `stays`. */
function check(input: Case, expected: string): void {
  const request: OutgoingRequest = {
    method: input.method ?? 'GET',
    url: new URL(input.from ?? 'https://a.example/x/y?z#f'),
    headers: input.headers ?? [],
    ...(input.body === true ? { body: textBody('b') } : {}),
  };
  const locations = typeof input.to === 'string' ? [input.to] : input.to;
  let actual: string;
  try {
    const next = toRedirect(request, {
      status: input.status ?? 302,
      statusText: '',
      httpVersion: '1.1',
      headers: locations.map((to) => ['location', to] as const),
    });
    actual = next
      ? `${next.request.method} ${next.request.url.href} [${next.request.headers.map(([name]) => name).join()}]${next.request.body ? ' body' : ''}`
      : 'stays';
  } catch (error) {
    actual = (error as CountersignError).code;
  }
  expect(actual).toBe(expected);
}

const secrets: HeaderPair[] = [
  ['Authorization', 'x'],
  ['cookie', 'x'],
  ['X-Api-Key', 'x'],
  ['Accept', 'x'],
];
const typed: HeaderPair[] = [
  ['Content-Type', 'x'],
  ['Content-Length', '1'],
  ['Accept', 'x'],
];

describe('redirects', () => {
  it('resolves a path', () => check({ to: '/b' }, 'GET https://a.example/b#f []'));
  it('resolves a relative path', () => check({ to: 'b?c' }, 'GET https://a.example/x/b?c#f []'));
  it('takes the fragment of the location', () => check({ to: '/b#g' }, 'GET https://a.example/b#g []'));
  it('resolves dots', () => check({ to: '/../b' }, 'GET https://a.example/b#f []'));
  it('reads raw UTF-8', () => check({ to: Buffer.from('/é').toString('latin1') }, 'GET https://a.example/%C3%A9#f []'));
  it('keeps credentials at home', () =>
    check({ to: '/b', headers: secrets }, 'GET https://a.example/b#f [Authorization,cookie,X-Api-Key,Accept]'));
  it('keeps credentials at the same host in another case', () =>
    check(
      { to: 'HTTPS://A.Example:443/b', headers: secrets },
      'GET https://a.example/b#f [Authorization,cookie,X-Api-Key,Accept]',
    ));
  it('strips on another host', () =>
    check({ to: 'https://b.example/', headers: secrets }, 'GET https://b.example/#f [Accept]'));
  it('strips on another port', () =>
    check({ to: 'https://a.example:8443/', headers: secrets }, 'GET https://a.example:8443/#f [Accept]'));
  it('strips on http', () => check({ to: 'http://a.example/', headers: secrets }, 'GET http://a.example/#f [Accept]'));
  it('strips on //', () => check({ to: '//evil.example', headers: secrets }, 'GET https://evil.example/#f [Accept]'));
  it('strips on \\\\', () =>
    check({ to: '\\\\evil.example', headers: secrets }, 'GET https://evil.example/#f [Accept]'));
  it('strips on a subdomain', () =>
    check({ to: 'https://b.a.example/', headers: secrets }, 'GET https://b.a.example/#f [Accept]'));
  it('keeps on the upgrade of the same host', () =>
    check(
      { from: 'http://a.example/', to: 'https://a.example/', headers: secrets },
      'GET https://a.example/ [Authorization,cookie,X-Api-Key,Accept]',
    ));
  it('strips on an upgrade between other ports', () =>
    check(
      { from: 'http://a.example:8080/', to: 'https://a.example:8443/', headers: secrets },
      'GET https://a.example:8443/ [Accept]',
    ));
  it('drops a Host at another host', () =>
    check({ to: 'https://b.example/', headers: [['Host', 'a.example']] }, 'GET https://b.example/#f []'));
  it('refuses a user', () => check({ to: 'https://a.example@evil.example/' }, 'CS-HTTP-LOCATION'));
  it('refuses another scheme', () => check({ to: 'file:///etc/passwd' }, 'CS-HTTP-LOCATION'));
  it('refuses what is no address', () => check({ to: 'https://a b/' }, 'CS-HTTP-LOCATION'));
  it('refuses two', () => check({ to: ['/a', '/b'] }, 'CS-HTTP-LOCATION'));
  it('takes the same twice', () => check({ to: ['/a', '/a'] }, 'GET https://a.example/a#f []'));
  it('stays without a location', () => check({ to: [] }, 'stays'));
  it('stays on 304', () => check({ status: 304, to: '/a' }, 'stays'));
  it('stays on 300', () => check({ status: 300, to: '/a' }, 'stays'));
  it('stays on 200', () => check({ status: 200, to: '/a' }, 'stays'));
  for (const [status, method, expected] of [
    [301, 'POST', 'GET'],
    [302, 'POST', 'GET'],
    [303, 'POST', 'GET'],
    [303, 'PUT', 'GET'],
    [303, 'DELETE', 'GET'],
    [303, 'HEAD', 'HEAD'],
    [301, 'PUT', 'PUT'],
    [302, 'DELETE', 'DELETE'],
    [307, 'POST', 'POST'],
    [308, 'PATCH', 'PATCH'],
  ] as const) {
    it(`turns ${method} into ${expected} on ${String(status)}`, () => {
      const body = method !== 'HEAD';
      const kept = method === expected;
      check(
        { status, method, to: '/b', body, headers: typed },
        `${expected} https://a.example/b#f [${kept ? 'Content-Type,Content-Length,' : ''}Accept]${kept && body ? ' body' : ''}`,
      );
    });
  }
});

describe('names of headers that carry a credential', () => {
  for (const name of [
    'X-API-Key',
    'apikey',
    'Api-Key',
    'PRIVATE-TOKEN',
    'X-Auth-Token',
    'X-Amz-Security-Token',
    'X-Vault-Token',
    'DPoP',
    'X-Session-Id',
    'proxy-authorization',
    'X-Hub-Signature-256',
  ]) {
    it(`knows ${name}`, () => expect(isCredentialHeader(name)).toBe(true));
  }
  for (const name of [
    'Accept',
    'X-Request-Id',
    'Content-Type',
    'X-Author',
    'Tokenizer',
    'X-Keyboard',
    'Idempotency-Key',
  ]) {
    it(`leaves ${name}`, () => expect(isCredentialHeader(name)).toBe(false));
  }
  it('knows marked ones', () => expect(isCredentialHeader('X-Own', ['x-own'])).toBe(true));
});
