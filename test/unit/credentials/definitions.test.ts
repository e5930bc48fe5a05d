import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { parseDefinitions } from '../../../src/credentials/definitions.ts';
import { resolveDefinition } from '../../../src/credentials/resolve-definition.ts';
import { schemes } from '../../../src/credentials/schemes/registry.ts';
import type { NamedDefinition } from '../../../src/credentials/types.ts';

const origins = ['https://api.example.com'];
const oauth = {
  scheme: 'oauth2',
  grant: 'authorization_code',
  issuer: 'https://idp.example.com',
  client_id: 'cli',
  origins,
};

function parse(text: string) {
  return parseDefinitions(text, { file: '/w/countersign.json', owner: 'workspace' });
}
function one(definition: unknown, name = 'orders') {
  const text = JSON.stringify({ credentials: { [name]: definition } });
  const { definitions, problems } = parse(text);
  return {
    text,
    problems,
    named: definitions[0],
    definition: definitions[0]?.definition as Record<string, unknown> | undefined,
  };
}
/** The codes of the problems, each with the text it points at. */
function check(definition: unknown, ...expected: readonly string[]): void {
  const { text, problems } = one(definition);
  expect(problems.map(({ code, span }) => `${code} ${text.slice(span.start, span.end)}`)).toEqual(expected);
}

