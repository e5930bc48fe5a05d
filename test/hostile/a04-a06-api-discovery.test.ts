/**
 * APIs that say of themselves what would lead us astray: to addresses of our own network (A04), to an identity provider
 * for somebody else (A05), through challenges that nobody can read (A06). Real sockets; each server that must not be
 * reached counts its connections.
 */
import type { IncomingMessage, ServerResponse } from 'node:http';
import { createServer } from 'node:net';
import { afterAll, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest';
import { Secret } from '../../src/credentials/secret.ts';
import { discoverApi } from '../../src/oauth/api-discovery/discover-api.ts';
import type { ApiFindings } from '../../src/oauth/api-discovery/findings.ts';
import { toVettedFetch } from '../../src/oauth/api-discovery/vetted-fetch.ts';
import { registerClient, toWantedClient } from '../../src/oauth/registration/register-client.ts';
import { createEngineFixture, type EngineFixture } from '../support/engine.ts';
import type { Listening } from '../support/http-servers.ts';
import {
  createNamedNetwork,
  lookupInNetwork,
  lookups,
  name,
  otherPublicHost,
  ownHost,
  privateHost,
  publicHost,
  type NamedNetwork,
} from '../support/named-network.ts';
import { ScriptedIdp } from '../support/scripted-idp.ts';

vi.mock('node:dns', async (load) => ({
  ...(await load<typeof import('node:dns')>()),
  lookup: (...args: Parameters<typeof lookupInNetwork>) => lookupInNetwork(...args),
}));

const wellKnown = '/.well-known/oauth-protected-resource';
const issuerPath = '/.well-known/openid-configuration';
const limits = { maxBytes: 1024 * 1024, deadlineMs: 1500 };

let network: NamedNetwork;
let api: Listening;
let target: Listening;
let idp: Listening;
let apiUrl: string;
/** By path. */
let answers: Record<string, (request: IncomingMessage, response: ServerResponse) => void>;
let challenge: string | string[];
const asked: string[] = [];

function json(response: ServerResponse, value: unknown, status = 200): void {
  response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(value));
}

/** A server under these names that answers by `answers`, and 401 otherwise. */
function answerer(who: string) {
  return (request: IncomingMessage, response: ServerResponse): void => {
    const path = (request.url ?? '').replace(/\?.*$/, '');
    asked.push(`${who} ${path}`);
    const own = answers[`${who} ${path}`] ?? answers[path];
    if (own) own(request, response);
    else if (path === '/orders') response.writeHead(401, { 'www-authenticate': challenge }).end();
    else response.writeHead(404).end();
  };
}

beforeAll(async () => {
  network = await createNamedNetwork();
  const names = ['api.example', 'inside.example', 'rebound.example', 'mixed.example', 'api.corp.example', 'localhost'];
  [api, target, idp] = await Promise.all([
    network.serve(publicHost, names, answerer('api')),
    network.serve(ownHost, names, answerer('target')),
    network.serve(otherPublicHost, ['idp.example'], answerer('idp')),
  ]);
});
afterAll(() => network.close());
beforeEach(() => {
  name('api.example', [publicHost]);
  name('idp.example', [otherPublicHost]);
  name('inside.example', [ownHost]);
  name('localhost', [ownHost]);
  apiUrl = `https://api.example:${api.port}/orders`;
  challenge = 'Bearer';
  answers = {};
  asked.length = 0;
  lookups.length = 0;
});

const discover = (url = apiUrl): Promise<ApiFindings> => discoverApi(url, network.ports, { limits });

/** The API's metadata, true but for what a test changes. */
function metadata(change: Record<string, unknown>): void {
  answers[`api ${wellKnown}`] = (_request, response) => json(response, { resource: new URL(apiUrl).origin, ...change });
}

