import { afterAll, afterEach, describe, expect, it } from 'vitest';
import {
  codeOf,
  makeClient,
  sendTo,
  serveHttps,
  serveRaw,
  textOf,
  trusting,
  type Listening,
} from '../support/http-servers.ts';
import { makeTestCa } from '../support/test-ca.ts';

const client = makeClient();
const servers: Listening[] = [];
afterEach(async () => {
  for (const server of servers.splice(0)) await server.close();
});
afterAll(() => client.dispose());

/** The code a response on the wire ends in: of the error, of the body's error, or `ok: text`. */
async function check(wire: string, expected: string): Promise<void> {
  const server = await serveRaw((socket) => {
    socket.end(wire, 'latin1');
  });
  servers.push(server);
  const actual = await sendTo(client, server.url).then(
    async (exchange) => (exchange.bodyError as { code?: string } | undefined)?.code ?? `ok: ${await textOf(exchange)}`,
    (error: unknown) => (error as { code?: string }).code,
  );
  expect(actual).toBe(expected);
}

describe('responses that could be read in two ways', () => {
  const cases: [name: string, wire: string, expected: string][] = [
    [
      'both framings',
      'HTTP/1.1 200 OK\r\nContent-Length: 3\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n',
      'CS-HTTP-RESPONSE',
    ],
    ['two lengths', 'HTTP/1.1 200 OK\r\nContent-Length: 3\r\nContent-Length: 4\r\n\r\nabcd', 'CS-HTTP-RESPONSE'],
    ['a signed length', 'HTTP/1.1 200 OK\r\nContent-Length: +3\r\n\r\nabc', 'CS-HTTP-RESPONSE'],
    ['a length in hex', 'HTTP/1.1 200 OK\r\nContent-Length: 0x3\r\n\r\nabc', 'CS-HTTP-RESPONSE'],
    ['a blank before the colon', 'HTTP/1.1 200 OK\r\nContent-Length : 3\r\n\r\nabc', 'CS-HTTP-RESPONSE'],
    ['a NUL in a header', 'HTTP/1.1 200 OK\r\nX: a\0b\r\nContent-Length: 0\r\n\r\n', 'CS-HTTP-RESPONSE'],
    ['a bare CR in a header', 'HTTP/1.1 200 OK\r\nX: a\rY: b\r\nContent-Length: 0\r\n\r\n', 'CS-HTTP-RESPONSE'],
    ['no status line', 'hello\r\n\r\n', 'CS-HTTP-RESPONSE'],
    ['an SSH server', 'SSH-2.0-OpenSSH_9.2\r\n', 'CS-HTTP-RESPONSE'],
    ['a status of letters', 'HTTP/1.1 abc OK\r\n\r\n', 'CS-HTTP-RESPONSE'],
    ['another major version', 'HTTP/7.1 200 OK\r\n\r\n', 'CS-HTTP-RESPONSE'],
    [
      'a change of protocol nobody asked for',
      'HTTP/1.1 101 Switching\r\nUpgrade: x\r\nConnection: Upgrade\r\n\r\n',
      'CS-HTTP-RESPONSE',
    ],
    ['nothing at all', '', 'CS-NET-RESET'],
    ['half a head', 'HTTP/1.1 200 OK\r\nX: y', 'CS-NET-RESET'],
    [
      'interim responses',
      `${'HTTP/1.1 103 Early Hints\r\nLink: </a>\r\n\r\n'.repeat(50)}HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok`,
      'ok: ok',
    ],
    ['a flood of interim responses', 'HTTP/1.1 100 Continue\r\n\r\n'.repeat(5000), 'CS-HTTP-INFORMATIONAL'],
    ['a missing reason', 'HTTP/1.1 200\r\nContent-Length: 2\r\n\r\nok', 'ok: ok'],
  ];
  for (const [name, wire, expected] of cases) {
    it(`A13 ${name}`, () => check(wire, expected));
  }

  it('A13 a second answer in the same packet is not taken for the next request', async () => {
    const server = await serveRaw((socket) => {
      socket.write('HTTP/1.1 200 OK\r\nContent-Length: 4\r\n\r\ngoodHTTP/1.1 200 OK\r\nContent-Length: 4\r\n\r\nevil');
    });
    servers.push(server);
    for (let round = 0; round < 3; round++) {
      const text = await sendTo(client, server.url).then(textOf, () => 'refused');
      expect(text).not.toBe('evil');
    }
  });

  it('A13 names the cause of a bad certificate, and offers no way past it', async () => {
    const ca = await makeTestCa();
    const day = 86_400_000;
    let hits = 0;
    for (const [identity, code] of [
      [await ca.server({ dns: ['other.example'], ip: [] }), 'CS-TLS-HOSTNAME'],
      [await ca.server({ notBefore: new Date(0), notAfter: new Date(day) }), 'CS-TLS-EXPIRED'],
      [await ca.selfSigned(), 'CS-TLS-SELF-SIGNED'],
      [await ca.withoutIntermediate(), 'CS-TLS-CHAIN'],
    ] as const) {
      const server = await serveHttps(identity, (_request, response) => {
        hits++;
        response.end();
      });
      servers.push(server);
      expect(await codeOf(sendTo(client, server.url, { tls: trusting(ca.rootPem) }))).toBe(code);
    }
    expect(hits).toBe(0);
  });
});
