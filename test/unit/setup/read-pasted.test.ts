/** What a pasted text is taken for, in all its forms, and that nothing secret stands in the words about it. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { newDefinition } from '../../../src/credentials/new-definition.ts';
import { longestPasted, type Reading } from '../../../src/setup/pasted.ts';
import { readPasted } from '../../../src/setup/read-pasted.ts';
import { recognisers } from '../../../src/setup/recognisers/registry.ts';
import { mendLineJoins } from '../../../src/setup/recognisers/curl-command.ts';

const now = Date.parse('2026-11-24T12:00:00Z');
const read = (text: string): Reading | undefined => readPasted(text, { now });

interface Short {
  readonly kind: string;
  readonly scheme?: string | undefined;
  readonly issuer?: string;
  readonly api?: string;
  readonly origins?: readonly string[];
  readonly fields?: unknown;
  readonly secrets?: Readonly<Record<string, string>>;
}

/** The reading without words, secrets revealed: for comparing. */
function shortOf(text: string): readonly Short[] {
  return (read(text)?.found ?? []).map(({ kind, draft }) => {
    const { scheme, issuer, api, origins, fields, secrets } = draft;
    return {
      kind,
      ...(scheme === undefined ? {} : { scheme }),
      ...(issuer === undefined ? {} : { issuer }),
      ...(api === undefined ? {} : { api }),
      ...(origins.length === 0 ? {} : { origins }),
      ...(Object.keys(fields).length === 0 ? {} : { fields }),
      ...(secrets.size === 0
        ? {}
        : { secrets: Object.fromEntries([...secrets].map(([slot, value]) => [slot, value.reveal()])) }),
    };
  });
}

function check(text: string, ...expected: readonly Short[]): void {
  expect(shortOf(text)).toEqual(expected);
}

/** Everything that may be shown, as one text. */
function wordsOf(text: string): string {
  const reading = read(text);
  return JSON.stringify([reading?.problem, reading?.found.map(({ title, about, reasons }) => [title, about, reasons])]);
}

function jwt(
  claims: Readonly<Record<string, unknown>>,
  head: Readonly<Record<string, unknown>> = { alg: 'RS256' },
): string {
  const part = (value: unknown): string => Buffer.from(JSON.stringify(value)).toString('base64url');
  return `${part(head)}.${part(claims)}.c2lnbmF0dXJl`;
}

const issuer = (url: string): Short => ({ kind: 'issuer', scheme: 'oauth2', issuer: url });
const api = (url: string, origin = new URL(url).origin): Short => ({ kind: 'api', api: url, origins: [origin] });

