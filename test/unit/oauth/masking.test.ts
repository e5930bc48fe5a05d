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
  it('hides a secret in an answer that was cut off, or is a page', () => {
    const value = 'sk-not-a-long-one';
    for (const text of [
      `{"token_type":"Bearer","access_token":"${value}","refresh_token":"${value}`,
      `<p>code=${value}</p>`,
      `access_token: ${value}, expires_in: 60`,
      `<script>var t = {'id_token': '${value}'}`,
      `oops ${'a1B2'.repeat(20)} oops`,
    ]) {
      expect(toMaskedBody(text)).not.toContain(value);
      expect(toMaskedBody(text)).not.toContain('a1B2a1B2');
    }
    const tail = '{"expires_in":["A:"],"access_token":"c4n4ry';
    expect(toMaskedBody(tail)).toBe('{"expires_in":["A:"],"access_token":••••');
    expect(toMaskedBody('<html>Access denied by policy 17')).toBe('<html>Access denied by policy 17');
  });
  it('takes no time over a long answer', () => {
    const started = performance.now();
    for (const piece of ['a', 'a-', '"a', 'a ', "'", 'a=', '\\"']) toMaskedBody(`x${piece.repeat(400_000)}`);
    expect(performance.now() - started).toBeLessThan(2000);
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
