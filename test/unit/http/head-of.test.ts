import { mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { loadHead, type AnswerHead } from '../../../src/http/head-of.ts';
import { createHttpClient } from '../../../src/http/http-client.ts';
import type { HttpClient } from '../../../src/http/types.ts';
import { serveHttp, type Listening } from '../../support/http-servers.ts';

let server: Listening;
let client: HttpClient;
let written = 0;
beforeAll(async () => {
  client = createHttpClient({ spoolDir: mkdtempSync(join(tmpdir(), 'head-')), clock: { now: () => Date.now() } });
  server = await serveHttp((request, response) => {
    if (request.url === '/silent') return;
    if (request.url === '/redirect') return void response.writeHead(302, { location: '/other' }).end();
    response.writeHead(200, { 'x-first': '1' });
    const more = (): void => {
      while (!response.destroyed && response.write(Buffer.alloc(64 * 1024))) written += 64 * 1024;
      if (!response.destroyed) response.once('drain', more);
    };
    more();
  });
});
afterAll(async () => {
  await client.dispose();
  await server.close();
});

function head(path: string, signal?: AbortSignal, deadlineMs = 5000): Promise<AnswerHead> {
  const tls = { ca: [], useSystemStore: false, exceptionFor: () => undefined };
  const options = { tls, proxy: () => undefined, headers: [], signal, deadlineMs };
  return loadHead(client, new URL(path, server.url), options);
}

describe('the head of an answer', () => {
  it('is enough: a body without an end is let go', async () => {
    const found = await head('/endless');
    expect(found.status).toBe(200);
    expect(found.headers).toContainEqual(['x-first', '1']);
    expect(found.remoteAddress).toBe('127.0.0.1');
    await expect.poll(() => server.sockets.size).toBe(0);
    expect(written).toBeLessThan(64 * 1024 * 1024);
  });
  it('is that of the address asked for, not of where it redirects', async () =>
    expect(await head('/redirect')).toMatchObject({ status: 302 }));
  it('ends at its deadline', () =>
    expect(head('/silent', undefined, 200)).rejects.toMatchObject({ code: 'CS-NET-TIMEOUT' }));
  it('ends when it is cancelled', async () => {
    const abort = new AbortController();
    setTimeout(() => abort.abort(), 30);
    await expect(head('/silent', abort.signal)).rejects.toMatchObject({ code: 'CS-NET-CANCELLED' });
    await expect(head('/silent', abort.signal)).rejects.toMatchObject({ code: 'CS-NET-CANCELLED' });
  });
});
