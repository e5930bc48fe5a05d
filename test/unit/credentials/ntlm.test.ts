/** NTLMv2: the values of MS-NLMP §4.2.4 and RFC 1320, and the handshake against a server that computes by itself. */
import type { IncomingMessage, ServerResponse } from 'node:http';
import { afterEach, describe, expect, it } from 'vitest';
import { md4 } from '../../../src/credentials/ntlm/md4.ts';
import { readChallenge, toNegotiateMessage } from '../../../src/credentials/ntlm/messages.ts';
import { readAvPairs, toNtlmv2Response, toResponseKey } from '../../../src/credentials/ntlm/ntlmv2.ts';
import { findLiteralSecrets } from '../../../src/credentials/literal-secrets.ts';
import { Secret } from '../../../src/credentials/secret.ts';
import { createEngineFixture, type EngineFixture } from '../../support/engine.ts';
import { serveHttp, type Listening } from '../../support/http-servers.ts';
import { NtlmServer, type NtlmServerOptions } from '../../support/ntlm-server.ts';

const hex = (text: string): Buffer => Buffer.from(text, 'hex');

describe('RFC 1320 A.5', () => {
  it.each([
    ['', '31d6cfe0d16ae931b73c59d7e0c089c0'],
    ['a', 'bde52cb31de33e46245e05fbdbd6fb24'],
    ['abc', 'a448017aaf21d8525fc10ae87aa6729d'],
    ['message digest', 'd9130a8164549fe818874806e1c7014b'],
    ['abcdefghijklmnopqrstuvwxyz', 'd79e1c308aa5bbcdeea8ed63df412da9'],
    ['ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789', '043f8582f241db351ce627e153e7f0e4'],
    ['1234567890'.repeat(8), 'e33b4ddc9c38f2199c3e7b164fcc0536'],
  ])('%j', (text, digest) => {
    expect(md4(Buffer.from(text)).toString('hex')).toBe(digest);
  });
});

describe('MS-NLMP §4.2.4', () => {
  const key = toResponseKey({ username: 'User', domain: 'Domain' }, 'Password');
  it('NTOWFv2', () => {
    expect(key.toString('hex')).toBe('0c868a403bfd7a93a3001ef22ef02e3f');
  });
  it('responses and session key', () => {
    const made = toNtlmv2Response({
      key,
      serverChallenge: hex('0123456789abcdef'),
      clientChallenge: hex('aaaaaaaaaaaaaaaa'),
      time: Buffer.alloc(8),
      targetInfo: hex('02000c0044006f006d00610069006e0001000c005300650072007600650072000000 0000'.replace(' ', '')),
    });
    expect(made.lm.toString('hex')).toBe('86c35097ac9cec102554764a57cccc19aaaaaaaaaaaaaaaa');
    expect(made.nt.subarray(0, 16).toString('hex')).toBe('68cd0ab851e51c96aabc927bebef6a1c');
    expect(made.sessionKey.toString('hex')).toBe('8de40ccadbc14a82f15cb0ad0de95ca3');
  });
});

describe('a challenge', () => {
  const good = ((): Buffer => {
    const bytes = Buffer.alloc(60);
    bytes.write('NTLMSSP\0', 'latin1');
    bytes.writeUInt32LE(2, 8);
    bytes.writeUInt32LE(1, 20);
    bytes.writeUInt16LE(4, 40);
    bytes.writeUInt32LE(56, 44);
    return bytes;
  })();
  const change = (at: number, value: number): string => {
    const bytes = Buffer.from(good);
    bytes.writeUInt32LE(value >>> 0, at);
    return bytes.toString('base64');
  };
  it('is read when it is whole', () => {
    expect(readChallenge(good.toString('base64'))).toBeDefined();
  });
  it.each([
    ['another message', change(8, 3)],
    ['no Unicode', change(20, 2)],
    ['information behind its end', change(44, 59)],
    ['information in its head', change(44, 8)],
    ['an offset of 4 GiB', change(44, 0xffff_ffff)],
    ['a length behind its end', change(40, 0xffff)],
    ['no information', change(40, 0)],
    ['cut short', good.subarray(0, 40).toString('base64')],
    ['too long', Buffer.concat([good, Buffer.alloc(20_000)]).toString('base64')],
    ['no base64', '\r\nX-Evil: 1'],
    ['our own offer', toNegotiateMessage().toString('base64')],
    ['nothing', ''],
  ])('is not answered with %s', (_, text) => {
    expect(readChallenge(text)).toBeUndefined();
  });
  it('pairs that never end, or reach out, are none', () => {
    expect(readAvPairs(hex('0100ff00aa'))).toBeUndefined();
    expect(readAvPairs(hex('01000000'.repeat(100)))).toBeUndefined();
    expect(readAvPairs(Buffer.alloc(0))).toBeUndefined();
  });
});

