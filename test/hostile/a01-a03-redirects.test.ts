import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import type { HeaderPair, Hop, HttpClient, OutgoingRequest } from '../../src/http/types.ts';
import {
  codeOf,
  makeClient,
  sendTo,
  serveHttp,
  serveHttps,
  textOf,
  trusting,
  type Listening,
} from '../support/http-servers.ts';
import { makeTestCa, type TestCa } from '../support/test-ca.ts';

interface Server extends Listening {
  /** Heads that arrived, as one text each. */
  readonly heads: string[];
  readonly bodies: string[];
  /** Where `/go` redirects to. */
  target: string;
  status: number;
}

let ca: TestCa;
let client: HttpClient;
const servers: Listening[] = [];

beforeAll(async () => {
  ca = await makeTestCa();
  client = makeClient();
});
afterEach(async () => {
  for (const server of servers.splice(0)) await server.close();
});
afterAll(() => client.dispose());

async function serve(scheme: 'http' | 'https', host = '127.0.0.1'): Promise<Server> {
  const state = { heads: [] as string[], bodies: [] as string[], target: '', status: 302 };
  const handler: Parameters<typeof serveHttp>[0] = (request, response) => {
    state.heads.push(`${request.method ?? ''} ${request.url ?? ''} ${request.rawHeaders.join(' ')}`);
    let text = '';
    request.on('data', (chunk: Buffer) => (text += chunk.toString()));
    request.on('end', () => {
      state.bodies.push(text);
      if (request.url === '/go') response.writeHead(state.status, { Location: state.target }).end('moved');
      else response.end('here');
    });
  };
  const listening =
    scheme === 'https' ? await serveHttps(await ca.server(), handler, host) : await serveHttp(handler, host);
  servers.push(listening);
  return Object.assign(state, listening);
}

const secrets: readonly HeaderPair[] = [
  ['Authorization', 'Bearer canary-1'],
  ['Cookie', 'session=canary-2'],
  ['X-Api-Key', 'canary-3'],
  ['DPoP', 'canary-4'],
  ['X-Own', 'canary-5'],
  ['Accept', '*/*'],
];
const tls = (): ReturnType<typeof trusting> => trusting(ca.rootPem);