describe('an address', () => {
  it('of metadata is the issuer, in each of its spellings', () => {
    check('https://idp.example.com/.well-known/openid-configuration', issuer('https://idp.example.com'));
    check('idp.example.com/t/.well-known/openid-configuration', issuer('https://idp.example.com/t'));
    check('https://idp.example.com/.well-known/oauth-authorization-server/t', issuer('https://idp.example.com/t'));
  });

  for (const [endpoint, wanted] of [
    ['https://idp.example.com/token', 'https://idp.example.com'],
    ['https://kc.example.com/realms/shop/protocol/openid-connect/token', 'https://kc.example.com/realms/shop'],
    ['https://dev.example.com/oauth2/default/v1/token', 'https://dev.example.com/oauth2/default'],
    ['https://dev.example.com/oauth2/v1/authorize', 'https://dev.example.com'],
    ['https://tenant.example.com/oauth/token', 'https://tenant.example.com'],
    ['https://login.microsoftonline.com/ten/oauth2/v2.0/token', 'https://login.microsoftonline.com/ten/v2.0'],
    ['https://fs.example.com/adfs/oauth2/token/', 'https://fs.example.com/adfs'],
  ] as const) {
    it(`of an endpoint gives the issuer before it: ${endpoint}`, () => {
      const [first] = read(endpoint)?.found ?? [];
      expect(first?.draft.issuer).toBe(wanted);
      if (endpoint.includes('token')) expect(first?.draft.hints?.['token_endpoint']).toBe(endpoint);
    });
  }

  it('that could be both is offered as both, the likelier first', () => {
    check('https://login.example.com', issuer('https://login.example.com'), api('https://login.example.com/'));
    check(
      'https://api.example.com/orders',
      api('https://api.example.com/orders'),
      issuer('https://api.example.com/orders'),
    );
  });

  it('of protected resource metadata is the API', () => {
    check('https://api.example.com/.well-known/oauth-protected-resource/v1', api('https://api.example.com/v1'));
  });

  it('without a scheme is https', () => {
    check('api.example.com/v1', api('https://api.example.com/v1'), issuer('https://api.example.com/v1'));
    check('127.0.0.2:8443/orders', api('https://127.0.0.2:8443/orders'), issuer('https://127.0.0.2:8443/orders'));
  });

  it('over plain http is an API alone, and the risk is said', () => {
    check('http://api.example.com/x', api('http://api.example.com/x'));
    expect(wordsOf('http://api.example.com/x')).toContain('plain http');
    expect(wordsOf('http://127.0.0.1:8080/x')).not.toContain('plain http');
  });

  it('loses parameters that may be secrets, and says which', () => {
    const text = 'https://api.example.com/maps?zoom=3&api_key=k9f8s7d6f5s4d3&x=1#top';
    expect(read(text)?.found[0]?.draft.api).toBe('https://api.example.com/maps?zoom=3&x=1');
    expect(wordsOf(text)).toContain('api_key');
    expect(wordsOf(text)).not.toContain('k9f8s7d6f5s4d3');
  });

  for (const [text, why] of [
    ['https://user:pw@api.example.com', /user name or password/],
    ['https://[::1', /cannot be read/],
    ['https://api.example.com:99999/', /cannot be read/],
    ['ftp://api.example.com', /begins with https/],
    ['javascript://alert', /begins with https/],
  ] as const) {
    it(`${text} is refused with the reason`, () => {
      expect(read(text)).toMatchObject({ found: [], problem: expect.stringMatching(why) as string });
    });
  }

  it('with look-alike letters is shown in punycode', () => {
    expect(wordsOf('https://\u0430pi.example.com')).toContain('xn--');
  });
});