describe('parseDefinitions', () => {
  it('reads the example of each scheme without a problem', () => {
    const text = `{ // comment
      "credentials": {
        "orders": { "scheme": "oauth2", "grant": "authorization_code", "issuer": "https://idp.example.com", "client_id": "cli", "scope": "openid", "origins": ["https://api.example.com"] },
        "batch": { "scheme": "oauth2", "grant": "client_credentials", "issuer": "https://idp.example.com", "client_id": "b", "token_endpoint_auth_method": "client_secret_basic", "origins": ["https://api.example.com"] },
        "maps": { "scheme": "apiKey", "in": "header", "name": "X-API-Key", "origins": ["https://maps.example.com"] },
        "old": { "scheme": "basic", "username": "svc", "origins": ["https://old.example.com"] },
        "ci": { "scheme": "bearer", "origins": ["https://ci.example.com"], "default": true, },
      } }`;
    const { definitions, problems } = parse(text);
    expect(problems).toEqual([]);
    expect(definitions.map(({ name }) => name)).toEqual(['orders', 'batch', 'maps', 'old', 'ci']);
    expect(definitions[2]?.definition).toEqual({
      scheme: 'apiKey',
      in: 'header',
      name: 'X-API-Key',
      origins: ['https://maps.example.com'],
    });
  });
  it('expands short grants', () =>
    expect(one({ ...oauth, grant: 'device_code' }).definition?.['grant']).toBe(
      'urn:ietf:params:oauth:grant-type:device_code',
    ));
  it('normalises origins', () =>
    expect(one({ scheme: 'bearer', origins: ['https://A.example:443/'] }).definition?.['origins']).toEqual([
      'https://a.example',
    ]));
  it('takes one origin as text', () =>
    expect(one({ scheme: 'bearer', origins: 'https://a.example' }).definition?.['origins']).toEqual([
      'https://a.example',
    ]));
  it('keeps variables', () => check({ ...oauth, issuer: '{{idp}}', origins: ['{{api}}'] }));

  it('loads an unknown scheme with a problem', () => {
    const { named, problems } = one({ scheme: 'hoba', region: 'eu-west-1', origins });
    expect(named?.definition).toEqual({ scheme: 'hoba', region: 'eu-west-1', origins });
    expect(problems.map(({ code }) => code)).toEqual(['CS-DEF-SCHEME']);
  });
  it('keeps no secret of an unknown scheme, however deep', () => {
    const { named, problems } = one({ scheme: 'x', origins, a: { b: [{ password: 'p' }] } });
    expect(JSON.stringify(named)).not.toContain('"p"');
    expect(problems.map(({ code }) => code)).toEqual(['CS-DEF-SCHEME', 'CS-DEF-SECRET']);
  });

  for (const key of [
    'client_secret',
    'password',
    'token',
    'api_key',
    'apiKey',
    'private_key',
    'value',
    'access_token',
    'passphrase',
    'secret',
  ]) {
    it(`reports a literal ${key} and does not read it`, () => {
      const { named } = one({ ...oauth, [key]: 'hunter2-canary' });
      check({ ...oauth, [key]: 'hunter2-canary' }, 'CS-DEF-SECRET "hunter2-canary"');
      expect(JSON.stringify(named)).not.toContain('hunter2-canary');
    });
  }
  it('says which slot a secret belongs in', () =>
    expect(one({ ...oauth, private_key: 'x' }).problems[0]?.slot).toBe('private_key'));
  it('reports a secret among parameters', () =>
    check({ ...oauth, token_parameters: { client_secret: 'x' } }, 'CS-DEF-SECRET "x"'));
  it('reports a secret that is an object', () =>
    check({ ...oauth, private_key: { d: 'abc' } }, 'CS-DEF-SECRET {"d":"abc"}'));
  it('reports a password in an address', () =>
    check({ ...oauth, issuer: 'https://u:p@idp.example.com' }, 'CS-DEF-SECRET "https://u:p@idp.example.com"'));
  it('takes a template for no secret, but does not read it', () =>
    check({ ...oauth, client_secret: '{{s}}' }, 'CS-DEF-FIELD "client_secret"'));
  it('never repeats a secret in a message', () => {
    expect(JSON.stringify(one({ ...oauth, client_secret: 'hunter2-canary' }).problems)).not.toContain('hunter2-canary');
  });

  it('refuses protected parameters', () =>
    check({ ...oauth, authorize_parameters: { redirect_uri: 'https://evil' } }, 'CS-DEF-PARAMETER "redirect_uri"'));
  it('refuses them in any case', () =>
    check({ ...oauth, authorize_parameters: { State: 'x' } }, 'CS-DEF-PARAMETER "State"'));
  it('takes other parameters', () => check({ ...oauth, authorize_parameters: { ui_locales: 'de' } }));
  it('reports a missing scheme', () => check({ origins }, 'CS-DEF-FIELD "orders"'));
  it('reports a missing field', () => check({ scheme: 'basic', origins }, 'CS-DEF-FIELD "orders"'));
  it('reports missing origins', () => check({ scheme: 'bearer' }, 'CS-DEF-FIELD "orders"'));
  it('reports a value that is not on offer', () =>
    check({ scheme: 'apiKey', in: 'body', name: 'x', origins }, 'CS-DEF-FIELD "body"'));
  it('reports a wrong type', () => check({ ...oauth, max_age: '5' }, 'CS-DEF-FIELD "5"'));
  it('reports an unknown field', () => check({ ...oauth, clientId: 'x' }, 'CS-DEF-FIELD "clientId"'));
  it('offers the close field', () =>
    expect(one({ ...oauth, clientId: 'x' }).problems[0]?.message).toContain('Close: client_id.'));
  it('reports an origin with a path', () =>
    check({ scheme: 'bearer', origins: ['https://a.example/v1'] }, 'CS-DEF-ORIGIN "https://a.example/v1"'));
  it('warns of plain http', () =>
    check({ scheme: 'bearer', origins: ['http://a.example'] }, 'CS-DEF-CLEARTEXT "http://a.example"'));
  it('takes plain http on this machine', () => check({ scheme: 'bearer', origins: ['http://127.0.0.1:8080'] }));
  it('refuses an http issuer', () =>
    check({ ...oauth, issuer: 'http://idp.example.com' }, 'CS-DEF-FIELD "http://idp.example.com"'));
  it('reports endpoints that are missing without an issuer', () =>
    check(
      { scheme: 'oauth2', grant: 'authorization_code', client_id: 'cli', origins },
      'CS-DEF-FIELD "orders"',
      'CS-DEF-FIELD "orders"',
    ));
  it('refuses a javascript endpoint', () =>
    check({ ...oauth, authorization_endpoint: 'javascript:alert(1)' }, 'CS-DEF-FIELD "javascript:alert(1)"'));
  it('refuses a header that steers the connection', () =>
    check({ scheme: 'apiKey', in: 'header', name: 'Host', origins }, 'CS-DEF-FIELD "Host"'));
  it('refuses a header name with a line break', () =>
    check({ scheme: 'apiKey', in: 'header', name: 'X\r\nY', origins }, 'CS-DEF-FIELD "X\\r\\nY"'));
  it('refuses a colon in a user name', () =>
    check({ scheme: 'basic', username: 'a:b', origins }, 'CS-DEF-FIELD "a:b"'));

  function checkText(text: string, expected: readonly string[]): void {
    expect(parse(text).problems.map(({ code }) => code)).toEqual(expected);
  }
  it('takes an empty file', () => checkText('', []));
  it('takes a byte-order mark', () => checkText('\ufeff{"credentials":{}}', []));
  it('reports what is not JSON', () =>
    checkText('{"credentials": {"a": }}', ['CS-DEF-JSON', 'CS-DEF-FIELD'].slice(0, 1)));
  it('reports a list', () => checkText('[]', ['CS-DEF-FIELD']));
  it('reports a name with a dot', () =>
    checkText('{"credentials":{"a.private_key":{"scheme":"bearer","origins":["https://a.example"]}}}', [
      'CS-DEF-NAME',
    ]));
  it('reports a name twice', () =>
    checkText(
      '{"credentials":{"a":{"scheme":"bearer","origins":["https://a.example"]},"a":{"scheme":"bearer","origins":["https://b.example"]}}}',
      ['CS-DEF-NAME'],
    ));
  it('survives deep nesting', () => checkText('['.repeat(100_000), ['CS-DEF-JSON']));
  it('loads the others beside a broken one', () => {
    const { definitions } = parse('{"credentials":{"a":5,"b":{"scheme":"bearer","origins":["https://b.example"]}}}');
    expect(definitions.map(({ name }) => name)).toEqual(['b']);
  });
  it('is safe against prototype keys', () => {
    const { definitions } = parse(
      '{"__proto__":{"credentials":{}},"credentials":{"__proto__":{"scheme":"bearer","polluted":1},"a":{"scheme":"x","__proto__":{"polluted":1},"origins":[],"n":{"__proto__":{"polluted":1}}}}}',
    );
    expect(({} as Record<string, unknown>)['polluted']).toBeUndefined();
    expect(
      (definitions.find(({ name }) => name === 'a')?.definition as Record<string, unknown>)['polluted'],
    ).toBeUndefined();
  });
  it('never throws (fuzz)', () => {
    const keys = fc.constantFrom(
      'credentials',
      'scheme',
      'origins',
      'grant',
      'token_parameters',
      '__proto__',
      'client_secret',
      'a',
    );
    const json = fc.letrec<{ any: unknown }>((tie) => ({
      any: fc.oneof(
        { maxDepth: 5 },
        fc.oneof(
          fc.string(),
          fc.integer(),
          fc.boolean(),
          fc.constant(null),
          fc.constantFrom('oauth2', 'apiKey', 'basic', 'bearer', 'https://a.example'),
        ),
        fc.array(tie('any'), { maxLength: 3 }),
        fc.dictionary(keys, tie('any'), { maxKeys: 4 }),
      ),
    })).any;
    fc.assert(
      fc.property(json, (value) => void parse(JSON.stringify({ credentials: { a: value } }))),
      { numRuns: 500 },
    );
    fc.assert(fc.property(fc.string(), (text) => void parse(text)));
  });
});

