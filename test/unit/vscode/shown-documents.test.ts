import { describe, expect, it } from 'vitest';
import { Secret } from '../../../src/credentials/secret.ts';
import type { Session } from '../../../src/credentials/types.ts';
import type { Trace } from '../../../src/oauth/types.ts';
import { toClaimsDocument } from '../../../src/vscode/claims-document.ts';
import { toSecretPrompt } from '../../../src/vscode/secret-prompt.ts';
import { toTraceText } from '../../../src/oauth/trace-text.ts';

const toLocal = (at: number): string => new Date(at).toISOString();
const jwt = (claims: object): string =>
  [{ alg: 'RS256' }, claims].map((part) => Buffer.from(JSON.stringify(part)).toString('base64url')).join('.') +
  '.sigsigsig';

function session(accessToken: string, idToken?: string, verified = true): Session {
  return {
    accessToken: new Secret(accessToken, 'token'),
    ...(idToken === undefined ? {} : { idToken: new Secret(idToken, 'id') }),
    tokenType: 'Bearer',
    scope: ['openid'],
    requestedScope: ['openid'],
    obtainedAt: 0,
    definitionHash: 'h',
    identity: { label: 'Ada', verified },
  };
}

describe('claims', () => {
  const id = jwt({ sub: 'ada', exp: 1_700_000_000, note: 'a\u202eb' });
  const shown = toClaimsDocument('orders', session('opaque-access-token', id), toLocal);
  const parsed = JSON.parse(shown) as Record<string, Record<string, unknown>>;

  it('are decoded, with local times beside', () => {
    expect(parsed['id_token']).toMatchObject({
      claims: { sub: 'ada', exp: 1_700_000_000 },
      local_times: { exp: '2023-11-14T22:13:20.000Z' },
    });
  });
  it('never hold a token or its signature', () => {
    for (const secret of [id, 'sigsigsig', 'opaque-access-token']) expect(shown).not.toContain(secret);
  });
  it('show no invisible characters', () => expect(shown).toContain('a\\u202eb'));
  it('say what nothing vouches for', () => {
    expect(parsed['id_token']?.['note']).toMatch(/were checked/);
    expect(parsed['access_token']?.['note']).toMatch(/^opaque/);
    expect(toClaimsDocument('orders', session(id, id, false), toLocal).match(/not verified/g)).toHaveLength(2);
  });
  for (const token of ['a.b.c', '..', 'eyJhIjoxfQ.W10.x', jwt({ exp: 1e300 }), 'x'.repeat(9000)]) {
    it(`stand any token: ${token.slice(0, 12)}`, () => {
      expect(() => JSON.parse(toClaimsDocument('orders', session(token), toLocal)) as unknown).not.toThrow();
    });
  }
});

describe('a trace', () => {
  it('reads cause first, then each step with its rule', () => {
    const trace: Trace = {
      credential: 'orders',
      grant: 'authorization_code',
      startedAt: 0,
      outcome: 'failed',
      code: 'CS-AUTH-CLIENT',
      cause: 'The secret is another one.',
      next: 'Enter it again.',
      steps: [
        {
          id: 'token',
          title: 'Exchange the code',
          startedAt: 0,
          durationMs: 12,
          outcome: 'failed',
          rule: { text: 'RFC 6749, 4.1.3', url: 'https://www.rfc-editor.org/rfc/rfc6749#section-4.1.3' },
          request: 'POST /token\nclient_secret=••••',
          response: '401\u202e',
        },
      ],
    };
    expect(toTraceText(trace, { toLocal })).toBe(
      [
        'Sign-in trace of orders',
        'authorization_code · 1970-01-01T00:00:00.000Z · failed · CS-AUTH-CLIENT',
        '',
        'Most likely: The secret is another one.',
        'Next: Enter it again.',
        '',
        '1. ✗ Exchange the code · 12 ms',
        '   RFC 6749, 4.1.3  https://www.rfc-editor.org/rfc/rfc6749#section-4.1.3',
        '',
        '   > POST /token',
        '   > client_secret=••••',
        '',
        '   < 401⟪U+202E⟫',
        '',
        'Secrets are shown as ••••.',
        '',
      ].join('\n'),
    );
  });
});

describe('a secret’s prompt', () => {
  const kept = 'Kept in the system secret store.';
  const check = (definition: Parameters<typeof toSecretPrompt>[0], slot: string, expected: string): void => {
    it(expected, () =>
      expect(toSecretPrompt(definition, definition.origins, slot, 'the system secret store')).toBe(
        `${expected} ${kept}`,
      ),
    );
  };
  const origins = ['https://127.0.0.2:8443'];
  check(
    { scheme: 'apiKey', in: 'header', name: 'X-API-Key', origins },
    '',
    'Goes to https://127.0.0.2:8443 as header X-API-Key.',
  );
  check(
    { scheme: 'apiKey', in: 'query', name: 'key', origins },
    '',
    'Goes to https://127.0.0.2:8443 as query parameter key.',
  );
  check({ scheme: 'bearer', origins }, '', 'Goes to https://127.0.0.2:8443 as Authorization: Bearer.');
  check({ scheme: 'bearer', origins: [] }, '', 'Goes to the origin of its first use as Authorization: Bearer.');
  check(
    { scheme: 'bearer', origins: ['https://a.example', 'https://b.example', 'https://c.example', 'https://d.example'] },
    '',
    'Goes to https://a.example, https://b.example, https://c.example and 1 more as Authorization: Bearer.',
  );
  check(
    { scheme: 'oauth2', grant: 'client_credentials', issuer: 'https://idp.example.com/x', client_id: 'c', origins },
    '',
    'Goes to https://idp.example.com when a token is asked for.',
  );
});