function issuerMetadata(change: Record<string, unknown> = {}): string {
  const issuer = `https://idp.example:${idp.port}`;
  const endpoint = (path: string): string => `${issuer}${path}`;
  answers[`idp ${issuerPath}`] = (_request, response) =>
    json(response, {
      issuer,
      authorization_endpoint: endpoint('/authorize'),
      token_endpoint: endpoint('/token'),
      jwks_uri: endpoint('/jwks'),
      registration_endpoint: endpoint('/register'),
      ...change,
    });
  return issuer;
}

/** Connections that were made to the server that must not be reached, while the work ran. */
async function reached(work: () => Promise<unknown>, server = target): Promise<number> {
  const before = server.connections();
  await work();
  return server.connections() - before;
}

describe('A04 the address of the metadata in a challenge', () => {
  const addresses = [
    'http://169.254.169.254/latest/meta-data/',
    'http://localhost:PORT/',
    'https://localhost:PORT/',
    'http://[::ffff:10.0.0.1]/',
    'http://[::ffff:127.0.0.1]:PORT/',
    'http://0x7f.1:PORT/',
    'https://2130706433:PORT/',
    'https://inside.example:PORT/',
    'file:///etc/passwd',
    'gopher://localhost:PORT/',
    'https://api.example@localhost:PORT/',
    `https://api.example\\@localhost:PORT/`,
  ];
  it.each(addresses)('%s is not fetched, and one line says so', async (address) => {
    challenge = `Bearer resource_metadata="${address.replace('PORT', String(target.port)).replaceAll('\\', '\\\\')}"`;
    let found: ApiFindings | undefined;
    expect(await reached(async () => (found = await discover()))).toBe(0);
    expect(found?.warnings.map(({ code }) => code)).toEqual(['CS-AUTH-RESOURCE']);
    expect(found?.issuers).toEqual([]);
    expect(new Set(lookups)).toEqual(new Set(['api.example']));
  });
  it('is not followed when it redirects, to our network or anywhere', async () => {
    for (const location of [`https://localhost:${target.port}/`, 'http://169.254.169.254/', wellKnown]) {
      answers[`api ${wellKnown}`] = (_request, response) => void response.writeHead(302, { location }).end();
      let found: ApiFindings | undefined;
      expect(await reached(async () => (found = await discover()))).toBe(0);
      expect(found?.warnings.map(({ message }) => message).join()).toContain('redirects, which is not followed');
    }
  });
});