describe('a curl command', () => {
  it('gives up its bearer token, and what stays is a request', () => {
    const text = `curl -X GET 'https://api.example.com/orders?page=2' -H 'Authorization: Bearer s3cr3t-T0ken-9871x' -H 'Accept: application/json'`;
    check(text, {
      kind: 'curl',
      scheme: 'bearer',
      api: 'https://api.example.com/orders?page=2',
      origins: ['https://api.example.com'],
      secrets: { '': 's3cr3t-T0ken-9871x' },
    });
    expect(read(text)?.found[0]?.draft.request).toEqual({
      method: 'GET',
      url: 'https://api.example.com/orders?page=2',
      headers: [['Accept', 'application/json']],
    });
  });

  for (const [what, text, wanted] of [
    [
      '-u',
      `curl -u 'svc:p:w' https://api.example.com/`,
      { scheme: 'basic', fields: { username: 'svc' }, secrets: { '': 'p:w' } },
    ],
    [
      '-u without a password',
      `curl -u svc: https://api.example.com/`,
      { scheme: 'basic', fields: { username: 'svc' } },
    ],
    [
      'a password in the address',
      `curl https://svc:p%40w@api.example.com/`,
      { scheme: 'basic', fields: { username: 'svc' }, secrets: { '': 'p@w' } },
    ],
    [
      '--oauth2-bearer',
      `curl --oauth2-bearer abc-123-def-456 https://api.example.com/`,
      { scheme: 'bearer', secrets: { '': 'abc-123-def-456' } },
    ],
    [
      'a key in a header',
      `curl -H "X-API-Key: k-1" https://api.example.com/`,
      { scheme: 'apiKey', fields: { in: 'header', name: 'X-API-Key' }, secrets: { '': 'k-1' } },
    ],
    [
      'a vendor’s key',
      `curl -H "Ocp-Apim-Subscription-Key: 1f" https://api.example.com/`,
      { scheme: 'apiKey', fields: { in: 'header', name: 'Ocp-Apim-Subscription-Key' }, secrets: { '': '1f' } },
    ],
    [
      'a key in the query',
      `curl 'https://api.example.com/?api_key=abc'`,
      { scheme: 'apiKey', fields: { in: 'query', name: 'api_key' }, secrets: { '': 'abc' } },
    ],
    [
      'one cookie',
      `curl -b 'session=abc' https://api.example.com/`,
      { scheme: 'apiKey', fields: { in: 'cookie', name: 'session' }, secrets: { '': 'abc' } },
    ],
    [
      'a bare key in Authorization',
      `curl -H 'Authorization: 0a1b2c' https://api.example.com/`,
      { scheme: 'apiKey', fields: { in: 'header', name: 'Authorization' }, secrets: { '': '0a1b2c' } },
    ],
    [
      'a variable for a secret',
      `curl -H 'Authorization: Bearer {{token}}' https://api.example.com/`,
      { scheme: 'bearer' },
    ],
    [
      'a shell variable for a secret',
      `curl -H "Authorization: Bearer $TOKEN" https://api.example.com/`,
      { scheme: 'bearer' },
    ],
    [
      '--digest',
      `curl --digest -u svc:pw https://api.example.com/`,
      { scheme: 'digest', fields: { username: 'svc' }, secrets: { '': 'pw' } },
    ],
    [
      'a literal AWS key',
      `curl -H 'Authorization: AWS AKID skey token:tok region:eu-central-1' https://api.example.com/`,
      {
        scheme: 'aws-sigv4',
        fields: { access_key_id: 'AKID', region: 'eu-central-1' },
        secrets: { '': 'skey', session_token: 'tok' },
      },
    ],
    [
      '--aws-sigv4',
      `curl --aws-sigv4 aws:amz:eu-central-1:execute-api -u AKID:skey https://api.example.com/`,
      {
        scheme: 'aws-sigv4',
        fields: { access_key_id: 'AKID', region: 'eu-central-1', service: 'execute-api' },
        secrets: { '': 'skey' },
      },
    ],
    [
      '--ntlm',
      `curl --ntlm -u svc:pw https://api.example.com/`,
      { scheme: 'ntlm', fields: { username: 'svc' }, secrets: { '': 'pw' } },
    ],
    ['--negotiate', `curl --negotiate -u svc:pw https://api.example.com/`, {}],
    ['a scheme that cannot be kept', `curl -H 'Authorization: Negotiate YII=' https://api.example.com/`, {}],
    ['no credential', `curl https://api.example.com/`, {}],
  ] as const) {
    it(`with ${what}`, () => {
      check(text, { kind: 'curl', api: 'https://api.example.com/', origins: ['https://api.example.com'], ...wanted });
    });
  }

  it('with a browser’s cookies leaves them out and says so', () => {
    const text = `curl 'https://api.example.com/' -H 'Cookie: a=1; sid=hidden-cookie-1' -H 'X-Auth-Token: hidden-token-2'`;
    const [found] = read(text)?.found ?? [];
    expect(found?.draft.scheme).toBe('apiKey');
    expect(found?.draft.request?.headers).toEqual([]);
    expect(found?.reasons.join(' ')).toContain('Cookie may be a secret');
  });

  it('with two secrets keeps one and leaves the other out', () => {
    const text = `curl 'https://api.example.com/?token=hidden-q' -H 'Authorization: Bearer hidden-b-1' -H 'X-API-Key: hidden-k'`;
    const [found] = read(text)?.found ?? [];
    expect(found?.draft.scheme).toBe('bearer');
    expect(JSON.stringify(found)).not.toMatch(/hidden-/);
  });

  it('keeps a body only when it holds no secret', () => {
    const send = (body: string): unknown =>
      read(`curl https://api.example.com/ -d '${body}'`)?.found[0]?.draft.request?.body;
    expect(send('{"a":1}')).toBe('{"a":1}');
    expect(send('{"password":"hidden"}')).toBeUndefined();
    expect(send('{"a":[{"client_secret":"hidden"}]}')).toBeUndefined();
    expect(send('name=x&client_secret=hidden')).toBeUndefined();
    expect(send(`<t>ghp_${'a1B2c3'.repeat(6)}</t>`)).toBeUndefined();
    expect(read('curl https://api.example.com/ -d @data.json')?.found[0]?.reasons.join(' ')).toContain(
      'stands in a file',
    );
  });

  it('in several lines, with a prompt, and for Windows', () => {
    const wanted = {
      kind: 'curl',
      scheme: 'bearer',
      api: 'https://api.example.com/',
      origins: ['https://api.example.com'],
      secrets: { '': 'abcdef-123456' },
    };
    check(`$ curl https://api.example.com/ \\\n  -H 'Authorization: Bearer abcdef-123456'`, wanted);
    check(`curl.exe https://api.example.com/ ^\r\n  -H "Authorization: Bearer abcdef-123456"`, wanted);
    // What a field of one line makes of it: the line end is gone.
    check(`curl https://api.example.com/ \\  -H 'Authorization: Bearer abcdef-123456'`, wanted);
    check(`curl https://api.example.com/ \\-H 'Authorization: Bearer abcdef-123456'`, wanted);
  });

  it('keeps a backslash that stands inside quotes', () => {
    expect(mendLineJoins(`curl 'a \\ -b' "c \\" -d"`)).toBe(`curl 'a \\ -b' "c \\" -d"`);
  });

  it('that asks for a token is the client it speaks for', () => {
    check(
      `curl -u 'job:s3cret' https://idp.example.com/token -d grant_type=client_credentials -d 'scope=a b' -d foo=1`,
      {
        kind: 'curl',
        scheme: 'oauth2',
        fields: {
          grant: 'client_credentials',
          token_endpoint: 'https://idp.example.com/token',
          client_id: 'job',
          scope: 'a b',
          token_endpoint_auth_method: 'client_secret_basic',
        },
        secrets: { '': 's3cret' },
      },
    );
    check(
      `curl https://idp.example.com/token -d 'grant_type=refresh_token&client_id=app&client_secret=cs&refresh_token=rt'`,
      {
        kind: 'curl',
        scheme: 'oauth2',
        fields: {
          grant: 'refresh_token',
          token_endpoint: 'https://idp.example.com/token',
          client_id: 'app',
          token_endpoint_auth_method: 'client_secret_post',
        },
        secrets: { '': 'cs', refresh_token: 'rt' },
      },
    );
    expect(
      wordsOf(`curl https://idp.example.com/token -d grant_type=password -d username=u -d password=hidden`),
    ).toContain('RFC 9700');
    expect(read('curl https://idp.example.com/token -d grant_type=urn:x')?.problem).toContain('not known');
    expect(read('curl http://idp.example.com/token -d grant_type=client_credentials')?.problem).toContain('https');
  });

  for (const [text, why] of [
    ['curl', /no address/],
    ['curl -s', /no address/],
    ['curl {{host}}/x', /variables/],
    ['curl file:///etc/passwd', /http/],
    ['curl https://user:hidden@[::', /cannot be read/],
  ] as const) {
    it(`“${text}” is refused with the reason`, () => {
      expect(read(text)).toMatchObject({ found: [], problem: expect.stringMatching(why) as string });
      expect(wordsOf(text)).not.toContain('hidden');
    });
  }
});

