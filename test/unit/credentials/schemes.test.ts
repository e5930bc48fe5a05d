import { Buffer } from 'node:buffer';
import { createSchemeMemo } from '../../../src/run/proof.ts';
import { describe, expect, it } from 'vitest';
import { schemeOf } from '../../../src/credentials/schemes/registry.ts';
import { Secret } from '../../../src/credentials/secret.ts';
import type { Definition, PrepareContext, Session } from '../../../src/credentials/types.ts';

const origins = ['https://api.example.com'];

async function prepare(definition: Definition, secret: string, session: Partial<Session> = {}) {
  const context: PrepareContext = {
    credential: { name: 'orders', definition, owner: 'user', hash: 'h' },
    request: { method: 'GET', url: new URL('https://api.example.com/'), headers: [], bodyBytes: 0 },
    secret: async () => new Secret(secret, 'orders secret'),
    tokens: {
      acquire: async () => ({
        accessToken: new Secret(secret, 'orders access token'),
        tokenType: 'Bearer',
        scope: [],
        requestedScope: [],
        obtainedAt: 0,
        definitionHash: 'h',
        ...session,
      }),
      prover: async ({ dpopKey }) =>
        dpopKey && { names: ['DPoP'], retry: 'again', headers: async () => [], answered: () => false },
    },
    acquire: { interactive: false },
    memo: createSchemeMemo(),
  };
  return schemeOf(definition)?.prepare(context);
}

/** What is attached, as text. */
async function check(
  definition: Definition,
  secret: string,
  expected: string,
  session?: Partial<Session>,
): Promise<void> {
  const made = await prepare(definition, secret, session);
  const parts = [
    ...(made?.headers.map(({ name, prefix, value }) => `${name}: ${prefix}${value?.reveal() ?? ''}`) ?? []),
    ...(made?.query.map(({ name, value }) => `?${name}=${value.reveal()}`) ?? []),
    ...(made?.cookies.map(({ name, value }) => `cookie ${name}=${value.reveal()}`) ?? []),
  ];
  expect(parts).toEqual([expected]);
}

async function refuse(definition: Definition, secret: string, code: string, session?: Partial<Session>): Promise<void> {
  const error: unknown = await prepare(definition, secret, session).catch((caught: unknown) => caught);
  expect(error).toMatchObject({ code });
  if (secret !== '') expect(`${String(error)} ${JSON.stringify(error)}`).not.toContain(secret);
}

const bearer: Definition = { scheme: 'bearer', origins };
const basic: Definition = { scheme: 'basic', username: 'svc', origins };
const header: Definition = { scheme: 'apiKey', in: 'header', name: 'X-API-Key', origins };
const query: Definition = { scheme: 'apiKey', in: 'query', name: 'api_key', origins };
const cookie: Definition = { scheme: 'apiKey', in: 'cookie', name: 'sid', origins };
const oauth: Definition = {
  scheme: 'oauth2',
  grant: 'client_credentials',
  issuer: 'https://idp.example.com',
  client_id: 'c',
  origins,
};

describe('bearer', () => {
  it('sends the token', () => check(bearer, 'abc.def', 'Authorization: Bearer abc.def'));
  it('refuses a line break', () => refuse(bearer, 'abc\r\nX-Evil: 1', 'CS-STORE-VALUE'));
  it('refuses a space', () => refuse(bearer, 'abc def', 'CS-STORE-VALUE'));
  it('refuses letters beyond ASCII', () => refuse(bearer, 'abcé', 'CS-STORE-VALUE'));
  it('refuses an empty token', () => refuse(bearer, '', 'CS-STORE-VALUE'));
});

describe('basic', () => {
  const base64 = (text: string): string => Buffer.from(text, 'utf8').toString('base64');
  it('sends the pair', () => check(basic, 'open sesame', `Authorization: Basic ${base64('svc:open sesame')}`));
  it('sends Latin-1 where the definition says so', () =>
    check(
      { ...basic, username: 'é', charset: 'ISO-8859-1' },
      'ü',
      `Authorization: Basic ${Buffer.from('é:ü', 'latin1').toString('base64')}`,
    ));
  it('refuses what Latin-1 does not have', () =>
    refuse({ ...basic, charset: 'ISO-8859-1' }, 'geheim\u20ac-word', 'CS-STORE-VALUE'));
  it('keeps a colon in the password', () => check(basic, 'a:b', `Authorization: Basic ${base64('svc:a:b')}`));
  it('sends UTF-8 (RFC 7617 §2.1)', () =>
    check({ ...basic, username: 'test' }, '123£', 'Authorization: Basic dGVzdDoxMjPCow=='));
  it('refuses a colon in the user name', () => refuse({ ...basic, username: 'a:b' }, 'password1', 'CS-DEF-FIELD'));
  it('refuses a control character', () => refuse(basic, 'abc\ndef', 'CS-STORE-VALUE'));
});

