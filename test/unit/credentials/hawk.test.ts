/** Hawk: the examples of its specification, and requests as a server that computes by itself sees them. */
import { createHash, createHmac } from 'node:crypto';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { isTimeOfServer, toHawkMac, toPayloadHash } from '../../../src/credentials/hawk/hawk-mac.ts';
import { SchemeServers, type Arrived } from '../../support/scheme-servers.ts';

const key = 'werxhqb98rpaxn39848xrunpaw3489ruxnpa98w4rxn';

describe('the protocol example of the specification', () => {
  const url = new URL('http://example.com:8000/resource/1?b=1&a=2');
  const input = { algorithm: 'sha256', key, ts: 1353832234, nonce: 'j4h3g2', ext: 'some-app-ext-data', url };
  it('a request without a body', () => {
    expect(toHawkMac({ ...input, method: 'GET' })).toBe('6R4rV5iE+NPoym+WwjeHzjAGXUtLNIxmo1vpMofpLAE=');
  });
  it('a request with a body', async () => {
    const body = (async function* () {
      yield Buffer.from('Thank you for ');
      yield Buffer.from('flying Hawk');
    })();
    const hash = await toPayloadHash('sha256', 'Text/Plain; charset=utf-8', body);
    expect(hash).toBe('Yi9LfIIFRtBEPt74PVmbTF/xVAwPn7ub15ePICfgnuY=');
    expect(toHawkMac({ ...input, method: 'POST', hash })).toBe('aSe1DERmZuRl3pI36/9BdZmnErTw3sNzOOAUlfeKjVw=');
  });
  it('believes a time only from somebody with the key', () => {
    const tsm = createHmac('sha256', key).update('hawk.1.ts\n1353832234\n').digest('base64');
    expect(isTimeOfServer({ algorithm: 'sha256', key }, '1353832234', tsm)).toBe(true);
    expect(isTimeOfServer({ algorithm: 'sha256', key }, '1353832235', tsm)).toBe(false);
    expect(isTimeOfServer({ algorithm: 'sha256', key }, '1353832234', '')).toBe(false);
  });
});

describe('through the engine', () => {
  const servers = new SchemeServers();
  beforeAll(() => servers.start());
  afterAll(() => servers.stop());
  afterEach(() => servers.reset());
  const attributesOf = ({ headers }: Arrived): Map<string, string> =>
    new Map(
      [...String(headers.authorization).matchAll(/(\w+)="([^"]*)"/g)].map(([, name = '', value = '']) => [name, value]),
    );

  it('signs the request and its body as they arrive', async () => {
    const definition = { scheme: 'hawk', id: 'app-1', ext: 'a b', app: 'my-app', delegated_by: 'other' };
    const text = `POST ${servers.home}/things/%C3%A9?b=1&a=2\nContent-Type: application/json; charset=utf-8\n\n{"a": "é"}`;
    const result = await servers.send(definition, { '': key }, text);
    expect(result.error).toBeUndefined();
    const there = servers.first;
    const own = attributesOf(there);
    const hash = createHash('sha256')
      .update(`hawk.1.payload\napplication/json\n`)
      .update(Buffer.from(there.body, 'latin1'));
    expect(own.get('hash')).toBe(hash.update('\n').digest('base64'));
    const [host, port] = there.host.split(':');
    const lines = ['hawk.1.header', own.get('ts'), own.get('nonce'), 'POST', there.url, host, port, own.get('hash')];
    const normalized = [...lines, 'a b', 'my-app', 'other', ''].join('\n');
    expect(own.get('mac')).toBe(createHmac('sha256', key).update(normalized).digest('base64'));
    expect(own.get('dlg')).toBe('other');
  });
  it('has no hash for a request without a body, or when it is told so', async () => {
    await servers.send({ scheme: 'hawk', id: 'a' }, { '': key }, `GET ${servers.home}/x`);
    await servers.send({ scheme: 'hawk', id: 'a', payload_hash: false }, { '': key }, `POST ${servers.home}/x\n\nbody`);
    expect(servers.arrived.map((there) => attributesOf(there).has('hash'))).toEqual([false, false]);
  });
  it.each([
    ['proven with the key', key, [401, 200]],
    ['stated by anybody', 'another-key', [401]],
  ])('takes a time that is %s', async (_, signedWith, statuses) => {
    const ts = String(Math.floor(Date.now() / 1000) + 3600);
    servers.answer = (there, response) => {
      if (Number(attributesOf(there).get('ts')) >= Number(ts) - 5) return false;
      const tsm = createHmac('sha256', signedWith).update(`hawk.1.ts\n${ts}\n`).digest('base64');
      response.writeHead(401, { 'www-authenticate': `Hawk ts="${ts}", tsm="${tsm}", error="Stale timestamp"` }).end();
      return true;
    };
    const result = await servers.send({ scheme: 'hawk', id: 'a' }, { '': key }, `GET ${servers.home}/x`);
    expect(result.exchange?.hops.map(({ response }) => response?.status)).toEqual(statuses);
  });
  it.each([{ id: 'a"b' }, { id: 'a', delegated_by: 'x' }, { id: 'a\r\nX-Evil: 1' }])('refuses %j', async (change) => {
    const result = await servers.send({ scheme: 'hawk', ...change }, { '': key }, `GET ${servers.home}/x`);
    expect(result.error?.code).toMatch(/^CS-DEF-/);
    expect(servers.arrived).toHaveLength(0);
  });
});
