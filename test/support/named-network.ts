/**
 * A small internet on the loopback: names with addresses that a test chooses, and addresses that count as public or
 * private though they are of this machine. Sockets, TLS and the engine are real; only what a name leads to is told here.
 * The test mocks `node:dns` with `lookupIn(network)`.
 */
import { mkdtempSync } from 'node:fs';
import type { LookupAddress } from 'node:dns';
import type { RequestListener } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { toFetch } from '../../src/http/fetch-adapter.ts';
import { loadHead } from '../../src/http/head-of.ts';
import { createHttpClient } from '../../src/http/http-client.ts';
import type { ApiDiscoveryPorts } from '../../src/oauth/api-discovery/discover-api.ts';
import { serveHttps, type Listening } from './http-servers.ts';
import { makeTestCa, type TestCa } from './test-ca.ts';

/** What each address of this machine stands for. */
const seenAs: Readonly<Record<string, string>> = {
  '127.0.0.8': '93.184.216.34',
  '127.0.0.7': '93.184.216.35',
  '127.0.0.6': '10.20.30.40',
};
export const publicHost = '127.0.0.8';
export const otherPublicHost = '127.0.0.7';
export const privateHost = '127.0.0.6';
export const ownHost = '127.0.0.1';

const dns = new Map<string, readonly (readonly string[])[]>();
/** Names that were looked up, in order. */
export const lookups: string[] = [];

/** @param answers addresses of each look-up in turn; the last one stays */
export function name(host: string, ...answers: readonly (readonly string[])[]): void {
  dns.set(host, answers);
}

type Callback = (error: Error | null, found: LookupAddress[]) => void;

/** In the place of `lookup` of `node:dns`, as the engine calls it: all addresses. */
export function lookupInNetwork(host: string, _options: unknown, callback: Callback): void {
  lookups.push(host);
  const answers = dns.get(host);
  const [first, ...rest] = answers ?? [];
  if (!first) return callback(Object.assign(new Error('unknown'), { code: 'ENOTFOUND' }), []);
  if (rest.length > 0) dns.set(host, rest);
  callback(
    null,
    first.map((address) => ({ address, family: address.includes(':') ? 6 : 4 })),
  );
}

export interface NamedNetwork {
  readonly ca: TestCa;
  readonly ports: ApiDiscoveryPorts;
  /** An HTTPS server with a certificate for these names. */
  serve(host: string, names: readonly string[], handler: RequestListener): Promise<Listening>;
  close(): Promise<void>;
}

export async function createNamedNetwork(): Promise<NamedNetwork> {
  const ca = await makeTestCa();
  const client = createHttpClient({
    spoolDir: mkdtempSync(join(tmpdir(), 'named-network-')),
    clock: { now: () => Date.now() },
  });
  const network = {
    tls: { ca: [{ pem: ca.rootPem, source: 'test' }], useSystemStore: false, exceptionFor: () => undefined },
    proxy: () => undefined,
  };
  const servers: Listening[] = [];
  const ports: ApiDiscoveryPorts = {
    head: async (url, signal) => {
      const head = await loadHead(client, url, { ...network, headers: [], signal, deadlineMs: 5000 });
      const { remoteAddress = '' } = head;
      return { ...head, remoteAddress: seenAs[remoteAddress] ?? remoteAddress };
    },
    fetch: (url, init, allow) => {
      const allowAddress = (address: string, host: string): boolean => allow(seenAs[address] ?? address, host);
      return toFetch(client, { ...network, allowAddress })(url, init);
    },
    clock: { now: () => Date.now() },
    redact: (text) => text,
  };
  return {
    ca,
    ports,
    async serve(host, names, handler) {
      const identity = await ca.server({ dns: [...names], ip: [host] });
      const server = await serveHttps(identity, handler, host);
      servers.push(server);
      return server;
    },
    async close() {
      await client.dispose();
      await Promise.all(servers.map((server) => server.close()));
    },
  };
}