describe('apiKey', () => {
  it('sends a header', () => check(header, 'key1', 'X-API-Key: key1'));
  it('sends a query parameter', () => check(query, 'k&y 1', '?api_key=k&y 1'));
  it('sends a cookie', () => check(cookie, 'key1', 'cookie sid=key1'));
  it('refuses a header value with a line break', () => refuse(header, 'k\nX: y', 'CS-STORE-VALUE'));
  it('refuses a cookie value with a semicolon', () => refuse(cookie, 'a; b=c', 'CS-STORE-VALUE'));
  it('refuses an empty query key', () => refuse(query, '', 'CS-STORE-VALUE'));
  it('refuses a header name with a line break', () =>
    refuse({ ...header, name: 'X\r\nY' }, 'key-value', 'CS-DEF-FIELD'));
  it('refuses Host', () => refuse({ ...header, name: 'host' }, 'key-value', 'CS-DEF-FIELD'));
});

describe('oauth2', () => {
  it('sends a Bearer token', () => check(oauth, 'at1', 'Authorization: Bearer at1'));
  it('takes the type in any case', () => check(oauth, 'at1', 'Authorization: Bearer at1', { tokenType: 'BEARER' }));
  it('sends a DPoP token with its proofs', async () => {
    const dpopKey = new Secret('{}', 'orders DPoP key');
    await check(oauth, 'at1', 'Authorization: DPoP at1', { tokenType: 'DPoP', dpopKey });
    expect((await prepare(oauth, 'at1', { tokenType: 'DPoP', dpopKey }))?.proof?.names).toEqual(['DPoP']);
  });
  it('refuses a DPoP token without its key', () => refuse(oauth, 'at1-token', 'CS-AUTH-TOKEN', { tokenType: 'DPoP' }));
  it('takes its certificate along for mTLS', async () => {
    const attachment = await prepare({ ...oauth, token_endpoint_auth_method: 'tls_client_auth' }, 'PEM');
    expect(attachment?.clientCertificate?.cert).toBe('PEM');
  });
  it('puts a token into the query where a quirk says so', async () => {
    const attachment = await prepare({ ...oauth, quirks: ['token_in_query'] }, 'at1');
    expect(attachment?.headers).toEqual([]);
    expect(attachment?.query.map(({ name, value }) => `${name}=${value.reveal()}`)).toEqual(['access_token=at1']);
  });
  it('refuses another type', () => refuse(oauth, 'at1-token', 'CS-AUTH-TOKEN', { tokenType: 'mac' }));
  it('refuses a token with a line break', () => refuse(oauth, 'a\r\nX: y', 'CS-AUTH-TOKEN'));
  it('passes the identity on', async () => {
    const identity = { label: 'Ada', verified: true };
    expect((await prepare(oauth, 'at1', { identity }))?.identity).toBe(identity);
  });

  function checkSlots(changes: Partial<Record<string, unknown>>, expected: readonly string[]): void {
    const slots = schemeOf(oauth)?.slots({ ...oauth, ...changes }) ?? [];
    expect(slots.map(({ id, required }) => `${id === '' ? 'main' : id}${required ? '!' : ''}`)).toEqual(expected);
  }
  it('needs a client secret as a service', () => checkSlots({}, ['main!']));
  it('may have one as a person', () => checkSlots({ grant: 'authorization_code' }, ['main']));
  it('has none without client authentication', () => checkSlots({ token_endpoint_auth_method: 'none' }, []));
  it('needs one for client_secret_post', () =>
    checkSlots({ grant: 'authorization_code', token_endpoint_auth_method: 'client_secret_post' }, ['main!']));
  it('needs a key for private_key_jwt', () =>
    checkSlots({ token_endpoint_auth_method: 'private_key_jwt' }, ['private_key!', 'passphrase']));
  it('needs a key for a JWT grant', () =>
    checkSlots({ grant: 'jwt_bearer', token_endpoint_auth_method: 'none' }, ['private_key!', 'passphrase']));
  it('needs a password for the password grant', () => checkSlots({ grant: 'password' }, ['main', 'password']));
});
