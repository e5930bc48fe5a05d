import { readFileSync } from 'node:fs';
import { decodeJwt, decodeProtectedHeader, jwtVerify } from 'jose';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import type { OAuth2Definition } from '../../../src/credentials/types.ts';
import { loadSigningKey, toPem } from '../../../src/oauth/signing-key.ts';
import { createBench, toCredential } from '../../support/broker-bench.ts';
import { createHttpsFetch } from '../../support/https-fetch.ts';
import { makeEcKey, makeEd25519Key, makeRsaKey, passphrase, type KeyForms } from '../../support/keys.ts';
import { startPlayground, type RunningPlayground } from '../../support/playground.ts';
import { json, ScriptedIdp } from '../../support/scripted-idp.ts';

const keys = { ec: makeEcKey(), ec384: makeEcKey('P-384'), rsa: makeRsaKey(), ed: makeEd25519Key() };

describe('a private key', () => {
  const load = (text: string, more: { alg?: string; passphrase?: string; kid?: string; offered?: string[] } = {}) =>
    loadSigningKey(text, {
      name: 'orders',
      alg: undefined,
      kid: undefined,
      passphrase: undefined,
      offered: [],
      ...more,
    });
  const forms: [keyof typeof keys, keyof Omit<KeyForms, 'publicKey'>, string][] = [
    ['ec', 'pkcs8', 'ES256'],
    ['ec', 'old', 'ES256'],
    ['ec', 'jwk', 'ES256'],
    ['ec384', 'jwk', 'ES384'],
    ['rsa', 'pkcs8', 'RS256'],
    ['rsa', 'old', 'RS256'],
    ['rsa', 'jwk', 'RS256'],
    ['ed', 'pkcs8', 'EdDSA'],
    ['ed', 'jwk', 'EdDSA'],
  ];
  for (const [kind, form, alg] of forms) {
    it(`${kind} as ${form} signs ${alg}`, async () => expect((await load(keys[kind][form])).alg).toBe(alg));
  }
  for (const kind of ['ec', 'rsa', 'ed'] as const) {
    it(`${kind} opens with its passphrase only`, async () => {
      expect((await load(keys[kind].encrypted, { passphrase })).key.type).toBe('private');
      await expect(load(keys[kind].encrypted)).rejects.toThrow('is encrypted');
      await expect(load(keys[kind].encrypted, { passphrase: 'other' })).rejects.toThrow('does not open');
    });
  }
  it('survives an input box that takes line ends away', async () => {
    expect((await load(keys.rsa.pkcs8.replaceAll('\n', ' '))).alg).toBe('RS256');
    expect(toPem(keys.ec.pkcs8.replaceAll('\n', ''))).toBe(keys.ec.pkcs8);
  });
  it('is not extractable', async () => expect((await load(keys.ec.jwk)).key.extractable).toBe(false));
  it('takes PS256 where the server lists it, and what is named before that', async () => {
    expect((await load(keys.rsa.jwk, { offered: ['PS256', 'RS256'] })).alg).toBe('PS256');
    expect((await load(keys.rsa.jwk, { offered: ['PS256'], alg: 'RS384' })).alg).toBe('RS384');
    expect((await load(keys.ed.jwk, { alg: 'Ed25519' })).alg).toBe('Ed25519');
  });
  it('is found in a set by key_id', async () => {
    const set = {
      keys: [
        { ...JSON.parse(keys.rsa.jwk), kid: 'a' },
        { ...JSON.parse(keys.ec.jwk), kid: 'b' },
      ],
    };
    expect(await load(JSON.stringify(set), { kid: 'b' })).toMatchObject({ alg: 'ES256', kid: 'b' });
    await expect(load(JSON.stringify(set), { kid: 'c' })).rejects.toThrow('is not in what was entered');
  });
  const refused: [string, string, { alg?: string }?][] = [
    ['hello', 'is neither PEM nor JWK'],
    ['{"kty":"EC"', 'is not JSON'],
    ['{"kty":"EC","crv":"P-256","x":"AA","y":"AA"}', 'is not in what was entered'],
    ['{"kty":"EC","crv":"P-256","x":"AA","y":"AA","d":"AA"}', 'is damaged'],
    ['{"kty":"oct","k":"AA","d":"x"}', 'is of a kind that signs nothing here'],
    ['-----BEGIN PRIVATE KEY-----AAAA-----END PRIVATE KEY-----', 'is damaged'],
    [keys.ec.jwk, 'does not fit RS256', { alg: 'RS256' }],
  ];
  for (const [text, why, more] of refused) {
    it(`${why}: ${text.slice(0, 24)}`, async () => {
      const error = await load(text, more).catch((caught: unknown) => caught);
      expect(error).toMatchObject({ code: 'CS-AUTH-KEY' });
      expect(String(error)).toContain(why);
      expect(JSON.stringify(error)).not.toContain('"d"');
    });
  }
});