describe('through the engine', () => {
  const open: { close(): Promise<void> }[] = [];
  const fixtures: EngineFixture[] = [];
  afterEach(async () => {
    for (const fixture of fixtures.splice(0)) await fixture.dispose();
    for (const one of open.splice(0)) await one.close();
  });

  async function serve(
    options?: NtlmServerOptions,
  ): Promise<{ server: Listening; ntlm: NtlmServer; bodies: string[] }> {
    const ntlm = new NtlmServer(options);
    const bodies: string[] = [];
    const handle = async (request: IncomingMessage, response: ServerResponse): Promise<void> => {
      let body = '';
      for await (const chunk of request) body += String(chunk);
      if (!ntlm.admit(request, response)) return;
      bodies.push(body);
      const to = new URL(request.url ?? '/', 'http://x').searchParams.get('to');
      if (to !== null) return void response.writeHead(302, { location: to }).end();
      response.end('ok');
    };
    const server = await serveHttp((request, response) => void handle(request, response));
    open.push(server);
    return { server, ntlm, bodies };
  }
  async function engine(origins: readonly string[], change: Record<string, unknown> = {}, password = 'Password') {
    const fixture = createEngineFixture();
    fixtures.push(fixture);
    const definition = { scheme: 'ntlm', username: 'Domain\\User', origins, ...change };
    await fixture.vault.saveDefinition('svc', definition);
    const named = await fixture.vault.find('svc', undefined);
    if (named) await fixture.vault.setSecret(named, '', new Secret(password, 'password'));
    return fixture;
  }
  const statuses = (result: Awaited<ReturnType<EngineFixture['send']>>) =>
    result.exchange?.hops.map(({ response }) => response?.status);

  it.each([{}, { withTimestamp: false }])('signs in on one connection: %j', async (options) => {
    const { server, ntlm, bodies } = await serve(options);
    const fixture = await engine([server.url]);
    const result = await fixture.send(`# @auth svc\nPOST ${server.url}/a\n\nthe body`);
    expect(result.error).toBeUndefined();
    expect(statuses(result)).toEqual([401, 200]);
    expect(ntlm.log[0]).toBe('offer 1');
    expect(ntlm.log[1]).toMatch(/^answer 1 good/);
    expect(ntlm.services).toEqual(['HTTP/127.0.0.1']);
    expect(bodies).toEqual(['the body']);
    expect(result.exchange?.hops[1]?.reusedConnection).toBe(true);
    expect(JSON.stringify(result)).not.toContain('Password');
  });
  it('nobody else gets the connection, and each send has one of its own', async () => {
    const { server, ntlm } = await serve();
    const fixture = await engine([server.url]);
    await fixture.send(`# @auth svc\nGET ${server.url}/a`);
    const plain = await fixture.send(`# @auth none\nGET ${server.url}/a`);
    expect(statuses(plain)).toEqual([401]);
    expect(ntlm.log.at(-1)).toBe('stranger 2');
    const all = await Promise.all([1, 2, 3, 4, 5].map(() => fixture.send(`# @auth svc\nGET ${server.url}/a`)));
    for (const result of all) expect(statuses(result)).toEqual([401, 200]);
    expect(ntlm.log.filter((line) => line.includes('wrong'))).toEqual([]);
  });
  it('understands the literal form of other tools, and never sends its password', async () => {
    const { server, ntlm } = await serve();
    const fixture = await engine(['https://unused.example']);
    for (const pair of ['Domain\\User Password', 'Domain\\User:Password']) {
      const result = await fixture.send(`GET ${server.url}/a\nAuthorization: NTLM ${pair}`);
      expect(statuses(result)).toEqual([401, 200]);
      expect(result.credential).toMatchObject({ chosenBy: 'literal', scheme: 'ntlm' });
      expect(JSON.stringify(result)).not.toContain('Password');
    }
    expect(ntlm.log).toHaveLength(4);
    const literal = ' NTLM CORP\\ann kX93-long-pw';
    const [found] = findLiteralSecrets('Authorization', literal);
    expect(found).toMatchObject({ kind: 'ntlm', username: 'CORP\\ann' });
    expect(literal.slice(found?.start, found?.end)).toBe('kX93-long-pw');
  });
  it('speaks Negotiate where the server offers that', async () => {
    const { server, ntlm } = await serve({ mechanism: 'Negotiate' });
    const fixture = await engine([server.url]);
    expect(statuses(await fixture.send(`# @auth svc\nGET ${server.url}/a`))).toEqual([401, 401, 200]);
    expect(ntlm.log).toEqual(['stranger 1', 'offer 1', 'answer 1 good Domain\\User']);
  });
  it('keeps to the mechanism that the definition names', async () => {
    const { server } = await serve({ mechanism: 'Negotiate' });
    const fixture = await engine([server.url], { mechanism: 'NTLM' });
    expect(statuses(await fixture.send(`# @auth svc\nGET ${server.url}/a`))).toEqual([401]);
  });
  it('ends when the password is wrong', async () => {
    const { server, ntlm } = await serve();
    const fixture = await engine([server.url], {}, 'wrong-4711-password');
    const result = await fixture.send(`# @auth svc\nGET ${server.url}/a`);
    expect(statuses(result)).toEqual([401, 401]);
    expect(ntlm.log).toEqual(['offer 1', 'answer 1 wrong']);
    expect(JSON.stringify(result)).not.toContain('4711');
  });
  it.each([
    ['without Unicode', (real: Buffer) => (real.writeUInt32LE(0x8202, 20), real)],
    ['without target information', (real: Buffer) => (real.writeUInt16LE(0, 40), real)],
    ['that points outside itself', (real: Buffer) => (real.writeUInt32LE(60_000, 44), real)],
  ])('never answers by an older version, to a challenge %s', async (_, challenge) => {
    const { server, ntlm } = await serve({ challenge });
    const fixture = await engine([server.url]);
    expect(statuses(await fixture.send(`# @auth svc\nGET ${server.url}/a`))).toEqual([401]);
    expect(ntlm.log).toEqual(['offer 1']);
  });
  it('answers no other origin, though it is bound to it, when a redirect leads there', async () => {
    const { server } = await serve();
    const { server: second, ntlm } = await serve();
    const fixture = await engine([server.url, second.url]);
    const result = await fixture.send(`# @auth svc\nGET ${server.url}/a?to=${encodeURIComponent(`${second.url}/b`)}`);
    expect(statuses(result)).toEqual([401, 302, 401]);
    expect(ntlm.log).toEqual(['stranger 1']);
  });
  it('goes on over the same connection when a redirect stays at home', async () => {
    const { server, ntlm } = await serve();
    const fixture = await engine([server.url]);
    const result = await fixture.send(`# @auth svc\nGET ${server.url}/a?to=/b`);
    expect(statuses(result)).toEqual([401, 302, 200]);
    expect(ntlm.log.at(-1)).toBe('known 1');
  });
});
