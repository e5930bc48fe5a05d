/** Rules of a definition are data: what may stand in them, that approval covers them, and that no secret fits. */
import { describe, expect, it } from 'vitest';
import { toApprovalRequest } from '../../../src/credentials/approval-request.ts';
import { parseDefinitions } from '../../../src/credentials/definitions.ts';
import { readQuirkRules } from '../../../src/credentials/quirk-rules.ts';

const base = {
  scheme: 'oauth2',
  grant: 'client_credentials',
  issuer: 'https://idp.example.com',
  client_id: 'c',
  origins: ['https://api.example.com'],
};
const parse = (rules: unknown) =>
  parseDefinitions(JSON.stringify({ credentials: { orders: { ...base, quirk_rules: rules } } }), {
    file: '/w/countersign.json',
    owner: 'workspace',
  });
const good = {
  status: [201],
  body: 'form',
  from: 'data.0.token',
  rename: { token: 'access_token' },
  ignore_empty: ['scope'],
  milliseconds: ['expires_in'],
  default: { token_type: 'Bearer', expires_in: 60 },
  error: 'errors.0.type',
  error_description: 'errors.0.text',
};

describe('quirk_rules', () => {
  it('that hold are taken as they are', () => {
    const { definitions, problems } = parse(good);
    expect(problems).toEqual([]);
    expect(definitions[0]?.definition).toMatchObject({ quirk_rules: good });
  });
  const bad: readonly (readonly [string, unknown, RegExp])[] = [
    ['no object', [], /must be an object/],
    ['an unknown rule', { script: 'alert(1)' }, /no “script”/],
    ['a prototype key', JSON.parse('{"constructor": 1}'), /no “constructor”/],
    ['a status of another kind', { status: [302] }, /201 to 299/],
    ['a status of failure', { status: [401] }, /201 to 299/],
    ['code in a path', { from: 'a[0]' }, /divided by dots/],
    ['an endless path', { from: Array(20).fill('a').join('.') }, /divided by dots/],
    ['a variable in a path', { error: '{{name}}' }, /divided by dots/],
    ['another target', { rename: { a: 'client_secret' } }, /values are of/],
    [
      'too many of them',
      { rename: Object.fromEntries(Array.from({ length: 21 }, (_, n) => [`k${n}`, 'scope'])) },
      /values are of/,
    ],
    ['a token by default', { default: { access_token: 'abc' } }, /token_type “Bearer”/],
    ['a scheme by default', { default: { token_type: 'Basic' } }, /token_type “Bearer”/],
    ['no lifetime', { default: { expires_in: -1 } }, /token_type “Bearer”/],
    ['another body', { body: 'xml' }, /“form”/],
  ];
  for (const [what, rules, expected] of bad) {
    it(`${what} is reported at its place and left out`, () => {
      const { definitions, problems } = parse(rules);
      expect(problems).toHaveLength(1);
      expect(problems[0]).toMatchObject({ code: 'CS-DEF-FIELD', severity: 'error', name: 'orders' });
      expect(problems[0]?.message).toMatch(expected);
      expect(definitions[0]?.definition).not.toHaveProperty('quirk_rules');
    });
  }
  it('one that does not hold takes no other along', () => {
    expect(readQuirkRules({ from: 'data', body: 'xml' })).toMatchObject({ rules: { from: 'data' }, problems: [{}] });
  });
  it('are covered by approval: a change asks again and is shown', () => {
    const [before, after] = [parse({ from: 'data' }), parse({ from: 'other' })].map(
      ({ definitions }) => definitions[0],
    );
    if (!before || !after) throw new Error('no definition');
    expect(before.hash).not.toBe(after.hash);
    const { lines } = toApprovalRequest(after, before.definition);
    expect(lines.find(({ label }) => label === 'quirk rules')).toEqual({
      label: 'quirk rules',
      before: '{"from":"data"}',
      value: '{"from":"other"}',
    });
  });
});
