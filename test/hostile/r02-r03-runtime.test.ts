import { spawn } from 'node:child_process';
import net from 'node:net';
import { setImmediate } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { HttpClient } from '../../src/http/types.ts';
import {
  codeOf,
  makeClient,
  sendTo,
  serveHttp,
  serveHttps,
  serveProxy,
  trusting,
  type Listening,
} from '../support/http-servers.ts';
import { makeTestCa, type TestCa } from '../support/test-ca.ts';

let ca: TestCa;
let client: HttpClient;
let secure: Listening;
let plain: Listening;
let proxy: Listening;

beforeAll(async () => {
  ca = await makeTestCa();
  client = makeClient({ memoryLimitBytes: 10_000 });
  const handler: Parameters<typeof serveHttp>[0] = (request, response) => {
    if (request.url === '/a') {
      response.writeHead(307, { Location: '/b' }).end('moved');
      return;
    }
    let count = 0;
    response.writeHead(200);
    const timer = setInterval(() => {
      if (++count <= 5) response.write(Buffer.alloc(5000, 'x'));
      else response.end();
    }, 2);
    response.on('close', () => {
      clearInterval(timer);
    });
    request.resume();
  };
  secure = await serveHttps(await ca.server(), handler);
  plain = await serveHttp(handler);
  proxy = await serveProxy();
});
afterAll(async () => {
  await client.dispose();
  for (const server of [secure, plain, proxy]) await server.close();
});