describe('a definition of another tool', () => {
  const entry = {
    Type: 'OAuth2',
    'Grant Type': 'Authorization Code',
    'Auth URL': 'https://idp.example.com/auth',
    'Token URL': 'https://idp.example.com/token',
    'Client ID': 'app',
    'Client Secret': 'hidden-jb',
    'Client Credentials': 'basic',
    Scope: 'openid',
    'Redirect URL': 'http://127.0.0.1:7000/back',
  };
  const jetBrains = {
    kind: 'jetbrains',
    scheme: 'oauth2',
    fields: {
      grant: 'authorization_code',
      authorization_endpoint: 'https://idp.example.com/auth',
      token_endpoint: 'https://idp.example.com/token',
      client_id: 'app',
      scope: 'openid',
      token_endpoint_auth_method: 'client_secret_basic',
      redirect: 'loopback',
      redirect_port: 7000,
      redirect_path: '/back',
    },
    secrets: { '': 'hidden-jb' },
  };

  it('JetBrains: a file, an environment, an entry, a member without braces', () => {
    for (const value of [
      { dev: { Security: { Auth: { shop: entry } } } },
      { Security: { Auth: { shop: entry } } },
      { shop: entry },
      entry,
    ]) {
      check(JSON.stringify(value), jetBrains);
      expect(wordsOf(JSON.stringify(value))).not.toContain('hidden-jb');
    }
    check(`"shop": ${JSON.stringify(entry)},`, jetBrains);
    expect(read(JSON.stringify({ 'my shop': entry }))?.found[0]?.draft.name).toBe('my-shop');
  });

  it('JetBrains: variables of the same environment are filled in, other ones stay', () => {
    const text = JSON.stringify({
      dev: {
        clientId: 'from-env',
        secret: 'hidden-2',
        Security: {
          Auth: { shop: { ...entry, 'Client ID': '{{clientId}}', 'Client Secret': '{{secret}}', Scope: '{{other}}' } },
        },
      },
    });
    const [found] = read(text)?.found ?? [];
    expect(found?.draft.fields).toMatchObject({ client_id: 'from-env', scope: '{{other}}' });
    expect(found?.draft.secrets.get('')?.reveal()).toBe('hidden-2');
  });

  it('JetBrains: what cannot be used is said', () => {
    expect(read(JSON.stringify({ ...entry, 'Grant Type': 'Magic' }))?.problem).toContain('Grant Type');
    expect(read(JSON.stringify({ ...entry, 'Token URL': 'http://idp.example.com/token' }))?.problem).toContain('https');
  });

  it('JetBrains: several entries are several choices', () => {
    const text = JSON.stringify({ dev: { Security: { Auth: { a: entry, b: { ...entry, 'Client ID': 'two' } } } } });
    expect(read(text)?.found.map(({ draft }) => draft.name)).toEqual(['a', 'b']);
  });

  const yac = {
    kind: 'httpyac',
    scheme: 'oauth2',
    fields: {
      grant: 'client_credentials',
      token_endpoint: 'https://idp.example.com/token',
      client_id: 'job',
      scope: 'a b',
      token_endpoint_auth_method: 'client_secret_basic',
    },
    secrets: { '': 'hidden-hy' },
  };

  it('httpYac: JSON flat and nested, dotenv, file variables, in any case', () => {
    const flat = {
      oauth2_tokenEndpoint: 'https://idp.example.com/token',
      oauth2_clientId: 'job',
      OAUTH2_CLIENTSECRET: 'hidden-hy',
      oauth2_scope: 'a b',
    };
    check(JSON.stringify(flat).replace('OAUTH2_', 'oauth2_'), yac);
    check(JSON.stringify({ dev: flat }).replace('OAUTH2_', 'oauth2_'), yac);
    check(
      JSON.stringify({
        oauth2: {
          tokenEndpoint: 'https://idp.example.com/token',
          clientId: 'job',
          clientSecret: 'hidden-hy',
          scope: 'a b',
        },
      }),
      yac,
    );
    check(
      `# comment\noauth2_tokenEndpoint=https://idp.example.com/token\noauth2_clientId="job"\noauth2_clientsecret=hidden-hy\noauth2_scope=a b`,
      yac,
    );
    check(
      `@oauth2_tokenEndpoint = https://idp.example.com/token\n@oauth2_clientId = job\n@oauth2_clientSecret = hidden-hy\n@oauth2_scope = a b`,
      yac,
    );
    // What a field of one line makes of lines.
    check(
      `oauth2_tokenEndpoint=https://idp.example.com/token oauth2_clientId=job oauth2_clientSecret=hidden-hy oauth2_scope=a b`,
      yac,
    );
    expect(wordsOf(JSON.stringify(flat))).not.toContain('hidden-hy');
  });

  for (const [what, values, wanted] of [
    [
      'a device',
      { deviceCodeEndpoint: 'https://idp.example.com/device' },
      'urn:ietf:params:oauth:grant-type:device_code',
    ],
    ['a person', { authorizationEndpoint: 'https://idp.example.com/auth' }, 'authorization_code'],
    ['a password', { username: 'u', password: 'p' }, 'password'],
    ['a service', {}, 'client_credentials'],
  ] as const) {
    it(`httpYac: ${what} by its endpoints`, () => {
      const all = { tokenEndpoint: 'https://idp.example.com/token', clientId: 'c', ...values };
      const text = JSON.stringify(
        Object.fromEntries(Object.entries(all).map(([key, value]) => [`oauth2_${key}`, value])),
      );
      expect(read(text)?.found[0]?.draft.fields['grant']).toBe(wanted);
    });
  }

  it('httpYac: a prefix of its own is a credential of its own, with the common ones under it', () => {
    const text = JSON.stringify({
      oauth2_tokenEndpoint: 'https://idp.example.com/token',
      oauth2_clientId: 'a',
      shop_clientId: 'b',
    });
    expect(read(text)?.found.map(({ draft }) => [draft.name, draft.fields['client_id']])).toEqual([
      [undefined, 'a'],
      ['shop', 'b'],
    ]);
  });

  it('JSON of something else is said to be that', () => {
    expect(read('{"a":1}')?.problem).toContain('Security.Auth');
    expect(read('{"a":')?.problem).toContain('ends too early');
    expect(read('[1,2]')?.problem).toContain('ends too early');
  });
});

