/**
 * Faults of the network at byte positions of an exchange, in both directions, over HTTP/1.1 and HTTP/2 under TLS. Sampled
 * here; `FAULT_SAMPLES=all` takes every position.
 */
import { mkdtempSync, readdirSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { CountersignError } from '../../src/errors/countersign-error.ts';
import type { HttpClient, HttpVersion } from '../../src/http/types.ts';
import { harms, serveFaults, type Fault, type FaultRelay } from '../support/fault-relay.ts';
import {
  defaults,
  makeClient,
  serveHttps,
  textBody,
  textOf,
  trusting,
  type Listening,
} from '../support/http-servers.ts';
import { serveHttp2 } from '../support/http2-servers.ts';
import { makeTestCa } from '../support/test-ca.ts';

const wanted = process.env['FAULT_SAMPLES'];
const samples = wanted === 'all' ? Infinity : Number(wanted ?? 9);
const body = Array.from({ length: 400 }, (_, index) => `line ${String(index)}`).join('\n');
const sent = textBody('x'.repeat(3000));

let pem: string;
const servers: { close(): Promise<void> }[] = [];
const relays = new Map<string, FaultRelay>();

beforeAll(async () => {
  const ca = await makeTestCa();
  pem = ca.rootPem;
  const one: Listening = await serveHttps(await ca.server(), (request, response) => {
    request.resume().on('end', () => response.end(body));
  });
  const two = await serveHttp2(await ca.server(), (stream) => {
    stream.resume().on('end', () => {
      stream.respond({ ':status': 200, 'content-length': String(body.length) });
      stream.end(body);
    });
  });
  for (const [version, server] of [
    ['1.1', one],
    ['2', two],
  ] as const) {
    const relay = await serveFaults(server.port);
    relays.set(version, relay);
    servers.push(relay, server);
  }
});
afterAll(async () => {
  for (const server of servers) await server.close();
});

interface Outcome {
  readonly error: unknown;
  readonly text: string | undefined;
}

async function attempt(version: HttpVersion, relay: FaultRelay, client: HttpClient): Promise<Outcome> {
  const url = new URL(`https://127.0.0.1:${String(relay.port)}/`);
  try {
    const exchange = await client.send(
      { method: 'POST', url, headers: [], body: sent, httpVersion: version },
      defaults({ tls: trusting(pem), timeoutMs: 80, connectTimeoutMs: 80 }),
    );
    const text = await textOf(exchange);
    await exchange.body.dispose();
    return { error: exchange.bodyError, text };
  } catch (error) {
    return { error, text: undefined };
  }
}

/** One fault: one clear error or the whole answer, what came kept, nothing left open. */
async function check(version: HttpVersion, fault: Fault): Promise<void> {
  const relay = relays.get(version) as FaultRelay;
  const spoolDir = mkdtempSync(join(tmpdir(), 'countersign-fault-'));
  const client = makeClient({ spoolDir, memoryLimitBytes: 512 });
  relay.fault = fault;
  const started = performance.now();
  const { error, text } = await attempt(version, relay, client);
  const what = `${version} ${fault.direction} ${fault.harm} at ${String(fault.at)}`;
  expect(performance.now() - started, what).toBeLessThan(2000);
  if (error === undefined) expect(text, what).toBe(body);
  else {
    expect(error, what).toBeInstanceOf(CountersignError);
    expect((error as CountersignError).code, what).toMatch(/^CS-(NET|TLS|HTTP|BODY)-/);
    if (text === undefined) expect((error as CountersignError).facts, what).toHaveProperty('host');
    else expect(body.startsWith(text), what).toBe(true);
  }
  await client.dispose();
  for (let wait = 0; relay.open() > 0 && wait < 100; wait++) await sleep(5);
  expect(relay.open(), what).toBe(0);
  expect(readdirSync(spoolDir), what).toEqual([]);
}

describe.each(['1.1', '2'] as const)('HTTP/%s through a network with faults', (version) => {
  it.each(harms)('%s: one clear error, what came kept, nothing left', { timeout: 600_000 }, async (harm) => {
    const relay = relays.get(version) as FaultRelay;
    const client = makeClient();
    const fine = await attempt(version, relay, client);
    expect(fine).toEqual({ error: undefined, text: body });
    await client.dispose();
    const lengths = { ...relay.passed };
    const before = process.getActiveResourcesInfo().filter((name) => name === 'Timeout').length;
    for (const direction of ['request', 'response'] as const) {
      const length = lengths[direction];
      const step = Math.max(1, Math.floor(length / samples));
      for (let at = 0; at < length; at += step) await check(version, { harm, at, direction });
    }
    const after = process.getActiveResourcesInfo().filter((name) => name === 'Timeout').length;
    expect(after).toBeLessThanOrEqual(before + 1);
  });
});