describe('the runtime', () => {
  it('R02 NODE_TLS_REJECT_UNAUTHORIZED=0 changes nothing', async () => {
    const before = process.env['NODE_TLS_REJECT_UNAUTHORIZED'];
    process.env['NODE_TLS_REJECT_UNAUTHORIZED'] = '0';
    try {
      const own = makeClient();
      expect(await codeOf(sendTo(own, secure.url))).toBe('CS-TLS-UNTRUSTED');
      await own.dispose();
    } finally {
      if (before === undefined) delete process.env['NODE_TLS_REJECT_UNAUTHORIZED'];
      else process.env['NODE_TLS_REJECT_UNAUTHORIZED'] = before;
    }
  });

  it('R02 a process that was started with it changes nothing either', async () => {
    const script = `
      const { makeClient, sendTo, codeOf } = await import(${JSON.stringify(new URL('../support/http-servers.ts', import.meta.url).href)});
      const client = makeClient();
      console.log(await codeOf(sendTo(client, ${JSON.stringify(secure.url)})));
      await client.dispose();`;
    expect(await runNode(script, { NODE_TLS_REJECT_UNAUTHORIZED: '0' })).toBe('CS-TLS-UNTRUSTED\n');
  });

  it('R02 a replaced http.request, https.request and default agent are not used', async () => {
    const http = await import('node:http');
    const https = await import('node:https');
    const saved = [
      http.default.request,
      https.default.request,
      http.default.globalAgent,
      https.default.globalAgent,
    ] as const;
    const trap = (): never => expect.fail('was used');
    Object.assign(http.default, { request: trap, globalAgent: new Proxy({}, { get: trap }) });
    Object.assign(https.default, { request: trap, globalAgent: new Proxy({}, { get: trap }) });
    try {
      expect(await codeOf(sendTo(client, `${secure.url}/b`, { tls: trusting(ca.rootPem) }))).toBe('resolved');
    } finally {
      Object.assign(http.default, { request: saved[0], globalAgent: saved[2] });
      Object.assign(https.default, { request: saved[1], globalAgent: saved[3] });
    }
  });

  it('an idle connection keeps no process alive, and the connection ends with it', async () => {
    const script = `
      const { makeClient, sendTo } = await import(${JSON.stringify(new URL('../support/http-servers.ts', import.meta.url).href)});
      const client = makeClient();
      const exchange = await sendTo(client, ${JSON.stringify(`${plain.url}/b`)});
      console.log(exchange.body.bytes);`;
    expect(await runNode(script, {})).toBe('25000\n');
  });

  it('R03 cancelled at any moment, nothing stays open', { timeout: 60_000 }, async () => {
    const timers = countTimers();
    const stuck = net.createServer((socket) => {
      socket.on('error', () => undefined).resume();
    });
    await new Promise<void>((resolve) => stuck.listen(0, '127.0.0.1', resolve));
    const stuckUrl = `https://127.0.0.1:${String((stuck.address() as net.AddressInfo).port)}`;
    const targets = [
      { url: `${secure.url}/a` },
      { url: `${plain.url}/a` },
      { url: `http://localhost:${String(plain.port)}/b` },
      { url: `${secure.url}/b`, viaProxy: true },
      { url: `${plain.url}/b`, viaProxy: true },
      { url: stuckUrl },
    ];
    const rejections: unknown[] = [];
    const onRejection = (reason: unknown): void => void rejections.push(reason);
    process.on('unhandledRejection', onRejection);
    await fc.assert(
      fc.asyncProperty(
        fc.constantFrom(...targets),
        fc.boolean(),
        fc.oneof(fc.constant(0), fc.integer({ min: 0, max: 45 })),
        fc.constantFrom('timer', 'dns', 'connect', 'proxy', 'tls', 'request', 'waiting', 'download', 'prepare'),
        async (target, withBody, delay, moment) => {
          const own = makeClient({ memoryLimitBytes: 10_000 });
          const stop = new AbortController();
          const timer = setTimeout(
            () => {
              stop.abort();
            },
            moment === 'timer' ? delay : 60,
          );
          const outcome = await sendTo(own, target.url, {
            signal: stop.signal,
            tls: trusting(ca.rootPem),
            proxy: () => (target.viaProxy === true ? { url: new URL(proxy.url) } : undefined),
            ...(withBody ? { method: 'POST', body: 'y'.repeat(100_000) } : {}),
            onPhase: (phase) => {
              if (phase === moment) stop.abort();
            },
            prepareHop: (request) => {
              if (moment === 'prepare') stop.abort();
              return moment === 'prepare' ? new Promise(() => undefined) : Promise.resolve(request);
            },
          }).then(
            (exchange) => (exchange.bodyError as { code?: string } | undefined)?.code ?? 'whole',
            (error: unknown) => (error as { code: string }).code,
          );
          clearTimeout(timer);
          expect(['CS-NET-CANCELLED', 'whole']).toContain(outcome);
          await own.dispose();
        },
      ),
      { numRuns: 150 },
    );
    for (const server of [secure, plain, proxy]) for (const socket of server.sockets) socket.destroy();
    await new Promise<void>((resolve) =>
      stuck.close(() => {
        resolve();
      }),
    );
    for (let turn = 0; turn < 20_000 && openResources(timers).length > 0; turn++) await setImmediate();
    expect(openResources(timers)).toEqual([]);
    process.off('unhandledRejection', onRejection);
    expect(rejections).toEqual([]);
  });
});

/** What is open and could keep a process alive; the servers, and the timers of the test runner, left out. */
function openResources(timers: number): string[] {
  const open = process
    .getActiveResourcesInfo()
    .filter((name) =>
      /^(TCPSocketWrap|TLSWrap|TCPConnectWrap|GetAddrInfoReqWrap|FSReqPromise|FileHandle|Zlib)/i.test(name),
    );
  return [...open, ...Array.from({ length: Math.max(0, countTimers() - timers) }, () => 'Timeout')];
}

function countTimers(): number {
  return process.getActiveResourcesInfo().filter((name) => name === 'Timeout').length;
}

function runNode(script: string, env: Record<string, string>): Promise<string> {
  return new Promise((resolve, reject) => {
    const child = spawn(process.execPath, ['--no-warnings', '--input-type=module', '--eval', script], {
      cwd: fileURLToPath(new URL('../..', import.meta.url)),
      env: { ...process.env, ...env },
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    let out = '';
    child.stdout.on('data', (chunk: Buffer) => (out += chunk.toString()));
    child.on('error', reject);
    child.on('exit', () => {
      resolve(out);
    });
  });
}
