/** A client certificate, a bearer token, an API key and a signature on one request: order, bindings, and what must not be. */
import { createHmac } from 'node:crypto';
import type { IncomingMessage, ServerResponse } from 'node:http';
import type { TLSSocket } from 'node:tls';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { Secret } from '../../../src/credentials/secret.ts';
import type { Definition } from '../../../src/credentials/types.ts';
import { createEngineFixture, type EngineFixture } from '../../support/engine.ts';
import { serveHttps, type Listening } from '../../support/http-servers.ts';
import { makeTestCa, type ServerIdentity, type TestCa } from '../../support/test-ca.ts';

interface Arrived {
  readonly url: string;
  readonly headers: IncomingMessage['headers'];
  readonly certificate: string | undefined;
  readonly port: number;
}

let ca: TestCa;
let client: ServerIdentity;
let home: Listening;
let second: Listening;
const arrived: Arrived[] = [];
const fixtures: EngineFixture[] = [];

function answer(request: IncomingMessage, response: ServerResponse): void {
  const socket = request.socket as TLSSocket;
  const subject = socket.getPeerCertificate().subject as { CN?: string } | undefined;
  const { url = '', headers } = request;
  arrived.push({ url, headers, certificate: subject?.CN, port: socket.localPort ?? 0 });
  const to = new URL(url, 'https://x').searchParams.get('to');
  if (to !== null) response.writeHead(302, { location: to }).end();
  else response.end('ok');
}

beforeAll(async () => {
  ca = await makeTestCa();
  client = await ca.client('caller');
  const options = { ...(await ca.server()), requestCert: true, rejectUnauthorized: false, ca: ca.rootPem };
  home = await serveHttps(options, answer);
  second = await serveHttps(options, answer);
}, 30_000);
afterAll(async () => {
  await home.close();
  await second.close();
});
afterEach(async () => {
  arrived.length = 0;
  for (const fixture of fixtures.splice(0)) await fixture.dispose();
});

const secrets: Readonly<Record<string, Readonly<Record<string, string>>>> = {
  token: { '': 'token-0815-value' },
  key: { '': 'api-key-0815-value' },
  sign: { '': 'shared-secret-0815' },
  query: { '': 'query-key-0815' },
};

/** The parts, and `all` that names those of `credentials`. */
async function engine(
  credentials: readonly string[],
  change: Readonly<Record<string, Record<string, unknown>>> = {},
): Promise<EngineFixture> {
  const fixture = createEngineFixture({ ca: [ca.rootPem] });
  fixtures.push(fixture);
  const origins = [home.url, second.url];
  const definitions: Record<string, Record<string, unknown>> = {
    certificate: { scheme: 'mtls' },
    token: { scheme: 'bearer' },
    key: { scheme: 'apiKey', in: 'header', name: 'X-API-Key' },
    query: { scheme: 'apiKey', in: 'query', name: 'api_key' },
    basic: { scheme: 'basic', username: 'u' },
    sign: {
      scheme: 'http-signature',
      algorithm: 'hmac-sha256',
      components: ['@method', '@request-target', 'authorization', 'x-api-key'],
    },
    all: { scheme: 'several', credentials },
  };
  for (const [name, definition] of Object.entries(definitions)) {
    const whole = { origins, ...definition, ...change[name] };
    await fixture.vault.saveDefinition(name, whole as unknown as Definition);
    const named = await fixture.vault.find(name, undefined);
    const held =
      name === 'certificate' ? { private_key: client.cert + client.key } : (secrets[name] ?? { '': 'pw-0815' });
    for (const [slot, value] of Object.entries(held)) {
      if (named && name !== 'all') await fixture.vault.setSecret(named, slot, new Secret(value, 'secret'));
    }
  }
  return fixture;
}