describe('A04 an identity provider that an API on the internet names', () => {
  const addresses = [
    'https://169.254.169.254',
    'https://localhost:PORT',
    'https://sub.localhost:PORT',
    'https://[::ffff:127.0.0.1]:PORT',
    'https://[::1]:PORT',
    'https://0x7f.1:PORT',
    'https://127.1:PORT',
    'https://10.0.0.1',
    'https://[64:ff9b::7f00:1]:PORT',
    'https://metadata.google.internal',
    'https://printer.local:PORT',
    'https://inside.example:PORT',
  ];
  it.each(addresses)('%s is not connected to', async (address) => {
    metadata({ authorization_servers: [address.replace('PORT', String(target.port))] });
    let found: ApiFindings | undefined;
    expect(await reached(async () => (found = await discover()))).toBe(0);
    expect(found?.issuers[0]?.problem?.code).toBe('CS-NET-ADDRESS');
    expect(found?.recommendations.map(({ scheme }) => scheme)).not.toContain('oauth2');
    expect(asked.filter((line) => line.startsWith('target'))).toEqual([]);
  });
  it.each(['http://idp.example', 'file:///etc/passwd', 'javascript:alert(1)', 'https://a:b@idp.example', 7, null])(
    '%s is no address of one',
    async (address) => {
      metadata({ authorization_servers: [address] });
      expect((await discover()).issuers).toEqual([]);
    },
  );
  it('is connected to at one of its public addresses where it has others too', async () => {
    name('mixed.example', [ownHost, publicHost]);
    answers[`api ${issuerPath}`] = (_request, response) =>
      json(response, {
        issuer: `https://mixed.example:${api.port}`,
        token_endpoint: `https://mixed.example:${api.port}/t`,
      });
    metadata({ authorization_servers: [`https://mixed.example:${api.port}`] });
    const found = await discover();
    expect(found.issuers[0]?.problem).toBeUndefined();
    expect(found.issuers[0]?.network).toBe('public');
  });
  it('is not followed to our network by its own metadata', async () => {
    const issuer = issuerMetadata();
    metadata({ authorization_servers: [issuer] });
    answers[`idp ${issuerPath}`] = (_request, response) =>
      void response.writeHead(302, { location: `https://localhost:${target.port}/` }).end();
    expect(await reached(discover)).toBe(0);
    const inside = issuerMetadata({ registration_endpoint: `https://inside.example:${target.port}/register` });
    const found = await discover();
    const [named] = found.issuers;
    expect(named?.issuer).toBe(inside);
    const fetch = toVettedFetch(network.ports.fetch, named?.network ?? 'forbidden', false, limits);
    const ports = { fetch, clock: network.ports.clock, onSecret: () => undefined };
    const server = named?.server;
    if (!server) throw new Error('the issuer was not found');
    const wanted = toWantedClient({ grant: 'authorization_code', clientName: 'x' }, ['http://127.0.0.1/cb'], server);
    expect(
      await reached(() =>
        expect(registerClient(server, wanted, ports)).rejects.toMatchObject({ code: 'CS-NET-ADDRESS' }),
      ),
    ).toBe(0);
  });
  it('is not reached over a connection that was made before, without the rule', async () => {
    answers['/open'] = (_request, response) => void response.end('a person asked for this');
    const own = `https://inside.example:${target.port}`;
    await network.ports.fetch(`${own}/open`, { method: 'GET', headers: {}, redirect: 'manual' }, () => true);
    metadata({ authorization_servers: [own] });
    const found = await discover();
    expect(found.issuers[0]?.problem?.code).toBe('CS-NET-ADDRESS');
    expect(asked.filter((line) => line.startsWith('target'))).toEqual(['target /open']);
  });
});

describe('A04 a name that is turned round between two questions', () => {
  let inside: ReturnType<typeof createServer>;
  let insideConnections = 0;
  beforeAll(async () => {
    // On the same port as the API, so that only the address differs.
    inside = createServer((socket) => {
      insideConnections += 1;
      socket.destroy();
    });
    await new Promise<void>((resolve) => inside.listen(api.port, ownHost, resolve));
  });
  afterAll(() => new Promise<void>((resolve) => inside.close(() => resolve())));

  it('is not asked in our network what it was asked on the internet', async () => {
    name('rebound.example', [publicHost], [ownHost]);
    const found = await discover(`https://rebound.example:${api.port}/orders`);
    expect(found.status).toBe(401);
    expect(found.warnings.map(({ code }) => code)).toContain('CS-NET-ADDRESS');
    expect(insideConnections).toBe(0);
  });
  it('may not say on the internet what is in our network', async () => {
    // First this machine answers for the name, then the attacker does, with the rights of this machine.
    answers['target /orders'] = (_request, response) => void response.writeHead(401).end();
    metadata({ resource: `https://rebound.example:${target.port}` });
    name('rebound.example', [ownHost], [publicHost]);
    const found = await discover(`https://rebound.example:${target.port}/orders`);
    expect(found.issuers).toEqual([]);
    expect(found.warnings.map(({ code }) => code)).toContain('CS-NET-ADDRESS');
    expect(asked.filter((line) => line.startsWith('api'))).toEqual([]);
  });
  it('is looked up once for each connection, and what was judged is what is connected to', async () => {
    name('rebound.example', [publicHost]);
    const made = await reached(() => discover(`https://rebound.example:${api.port}/orders`), api);
    expect(lookups.filter((host) => host === 'rebound.example')).toHaveLength(made);
  });
});

