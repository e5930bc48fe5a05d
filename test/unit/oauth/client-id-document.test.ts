import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import {
  checkClientIdDocument,
  toClientIdProblem,
  toDocumentProblems,
} from '../../../src/oauth/registration/client-id-document.ts';
import { json, ScriptedIdp } from '../../support/scripted-idp.ts';

describe('the address of a client metadata document', () => {
  it.each([
    ['https://app.example/client.json', undefined],
    ['https://app.example:8443/oauth/client', undefined],
    ['https://app.example', 'has no path'],
    ['https://app.example/', 'has no path'],
    ['http://app.example/client', 'is not an https address'],
    ['app.example/client', 'is not an https address'],
    ['https://a:b@app.example/client', 'holds a user name or password'],
    ['https://app.example/client#x', 'holds a fragment'],
    ['https://app.example/client#', 'holds a fragment'],
    ['https://app.example/client?v=1', 'holds a query, which providers need not take'],
    ['https://app.example/a/../client', 'holds dot segments'],
    ['https://app.example/./client', 'holds dot segments'],
    ['https://app.example/%2e%2E/client', 'holds dot segments'],
    ['https://APP.example/client', 'is not written as it is compared (https://app.example/client)'],
    ['https://app.example\\client', 'holds characters that may not stand there'],
    ['https://app.example/cli ent', 'holds characters that may not stand there'],
  ])('%s', (address, expected) => expect(toClientIdProblem(address)).toBe(expected));
});

describe('a client metadata document', () => {
  const id = 'https://app.example/client.json';
  const redirect = 'http://127.0.0.1:4711/cb';
  const good = {
    client_id: id,
    redirect_uris: ['http://127.0.0.1/cb'],
    grant_types: ['authorization_code'],
    token_endpoint_auth_method: 'none',
  };
  it.each<[string, Record<string, unknown>, readonly string[]]>([
    ['is good', {}, []],
    ['is about another', { client_id: 'https://evil.example/x' }, ['says it is about https://evil.example/x']],
    ['is about nobody', { client_id: undefined }, ['says it is about nobody']],
    ['holds a secret', { client_secret: 'x' }, ['holds a client_secret']],
    ['holds the end of a secret', { client_secret_expires_at: 0 }, ['holds a client_secret']],
    ['wants a secret', { token_endpoint_auth_method: 'client_secret_post' }, ['asks for client_secret_post']],
    ['wants a signature', { token_endpoint_auth_method: 'private_key_jwt' }, []],
    ['has another redirect', { redirect_uris: ['https://x.example'] }, [`does not list the redirect ${redirect}`]],
    ['has another path', { redirect_uris: ['http://127.0.0.1/'] }, [`does not list the redirect ${redirect}`]],
    ['has another host', { redirect_uris: ['http://localhost/cb'] }, [`does not list the redirect ${redirect}`]],
    ['has no redirect', { redirect_uris: undefined }, [`does not list the redirect ${redirect}`]],
    ['has another grant', { grant_types: ['implicit'] }, ['does not list the grant authorization_code']],
  ])('%s', (_what, change, problems) =>
    expect(toDocumentProblems({ ...good, ...change }, id, [redirect])).toEqual(problems),
  );
});

describe('reading a client metadata document', () => {
  let server: ScriptedIdp;
  beforeAll(async () => {
    server = await ScriptedIdp.start();
  });
  afterAll(() => server.stop());

  it('takes only JSON at exactly that address', async () => {
    const id = `${server.issuer}/client`;
    const check = (): Promise<void> => checkClientIdDocument(id, ['http://127.0.0.1:1/cb'], server.fetch);
    await expect(check()).rejects.toMatchObject({
      code: 'CS-AUTH-CLIENT-DOCUMENT',
      message: expect.stringContaining('404') as string,
    });
    server.script = { routes: { '/client': (_hit, response) => void response.end('<html>') } };
    await expect(check()).rejects.toMatchObject({ code: 'CS-AUTH-CLIENT-DOCUMENT' });
    server.script = {
      routes: { '/client': (_hit, response) => void response.writeHead(302, { location: '/other' }).end() },
    };
    await expect(check()).rejects.toMatchObject({ code: 'CS-AUTH-CLIENT-DOCUMENT' });
    expect(server.hitsOn('/other')).toEqual([]);
    server.script = {
      routes: {
        '/client': (_hit, response) => json(response, 200, { client_id: id, redirect_uris: ['http://127.0.0.1/cb'] }),
      },
    };
    await expect(check()).resolves.toBeUndefined();
  });
});
