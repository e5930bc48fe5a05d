import { afterAll, describe, expect, it } from 'vitest';
import { parseFixedAddresses } from '../../../src/http/fixed-addresses.ts';
import { codeOf, makeClient, sendTo, serveHttps, textOf, trusting } from '../../support/http-servers.ts';
import { makeTestCa } from '../../support/test-ca.ts';

const client = makeClient();
afterAll(() => client.dispose());

describe('host:port:address', () => {
  const at = parseFixedAddresses(['API.example:443:127.0.0.1', 'six.example:8443:[::1]']);
  it('is found by host and port', () => {
    expect(at('api.example', 443)).toBe('127.0.0.1');
    expect(at('six.example', 8443)).toBe('::1');
    expect([at('api.example', 444), at('x.api.example', 443)]).toEqual([undefined, undefined]);
  });
  it.each(['', 'a', 'a:1', 'a:1:b', 'a:99999:127.0.0.1', ':1:127.0.0.1', 'a:1:127.0.0.1 b'])(
    'refuses “%s”',
    (entry) => {
      expect(() => parseFixedAddresses([entry])).toThrow(/names no host/);
    },
  );

  it('leads to the address, the certificate still that of the name', async () => {
    const ca = await makeTestCa();
    const tls = trusting(ca.rootPem);
    const right = await serveHttps(await ca.server({ dns: ['api.test'], ip: [] }), (request, response) =>
      response.end(request.headers.host),
    );
    const url = `https://api.test:${String(right.port)}`;
    const addressOf = parseFixedAddresses([`api.test:${String(right.port)}:127.0.0.1`]);
    const exchange = await sendTo(client, url, { tls, addressOf });
    expect(await textOf(exchange)).toBe(`api.test:${String(right.port)}`);
    expect(exchange.hops[0]).toMatchObject({ remoteAddress: '127.0.0.1', timings: { dns: null } });
    expect(await codeOf(sendTo(client, url, { tls }))).toBe('CS-NET-DNS');
    const refused = sendTo(client, url, { tls, addressOf, allowAddress: (address) => address !== '127.0.0.1' });
    expect(await codeOf(refused)).toBe('CS-NET-ADDRESS');
    await right.close();
    const wrong = await serveHttps(await ca.server({ dns: ['other.test'], ip: [] }), (_request, response) =>
      response.end(),
    );
    const other = parseFixedAddresses([`api.test:${String(wrong.port)}:127.0.0.1`]);
    const mismatch = sendTo(client, `https://api.test:${String(wrong.port)}`, { tls, addressOf: other });
    expect(await codeOf(mismatch)).toBe('CS-TLS-HOSTNAME');
    await wrong.close();
  });

  it('keeps to the oldest version of TLS that is allowed', async () => {
    const ca = await makeTestCa();
    const server = await serveHttps({ ...(await ca.server()), maxVersion: 'TLSv1.2' }, (_request, response) =>
      response.end(),
    );
    const tls = trusting(ca.rootPem);
    expect((await sendTo(client, server.url, { tls })).tls?.protocol).toBe('TLSv1.2');
    expect(await codeOf(sendTo(client, server.url, { tls: { ...tls, minVersion: 'TLSv1.3' } }))).toBe(
      'CS-TLS-PROTOCOL',
    );
    await server.close();
  });
});