describe('A04 an API of one’s own', () => {
  it('on this machine may name an identity provider on this machine', async () => {
    const own = `https://localhost:${target.port}`;
    answers[`target ${wellKnown}`] = (_request, response) =>
      json(response, { resource: own, authorization_servers: [own] });
    answers[`target ${issuerPath}`] = (_request, response) =>
      json(response, { issuer: own, token_endpoint: `${own}/token` });
    const found = await discover(`${own}/orders`);
    expect(found.issuers[0]).toMatchObject({ issuer: own, elsewhere: false, network: 'loopback' });
    expect(found.issuers[0]?.problem).toBeUndefined();
  });
  it('of a company network may not name one on this machine', async () => {
    const corp = await network.serve(privateHost, ['api.corp.example'], answerer('corp'));
    name('api.corp.example', [privateHost]);
    const origin = `https://api.corp.example:${corp.port}`;
    answers[`corp ${wellKnown}`] = (_request, response) =>
      json(response, { resource: origin, authorization_servers: [`https://inside.example:${target.port}`] });
    let found: ApiFindings | undefined;
    expect(await reached(async () => (found = await discover(`${origin}/orders`)))).toBe(0);
    expect(found?.issuers[0]?.problem?.code).toBe('CS-NET-ADDRESS');
  });
});

describe('A04 behind a proxy, which looks the names up itself', () => {
  it.each([
    ['public', 'https://localhost/x', false],
    ['public', 'https://10.0.0.1/x', false],
    ['public', 'https://[::ffff:127.0.0.1]/x', false],
    ['public', 'https://metadata.google.internal/x', false],
    ['private', 'https://127.0.0.1/x', false],
    ['private', 'https://10.0.0.1/x', true],
    ['loopback', 'https://169.254.169.254/x', false],
    ['loopback', 'https://localhost/x', true],
    ['public', 'https://idp.example/x', true],
  ] as const)('of a %s server %s is asked: %s', async (from, url, expected) => {
    const sent: string[] = [];
    const fetch = toVettedFetch(
      async (to) => {
        sent.push(to);
        return new Response('');
      },
      from,
      false,
      limits,
    );
    await fetch(url, { method: 'GET', headers: {}, redirect: 'manual' }).catch(() => undefined);
    expect(sent).toEqual(expected ? [url] : []);
  });
});

describe('A05 metadata of somebody else', () => {
  it.each([
    'https://api.example.evil',
    'https://api.example',
    'http://api.example:PORT',
    'https://api.example:PORT/orders-of-others',
    'https://api.example:PORT/other',
    'https://api.example:PORT@evil.example',
    'https://user@api.example:PORT',
    'https://API.example:PORT/orders',
    'https://api.example:PORT/orders/../orders',
    '',
    undefined,
  ])('is not used: resource %s', async (resource) => {
    metadata({ resource: resource?.replace('PORT', String(api.port)), authorization_servers: [issuerMetadata()] });
    const found = await discover();
    expect(found.resource).toBeUndefined();
    expect(found.issuers).toEqual([]);
    expect(asked.filter((line) => line.startsWith('idp'))).toEqual([]);
    expect(found.warnings.map(({ code }) => code)).toContain('CS-AUTH-RESOURCE');
  });
  it('is not taken from another origin, also when it tells the truth about us', async () => {
    const { origin } = new URL(apiUrl);
    answers['idp /prm'] = (_request, response) => json(response, { resource: apiUrl, authorization_servers: [origin] });
    challenge = `Bearer resource_metadata="https://idp.example:${idp.port}/prm"`;
    const found = await discover();
    expect(found.resource).toBeUndefined();
    expect(asked.filter((line) => line.startsWith('idp'))).toEqual([]);
  });
  it('that names a foreign identity provider shows both origins, and signs in nowhere', async () => {
    const issuer = issuerMetadata();
    metadata({ authorization_servers: [issuer] });
    const found = await discover();
    expect(found.origin).toBe(new URL(apiUrl).origin);
    expect(found.issuers[0]).toMatchObject({ origin: issuer, elsewhere: true, namedBy: 'resource' });
    expect(asked.filter((line) => line.startsWith('idp'))).toEqual([`idp ${issuerPath}`]);
  });
  it('H26 of an issuer that calls itself otherwise is not used', async () => {
    const issuer = issuerMetadata({ issuer: 'https://evil.example' });
    metadata({ authorization_servers: [issuer] });
    const found = await discover();
    expect(found.issuers[0]?.problem?.code).toBe('CS-AUTH-DISCOVERY');
    expect(found.issuers[0]?.server).toBeUndefined();
  });
  it('H26 of an API’s own origin is compared as strictly', async () => {
    answers[`api ${issuerPath}`] = (_request, response) => json(response, { issuer: 'https://evil.example' });
    expect((await discover()).issuers).toEqual([]);
  });
});

