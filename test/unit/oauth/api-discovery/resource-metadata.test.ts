import { describe, expect, it } from 'vitest';
import {
  matchResource,
  parseProtectedResource,
  toMetadataUrlProblem,
  toResourceMetadataUrls,
} from '../../../../src/oauth/api-discovery/resource-metadata.ts';

describe('where the metadata of a resource may be (RFC 9728 §3.1)', () => {
  it.each([
    ['https://api.example', ['https://api.example/.well-known/oauth-protected-resource']],
    [
      'https://api.example/v1/orders/?page=2#x',
      [
        'https://api.example/.well-known/oauth-protected-resource/v1/orders',
        'https://api.example/.well-known/oauth-protected-resource',
      ],
    ],
  ])('%s', (asked, expected) => expect(toResourceMetadataUrls(new URL(asked))).toEqual(expected));
});

describe('whether a resource is about the address asked for (RFC 9728 §3.3)', () => {
  const asked = 'https://api.example/v1/orders';
  it.each([
    [asked, 'exact'],
    ['https://api.example/v1/orders/', 'exact'],
    ['https://api.example/v1', 'covers'],
    ['https://api.example', 'covers'],
    ['https://api.example/', 'covers'],
    ['https://api.example/v1/orders/7', 'other'],
    ['https://api.example/v1/ord', 'other'],
    ['https://api.example/v1/orders-evil', 'other'],
    ['https://api.example.evil/v1/orders', 'other'],
    ['https://api.example:8443/v1/orders', 'other'],
    ['http://api.example/v1/orders', 'other'],
    ['https://api.example@evil.example/v1/orders', 'other'],
    ['https://user@api.example/v1/orders', 'other'],
    ['https://evil.example\\@api.example/v1/orders', 'other'],
    ['https://api.example/v1/../v1/orders', 'other'],
    ['https://api.example/v1/%2e%2e/v1', 'other'],
    ['HTTPS://API.EXAMPLE/v1', 'other'],
    ['https://api.example/v1?x=1', 'other'],
    ['https://api.example/v1#x', 'other'],
    ['https://аpi.example/v1', 'other'],
    ['//api.example/v1', 'other'],
    ['', 'other'],
    [7, 'other'],
    [['https://api.example'], 'other'],
  ])('%s: %s', (resource, expected) => expect(matchResource(resource, new URL(asked))).toBe(expected));

  it('compares a query only when the resource has one', () => {
    const withQuery = new URL('https://api.example/v1?tenant=a');
    expect(matchResource('https://api.example/v1?tenant=a', withQuery)).toBe('exact');
    expect(matchResource('https://api.example/v1?tenant=b', withQuery)).toBe('other');
    expect(matchResource('https://api.example/v1', withQuery)).toBe('covers');
  });
});

describe('the address of the metadata in a challenge', () => {
  const asked = new URL('https://api.example/v1');
  it.each([
    ['https://api.example/.well-known/oauth-protected-resource/v1', undefined],
    ['https://evil.example/prm', 'is at https://evil.example, which is not the API'],
    ['https://api.example:8443/prm', 'is at https://api.example:8443, which is not the API'],
    ['http://api.example/prm', 'is at http://api.example, which is not the API'],
    ['file:///etc/passwd', 'is not an https address'],
    ['javascript:alert(1)', 'is not an https address'],
    ['https://a:b@api.example/prm', 'holds a user name or password'],
    ['https://api.example/prm#x', 'holds a fragment'],
    ['https://api.example\\@evil.example/', 'is not an address'],
    ['/relative', 'is not an address'],
  ])('%s', (text, expected) => expect(toMetadataUrlProblem(text, asked)).toBe(expected));
});

describe('what is taken from the metadata of a resource', () => {
  const asked = new URL('https://api.example/v1');
  const from = {
    metadataUrl: 'https://api.example/.well-known/oauth-protected-resource',
    foundBy: 'well-known',
  } as const;
  it('is vetted, and the rest is named', () => {
    const parsed = parseProtectedResource(
      {
        resource: 'https://api.example',
        resource_name: 'Orders\u202e\n[x](command:y)',
        authorization_servers: [
          'https://idp.example',
          'http://idp.example',
          'https://idp.example?x',
          7,
          'javascript:1',
        ],
        scopes_supported: ['orders.read', 'orders.read', 'a b', '"', 7],
        bearer_methods_supported: ['header', 'body', 'pigeon'],
        dpop_bound_access_tokens_required: true,
        dpop_signing_alg_values_supported: ['ES256', '<b>'],
        tls_client_certificate_bound_access_tokens: 'yes',
      },
      asked,
      from,
    );
    expect(parsed).toEqual({
      ok: true,
      dropped: [
        'the authorization server “http://idp.example” is not an https address',
        'the authorization server “https://idp.example?x” holds a query or fragment',
        'the authorization server “javascript:1” is not an https address',
      ],
      resource: {
        resource: 'https://api.example',
        exact: false,
        ...from,
        name: 'Orders [x] (command:y)',
        authorizationServers: ['https://idp.example'],
        scopes: ['orders.read'],
        bearerMethods: ['header', 'body'],
        dpopRequired: true,
        dpopAlgorithms: ['ES256'],
        certificateBound: false,
      },
    });
  });
  it('is nothing without a resource, or with another one', () => {
    expect(parseProtectedResource({}, asked, from)).toEqual({ ok: false, why: 'names no resource' });
    expect(parseProtectedResource({ resource: 'https://api.example.evil' }, asked, from)).toEqual({
      ok: false,
      why: 'is about another resource (https://api.example.evil)',
    });
  });
});