describe('a token', () => {
  it('that is a JWT says when it ends and where it comes from', () => {
    const text = jwt({ exp: now / 1000 + 2520, iss: 'https://idp.example.com', client_id: 'app', scope: 'a' });
    check(
      text,
      { kind: 'token', scheme: 'bearer', secrets: { '': text } },
      { kind: 'token', scheme: 'oauth2', issuer: 'https://idp.example.com', fields: { client_id: 'app', scope: 'a' } },
    );
    expect(read(`Bearer ${text}`)?.found[0]?.reasons.join(' ')).toBe(
      'It ends in 42 min. It comes from https://idp.example.com.',
    );
    expect(wordsOf(text)).not.toContain(text.slice(0, 20));
  });

  it('that has ended comes after the sign-in where it comes from', () => {
    const found = read(jwt({ exp: now / 1000 - 7200, iss: 'https://idp.example.com' }))?.found ?? [];
    expect(found.map(({ draft }) => draft.scheme)).toEqual(['oauth2', 'bearer']);
    expect(found[1]?.reasons[0]).toBe('It ended 2 h ago.');
  });

  it('that is an ID token is said to be one', () => {
    expect(wordsOf(jwt({ nonce: 'n' }))).toContain('ID token');
  });

  for (const iss of ['http://idp.example.com', 'javascript:alert(1)', 'https://u:p@x', 'x'.repeat(5000), 7, null]) {
    it(`names no issuer that cannot be asked: ${String(iss).slice(0, 30)}`, () => {
      expect(read(jwt({ iss }))?.found.map(({ draft }) => draft.scheme)).toEqual(['bearer']);
    });
  }

  it('that is opaque may be a token or a key', () => {
    const text = 'ghp_a1B2c3D4e5F6g7H8i9J0k1L2m3N4o5P6q7R8';
    check(
      text,
      { kind: 'token', scheme: 'bearer', secrets: { '': text } },
      { kind: 'token', scheme: 'apiKey', secrets: { '': text } },
    );
  });

  it('in its header', () => {
    check('X-API-Key: k9f8s7d6', {
      kind: 'header',
      scheme: 'apiKey',
      fields: { in: 'header', name: 'X-API-Key' },
      secrets: { '': 'k9f8s7d6' },
    });
    check('Authorization: Basic dTpw', {
      kind: 'header',
      scheme: 'basic',
      fields: { username: 'u' },
      secrets: { '': 'p' },
    });
  });

  it('of a client is for later', () => {
    expect(read('-----BEGIN PRIVATE KEY-----\nMII\n-----END PRIVATE KEY-----')?.problem).toContain('A service');
    expect(read('{"kty":"EC","d":"x"}')?.problem).toContain('A service');
  });
});