describe('H26 metadata of an API that has no end, or is none', () => {
  const page = (body: string | Buffer, status = 200) => {
    answers[`api ${wellKnown}`] = (_request, response) => void response.writeHead(status).end(body);
  };
  it('a page is no metadata', async () => {
    page('<html>');
    const found = await discover();
    expect([found.resource, found.warnings]).toEqual([undefined, []]);
  });
  it('50 MB are not read', async () => {
    page(Buffer.alloc(50 * 1024 * 1024, 32));
    const found = await discover();
    expect(found.warnings.map(({ code }) => code)).toContain('CS-BODY-TOO-LARGE');
  });
  it('no answer ends at the deadline', async () => {
    answers[`api ${wellKnown}`] = () => undefined;
    const found = await discover();
    expect(found.warnings.map(({ code }) => code)).toContain('CS-NET-TIMEOUT');
  });
  it('identity providers that never answer end together, and what was found stays', async () => {
    for (const path of ['/a', '/b', '/c']) answers[`idp ${path}${issuerPath}`] = () => undefined;
    const issuers = ['/a', '/b', '/c'].map((path) => `https://idp.example:${idp.port}${path}`);
    metadata({ authorization_servers: issuers });
    const found = await discoverApi(apiUrl, network.ports, {
      limits: { ...limits, deadlineMs: 60_000, overallMs: 700 },
    });
    expect(found.issuers.map(({ problem }) => problem?.code)).toEqual(Array(3).fill('CS-NET-TIMEOUT'));
    expect(found.resource?.authorizationServers).toEqual(issuers);
  });
  it('a person who is asked about one has all the time there is', async () => {
    metadata({ authorization_servers: [issuerMetadata()] });
    const found = await discoverApi(apiUrl, network.ports, {
      limits: { ...limits, overallMs: 700 },
      mayAsk: () => new Promise((resolve) => setTimeout(() => resolve(true), 1000)),
    });
    expect(found.issuers[0]?.server).toBeDefined();
  });
  it('a hundred identity providers are eight', async () => {
    const many = Array.from({ length: 100 }, (_, index) => `https://idp.example:${idp.port}/${index}`);
    metadata({ authorization_servers: many });
    const found = await discover();
    expect(found.issuers).toHaveLength(8);
    expect(found.warnings.map(({ message }) => message).join()).toContain('the first 8 are used');
  });
});

describe('H26 an API that leads elsewhere', () => {
  it.each([
    ['https://inside.example/login?x=1', 'https://inside.example/login'],
    ['//evil.example/', 'https://evil.example/'],
    ['javascript:alert(1)', 'elsewhere'],
  ])('to %s is not followed, and says so', async (location, shown) => {
    answers['/orders'] = (_request, response) =>
      void response.writeHead(302, { location: Buffer.from(location).toString('latin1') }).end();
    let found: ApiFindings | undefined;
    expect(await reached(async () => (found = await discover()))).toBe(0);
    expect(found?.status).toBe(302);
    expect(found?.warnings[0]?.message).toContain(`leads to ${shown},`);
  });
});

