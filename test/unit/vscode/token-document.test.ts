import { describe, expect, it } from 'vitest';
import { toIntrospectionDocument, toUserInfoDocument } from '../../../src/vscode/token-document.ts';

const local = (at: number): string => `at ${at}`;

describe('the document of an introspection', () => {
  it('says what was checked, and times in words', () => {
    const answer = { active: true, exp: 1_700_000_000, scope: 'orders.read' };
    const shown = { host: 'idp.example.com', token: 'access', signed: true, answer } as const;
    expect(JSON.parse(toIntrospectionDocument('orders', shown, local))).toEqual({
      credential: 'orders',
      asked: 'idp.example.com',
      token: 'access_token',
      note: 'a signed answer: typ, iss, aud and signature were checked (RFC 9701)',
      introspection: answer,
      local_times: { exp: 'at 1700000000000' },
    });
    expect(toIntrospectionDocument('orders', { ...shown, signed: false }, local)).toContain('not signed');
  });
});

describe('the document of userinfo', () => {
  it('writes out what cannot be seen, also beyond the basic plane', () => {
    const claims = { sub: 'ada', name: 'Ada\u202e\u{e0041}\u0085' };
    const text = toUserInfoDocument('orders', { host: 'idp.example.com', claims }, local);
    expect(text).toContain(String.raw`"name": "Ada\u202e\udb40\udc41\u0085"`);
    expect((JSON.parse(text) as { userinfo: unknown }).userinfo).toEqual(claims);
  });
});