describe('redirects to another origin', () => {
  const places: [string, (honest: Server, evil: Server) => string][] = [
    ['another origin', (_honest, evil) => `${evil.url}/x`],
    ['another name of the same address', (_honest, evil) => `https://localhost:${String(evil.port)}/x`],
    ['a place without a scheme', (_honest, evil) => `//127.0.0.1:${String(evil.port)}/x`],
    ['a place with backslashes', (_honest, evil) => `\\\\127.0.0.1:${String(evil.port)}/x`],
    ['the same port at another name', (honest) => `https://localhost:${String(honest.port)}/x`],
  ];
  for (const [name, target] of places) {
    it(`A01 strips credentials on a redirect to ${name}, visibly`, async () => {
      const honest = await serve('https');
      const evil = await serve('https');
      honest.target = target(honest, evil);
      const exchange = await sendTo(client, `${honest.url}/go`, {
        tls: tls(),
        headers: secrets,
        sensitiveHeaders: ['x-own'],
      });
      expect(await textOf(exchange)).toBe('here');
      const arrived = [...honest.heads.slice(1), ...evil.heads].join('\n');
      expect(arrived).toContain('GET /x');
      expect(arrived).not.toContain('canary');
      expect(exchange.hops[1]?.stripped).toEqual(['Authorization', 'Cookie', 'X-Api-Key', 'DPoP', 'X-Own']);
      expect(exchange.hops.map(({ why }) => why)).toEqual(['first', 'redirect 302']);
    });
  }

  it('A01 keeps them on the same origin in another spelling', async () => {
    const honest = await serve('https');
    honest.target = `HTTPS://127.0.0.1:${String(honest.port)}/x`;
    const exchange = await sendTo(client, `${honest.url}/go`, { tls: tls(), headers: secrets });
    expect(honest.heads[1]).toContain('canary-1');
    expect(exchange.hops[1]?.stripped).toBeUndefined();
  });

  it('A01 does not follow https to http with a credential', async () => {
    const honest = await serve('https');
    const evil = await serve('http');
    honest.target = `${evil.url}/x`;
    const hops: Hop[] = [];
    const work = sendTo(client, `${honest.url}/go`, { tls: tls(), headers: secrets, onHop: (hop) => hops.push(hop) });
    expect(await codeOf(work)).toBe('CS-HTTP-DOWNGRADE');
    expect([evil.heads.length, hops.length, hops[0]?.response?.status]).toEqual([0, 1, 302]);
  });

  it('A01 does not follow https to http when the credential is in the address', async () => {
    const honest = await serve('https');
    const evil = await serve('http');
    honest.target = `${evil.url}/x`;
    const prepareHop = (request: OutgoingRequest): Promise<OutgoingRequest> =>
      Promise.resolve({ ...request, carriesCredential: true });
    expect(await codeOf(sendTo(client, `${honest.url}/go`, { tls: tls(), prepareHop }))).toBe('CS-HTTP-DOWNGRADE');
    expect(evil.heads).toHaveLength(0);
  });

  it('A01 follows https to http without one', async () => {
    const honest = await serve('https');
    const other = await serve('http');
    honest.target = `${other.url}/x`;
    const exchange = await sendTo(client, `${honest.url}/go`, { tls: tls(), headers: [['Accept', '*/*']] });
    expect([await textOf(exchange), other.heads.length]).toEqual(['here', 1]);
  });

  it('A01 does not follow https to http when the next hop would get one', async () => {
    const honest = await serve('https');
    const other = await serve('http');
    honest.target = `${other.url}/x`;
    const work = sendTo(client, `${honest.url}/go`, {
      tls: tls(),
      prepareHop: (request, hop) =>
        Promise.resolve(
          hop.index === 0 ? request : { ...request, headers: [...request.headers, ['Authorization', 'canary']] },
        ),
    });
    expect([await codeOf(work), other.heads.length]).toEqual(['CS-HTTP-DOWNGRADE', 0]);
  });

  for (const [name, location] of [
    ['names a user', 'https://127.0.0.1@localhost:1/x'],
    ['is a file', 'file:///etc/passwd'],
    ['is a script', 'javascript:alert(1)'],
    ['is no address', 'https://[/'],
  ] as const) {
    it(`A01 does not follow a place that ${name}`, async () => {
      const honest = await serve('https');
      honest.target = location;
      expect(await codeOf(sendTo(client, `${honest.url}/go`, { tls: tls(), headers: secrets }))).toBe(
        'CS-HTTP-LOCATION',
      );
      expect(honest.heads).toHaveLength(1);
    });
  }

  it('A02 does not put them back on the way home', async () => {
    const honest = await serve('https');
    const evil = await serve('https');
    honest.target = `${evil.url}/go`;
    evil.target = `${honest.url}/home`;
    const asked: boolean[] = [];
    const exchange = await sendTo(client, `${honest.url}/go`, {
      tls: tls(),
      headers: secrets,
      sensitiveHeaders: ['X-Own'],
      prepareHop: (request, hop) => {
        asked.push(hop.crossOrigin);
        return Promise.resolve(request);
      },
    });
    expect(exchange.hops).toHaveLength(3);
    expect(honest.heads[0]).toContain('canary-1');
    expect([...evil.heads, honest.heads[1]].join()).not.toContain('canary');
    expect(asked).toEqual([false, true, true]);
  });

  it('A02 lets the binding put one back, hop by hop', async () => {
    const honest = await serve('https');
    const evil = await serve('https');
    honest.target = `${evil.url}/go`;
    evil.target = `${honest.url}/home`;
    await sendTo(client, `${honest.url}/go`, {
      tls: tls(),
      prepareHop: (request) =>
        Promise.resolve(
          request.url.origin === honest.url
            ? { ...request, headers: [...request.headers, ['Authorization', 'canary']], carriesCredential: true }
            : request,
        ),
    });
    expect(honest.heads.every((head) => head.split('canary').length === 2)).toBe(true);
    expect(evil.heads.join()).not.toContain('canary');
  });

  for (const [status, method] of [
    [307, 'POST'],
    [308, 'PATCH'],
    [302, 'PUT'],
  ] as const) {
    it(`A03 asks before a body goes to another origin on ${String(status)} ${method}`, async () => {
      const honest = await serve('https');
      const evil = await serve('https');
      Object.assign(honest, { target: `${evil.url}/x`, status });
      const sending = { tls: tls(), method, body: 'canary body' };
      const silent = await sendTo(client, `${honest.url}/go`, sending);
      expect([silent.response.status, evil.heads.length]).toEqual([status, 0]);
      expect(silent.redirectDeclined).toEqual({ to: `${evil.url}/x` });

      const asked: string[] = [];
      const declined = await sendTo(client, `${honest.url}/go`, {
        ...sending,
        confirmCrossOriginBody: (from, to) => {
          asked.push(`${from.origin} ${to.origin}`);
          return Promise.resolve(false);
        },
      });
      expect(asked).toEqual([`${honest.url} ${evil.url}`]);
      expect([await textOf(declined), evil.heads.length]).toEqual(['moved', 0]);

      const confirmed = await sendTo(client, `${honest.url}/go`, {
        ...sending,
        confirmCrossOriginBody: () => Promise.resolve(true),
      });
      expect([await textOf(confirmed), evil.bodies]).toEqual(['here', ['canary body']]);
    });
  }

  it('A03 does not ask on the same origin', async () => {
    const honest = await serve('https');
    Object.assign(honest, { target: '/x', status: 307 });
    await sendTo(client, `${honest.url}/go`, {
      tls: tls(),
      method: 'POST',
      body: 'again',
      confirmCrossOriginBody: () => expect.fail('was asked'),
    });
    expect(honest.bodies).toEqual(['again', 'again']);
  });
});
