import { describe, expect, it } from 'vitest';
import { fromJetBrainsAuth } from '../../../src/credentials/jetbrains-auth.ts';

const base = {
  Type: 'OAuth2',
  'Grant Type': 'Authorization Code',
  'Auth URL': 'https://idp.example.com/auth',
  'Token URL': 'https://idp.example.com/token',
  'Client ID': 'cli',
};

function read(open: unknown, own?: unknown) {
  const { definition, problems } = fromJetBrainsAuth('kc', open, own, '/w/http-client.env.json');
  const secrets = Object.fromEntries([...(definition?.secrets ?? [])].map(([slot, secret]) => [slot, secret.reveal()]));
  return {
    named: definition?.named,
    fields: definition?.named.definition as Record<string, unknown> | undefined,
    secrets,
    problems,
  };
}
function check(open: unknown, expected: Record<string, unknown>): void {
  expect(read(open).fields).toMatchObject(expected);
}
function checkProblems(open: unknown, own: unknown, ...expected: readonly string[]): void {
  expect(
    read(open, own).problems.map(({ code, severity, key, place }) => `${code} ${severity} ${key} ${place}`),
  ).toEqual(expected);
}

describe('fromJetBrainsAuth', () => {
  it('maps an entry', () => {
    expect(read(base).fields).toEqual({
      scheme: 'oauth2',
      grant: 'authorization_code',
      client_id: 'cli',
      authorization_endpoint: 'https://idp.example.com/auth',
      token_endpoint: 'https://idp.example.com/token',
      origins: [],
    });
    expect(read(base).named).toMatchObject({
      name: 'kc',
      owner: 'workspace',
      originsFromUse: true,
      file: '/w/http-client.env.json',
    });
  });
  const grants = {
    'Client Credentials': 'client_credentials',
    'Device Authorization': 'urn:ietf:params:oauth:grant-type:device_code',
    Implicit: 'implicit',
    Password: 'password',
  };
  for (const [theirs, ours] of Object.entries(grants))
    it(`maps ${theirs}`, () => check({ ...base, 'Grant Type': theirs }, { grant: ours }));
  const methods = { none: 'none', 'in body': 'client_secret_post', basic: 'client_secret_basic' };
  for (const [theirs, ours] of Object.entries(methods)) {
    it(`maps client credentials ${theirs}`, () =>
      check({ ...base, 'Client Credentials': theirs }, { token_endpoint_auth_method: ours }));
  }
  it('maps scope and user', () => check({ ...base, Scope: 'a b', Username: 'u' }, { scope: 'a b', username: 'u' }));
  it('maps the device endpoint', () =>
    check(
      { ...base, 'Device Auth URL': 'https://idp.example.com/d' },
      { device_authorization_endpoint: 'https://idp.example.com/d' },
    ));
  it('listens on a loopback redirect', () =>
    check(
      { ...base, 'Redirect URL': 'http://localhost:3000/callback' },
      { redirect: 'loopback', redirect_port: 3000, redirect_path: '/callback' },
    ));
  it('says that another redirect is not used', () =>
    checkProblems(
      { ...base, 'Redirect URL': 'https://app.example.com/cb' },
      undefined,
      'CS-DEF-FIELD information Redirect URL public',
    ));
  it('keeps variables', () => check({ ...base, 'Token URL': '{{idp}}/token' }, { token_endpoint: '{{idp}}/token' }));
  it('puts parameters where they belong', () =>
    check(
      {
        ...base,
        'Custom Request Parameters': {
          audience: 'api',
          a: { Value: '1', Use: 'In Auth Request' },
          t: { Value: ['1', '2'], Use: 'In Token Request' },
        },
      },
      { authorize_parameters: { audience: 'api', a: '1' }, token_parameters: { audience: 'api', t: '1 2' } },
    ));
  it('refuses protected parameters', () =>
    checkProblems(
      { ...base, 'Custom Request Parameters': { redirect_uri: 'x' } },
      undefined,
      'CS-DEF-PARAMETER warning Custom Request Parameters public',
      'CS-DEF-PARAMETER warning Custom Request Parameters public',
    ));
  it('refuses an http endpoint', () =>
    checkProblems(
      { ...base, 'Token URL': 'http://idp.example.com' },
      undefined,
      'CS-DEF-FIELD error Token URL public',
    ));
  it('reports an unknown type', () =>
    checkProblems({ ...base, Type: 'Kerberos' }, undefined, 'CS-DEF-SCHEME error Type public'));
  it('reports an unknown grant', () =>
    checkProblems({ ...base, 'Grant Type': 'x' }, undefined, 'CS-DEF-FIELD error Grant Type public'));

  it('does not use a secret of the public file', () => {
    expect(read({ ...base, 'Client Secret': 'canary' }).secrets).toEqual({});
    checkProblems({ ...base, 'Client Secret': 'canary' }, undefined, 'CS-DEF-SECRET error Client Secret public');
  });
  it('uses one of the private file, and offers to move it', () => {
    expect(read(base, { 'Client Secret': 'canary' }).secrets).toEqual({ '': 'canary' });
    checkProblems(base, { 'Client Secret': 'canary' }, 'CS-DEF-SECRET information Client Secret private');
  });
  it('uses a template of the public file', () => {
    expect(read({ ...base, 'Client Secret': '{{secret}}' }).secrets).toEqual({ '': '{{secret}}' });
    checkProblems({ ...base, 'Client Secret': '{{secret}}' }, undefined);
  });
  it('puts the password in its slot', () =>
    expect(read(base, { Password: 'canary' }).secrets).toEqual({ password: 'canary' }));
  it('has no secret in the definition or in messages', () => {
    const { named, problems } = read(
      { ...base, Password: 'canary' },
      { 'Client Secret': 'canary', private_key: 'canary' },
    );
    expect(JSON.stringify([named, problems])).not.toContain('canary');
  });
  it('merges the two files, the private one wins', () => {
    const open = { ...base, 'Custom Request Parameters': { a: '1', b: '1' } };
    expect(read(open, { 'Client ID': 'mine', 'Custom Request Parameters': { b: '2' } }).fields).toMatchObject({
      client_id: 'mine',
      authorize_parameters: { a: '1', b: '2' },
    });
  });
  it('takes a mock as a bearer token of the private file', () => {
    expect(read({ Type: 'Mock' }, { Token: 'canary' })).toMatchObject({
      fields: { scheme: 'bearer' },
      secrets: { '': 'canary' },
    });
  });
  it('refuses a name that cannot be shown on one line', () => {
    for (const id of ['', 'a\nb', 'a\u202eb', 'x'.repeat(200)]) {
      expect(fromJetBrainsAuth(id, base, undefined, '/w/f').definition).toBeUndefined();
    }
  });
  it('survives anything', () => {
    for (const entry of [
      undefined,
      null,
      5,
      'x',
      [],
      { Type: {} },
      { ...base, 'Custom Request Parameters': 5 },
      JSON.parse('{"__proto__":{"x":1}}'),
    ])
      read(entry, entry);
    expect(({} as Record<string, unknown>)['x']).toBeUndefined();
  });
});
