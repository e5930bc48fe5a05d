import fc from 'fast-check';
import { Buffer } from 'node:buffer';
import { describe, expect, it } from 'vitest';
import { normaliseAuthorization, parseAuthorization } from '../../../src/credentials/literal-auth.ts';
import { findLiteralSecrets } from '../../../src/credentials/literal-secrets.ts';

const base64 = (text: string): string => Buffer.from(text, 'utf8').toString('base64');

describe('normaliseAuthorization', () => {
  function check(value: string, expected: string): void {
    expect(normaliseAuthorization(value)).toBe(expected);
  }
  it('encodes a pair', () => check('Basic user pass', `Basic ${base64('user:pass')}`));
  it('encodes the colon form', () => check('Basic user:pass', `Basic ${base64('user:pass')}`));
  it('splits at the first colon', () => check('Basic user:pa:ss', `Basic ${base64('user:pa:ss')}`));
  it('keeps spaces in a password', () => check('Basic user:pa ss', `Basic ${base64('user:pa ss')}`));
  it('keeps a colon in a password of the pair form', () => check('Basic user pa:ss', `Basic ${base64('user:pa:ss')}`));
  it('takes any case', () => check('basic user pass', `Basic ${base64('user:pass')}`));
  it('takes an empty password', () => check('Basic user:', `Basic ${base64('user:')}`));
  it('encodes UTF-8', () => check('Basic test 123£', 'Basic dGVzdDoxMjPCow=='));
  it('leaves base64', () => check(`Basic ${base64('user:pass')}`, `Basic ${base64('user:pass')}`));
  it('leaves a bearer token', () => check('Bearer a.b.c', 'Bearer a.b.c'));
  it('leaves what has no scheme', () => check('abc', 'abc'));
  it('leaves Digest', () => check('Digest user pass', 'Digest user pass'));
  it('is stable (fuzz)', () => {
    fc.assert(
      fc.property(
        fc.string(),
        (text) =>
          normaliseAuthorization(normaliseAuthorization(`Basic ${text}`)) === normaliseAuthorization(`Basic ${text}`),
      ),
    );
  });
});

describe('parseAuthorization', () => {
  it('reads base64', () =>
    expect(parseAuthorization(`Basic ${base64('u:p')}`)).toEqual({
      kind: 'basic',
      username: 'u',
      password: 'p',
      form: 'base64',
    }));
  it('gives the place of a bearer token', () =>
    expect(parseAuthorization('Bearer  abc ')).toEqual({ kind: 'bearer', token: 'abc', start: 8 }));
  it('names other schemes', () => expect(parseAuthorization('Hawk id="1"')).toEqual({ kind: 'other', scheme: 'hawk' }));
  it('is undefined without a scheme', () => expect(parseAuthorization('{{token}}')).toBeUndefined());
});

describe('the forms that stand for a scheme', () => {
  it.each([
    ['Digest svc pa ss', { kind: 'digest', username: 'svc', password: 'pa ss' }],
    ['digest svc:pa:ss', { kind: 'digest', username: 'svc', password: 'pa:ss' }],
    ['Digest username="u", response="0"', { kind: 'other', scheme: 'digest' }],
    ['AWS id key', { kind: 'aws', accessKeyId: 'id', secretAccessKey: 'key' }],
    [
      'AWS id key service:es token:t region:r',
      { kind: 'aws', accessKeyId: 'id', secretAccessKey: 'key', sessionToken: 't', region: 'r', service: 'es' },
    ],
    ['AWS id:signature', { kind: 'other', scheme: 'aws' }],
  ])('%s', (value, expected) => {
    expect(parseAuthorization(value)).toEqual(expected);
  });
  it('hold a secret that is found', () => {
    const found = (value: string) =>
      findLiteralSecrets('Authorization', value).map(({ kind, start, end }) => [kind, value.slice(start, end)]);
    expect(found('Digest svc hunter-2-hunter')).toEqual([['digest', 'hunter-2-hunter']]);
    expect(found('AWS AKIDEXAMPLE wJalrXUtnFEMI/K7MDENG region:x')).toEqual([['aws', 'wJalrXUtnFEMI/K7MDENG']]);
    expect(found('AWS AKIDEXAMPLE {{key}}')).toEqual([]);
    expect(found('Digest svc {{password}}')).toEqual([]);
  });
});

