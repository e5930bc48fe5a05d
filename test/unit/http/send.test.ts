import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { HttpClient } from '../../../src/http/types.ts';
import { makeClient, sendTo, serveHttps, textOf, trusting, type Listening } from '../../support/http-servers.ts';
import { makeTestCa, type TestCa } from '../../support/test-ca.ts';

describe('sending over TLS', () => {
  let ca: TestCa;
  let client: HttpClient;
  let server: Listening;
  beforeAll(async () => {
    ca = await makeTestCa();
    client = makeClient();
    server = await serveHttps(await ca.server(), (request, response) => {
      response.setHeader('Set-Cookie', ['a=1', 'b=2']);
      response.end(JSON.stringify({ raw: request.rawHeaders, url: request.url, method: request.method }));
    });
  });
  afterAll(async () => {
    await client.dispose();
    await server.close();
  });

  it('measures, reports the chain, and reuses the connection', async () => {
    const phases: string[] = [];
    const first = await sendTo(client, `${server.url}/a?b=c`, {
      tls: trusting(ca.rootPem),
      onPhase: (phase) => phases.push(phase),
    });
    console.log(JSON.stringify(first.hops[0], null, 1), phases);
    expect(first.response.status).toBe(200);
    expect(JSON.parse(await textOf(first))).toMatchObject({ url: '/a?b=c' });
    const second = await sendTo(client, `${server.url}/d`, { tls: trusting(ca.rootPem) });
    console.log(second.hops[0]?.reusedConnection, second.timings);
    expect(server.connections()).toBe(1);
  });
});
