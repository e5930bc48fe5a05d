import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { toMaskedBody, toMaskedRequest, toMaskedResponse, toMaskedUrl } from '../../../src/oauth/masking.ts';

const secretNames = [
  'code',
  'code_verifier',
  'client_secret',
  'access_token',
  'refresh_token',
  'id_token',
  'assertion',
];
const secret = fc.stringMatching(/^[A-Za-z0-9_-]{16,40}$/);
const name = fc.constantFrom(...secretNames);

describe('masking', () => {
  it('hides a secret wherever the protocol puts it', () => {
    fc.assert(
      fc.property(name, secret, (key, value) => {
        const exchange = {
          method: 'POST',
          url: `https://idp.example/token?${key}=${value}#${key}=${value}`,
          headers: { authorization: `Basic ${value}`, cookie: value, 'x-unknown': value },
          body: `grant_type=x&${key}=${value}`,
          status: 200,
          responseHeaders: [
            ['location', `https://a.example/?${key}=${value}`],
            ['set-cookie', value],
          ] as [string, string][],
          responseText: JSON.stringify({ a: [{ [key]: value }], [key]: value, error: 'x' }),
        };
        expect(toMaskedRequest(exchange)).not.toContain(value);
        expect(toMaskedResponse(exchange)).not.toContain(value);
      }),
    );
  });
  it('keeps what explains the request', () => {
    const text = toMaskedRequest({
      method: 'POST',
      url: 'https://idp.example/token',
      headers: { authorization: 'Basic abc' },
      body: 'grant_type=client_credentials&scope=a+b&client_secret=x',
    });
    expect(text).toBe(
      'POST https://idp.example/token HTTP/1.1\nauthorization: Basic ••••\n\ngrant_type=client_credentials\n&scope=a+b\n&client_secret=••••',
    );
  });
  it('never throws, whatever a server says', () => {
    fc.assert(
      fc.property(fc.string(), (text) => {
        expect(toMaskedBody(text).length).toBeLessThan(10_000);
        toMaskedUrl(text);
      }),
    );
  });
  it('leaves token_type and expires_in readable', () =>
    expect(toMaskedBody('{"access_token":"a","token_type":"Bearer","expires_in":1}')).toBe(
      '{\n  "access_token": "••••",\n  "token_type": "Bearer",\n  "expires_in": 1\n}',
    ));
});
