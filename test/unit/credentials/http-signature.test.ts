/** HTTP message signatures: the vectors of RFC 9421 Appendix B, and requests as a server of its own arithmetic sees them. */
import {
  constants,
  createHash,
  createHmac,
  createPrivateKey,
  createPublicKey,
  generateKeyPairSync,
  verify,
  type KeyObject,
} from 'node:crypto';
import { readFileSync } from 'node:fs';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import type { Algorithm } from '../../../src/credentials/message-signatures/algorithms.ts';
import { parseComponent, type Component } from '../../../src/credentials/message-signatures/components.ts';
import { signMessage, toSignatureBase } from '../../../src/credentials/message-signatures/message-signature.ts';
import type { FinalRequest } from '../../../src/credentials/types.ts';
import { SchemeServers, type Arrived } from '../../support/scheme-servers.ts';

interface Vectors {
  readonly keys: Readonly<Record<string, string>>;
  readonly requests: Readonly<Record<string, { method: string; url: string; headers: [string, string][] }>>;
  readonly vectors: readonly {
    readonly id: string;
    readonly label: string;
    readonly algorithm: Algorithm;
    readonly key: string;
    readonly request: string;
    readonly exact?: boolean;
    readonly components: readonly string[];
    readonly parameters: readonly (readonly [string, string | number])[];
    readonly input: string;
    readonly signature: string;
  }[];
}
const path = new URL('../../fixtures/vectors/rfc9421.json', import.meta.url);
const { keys, requests, vectors } = JSON.parse(readFileSync(path, 'utf8')) as Vectors;

function finalOf({ method, url, headers }: { method: string; url: string; headers: [string, string][] }): FinalRequest {
  return { method, url: new URL(url), headers, body: async function* () {} };
}
const componentsOf = (texts: readonly string[]): Component[] =>
  texts.map((text) => {
    const component = parseComponent(text);
    if (typeof component === 'string') throw new Error(`${text} ${component}`);
    return component;
  });

function isGood(base: string, signature: Buffer, algorithm: string, key: KeyObject): boolean {
  const bytes = Buffer.from(base, 'latin1');
  if (algorithm === 'ed25519') return verify(null, bytes, key, signature);
  if (algorithm.startsWith('ecdsa')) {
    return verify(algorithm.slice(-6), bytes, { key, dsaEncoding: 'ieee-p1363' }, signature);
  }
  if (algorithm === 'rsa-v1_5-sha256') return verify('sha256', bytes, key, signature);
  return verify('sha512', bytes, { key, padding: constants.RSA_PKCS1_PSS_PADDING, saltLength: 64 }, signature);
}

describe('RFC 9421 Appendix B', () => {
  it.each(vectors.map((vector) => [vector.id, vector] as const))('%s', (_, vector) => {
    const request = finalOf(requests[vector.request] as Vectors['requests'][string]);
    const { label, parameters, algorithm } = vector;
    const input = { label, parameters, components: componentsOf(vector.components) };
    const text = keys[vector.key] as string;
    const key = vector.key === 'shared' ? Buffer.from(text, 'base64') : createPrivateKey(text);
    const made = signMessage(request, input, algorithm, key, 'svc');
    expect(made.signatureInput).toBe(vector.input);
    if (vector.exact) expect(made.signature).toBe(`${label}=:${vector.signature}:`);
    if (Buffer.isBuffer(key)) return;
    // Some algorithms never sign alike twice: their published signature has to fit our base, and ours their key.
    const base = toSignatureBase(request, input);
    const open = createPublicKey(key);
    expect(isGood(base, Buffer.from(vector.signature, 'base64'), algorithm, open)).toBe(true);
    const own = Buffer.from(made.signature.slice(label.length + 2, -1), 'base64');
    expect(isGood(base, own, algorithm, open)).toBe(true);
    expect(isGood(`${base} `, own, algorithm, open)).toBe(false);
  });
});

