/** Each check finds what it is for, its fix settles it, and a sound definition has nothing to change. */
import { describe, expect, it } from 'vitest';
import type { Definition } from '../../../src/credentials/types.ts';
import { parseDefinitions } from '../../../src/credentials/definitions.ts';
import { checkDefinition, checks } from '../../../src/oauth/checks/registry.ts';
import { toRuleLink } from '../../../src/oauth/checks/rule-link.ts';
import { presets } from '../../../src/oauth/presets/registry.ts';

type Fields = Readonly<Record<string, unknown>>;
const issuer = 'https://idp.example.com';
const device = 'urn:ietf:params:oauth:grant-type:device_code';
const truth: Fields = {
  issuer,
  authorization_endpoint: `${issuer}/authorize`,
  token_endpoint: `${issuer}/token`,
  jwks_uri: `${issuer}/jwks`,
  revocation_endpoint: `${issuer}/revoke`,
  device_authorization_endpoint: `${issuer}/device`,
  grant_types_supported: ['authorization_code', 'client_credentials', 'refresh_token', device],
  scopes_supported: ['openid', 'orders.read'],
  code_challenge_methods_supported: ['S256'],
  token_endpoint_auth_methods_supported: ['none', 'client_secret_basic', 'client_secret_post'],
  authorization_response_iss_parameter_supported: true,
  id_token_signing_alg_values_supported: ['ES256'],
};
const sound: Fields = {
  scheme: 'oauth2',
  grant: 'authorization_code',
  issuer,
  client_id: 'cli',
  scope: 'openid orders.read',
  token_endpoint_auth_method: 'none',
  origins: ['https://api.example.com'],
};
const define = (fields: Fields): Definition => ({ ...sound, ...fields }) as unknown as Definition;
const codes = (fields: Fields, metadata?: Fields): string[] =>
  checkDefinition('orders', define(fields), metadata).map(({ code }) => code);