describe('findLiteralSecrets', () => {
  /** The found texts with their kinds. */
  function check(header: string, value: string, ...expected: readonly string[]): void {
    expect(
      findLiteralSecrets(header, value).map(({ kind, start, end }) => `${kind} ${value.slice(start, end)}`),
    ).toEqual(expected);
  }
  const jwt = 'eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiIxMjM0NTY3ODkwIn0.dozjgNryP4J3jVmNHl0w5N_XgL0n3I9PlFUP0THsR8U';
  it('finds a JWT', () => check('Authorization', `Bearer ${jwt}`, `bearer ${jwt}`));
  it('finds an opaque token', () =>
    check('authorization', 'Bearer 4f9a8b2c1d7e6f5a4b3c', 'bearer 4f9a8b2c1d7e6f5a4b3c'));
  it('finds a vendor token', () =>
    check(
      'Authorization',
      'Bearer ghp_abcdefghijklmnopqrstuvwxyz0123456789',
      'bearer ghp_abcdefghijklmnopqrstuvwxyz0123456789',
    ));
  it('finds a token without a scheme', () => check('Authorization', jwt, `apiKey ${jwt}`));
  it('finds a Basic password', () => check('Authorization', 'Basic alice s3cr3tPa55', 'basic s3cr3tPa55'));
  it('finds one after a colon', () => check('Authorization', 'Basic alice:s3cr3tPa55', 'basic s3cr3tPa55'));
  it('finds one in base64', () =>
    check('Authorization', `Basic ${base64('alice:s3cr3tPa55')}`, `basic ${base64('alice:s3cr3tPa55')}`));
  it('finds an API key', () => check('X-API-Key', ' 9b1deb4d3b7d4bad9bdd2b0d ', 'apiKey 9b1deb4d3b7d4bad9bdd2b0d'));
  it('finds a subscription key', () =>
    check('Ocp-Apim-Subscription-Key', '0a1b2c3d4e5f60718293a4b5', 'apiKey 0a1b2c3d4e5f60718293a4b5'));
  it('finds a vendor token in any header', () =>
    check('X-Whatever', 'AKIAIOSFODNN7EXAMPQ2', 'apiKey AKIAIOSFODNN7EXAMPQ2'));
  it('finds it in Proxy-Authorization', () => check('Proxy-Authorization', 'Basic proxy:hunter22', 'basic hunter22'));

  const quiet: readonly (readonly [string, string])[] = [
    ['Authorization', 'Bearer {{token}}'],
    ['Authorization', 'Bearer {{$auth.token("orders")}}'],
    ['Authorization', 'Bearer <token>'],
    ['Authorization', 'Bearer your-token'],
    ['Authorization', 'Bearer YOUR_ACCESS_TOKEN'],
    ['Authorization', 'Bearer xxxxxxxxxxxxxxxxxxxx'],
    ['Authorization', 'Bearer token'],
    ['Authorization', 'Bearer my-secret-token-here'],
    ['Authorization', 'Bearer ...'],
    ['Authorization', 'Bearer ${TOKEN}'],
    ['Authorization', 'Basic user:{{password}}'],
    ['Authorization', 'Basic {{user}} {{password}}'],
    ['Authorization', 'Basic user:password'],
    ['Authorization', 'Basic username password'],
    ['Authorization', `Basic ${base64('user:password')}`],
    ['Authorization', 'Basic'],
    ['Authorization', ''],
    ['Authorization', 'Digest realm="x"'],
    ['X-API-Key', '{{key}}'],
    ['X-API-Key', 'your-api-key'],
    ['X-API-Key', '************'],
    ['X-API-Key', 'test'],
    ['X-API-Key', ''],
    ['Content-Type', 'application/json'],
    ['X-Request-Id', '9b1deb4d-3b7d-4bad-9bdd-2b0d7b3dcb6d'],
    ['ETag', '"33a64df551425fcc55e4d42a148795d9f25f89d4"'],
    ['Accept', 'text/html,application/xhtml+xml,application/xml;q=0.9'],
    ['User-Agent', 'Mozilla/5.0 (X11; Linux x86_64)'],
  ];
  for (const [header, value] of quiet) it(`leaves ${header}: ${value}`, () => check(header, value));

  it('looks at long values without delay', () => {
    for (const value of [
      `Bearer ${'a'.repeat(16_000)}!`,
      `Bearer ${'a-'.repeat(8_000)}!`,
      `Basic ${'a'.repeat(16_000)}`,
      'a'.repeat(10_000_000),
    ]) {
      expect(findLiteralSecrets('Authorization', value).length).toBeLessThan(2);
    }
  });
  it('says what it is, without the value', () =>
    expect(findLiteralSecrets('Authorization', `Bearer ${jwt}`)[0]?.message).toBe(
      'This looks like a bearer token. In this file, anyone with the repository has it.',
    ));
  it('gives the user name of Basic', () =>
    expect(findLiteralSecrets('Authorization', 'Basic alice s3cr3tPa55')[0]?.username).toBe('alice'));
  it('never throws, and points inside (fuzz)', () => {
    fc.assert(
      fc.property(
        fc.constantFrom('Authorization', 'X-API-Key', 'X'),
        fc.oneof(
          fc.string(),
          fc.string().map((text) => `Basic ${text}`),
        ),
        (header, value) => {
          for (const { start, end } of findLiteralSecrets(header, value))
            expect(0 <= start && start < end && end <= value.length).toBe(true);
        },
      ),
    );
  });
});
