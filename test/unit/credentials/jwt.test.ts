/** A JWT for each request: the form of RFC 7515, each algorithm verified by another library, and what arrives. */
import { createHmac, generateKeyPairSync } from 'node:crypto';
import { importJWK, importSPKI, jwtVerify } from 'jose';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { signJwt } from '../../../src/credentials/jwt/sign-jwt.ts';
import { SchemeServers } from '../../support/scheme-servers.ts';

describe('the compact form', () => {
  it('HS256 with the key of RFC 7515 A.1', () => {
    const k = 'AyM1SysPpbyDfgZld3umj1qzKObwVMkoqQ-EstJQLr_T-1qS0gZH75aKtMN3Yj0iPS4hcgUuTwjAzZr1Z9CAow';
    const token = signJwt({ alg: 'HS256' }, { iss: 'joe' }, Buffer.from(k, 'base64url'), 'svc');
    const [head = '', body = '', signature] = token.split('.');
    const mac = createHmac('sha256', Buffer.from(k, 'base64url')).update(`${head}.${body}`).digest('base64url');
    expect([head, body, signature]).toEqual(['eyJhbGciOiJIUzI1NiJ9', 'eyJpc3MiOiJqb2UifQ', mac]);
  });
});

const servers = new SchemeServers();
beforeAll(() => servers.start());
afterAll(() => servers.stop());
afterEach(() => servers.reset());
const tokens = (): string[] =>
  servers.arrived.map(({ headers }) => String(headers.authorization).replace('Bearer ', ''));

describe('through the engine', () => {
  it.each([
    ['EdDSA', generateKeyPairSync('ed25519')],
    ['ES256', generateKeyPairSync('ec', { namedCurve: 'P-256' })],
    ['ES384', generateKeyPairSync('ec', { namedCurve: 'P-384' })],
    ['ES512', generateKeyPairSync('ec', { namedCurve: 'P-521' })],
    ['PS256', generateKeyPairSync('rsa', { modulusLength: 2048 })],
    ['RS512', generateKeyPairSync('rsa', { modulusLength: 2048 })],
  ])('%s, verified by jose', async (algorithm, { privateKey, publicKey }) => {
    const pem = privateKey.export({ type: 'pkcs8', format: 'pem' }).toString();
    const definition = {
      scheme: 'jwt',
      algorithm,
      key_id: 'k1',
      issuer: 'app',
      subject: 'ann',
      claims: { role: 'admin', exp: 9e9, nested: { a: [1] } },
      request_claim: 'uri',
    };
    const fixture = await servers.engineWith(definition, { private_key: pem });
    for (const path of ['/a?b=1', '/c']) {
      const result = await fixture.send(`# @auth svc\nGET ${servers.home}${path}`);
      expect(result.error).toBeUndefined();
    }
    const spki = await importSPKI(publicKey.export({ type: 'spki', format: 'pem' }).toString(), algorithm);
    const [first, second] = await Promise.all(
      tokens().map((token) => jwtVerify(token, spki, { issuer: 'app', audience: servers.home })),
    );
    expect(first?.protectedHeader).toEqual({ alg: algorithm, typ: 'JWT', kid: 'k1' });
    expect(first?.payload).toMatchObject({ sub: 'ann', role: 'admin', nested: { a: [1] } });
    expect(first?.payload['uri']).toBe(`GET ${new URL(servers.home).host}/a`);
    expect((first?.payload.exp ?? 0) - (first?.payload.iat ?? 0)).toBe(60);
    expect(first?.payload.jti).not.toBe(second?.payload.jti);
  });
  it('HS256 with a secret in base64, in a header of its own', async () => {
    const secret = Buffer.from('0123456789abcdef0123456789abcdef').toString('base64');
    const definition = {
      scheme: 'jwt',
      algorithm: 'HS256',
      secret_encoding: 'base64',
      header: 'X-Token',
      expires_in: 5,
    };
    await servers.send({ ...definition, audience: ['a', 'b'] }, { '': secret }, `GET ${servers.home}/a`);
    const key = await importJWK({ kty: 'oct', k: Buffer.from(secret, 'base64').toString('base64url') }, 'HS256');
    const { payload } = await jwtVerify(String(servers.first.headers['x-token']), key);
    expect(payload.aud).toEqual(['a', 'b']);
    expect(servers.first.headers.authorization).toBeUndefined();
  });
  it('takes the time of a server that refuses ours, once', async () => {
    servers.answer = (_, response) => {
      if (servers.arrived.length > 1) return false;
      response.writeHead(401, { date: new Date(Date.now() + 3_600_000).toUTCString() }).end();
      return true;
    };
    const pem = generateKeyPairSync('ed25519').privateKey.export({ type: 'pkcs8', format: 'pem' }).toString();
    await servers.send({ scheme: 'jwt' }, { private_key: pem }, `GET ${servers.home}/a`);
    const times = tokens().map(
      (token) => (JSON.parse(Buffer.from(token.split('.')[1] ?? '', 'base64url').toString()) as { iat: number }).iat,
    );
    expect(times).toHaveLength(2);
    expect((times[1] ?? 0) - (times[0] ?? 0)).toBeGreaterThan(3500);
  });
  it.each([
    [{ algorithm: 'HS256' }, { '': 'short-4711' }, 'CS-AUTH-KEY'],
    [{ algorithm: 'RS256' }, 'ed25519', 'CS-AUTH-KEY'],
    [{ header: 'a b' }, 'ed25519', /^CS-DEF/],
    [{ request_claim: 'exp' }, 'ed25519', /^CS-DEF/],
    [{ expires_in: 10_000_000 }, 'ed25519', /^CS-DEF/],
  ])('refuses %j', async (change, secrets, code) => {
    const pem = generateKeyPairSync('ed25519').privateKey.export({ type: 'pkcs8', format: 'pem' }).toString();
    const held = typeof secrets === 'string' ? { private_key: pem } : secrets;
    const result = await servers.send({ scheme: 'jwt', ...change }, held, `GET ${servers.home}/a`);
    expect(result.error?.code).toMatch(code);
    expect(JSON.stringify(result)).not.toContain('4711');
    expect(servers.arrived).toHaveLength(0);
  });
});