describe('components', () => {
  const request = finalOf({
    method: 'GET',
    url: 'https://www.example.com:443/path?param=value&foo=bar&baz=batman&qux=&with%20space=a+b&p=1&p=2',
    headers: [
      ['Host', 'WWW.Example.com:443'],
      ['X-Twice', ' one '],
      ['x-twice', 'two, three'],
    ],
  });
  const value = (text: string, of = request): string => {
    const base = toSignatureBase(of, { label: 's', components: componentsOf([text]), parameters: [] });
    return (base.split('\n')[0] ?? '').replace(/^"[^"]*"(;[^:]*)?: /, '');
  };
  it.each([
    ['@method', 'GET'],
    ['@authority', 'www.example.com'],
    ['@scheme', 'https'],
    ['@target-uri', `https://www.example.com/path${request.url.search}`],
    ['@request-target', `/path${request.url.search}`],
    ['@path', '/path'],
    ['@query-param;name="baz"', 'batman'],
    ['@query-param;name="qux"', ''],
    ['@query-param;name="with%20space"', 'a%20b'],
    ['x-twice', 'one, two, three'],
    ['x-twice;bs', ':b25l:, :dHdvLCB0aHJlZQ==:'],
  ])('%s', (text, expected) => {
    expect(value(text)).toBe(expected);
  });
  it('an absent query is a question mark alone', () => {
    expect(value('@query', finalOf({ method: 'GET', url: 'https://a.example/', headers: [] }))).toBe('?');
  });
  it.each(['@status', '@method;req', '@query-param', 'x y', 'signature', 'x-twice;tr', '@nothing', '', 'a\nb: c'])(
    'refuses %j',
    (text) => {
      expect(typeof parseComponent(text)).toBe('string');
    },
  );
  it('refuses what the request does not have, and a parameter that is there twice', () => {
    expect(() => value('x-absent')).toThrow(/x-absent/);
    expect(() => value('@query-param;name="p"')).toThrow(/more than once/);
    expect(() => value('@query-param;name="none"')).toThrow(/none/);
  });
});

