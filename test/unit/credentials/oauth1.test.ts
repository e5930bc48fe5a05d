/** OAuth 1.0a: the vectors of RFC 5849, and requests as they arrive at a server that checks them by itself. */
import { createHmac, createVerify, generateKeyPairSync } from 'node:crypto';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { signOAuth1, toBaseString, toParameters, type Parameter } from '../../../src/credentials/oauth1/signature.ts';
import { Secret } from '../../../src/credentials/secret.ts';
import { createEngineFixture, type EngineFixture } from '../../support/engine.ts';
import { serveHttp, type Listening } from '../../support/http-servers.ts';

describe('the vectors of RFC 5849', () => {
  const own = (more: readonly Parameter[]): Parameter[] => [
    ['oauth_consumer_key', 'dpf43f3p2l4k3l03'],
    ['oauth_signature_method', 'HMAC-SHA1'],
    ...more,
  ];
  it('§1.2, the protected resource', () => {
    const url = new URL('http://photos.example.net/photos?file=vacation.jpg&size=original');
    const parameters = [
      ...toParameters(url.search.slice(1)),
      ...own([
        ['oauth_token', 'nnch734d00sl2jdk'],
        ['oauth_timestamp', '137131202'],
        ['oauth_nonce', 'chapoH'],
      ]),
    ];
    const keys = { clientSecret: 'kd94hf93k423kf44', tokenSecret: 'pfkkdhi9sl3r4s00' };
    expect(signOAuth1('HMAC-SHA1', { method: 'GET', url }, parameters, keys)).toBe('MdpQcU8iPSUjWoN/UDMsK2sui9I=');
  });
  it('§3.4.1.1, the base string', () => {
    const url = new URL('http://EXAMPLE.COM:80/request?b5=%3D%253D&a3=a&c%40=&a2=r%20b');
    const parameters: Parameter[] = [
      ...toParameters(url.search.slice(1)),
      ...toParameters('c2&a3=2+q'),
      ['oauth_consumer_key', '9djdj82h48djs9d2'],
      ['oauth_token', 'kkk9d7dh3k39sjv7'],
      ['oauth_signature_method', 'HMAC-SHA1'],
      ['oauth_timestamp', '137131201'],
      ['oauth_nonce', '7d8f3e4a'],
    ];
    expect(toBaseString({ method: 'POST', url }, parameters)).toBe(
      'POST&http%3A%2F%2Fexample.com%2Frequest&a2%3Dr%2520b%26a3%3D2%2520q%26a3%3Da%26b5%3D%253D%25253D%26c%2540%3D%26c2%3D' +
        '%26oauth_consumer_key%3D9djdj82h48djs9d2%26oauth_nonce%3D7d8f3e4a%26oauth_signature_method%3DHMAC-SHA1' +
        '%26oauth_timestamp%3D137131201%26oauth_token%3Dkkk9d7dh3k39sjv7',
    );
  });
});