describe('an API with a sign-in that is set up', () => {
  let server: ScriptedIdp;
  let elsewhere: ScriptedIdp;
  let engine: EngineFixture;
  beforeAll(async () => {
    [server, elsewhere] = await Promise.all([ScriptedIdp.start(), ScriptedIdp.start()]);
    engine = createEngineFixture({ ca: [server.ca, elsewhere.ca] });
    server.script = {
      routes: {
        '/orders': (_hit, response) =>
          void response
            .writeHead(401, { 'www-authenticate': ['Basic realm="a"', 'Digest realm="a", nonce="n"'] })
            .end(),
        [wellKnown]: (_hit, response) =>
          json(response, { resource: server.issuer, authorization_servers: [elsewhere.issuer] }),
      },
    };
    await engine.vault.saveDefinition('orders', {
      scheme: 'oauth2',
      grant: 'client_credentials',
      issuer: server.issuer,
      client_id: 'cli',
      default: true,
      origins: [server.issuer],
    });
    const named = await engine.vault.find('orders', undefined);
    if (named) await engine.vault.setSecret(named, '', new Secret(server.secret, 'client secret'));
  });
  afterAll(async () => {
    await engine.dispose();
    await Promise.all([server.stop(), elsewhere.stop()]);
  });

  it('A06 asks for no password when it answers with Basic, and sends none', async () => {
    const result = await engine.send(`GET ${server.issuer}/orders\n`);
    expect(result.exchange?.response.status).toBe(401);
    expect(result.setUp).toBeUndefined();
    expect([engine.questions, engine.asked]).toEqual([[], []]);
    const sent = server.hitsOn('/orders').map(({ headers }) => headers.authorization?.split(' ')[0]);
    expect(new Set(sent)).toEqual(new Set(['Bearer']));
  });
  it('H27 keeps the issuer that was agreed to, whatever its metadata names later', async () => {
    await engine.send(`GET ${server.issuer}/orders\n`);
    expect(server.hitsOn(wellKnown)).toEqual([]);
    expect(elsewhere.hits).toEqual([]);
    expect((await engine.vault.find('orders', undefined))?.definition).toMatchObject({ issuer: server.issuer });
  });
});

describe('A06 challenges', () => {
  it('of any kind and number give an answer, the strongest first', async () => {
    challenge = [
      'Basic realm="b, c=d, \\"e\\""',
      'Negotiate YII=',
      'Bearer scope="a',
      `${'Basic realm="x", '.repeat(1000)}Digest realm="d", nonce="n"`,
    ];
    const found = await discover();
    expect(found.challenges.map(({ scheme }) => scheme)).toEqual(['Bearer', 'Negotiate', 'Basic', 'Basic']);
  });
  it('put no password before the sign-in of an API that has one', async () => {
    metadata({ authorization_servers: [issuerMetadata()] });
    challenge = ['Basic realm="a"', 'Bearer realm="b"'];
    expect((await discover()).recommendations.map(({ scheme }) => scheme)).toEqual(['oauth2', 'bearer', 'basic']);
    challenge = 'Basic realm="a"';
    expect((await discover()).recommendations[0]?.scheme).toBe('oauth2');
  });
  it('are inert as text', async () => {
    challenge = 'Bearer realm="[x](command:y) \u00ad<img>", error="<b>", scope="a \u0022b"';
    const [found] = (await discover()).challenges;
    expect(found).toEqual({ scheme: 'Bearer', answeredBy: 'bearer', realm: '[x] (command:y) <img>', scope: ['a'] });
  });
  it('name a place for a key only when it can be one', async () => {
    challenge = 'ApiKey in="header query", name="X-Key"';
    expect((await discover()).challenges[0]?.key).toEqual({ name: 'X-Key', in: 'header' });
    challenge = 'ApiKey in="body", name="X Key: evil"';
    expect((await discover()).challenges[0]?.key).toBeUndefined();
  });
});