let idp: ScriptedIdp;
let playground: RunningPlayground;
beforeAll(async () => {
  idp = await ScriptedIdp.start();
  playground = await startPlayground();
}, 60_000);
afterEach(() => idp.reset());
afterAll(async () => {
  await idp.stop();
  await playground.stop();
});

/** The assertion that reaches the token endpoint for a definition. */
async function assertionFor(slots: Record<string, string>, change: Partial<OAuth2Definition>, more = {}) {
  idp.script = {
    metadata: (truth) => ({ ...truth, ...more }),
    routes: {
      '/token': (_hit, response) => json(response, 200, { access_token: 'at', token_type: 'Bearer' }),
    },
  };
  const secret = slots[''];
  const { broker, seen } = createBench({ fetch: idp.fetch, slots, ...(secret === undefined ? {} : { secret }) });
  const credential = toCredential({
    grant: 'client_credentials',
    issuer: idp.issuer,
    token_endpoint_auth_method: 'private_key_jwt',
    ...change,
  });
  await broker.acquire(credential, { interactive: false });
  const form = idp.hitsOn('/token')[0]?.form;
  expect(form?.get('client_assertion_type')).toBe('urn:ietf:params:oauth:client-assertion-type:jwt-bearer');
  expect(form?.has('client_secret')).toBe(false);
  return { assertion: form?.get('client_assertion') ?? '', seen, trace: broker.trace('orders') };
}

describe('private_key_jwt', () => {
  const algorithms: [keyof typeof keys, string, object][] = [
    ['ec', 'ES256', {}],
    ['rsa', 'RS256', {}],
    ['rsa', 'PS256', { token_endpoint_auth_signing_alg_values_supported: ['PS256', 'ES256'] }],
    ['ed', 'EdDSA', {}],
  ];
  for (const [kind, alg, more] of algorithms) {
    it(`signs ${alg} for the issuer alone, for a minute`, async () => {
      const { assertion, seen, trace } = await assertionFor({ private_key: keys[kind].jwk }, { key_id: 'k1' }, more);
      expect(decodeProtectedHeader(assertion)).toEqual({ alg, kid: 'k1' });
      const { payload } = await jwtVerify(assertion, keys[kind].publicKey);
      expect(payload).toMatchObject({ iss: 'cli', sub: 'cli', aud: idp.issuer });
      expect((payload.exp ?? 0) - (payload.iat ?? 0)).toBeLessThanOrEqual(60);
      expect(payload.jti).toHaveLength(43);
      expect(seen.has(keys[kind].jwk)).toBe(true);
      expect(JSON.stringify(trace)).not.toContain(assertion);
      expect(trace?.steps.find(({ id }) => id === 'client-authentication')?.detail).toContain(`· ${alg}`);
    });
  }
  it('H34 names the issuer, also when the token endpoint is elsewhere', async () => {
    const { assertion } = await assertionFor({ private_key: keys.ec.jwk }, { token_endpoint: `${idp.issuer}/token` });
    expect(decodeJwt(assertion).aud).toBe(idp.issuer);
  });
  it('names the endpoint only when the definition says so', async () => {
    const { assertion } = await assertionFor({ private_key: keys.ec.jwk }, { assertion_audience: 'token_endpoint' });
    expect(decodeJwt(assertion).aud).toBe(`${idp.issuer}/token`);
  });
  it('is what a kept key is used for when no method is named', async () => {
    const change = { token_endpoint_auth_method: undefined as unknown as string };
    const offers = { token_endpoint_auth_methods_supported: ['private_key_jwt'] };
    const { assertion } = await assertionFor({ private_key: keys.ec.jwk }, change, offers);
    expect(decodeJwt(assertion).iss).toBe('cli');
  });
  it('says which secret is missing', async () => {
    await expect(assertionFor({}, {})).rejects.toMatchObject({
      code: 'CS-AUTH-SECRET-MISSING',
      facts: { slot: 'private_key' },
    });
  });
  it('is accepted by the playground', async () => {
    const { info } = playground;
    const { broker } = createBench({
      fetch: createHttpsFetch(readFileSync(info.ca, 'utf8')),
      slots: { private_key: readFileSync(info.clients.jwt.key, 'utf8') },
    });
    const credential = toCredential({
      grant: 'client_credentials',
      issuer: info.issuer,
      client_id: info.clients.jwt.client_id,
      token_endpoint_auth_method: 'private_key_jwt',
      scope: 'orders.read',
    });
    expect((await broker.acquire(credential, { interactive: false })).scope).toEqual(['orders.read']);
  });
});

