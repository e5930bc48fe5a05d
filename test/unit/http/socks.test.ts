import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { proxyPolicyFromSettings } from '../../../src/http/proxy-policy.ts';
import type { HttpClient } from '../../../src/http/types.ts';
import { makeClient, sendTo, serveHttp, serveHttps, textOf, trusting } from '../../support/http-servers.ts';
import { serveHttp2 } from '../../support/http2-servers.ts';
import { serveSocks, type SocksOptions } from '../../support/socks-server.ts';
import { makeTestCa, type TestCa } from '../../support/test-ca.ts';

let ca: TestCa;
let client: HttpClient;
const open: { close(): Promise<void> }[] = [];

function keep<T extends { close(): Promise<void> }>(server: T): T {
  open.push(server);
  return server;
}

beforeAll(async () => {
  ca = await makeTestCa();
});
afterEach(async () => {
  await client.dispose();
  for (const server of open.splice(0)) await server.close();
});
afterAll(() => client.dispose());

const login = { username: 'ann', password: 'proxy-canary' };

async function through(scheme: string, options: SocksOptions = {}, userinfo = 'ann:proxy-canary@') {
  client = makeClient();
  const socks = keep(await serveSocks({ hosts: { 'api.test': '127.0.0.1' }, ...options }));
  const url = `${scheme}://${userinfo}127.0.0.1:${String(socks.port)}`;
  return { socks, proxy: proxyPolicyFromSettings({ url, exclude: [] }) };
}

describe('a SOCKS proxy', () => {
  for (const [scheme, asked] of [
    ['socks4a', '4 api.test'],
    ['socks5h', '5 api.test'],
    ['socks', '5 api.test'],
  ] as const) {
    it(`${scheme} looks the name up itself`, async () => {
      const { socks, proxy } = await through(scheme);
      const seen: (string | undefined)[] = [];
      const server = keep(
        await serveHttp((request, response) => {
          seen.push(request.headers.authorization, request.headers['proxy-authorization']);
          response.end('ok');
        }),
      );
      const exchange = await sendTo(client, `http://api.test:${String(server.port)}/x`, {
        proxy,
        headers: [['Authorization', 'Bearer origin-canary']],
      });
      expect(await textOf(exchange)).toBe('ok');
      expect(socks.asked[0]).toContain(`${asked}:${String(server.port)}`);
      // Each side sees its own alone.
      expect(seen).toEqual(['Bearer origin-canary', undefined]);
      expect(socks.told()).not.toContain('origin-canary');
      expect(JSON.stringify(exchange.hops)).not.toContain('proxy-canary');
    });
  }

  for (const scheme of ['socks4', 'socks5']) {
    it(`${scheme} is told an address, which the rule for addresses judges`, async () => {
      const { socks, proxy } = await through(scheme);
      const server = keep(await serveHttp((_request, response) => response.end('ok')));
      const url = `http://localhost:${String(server.port)}`;
      await sendTo(client, url, { proxy, allowAddress: (address) => address === '127.0.0.1' });
      expect(socks.asked[0]).toMatch(/^[45] 127\.0\.0\.1:/);
      const refused = sendTo(client, url, { proxy, allowAddress: () => false });
      await expect(refused).rejects.toMatchObject({ code: 'CS-NET-ADDRESS' });
      expect(socks.asked).toHaveLength(1);
    });
  }

  it('carries TLS and HTTP/2, the login sent to it alone', async () => {
    const { socks, proxy } = await through('socks5h', { login });
    const server = keep(
      await serveHttp2(await ca.server({ dns: ['api.test'] }), (stream) => {
        stream.respond({ ':status': 200 });
        stream.end('two');
      }),
    );
    const url = `https://api.test:${String(server.port)}`;
    const all = await Promise.all([1, 2, 3].map(() => sendTo(client, url, { proxy, tls: trusting(ca.rootPem) })));
    expect(await textOf(all[0]!)).toBe('two');
    expect([server.connections(), socks.asked.length]).toEqual([1, 1]);
    expect(socks.told()).toContain('proxy-canary');
  });

  it('says why it did not connect', async () => {
    const server = keep(await serveHttps(await ca.server(), (_request, response) => response.end('ok')));
    const failing = async (scheme: string, options: SocksOptions, userinfo?: string) => {
      const { proxy } = await through(scheme, options, userinfo);
      const error = await sendTo(client, server.url, { proxy }).catch((reason: unknown) => reason as Error);
      await client.dispose();
      expect(JSON.stringify(error) + (error as Error).message).not.toContain('canary');
      return error;
    };
    expect(await failing('socks5h', { reply: 5 })).toMatchObject({
      code: 'CS-NET-PROXY',
      message: expect.stringContaining('the connection was refused') as string,
    });
    expect(await failing('socks5h', { login }, 'ann:wrong-canary@')).toMatchObject({
      message: expect.stringContaining('does not accept the login') as string,
    });
    expect(await failing('socks5h', { login }, '')).toMatchObject({
      message: expect.stringContaining('asks for a login') as string,
    });
    expect(await failing('socks4a', { reply: 1 })).toMatchObject({ code: 'CS-NET-PROXY' });
    for (let cutAfter = 0; cutAfter < 12; cutAfter++) {
      expect(await failing('socks5h', { cutAfter })).toMatchObject({ code: 'CS-NET-PROXY' });
    }
    expect(server.connections()).toBe(0);
  });
});