describe('several credentials on one request', () => {
  // The signature is named first and still comes last.
  it('go together, what signs over all the others', async () => {
    const fixture = await engine(['sign', 'certificate', 'token', 'key', 'query']);
    const result = await fixture.send(`# @auth all\nGET ${home.url}/a?b=1`);
    expect(result.error).toBeUndefined();
    const [there] = arrived;
    expect(there?.certificate).toBe('caller');
    expect(there?.url).toBe('/a?b=1&api_key=query-key-0815');
    expect(there?.headers.authorization).toBe('Bearer token-0815-value');
    expect(there?.headers['x-api-key']).toBe('api-key-0815-value');
    const params = /=(.*)$/.exec(String(there?.headers['signature-input']))?.[1] ?? '';
    const base = [
      '"@method": GET',
      '"@request-target": /a?b=1&api_key=query-key-0815',
      '"authorization": Bearer token-0815-value',
      '"x-api-key": api-key-0815-value',
      `"@signature-params": ${params}`,
    ].join('\n');
    const code = createHmac('sha256', 'shared-secret-0815').update(base).digest('base64');
    expect(there?.headers['signature']).toBe(`sig1=:${code}:`);
    expect(JSON.stringify(result.request)).not.toContain('0815');
  });
  it('a certificate alone, for its origin whenever no other credential is named', async () => {
    const fixture = await engine([], { certificate: { default: true, origins: [home.url] } });
    await fixture.send(`GET ${home.url}/a`);
    await fixture.send(`GET ${second.url}/a`);
    await fixture.send(`# @auth none\nGET ${home.url}/b`);
    expect(arrived.map(({ certificate }) => certificate)).toEqual(['caller', undefined, undefined]);
  });
  it('none of them goes where one of them may not, and nothing comes back', async () => {
    const fixture = await engine(['certificate', 'token', 'key', 'sign'], { key: { origins: [home.url] } });
    const there = `${second.url}/b?to=${encodeURIComponent(`${home.url}/c`)}`;
    const result = await fixture.send(`# @auth all\nGET ${home.url}/a?to=${encodeURIComponent(there)}`);
    expect(arrived).toHaveLength(3);
    expect(arrived[0]?.headers['x-api-key']).toBeDefined();
    for (const { headers } of arrived.slice(1)) {
      expect(JSON.stringify(headers)).not.toMatch(/0815|signature|authorization/);
    }
    expect(arrived[1]?.certificate).toBeUndefined();
    expect(result.notes.some(({ code }) => code === 'CS-BIND-ORIGIN')).toBe(true);
  });
  it('is refused before anything is sent when a part is not bound there', async () => {
    const fixture = await engine(['token', 'key'], { key: { origins: ['https://elsewhere.example'] } });
    const result = await fixture.send(`# @auth all\nGET ${home.url}/a`);
    expect(result.error).toMatchObject({ code: 'CS-BIND-ORIGIN' });
    expect(arrived).toHaveLength(0);
  });
  it.each([
    [['token', 'basic'], /header authorization/],
    [['token', 'all'], /names several itself/],
    [['token', 'token'], /twice/],
  ])('refuses %j', async (names, message) => {
    const fixture = await engine(names);
    const result = await fixture.send(`# @auth all\nGET ${home.url}/a`);
    expect(result.error).toMatchObject({ code: 'CS-DEF-FIELD', message: expect.stringMatching(message) as string });
    expect(arrived).toHaveLength(0);
  });
  it('says which name is unknown', async () => {
    const fixture = await engine(['token', 'nobody']);
    const result = await fixture.send(`# @auth all\nGET ${home.url}/a`);
    expect(result.error).toMatchObject({ code: 'CS-DEF-UNKNOWN' });
    expect(arrived).toHaveLength(0);
  });
  it('a value that a part put on may not leave by hand for an origin of the others', async () => {
    const fixture = await engine(['token', 'key'], { key: { origins: [home.url] } });
    await fixture.send(`# @auth all\nGET ${home.url}/a`);
    const result = await fixture.send(`# @auth none\nGET ${second.url}/a\nX-Leak: api-key-0815-value`);
    expect(result.error?.code).toMatch(/^CS-BIND/);
    expect(arrived).toHaveLength(1);
  });
});