describe('client_secret_jwt', () => {
  it('signs with the secret, which does not travel', async () => {
    const secret = 'a secret of more than thirty-two bytes, as HS256 wants it';
    const { assertion, trace } = await assertionFor(
      { '': secret },
      { token_endpoint_auth_method: 'client_secret_jwt' },
    );
    const { payload, protectedHeader } = await jwtVerify(assertion, new TextEncoder().encode(secret));
    expect(protectedHeader.alg).toBe('HS256');
    expect(payload).toMatchObject({ iss: 'cli', sub: 'cli', aud: idp.issuer });
    expect(JSON.stringify(trace)).not.toContain(secret);
  });
});

describe('tls_client_auth', () => {
  const attempt = async (pem: (info: RunningPlayground['info']) => string) => {
    const { info } = playground;
    const { broker, seen } = createBench({
      fetch: createHttpsFetch(readFileSync(info.ca, 'utf8')),
      slots: { private_key: pem(info) },
    });
    const credential = toCredential({
      grant: 'client_credentials',
      issuer: info.issuer,
      client_id: info.clients.mtls.client_id,
      token_endpoint_auth_method: 'tls_client_auth',
      scope: 'orders.read',
    });
    return { session: await broker.acquire(credential, { interactive: false }), seen };
  };
  it('shows the certificate, and the token is bound to it', async () => {
    const { session, seen } = await attempt(
      ({ clients }) => readFileSync(clients.mtls.cert, 'utf8') + readFileSync(clients.mtls.key, 'utf8'),
    );
    expect(decodeJwt(session.accessToken.reveal())['cnf']).toHaveProperty('x5t#S256');
    expect(seen.size).toBeGreaterThan(1);
  });
  it('wants both halves', async () => {
    await expect(attempt(({ clients }) => readFileSync(clients.mtls.key, 'utf8'))).rejects.toMatchObject({
      code: 'CS-AUTH-KEY',
    });
  });
});

describe('mtls_endpoint_aliases', () => {
  const pem = (): string =>
    readFileSync(playground.info.clients.mtls.cert, 'utf8') + readFileSync(playground.info.clients.mtls.key, 'utf8');
  const attempt = async (method: string, aliases: Record<string, unknown>) => {
    idp.script = {
      metadata: (truth) => ({ ...truth, mtls_endpoint_aliases: aliases }),
      routes: {
        '/mtls/token': (_hit, response) => json(response, 200, { access_token: 'mtls', token_type: 'Bearer' }),
        '/token': (_hit, response) => json(response, 200, { access_token: 'plain', token_type: 'Bearer' }),
      },
    };
    const { broker, pins } = createBench({ fetch: idp.fetch, secret: 's', slots: { private_key: pem() } });
    const credential = toCredential({
      grant: 'client_credentials',
      issuer: idp.issuer,
      token_endpoint_auth_method: method,
    });
    const session = await broker.acquire(credential, { interactive: false });
    return { token: session.accessToken.reveal(), pins: [...pins.entries.values()][0] };
  };
  it('are used by a client with a certificate, and pinned', async () => {
    const { token, pins } = await attempt('tls_client_auth', { token_endpoint: `${idp.issuer}/mtls/token` });
    expect(token).toBe('mtls');
    expect(pins?.['token_endpoint for mTLS']).toBe(idp.issuer);
  });
  it('are not used by others, nor when they are no https address', async () => {
    expect((await attempt('none', { token_endpoint: `${idp.issuer}/mtls/token` })).token).toBe('plain');
    expect((await attempt('tls_client_auth', { token_endpoint: 'http://evil.example/token' })).token).toBe('plain');
    expect((await attempt('tls_client_auth', { token_endpoint: 'https://169.254.169.254/' })).token).toBe('plain');
  });
});