describe('through the engine', () => {
  let server: Listening;
  let other: Listening;
  const arrived: { method: string; url: string; authorization: string; body: string }[] = [];
  const fixtures: EngineFixture[] = [];
  let clockError = 0;

  async function answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    let body = '';
    for await (const chunk of request) body += String(chunk);
    const { method = '', url = '', headers } = request;
    arrived.push({ method, url, authorization: headers.authorization ?? '', body });
    const to = new URL(url, 'http://x').searchParams.get('to');
    if (to) return void response.writeHead(302, { location: to }).end();
    if (clockError !== 0) {
      response.writeHead(401, { date: new Date(Date.now() + clockError).toUTCString() });
      clockError = 0;
      return void response.end('oauth_problem=timestamp_refused');
    }
    response.end('ok');
  }
  beforeAll(async () => {
    server = await serveHttp((request, response) => void answer(request, response));
    other = await serveHttp((request, response) => void answer(request, response));
  });
  afterAll(async () => {
    await server.close();
    await other.close();
  });
  afterEach(async () => {
    arrived.length = 0;
    for (const fixture of fixtures.splice(0)) await fixture.dispose();
  });

  const keys = { '': 'consumer-secret-1', token: 'token-4711-value', token_secret: 'token-secret-1' };

  async function send(
    change: Record<string, unknown>,
    text: string,
    secrets: Readonly<Record<string, string>> = keys,
  ): Promise<Awaited<ReturnType<EngineFixture['send']>>> {
    const fixture = createEngineFixture();
    fixtures.push(fixture);
    const definition = { scheme: 'oauth1', consumer_key: 'app', origins: [server.url], ...change };
    await fixture.vault.saveDefinition('old', definition);
    const named = await fixture.vault.find('old', undefined);
    for (const [slot, value] of Object.entries(secrets)) {
      if (named) await fixture.vault.setSecret(named, slot, new Secret(value, 'secret'));
    }
    return fixture.send(`# @auth old\n${text}`);
  }

  /** Parameters of the header, as a server reads them. */
  function parametersOf({ authorization }: { authorization: string }): Map<string, string> {
    const pairs = [...authorization.replace(/^OAuth /, '').matchAll(/(\w+)="([^"]*)"/g)];
    return new Map(pairs.map(([, name = '', value = '']) => [name, decodeURIComponent(value)]));
  }
  function baseOf({ method, url, body }: (typeof arrived)[number], own: Map<string, string>, form: boolean): string {
    const [path = '', query = ''] = url.split('?');
    const all = [...toParameters(query), ...(form ? toParameters(body) : []), ...own].filter(
      ([name]) => name !== 'oauth_signature',
    );
    return toBaseString({ method, url: new URL(path, server.url) }, all);
  }

  it('signs query and form with both secrets', async () => {
    const text = `POST ${server.url}/a?b=1&c=%20x\nContent-Type: application/x-www-form-urlencoded\n\nd=e+f&g=%C3%A9`;
    const result = await send({ realm: 'Photos' }, text);
    expect(result.error).toBeUndefined();
    const [there] = arrived;
    if (!there) throw new Error('nothing arrived');
    const own = parametersOf(there);
    expect(there.authorization).toMatch(/^OAuth realm="Photos", /);
    own.delete('realm');
    const expected = createHmac('sha1', 'consumer-secret-1&token-secret-1')
      .update(baseOf(there, own, true))
      .digest('base64');
    expect(own.get('oauth_signature')).toBe(expected);
    expect(own.get('oauth_token')).toBe('token-4711-value');
    for (const secret of Object.values(keys)) {
      expect(JSON.stringify(result.request)).not.toContain(secret);
    }
  });
  it('signs with a private key', async () => {
    const { privateKey, publicKey } = generateKeyPairSync('rsa', { modulusLength: 2048 });
    const pem = privateKey.export({ type: 'pkcs8', format: 'pem' }).toString();
    await send({ signature_method: 'RSA-SHA256' }, `GET ${server.url}/a?b=1`, {
      private_key: pem,
      token: 't1-token-value',
    });
    const [there] = arrived;
    if (!there) throw new Error('nothing arrived');
    const own = parametersOf(there);
    const good = createVerify('RSA-SHA256')
      .update(baseOf(there, own, false))
      .verify(publicKey, own.get('oauth_signature') ?? '', 'base64');
    expect(good).toBe(true);
  });
  it('puts its parameters in the query where the server wants them there', async () => {
    const result = await send({ placement: 'query' }, `GET ${server.url}/a?b=1`);
    const [there] = arrived;
    if (!there) throw new Error('nothing arrived');
    expect(there.authorization).toBe('');
    const query = new Map(new URL(there.url, server.url).searchParams);
    const own = new Map([...query].filter(([name]) => name.startsWith('oauth_')));
    const base = toBaseString({ method: 'GET', url: new URL('/a', server.url) }, [['b', '1'], ...own]);
    expect(own.get('oauth_signature')).toBe(
      createHmac('sha1', 'consumer-secret-1&token-secret-1').update(base).digest('base64'),
    );
    expect(JSON.stringify(result.request)).not.toContain('token-4711-value');
  });
  it('hashes a body that is no form', async () => {
    await send({ body_hash: true }, `POST ${server.url}/a\nContent-Type: text/plain\n\nHello World!`);
    const [there] = arrived;
    expect(parametersOf(there ?? { authorization: '' }).get('oauth_body_hash')).toBe('Lve95gjOVATpfV8EL5X4nxwjKHE=');
  });
  it('takes the time of the server when its own is refused, once', async () => {
    clockError = 3_600_000;
    const result = await send({}, `GET ${server.url}/a`);
    expect(result.exchange?.hops.map(({ response, why }) => [response?.status, why])).toEqual([
      [401, 'first'],
      [200, 'signed by the clock of the server'],
    ]);
    const [first, second] = arrived.map((each) => Number(parametersOf(each).get('oauth_timestamp')));
    expect((second ?? 0) - (first ?? 0)).toBeGreaterThan(3500);
  });
  it('is not there for another origin, neither in the header nor in the query', async () => {
    for (const placement of ['header', 'query']) {
      await send({ placement }, `GET ${server.url}/a?to=${encodeURIComponent(`${other.url}/there`)}`);
    }
    const there = arrived.filter(({ url }) => url.startsWith('/there'));
    expect(there.map(({ url, authorization }) => [url, authorization])).toEqual([
      ['/there', ''],
      ['/there', ''],
    ]);
  });
  it('does not send secrets as they are over plain http', async () => {
    const result = await send({ signature_method: 'PLAINTEXT' }, `GET ${server.url}/a`);
    expect(result.error?.code).toBe('CS-DEF-FIELD');
    expect(arrived).toHaveLength(0);
  });
});