describe('through the engine', () => {
  const servers = new SchemeServers();
  beforeAll(() => servers.start());
  afterAll(() => servers.stop());
  afterEach(() => servers.reset());
  const ed25519 = { private_key: keys['ed25519'] as string };
  const open = createPublicKey(createPrivateKey(keys['ed25519'] as string));

  /** The base as a server builds it from what arrived, without our code. */
  function baseOf(there: Arrived): { base: string; signature: Buffer; input: string } {
    const [, label = '', params = ''] = /^([^=]+)=(.*)$/.exec(String(there.headers['signature-input'])) ?? [];
    const names = [...(/^\(([^)]*)\)/.exec(params)?.[1] ?? '').matchAll(/"([^"]+)"/g)].map(([, name = '']) => name);
    const url = new URL(there.url, `http://${there.host}`);
    const values: Readonly<Record<string, string>> = {
      '@method': there.method,
      '@authority': there.host,
      '@path': url.pathname,
      '@query': url.search || '?',
      '@target-uri': url.href,
    };
    const lines = names.map((name) => `"${name}": ${values[name] ?? String(there.headers[name])}`);
    const text = String(there.headers['signature']);
    return {
      base: [...lines, `"@signature-params": ${params}`].join('\n'),
      signature: Buffer.from(text.slice(label.length + 2, -1), 'base64'),
      input: params,
    };
  }

  it('signs method, address, body and headers as they arrive', async () => {
    const result = await servers.send(
      { scheme: 'http-signature', key_id: 'k1' },
      ed25519,
      `POST ${servers.home}/a?b=%C3%A9\nContent-Type: application/json\n\n{"hello": "world"}`,
    );
    expect(result.error).toBeUndefined();
    const there = servers.first;
    const digest = createHash('sha256').update(there.body).digest('base64');
    expect(there.headers['content-digest']).toBe(`sha-256=:${digest}:`);
    const { base, signature, input } = baseOf(there);
    expect(input).toMatch(
      /^\("@method" "@authority" "@path" "@query" "content-type" "content-digest"\);created=\d+;keyid="k1"$/,
    );
    expect(verify(null, Buffer.from(base), open, signature)).toBe(true);
    expect(JSON.stringify(result)).not.toContain('MC4CAQAwBQYDK2Vw');
  });
  it('covers what the definition names, framing too, and adds what it can make itself', async () => {
    const components = ['date', '@target-uri', 'content-length', 'host', 'content-digest'];
    await servers.send(
      {
        scheme: 'http-signature',
        components,
        content_digest: 'sha-512',
        expires_in: 60,
        nonce: true,
        tag: 't',
        label: 'me',
      },
      ed25519,
      `PUT ${servers.home}/a`,
    );
    const { base, signature, input } = baseOf(servers.first);
    expect(input).toMatch(/;created=(\d+);expires=\d+;nonce="[\w-]{24}";tag="t"$/);
    expect(servers.first.headers['content-digest']).toMatch(/^sha-512=/);
    expect(Math.abs(Date.parse(String(servers.first.headers['date'])) - Date.now())).toBeLessThan(60_000);
    expect(verify(null, Buffer.from(base), open, signature)).toBe(true);
  });
  it.each(['ecdsa-p256-sha256', 'ecdsa-p384-sha384', 'rsa-v1_5-sha256', 'rsa-pss-sha512'])('%s', async (algorithm) => {
    const { privateKey, publicKey } = algorithm.startsWith('rsa')
      ? generateKeyPairSync('rsa', { modulusLength: 2048 })
      : generateKeyPairSync('ec', { namedCurve: algorithm.includes('256') ? 'P-256' : 'P-384' });
    const cipher = { type: 'pkcs8', format: 'pem', cipher: 'aes-256-cbc', passphrase: 'pass-4711-word' } as const;
    const result = await servers.send(
      { scheme: 'http-signature', algorithm, send_algorithm: true },
      { private_key: privateKey.export(cipher).toString(), passphrase: 'pass-4711-word' },
      `GET ${servers.home}/a`,
    );
    expect(result.error).toBeUndefined();
    const { base, signature, input } = baseOf(servers.first);
    expect(input).toContain(`;alg="${algorithm}"`);
    expect(isGood(base, signature, algorithm, publicKey)).toBe(true);
  });
  it('hmac-sha256 with a secret in base64, and a JWK', async () => {
    const secret = keys['shared'] as string;
    const definition = { scheme: 'http-signature', algorithm: 'hmac-sha256', secret_encoding: 'base64' };
    await servers.send(definition, { '': secret }, `GET ${servers.home}/a`);
    const { base, signature } = baseOf(servers.first);
    expect(signature).toEqual(createHmac('sha256', Buffer.from(secret, 'base64')).update(base).digest());
    await servers.reset();
    const jwk = JSON.stringify(createPrivateKey(keys['ed25519'] as string).export({ format: 'jwk' }));
    await servers.send({ scheme: 'http-signature' }, { private_key: jwk }, `GET ${servers.home}/a`);
    const second = baseOf(servers.first);
    expect(verify(null, Buffer.from(second.base), open, second.signature)).toBe(true);
  });
  it('takes the time of the server once when it refuses ours', async () => {
    servers.answer = ({ headers }, response) => {
      const created = Number(/created=(\d+)/.exec(String(headers['signature-input']))?.[1]);
      if (Math.abs(created * 1000 - (Date.now() + 3_600_000)) < 60_000) return false;
      response.writeHead(401, { date: new Date(Date.now() + 3_600_000).toUTCString() }).end();
      return true;
    };
    const result = await servers.send({ scheme: 'http-signature' }, ed25519, `GET ${servers.home}/a`);
    expect(result.exchange?.hops.map(({ response }) => response?.status)).toEqual([401, 200]);
  });
  it.each([
    [{ components: ['x-absent'] }, ed25519, 'CS-DEF-FIELD'],
    [{ components: ['@status'] }, ed25519, 'CS-DEF-FIELD'],
    [{ algorithm: 'ecdsa-p256-sha256' }, ed25519, 'CS-AUTH-KEY'],
    [{}, { private_key: 'no key at all 4711' }, 'CS-AUTH-KEY'],
    [{}, {}, 'CS-AUTH-SECRET-MISSING'],
  ])('says what is wrong, and sends nothing: %j', async (change, secrets: Record<string, string>, code) => {
    const result = await servers.send({ scheme: 'http-signature', ...change }, secrets, `GET ${servers.home}/a`);
    expect(result.error).toMatchObject({ code });
    expect(JSON.stringify(result)).not.toContain('4711');
    expect(servers.arrived).toHaveLength(0);
  });
});