/** By code: what is wrong, and what the issuer says where it has to be asked. */
const cases: Readonly<Record<string, readonly [fields: Fields, metadata?: Fields]>> = {
  'CS-ADV-PASSWORD': [{ grant: 'password', username: 'ada' }],
  'CS-ADV-IMPLICIT': [{ grant: 'implicit' }],
  'CS-ADV-HYBRID': [{ response_type: 'code id_token' }],
  'CS-ADV-SERVICE-SCOPE': [{ grant: 'client_credentials', scope: 'openid orders.read' }],
  'CS-ADV-EXCHANGE-TARGET': [{ grant: 'urn:ietf:params:oauth:grant-type:token-exchange' }],
  'CS-ADV-PASTED-TOKEN': [{ grant: 'refresh_token' }],
  'CS-ADV-NO-SCOPE': [{ scope: undefined }],
  'CS-ADV-WIDE-SCOPE': [{ scope: 'openid full' }],
  'CS-ADV-STEP-UP-OPENID': [{ scope: 'orders.read', max_age: 300 }],
  'CS-ADV-PROMPT-NONE': [{ prompt: 'none' }],
  'CS-ADV-SECRET-OF-MANY': [{ token_endpoint_auth_method: 'client_secret_basic' }],
  'CS-ADV-SECRET-IN-BODY': [{ grant: 'client_credentials', token_endpoint_auth_method: 'client_secret_post' }, {}],
  'CS-ADV-RAW-BASIC': [{ token_endpoint_auth_method: 'client_secret_basic_raw' }],
  'CS-ADV-ASYMMETRIC': [
    { grant: 'client_credentials', token_endpoint_auth_method: 'client_secret_basic' },
    { token_endpoint_auth_methods_supported: ['client_secret_basic', 'private_key_jwt'] },
  ],
  'CS-ADV-METHOD-UNLISTED': [{ token_endpoint_auth_method: 'client_secret_jwt' }, {}],
  'CS-ADV-ASSERTION-AUDIENCE': [
    { token_endpoint_auth_method: 'private_key_jwt', assertion_audience: 'token_endpoint' },
  ],
  'CS-ADV-MTLS-UNBOUND': [{ token_endpoint_auth_method: 'tls_client_auth' }, {}],
  'CS-ADV-TOKEN-IN-QUERY': [{ quirks: ['token_in_query', 'null_scope'] }],
  'CS-ADV-KEY-IN-QUERY': [{ scheme: 'apiKey', in: 'query', name: 'key' }],
  'CS-ADV-ANY-SUBDOMAIN': [{ origins: ['https://*.example.com'] }],
  'CS-ADV-NO-AUDIENCE': [{ origins: ['https://a.example.com', 'https://b.example.com'] }],
  'CS-ADV-DPOP-OFFERED': [{}, { dpop_signing_alg_values_supported: ['ES256'] }],
  'CS-ADV-DPOP-UNLISTED': [{ dpop_bound_access_tokens: true }, {}],
  'CS-ADV-UNBOUND-REFRESH': [{ scope: 'openid offline_access' }],
  'CS-ADV-UNKNOWN-QUIRK': [{ quirks: ['nonsense'] }],
  'CS-ADV-FIXED-PORT': [{ redirect_port: 8080 }],
  'CS-ADV-PORT-COMPARED': [{ issuer: 'https://gitlab.com' }],
  'CS-ADV-NO-LOOPBACK': [{ issuer: 'https://login.salesforce.com' }],
  'CS-ADV-SHARED-SCHEME': [{ redirect: 'uri_handler' }],
  'CS-ADV-PARAMETER-TWICE': [{ prompt: 'login', authorize_parameters: { prompt: 'consent', hd: 'example.com' } }],
  'CS-ADV-PKCE-WEAK': [{}, { code_challenge_methods_supported: ['plain'] }],
  'CS-ADV-PKCE-SILENT': [{}, { code_challenge_methods_supported: undefined }],
  'CS-ADV-ISS-SILENT': [{}, { authorization_response_iss_parameter_supported: undefined }],
  'CS-ADV-PAR-MISSING': [{ require_pushed_authorization_requests: true }, {}],
  'CS-ADV-PAR-OFFERED': [{}, { pushed_authorization_request_endpoint: `${issuer}/par` }],
  'CS-ADV-JAR-UNLISTED': [{ require_signed_request_object: true }, {}],
  'CS-ADV-ISSUER-FORM': [{ issuer: `${issuer}/.well-known/openid-configuration` }],
  'CS-ADV-ISSUER-HTTP': [{ issuer: 'http://127.0.0.1:8080' }],
  'CS-ADV-NO-ISSUER': [
    { issuer: undefined, authorization_endpoint: `${issuer}/authorize`, token_endpoint: `${issuer}/token` },
  ],
  'CS-ADV-ENDPOINT-DIFFERS': [{ token_endpoint: 'https://elsewhere.example/token' }, {}],
  'CS-ADV-FOREIGN-ENDPOINT': [{}, { token_endpoint: 'https://tokens.example.net/token' }],
  'CS-ADV-GRANT-UNLISTED': [{ grant: 'urn:ietf:params:oauth:grant-type:jwt-bearer' }, {}],
  'CS-ADV-DEVICE-MISSING': [{ grant: device }, { device_authorization_endpoint: undefined }],
  'CS-ADV-SCOPE-UNLISTED': [{ scope: 'openid orders.write' }, {}],
  'CS-ADV-NO-KEYS': [{}, { jwks_uri: undefined }],
  'CS-ADV-UNSIGNED-ID-TOKEN': [{}, { id_token_signing_alg_values_supported: ['ES256', 'none'] }],
  'CS-ADV-NO-REVOCATION': [{}, { revocation_endpoint: undefined }],
  'CS-ADV-FAPI-GRANT': [{ profile: 'fapi2', grant: device }],
  'CS-ADV-FAPI-CLIENT': [{ profile: 'fapi2' }],
  'CS-ADV-FAPI-UNBOUND': [{ profile: 'fapi2' }],
  'CS-ADV-FAPI-ALG': [{ profile: 'fapi2', token_endpoint_auth_signing_alg: 'RS256' }],
  'CS-ADV-FAPI-ISSUER': [{ profile: 'fapi2', issuer: undefined }],
  'CS-ADV-FAPI-PAR': [{ profile: 'fapi2' }, {}],
  'CS-ADV-FAPI-PKCE': [{ profile: 'fapi2' }, { code_challenge_methods_supported: undefined }],
  'CS-ADV-FAPI-ISS': [{ profile: 'fapi2' }, { authorization_response_iss_parameter_supported: false }],
};

