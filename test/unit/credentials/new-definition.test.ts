import { describe, expect, it } from 'vitest';
import { parseDefinitions } from '../../../src/credentials/definitions.ts';
import { checkAnswer, checkName, fieldsOf, newDefinition } from '../../../src/credentials/new-definition.ts';
import { schemes } from '../../../src/credentials/schemes/registry.ts';

const origins = ['https://api.example.com'];

describe('newDefinition', () => {
  it('makes an API key', () =>
    expect(
      newDefinition('apiKey', { in: 'header', name: 'X-API-Key', origins: ['https://API.example.com/'], title: '' }),
    ).toEqual({
      ok: true,
      definition: { scheme: 'apiKey', in: 'header', name: 'X-API-Key', origins },
      slots: [{ id: '', label: 'API key', required: true }],
    }));
  it('expands the grant', () => {
    const made = newDefinition('oauth2', {
      grant: 'device_code',
      issuer: 'https://idp.example.com',
      client_id: 'c',
      origins,
    });
    expect(made.ok && made.definition).toMatchObject({ grant: 'urn:ietf:params:oauth:grant-type:device_code' });
  });
  it('says what is missing', () =>
    expect(newDefinition('basic', {})).toEqual({
      ok: false,
      problems: [
        { field: 'username', message: 'User name is needed.' },
        { field: 'origins', message: 'Origins is needed.' },
      ],
    }));
  it('asks the scheme at last', () =>
    expect(newDefinition('oauth2', { grant: 'client_credentials', client_id: 'c', origins }).ok).toBe(false));
  it('refuses an unknown scheme', () => expect(newDefinition('x', {}).ok).toBe(false));
  for (const scheme of schemes) {
    it(`makes of ${scheme.id} what the file’s reader takes`, () => {
      const answers: Record<string, unknown> = { origins, issuer: 'https://idp.example.com' };
      for (const field of scheme.fields)
        if (field.required) answers[field.name] = field.values?.[0] ?? field.example ?? 'x';
      const made = newDefinition(scheme.id, answers);
      expect(made.ok).toBe(true);
      const text = JSON.stringify({ credentials: { a: made.ok ? made.definition : {} } });
      expect(parseDefinitions(text, { owner: 'user' })).toMatchObject({
        problems: [],
        definitions: [{ definition: made.ok ? made.definition : {} }],
      });
    });
  }
});

describe('checkAnswer', () => {
  function check(scheme: string, field: string, answer: unknown, expected: string | undefined): void {
    expect(checkAnswer(scheme, field, answer)).toBe(expected);
  }
  it('takes an issuer', () => check('oauth2', 'issuer', 'https://idp.example.com', undefined));
  it('refuses a plain http issuer', () =>
    check(
      'oauth2',
      'issuer',
      'http://idp.example.com',
      'Issuer must begin with https:// (http only on this machine).',
    ));
  it('takes an absent optional field', () => check('oauth2', 'issuer', '', undefined));
  it('refuses an origin with a path', () =>
    check(
      'bearer',
      'origins',
      ['https://a.example/v1'],
      '“https://a.example/v1” is not an origin: it needs scheme, host and port, and nothing after them.',
    ));
  it('refuses a value that is not on offer', () =>
    check('apiKey', 'in', 'body', 'Sent in must be one of those on offer.'));
  it('refuses a wrong number', () => check('oauth2', 'max_age', -1, 'Maximum age must be a whole number.'));
  it('refuses protected parameters', () =>
    check('oauth2', 'token_parameters', { client_secret: 'x' }, 'client_secret cannot stand here.'));
  it('refuses an unknown field', () => check('bearer', 'issuer', 'x', '“issuer” is not a field of this scheme.'));
});

describe('checkName', () => {
  it('takes a name', () => expect(checkName('orders_2-a', ['b'])).toBeUndefined());
  it('refuses a dot', () => expect(checkName('a.private_key', [])).toContain('letters'));
  it('refuses a taken one', () => expect(checkName('b', ['b'])).toBe('A credential called b exists already.'));
});

describe('fieldsOf', () => {
  it('puts required fields first and common ones last', () => {
    const names = fieldsOf('oauth2').map(({ name }) => name);
    expect(names.slice(0, 2)).toEqual(['grant', 'client_id']);
    expect(names.slice(-3)).toEqual(['title', 'origins', 'default']);
  });
});