describe('the hash of a definition', () => {
  const hash = (definition: unknown): string => one(definition).named?.hash ?? '';
  it('is SHA-256 in hex', () => expect(hash(oauth)).toMatch(/^[\da-f]{64}$/));
  it('ignores the order of keys', () =>
    expect(hash(Object.fromEntries(Object.entries(oauth).reverse()))).toBe(hash(oauth)));
  it('ignores the title', () => expect(hash({ ...oauth, title: 'x' })).toBe(hash(oauth)));
  it('sees another origin', () => expect(hash({ ...oauth, origins: ['https://evil.example'] })).not.toBe(hash(oauth)));
  for (const [key, value] of Object.entries({
    issuer: 'https://b.example',
    client_id: 'b',
    scope: 'b',
    token_endpoint: 'https://b.example/t',
    default: true,
  })) {
    it(`sees another ${key}`, () => expect(hash({ ...oauth, [key]: value })).not.toBe(hash(oauth)));
  }
  it('is the same for both forms of a grant', () =>
    expect(hash({ ...oauth, grant: 'device_code' })).toBe(
      hash({ ...oauth, grant: 'urn:ietf:params:oauth:grant-type:device_code' }),
    ));
});

describe('resolveDefinition', () => {
  const template = one({
    ...oauth,
    issuer: 'https://{{host}}',
    origins: ['{{api}}'],
    authorize_parameters: { ui_locales: '{{lang}}' },
  }).named as NamedDefinition;
  const values: Record<string, string> = { host: 'idp.example.com', api: 'https://API.example.com', lang: 'de' };
  const fill =
    (changes: Record<string, string> = {}) =>
    async (text: string): Promise<string> =>
      text.replace(/\{\{(\w+)\}\}/g, (_, name: string) => changes[name] ?? values[name] ?? '');

  it('fills every text in', async () => {
    const { definition } = await resolveDefinition(template, fill());
    expect(definition).toMatchObject({
      issuer: 'https://idp.example.com',
      origins: ['https://api.example.com'],
      authorize_parameters: { ui_locales: 'de' },
    });
  });
  it('gives another hash for another value, and keeps the template’s', async () => {
    const [a, b] = [
      await resolveDefinition(template, fill()),
      await resolveDefinition(template, fill({ host: 'evil.example' })),
    ];
    expect(a.hash).not.toBe(b.hash);
    expect([a.templateHash, b.templateHash]).toEqual([template.hash, template.hash]);
  });
  it('returns a definition without variables as it is', async () => {
    const plain = one(oauth).named as NamedDefinition;
    expect(await resolveDefinition(plain, fill())).toBe(plain);
  });
  it('refuses an address that a value makes unsafe', async () => {
    await expect(resolveDefinition(template, fill({ host: 'u:p@evil.example' }))).rejects.toThrow(
      '“issuer” of orders holds a user name or password.',
    );
  });
});

describe('the scheme registry', () => {
  it('has ids and field names once each', () => {
    expect(new Set(schemes.map(({ id }) => id)).size).toBe(schemes.length);
    for (const { fields } of schemes) expect(new Set(fields.map(({ name }) => name)).size).toBe(fields.length);
  });
  for (const scheme of schemes) {
    it(`${scheme.id} explains itself`, () => {
      for (const text of [scheme.description, ...scheme.fields.map(({ description }) => description)])
        expect(text).toMatch(/^[A-Z\w].*\.$/);
      expect(scheme.icon).toMatch(/^[a-z-]+$/);
    });
  }
});