describe('checks', () => {
  it('have a case each, here', () => expect(Object.keys(cases).sort()).toEqual(checks.map(({ code }) => code).sort()));
  it('find nothing in a sound definition at a sound issuer', () => expect(codes({}, truth)).toEqual([]));
  it('find nothing in the other schemes', () => {
    for (const fields of [
      { scheme: 'bearer' },
      { scheme: 'basic', username: 'ada' },
      { scheme: 'apiKey', in: 'header' },
    ]) {
      const definition = { ...fields, origins: ['https://api.example.com'] } as unknown as Definition;
      expect(checkDefinition('a', definition)).toEqual([]);
    }
  });

  for (const check of checks) {
    const [fields = {}, lies] = cases[check.code] ?? [];
    const metadata = lies === undefined ? undefined : { ...truth, ...lies };
    it(`${check.code}: ${check.title}`, () => {
      const found = checkDefinition('orders', define(fields), metadata).find(({ code }) => code === check.code);
      expect(found).toBeDefined();
      expect(`${found?.message} ${found?.next}`).not.toMatch(/<\w+>/);
      expect(found?.message).toMatch(/\.$/);
      expect(toRuleLink(check.rule)).toMatch(/^https:/);
      if (check.asks === 'metadata') expect(codes(fields)).not.toContain(check.code);
      if (check.fix) expect(found?.fix?.title).toBe(check.fix.title);
    });
    if (check.fix) {
      it(`${check.code}: its fix settles it and leaves a definition that holds`, () => {
        const { fix } =
          checkDefinition('orders', define(fields), metadata).find(({ code }) => code === check.code) ?? {};
        const fixed = { ...define(fields), ...fix?.changes };
        expect(checkDefinition('orders', fixed, metadata).map(({ code }) => code)).not.toContain(check.code);
        const text = JSON.stringify({ credentials: { orders: fixed } });
        expect(
          parseDefinitions(text, { owner: 'user' }).problems.filter(({ severity }) => severity === 'error'),
        ).toEqual([]);
      });
    }
  }

  it('offer no fix that would leave half a definition', () => {
    const bare = { issuer: undefined, token_endpoint: `${issuer}/token`, grant: 'password', username: 'ada' };
    const [found] = checkDefinition('orders', define(bare)).filter(({ code }) => code === 'CS-ADV-PASSWORD');
    expect(found).toBeDefined();
    expect(found?.fix).toBeUndefined();
  });
  it('put errors first', () => {
    const found = checkDefinition('orders', define({ grant: 'password', scope: 'full', redirect: 'uri_handler' }));
    expect(found.map(({ severity }) => severity)).toEqual(
      [...found.map(({ severity }) => severity)].sort((a, b) => {
        const order = ['error', 'warning', 'information'];
        return order.indexOf(a) - order.indexOf(b);
      }),
    );
    expect(found[0]?.severity).toBe('error');
  });
  it('take what a server says as text of a server', () => {
    const [found] = checkDefinition('orders', define({ grant: 'urn:ietf:params:oauth:grant-type:jwt-bearer' }), {
      ...truth,
      grant_types_supported: ['a\u202eb\u0000[x](https://evil.example)', 7, { x: 1 }],
    }).filter(({ code }) => code === 'CS-ADV-GRANT-UNLISTED');
    expect(found?.message).not.toMatch(/[\u0000\u202e]|\]\(/);
  });
  it('take metadata of any shape', () => {
    for (const value of [null, 7, 'x', [], {}, [null], true]) {
      const lies = Object.fromEntries(Object.keys(truth).map((name) => [name, value]));
      expect(() => checkDefinition('orders', define({ profile: 'fapi2' }), lies)).not.toThrow();
    }
  });
  it('have neither error nor warning for a definition that a preset made', () => {
    for (const { id, issuer: template, fields } of presets) {
      const made = {
        scheme: 'oauth2',
        ...(template === undefined
          ? {}
          : { issuer: template.replace('{domain}', `x.${id}.com`).replaceAll(/\{\w+\}/g, 'x') }),
        ...fields,
        client_id: 'c',
        origins: ['https://api.example.com'],
      } as unknown as Definition;
      expect(
        checkDefinition(id, made).filter(({ severity }) => severity !== 'information'),
        id,
      ).toEqual([]);
    }
  });
});