describe('words of a search', () => {
  for (const text of [
    '',
    '   ',
    'API key',
    'issuer',
    'a person',
    'service',
    'bearer',
    'bearer token',
    'user name',
    'localhost',
    'e.g. this',
  ]) {
    it(`“${text}” are no more than that`, () => expect(read(text)).toBeUndefined());
  }
});

describe('whatever is pasted', () => {
  const hostile = [
    '{'.repeat(30_000),
    '['.repeat(30_000),
    `{"a":${'{"a":'.repeat(5000)}1${'}'.repeat(5001)}`,
    `curl ${"'".repeat(30_001)}`,
    `curl https://api.example.com/ ${'-H "a: b" '.repeat(6_000)}`,
    `curl https://api.example.com/ ${'\\ '.repeat(30_000)}`,
    `curl https://api.example.com/?${'a=b&'.repeat(15_000)}`,
    `Authorization: ${'a'.repeat(60_000)}`,
    `${'a.'.repeat(4_000)}com`,
    `${'a-'.repeat(4000)}key: x`,
    `https://api.example.com/${'/token'.repeat(1300)}!`,
    `https://api.example.com${'/v1'.repeat(2600)}/tokenx`,
    `eyJ${'a'.repeat(30_000)}.${'b'.repeat(30_000)}.`,
    `${'oauth2_x=1\n'.repeat(6_000)}oauth2_tokenEndpoint=https://x.example.com`,
    `{"__proto__":{"Type":"OAuth2","Grant Type":"Password"},"constructor":{"prototype":1}}`,
    `{"__proto___tokenEndpoint":"https://idp.example.com/token"}`,
    'https://api.example.com/\u202e\u0000\ufeff',
    '\ud800',
  ];
  for (const [index, text] of hostile.entries()) {
    it(`ends soon and breaks nothing (${index})`, () => {
      const started = performance.now();
      expect(() => read(text)).not.toThrow();
      expect(performance.now() - started).toBeLessThan(600);
      expect(wordsOf(text)).not.toMatch(/[\u202a-\u202e\u2066-\u2069]/);
    });
  }

  it('is refused when it is too long', () => {
    expect(read('x'.repeat(longestPasted + 1))?.problem).toContain('64 kB');
  });

  it('has no secret in its words, and a draft that the definition takes', () => {
    const value = fc
      .string({ minLength: 12, maxLength: 40, unit: fc.constantFrom(...'abcXYZ0189') })
      .map((text) => `zq9${text}`);
    const shapes = fc.tuple(value, fc.integer({ min: 0, max: 7 })).map(([secret, shape]) => {
      const texts = [
        `curl https://api.example.com/ -H 'Authorization: Bearer ${secret}'`,
        `curl https://api.example.com/ -u 'user:${secret}'`,
        `curl 'https://api.example.com/?access_token=${secret}'`,
        `curl https://user:${secret}@api.example.com/`,
        JSON.stringify({
          Type: 'OAuth2',
          'Grant Type': 'Client Credentials',
          'Token URL': 'https://i.example.com/t',
          'Client ID': 'c',
          'Client Secret': secret,
        }),
        `oauth2_tokenEndpoint=https://i.example.com/t\noauth2_clientId=c\noauth2_clientSecret=${secret}`,
        `X-API-Key: ${secret}`,
        `curl https://i.example.com/token -d grant_type=client_credentials -d client_id=c -d client_secret=${secret}`,
      ];
      return { secret, text: texts[shape] as string };
    });
    fc.assert(
      fc.property(shapes, ({ secret, text }) => {
        const found = read(text)?.found ?? [];
        expect(found.length).toBeGreaterThan(0);
        expect(JSON.stringify(found)).not.toContain(secret);
        for (const { draft } of found) {
          if (draft.scheme === undefined || draft.issuer !== undefined || draft.scheme === 'basic') continue;
          const made = newDefinition(draft.scheme, {
            in: 'header',
            name: 'X',
            ...draft.fields,
            origins: ['https://a.example.com'],
          });
          expect(made).toMatchObject({ ok: true });
        }
      }),
      { numRuns: 400 },
    );
  });

  it('never throws, for 5,000 random texts and mutated ones', () => {
    const seeds = [
      'curl https://a.example.com -H "A: b"',
      '{"Type":"OAuth2"}',
      'https://a.example.com/token',
      'oauth2_tokenEndpoint=x',
    ];
    const mutated = fc
      .tuple(fc.constantFrom(...seeds), fc.string({ unit: 'binary', maxLength: 12 }), fc.nat(40))
      .map(([seed, noise, at]) => seed.slice(0, at) + noise + seed.slice(at));
    fc.assert(
      fc.property(fc.oneof(fc.string({ unit: 'binary', maxLength: 200 }), mutated), (text) => {
        read(text);
      }),
      { numRuns: 5000 },
    );
  });
});

describe('the registry', () => {
  it('has ids of their own', () => {
    expect(new Set(recognisers.map(({ id }) => id)).size).toBe(recognisers.length);
  });
});
