/** APIs that refuse for ever, and APIs that repeat what they were given: through the whole pipeline, with real sockets. */
import type { IncomingMessage, ServerResponse } from 'node:http';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { Secret } from '../../src/credentials/secret.ts';
import {
  bodyText,
  createEngineFixture,
  fixtureRoot,
  type EngineFixture,
  type FixtureOptions,
} from '../support/engine.ts';
import { serveHttp, type Listening } from '../support/http-servers.ts';
import { ScriptedIdp } from '../support/scripted-idp.ts';

let idp: ScriptedIdp;
let api: Listening;
let answer: (request: IncomingMessage, response: ServerResponse) => void;
const seen: string[] = [];
const fixtures: EngineFixture[] = [];

beforeAll(async () => {
  idp = await ScriptedIdp.start();
  api = await serveHttp((request, response) => {
    seen.push(request.headers.authorization ?? '');
    request.resume();
    request.on('end', () => answer(request, response));
  });
});
afterAll(async () => {
  await idp.stop();
  await api.close();
});
beforeEach(() => {
  idp.reset();
  seen.length = 0;
});
afterEach(async () => {
  for (const fixture of fixtures.splice(0)) await fixture.dispose();
});

const stale = 'stale-access-token-0f2b7d61';

/** Signed in earlier: an access token that looks fresh, and a refresh token that is good. */
async function signedIn(options: FixtureOptions = {}): Promise<EngineFixture> {
  const fixture = createEngineFixture({ ca: [idp.ca], ...options });
  fixtures.push(fixture);
  const orders = {
    scheme: 'oauth2',
    grant: 'authorization_code',
    issuer: idp.issuer,
    client_id: 'cli',
    scope: 'openid orders.read',
    origins: [api.url],
  };
  fixture.vault.setWorkspaceDefinitions(fixtureRoot, {
    file: `${fixtureRoot}/countersign.json`,
    text: JSON.stringify({ credentials: { orders } }),
  });
  const named = await fixture.vault.find('orders', fixtureRoot);
  if (!named) throw new Error('There is no definition.');
  await fixture.vault.setSession(named, {
    accessToken: new Secret(stale, 'orders access token'),
    refreshToken: new Secret(idp.seedRefreshToken(), 'orders refresh token'),
    tokenType: 'Bearer',
    scope: ['openid', 'orders.read'],
    requestedScope: ['openid', 'orders.read'],
    obtainedAt: Date.now(),
    expiresAt: Date.now() + 3600_000,
    issuer: idp.issuer,
    identity: { subject: 'ada', issuer: idp.issuer, label: 'Ada', verified: true },
    definitionHash: named.hash,
  });
  return fixture;
}

describe('A07 401 for ever', () => {
  const refuse = (response: ServerResponse, challenge = 'Bearer error="invalid_token"'): void =>
    void response.writeHead(401, { 'www-authenticate': challenge }).end();

  it('A07 renews once, sends once more, and shows the 401', async () => {
    answer = (_request, response) => refuse(response);
    const fixture = await signedIn();
    const result = await fixture.send(`# @auth orders\nGET ${api.url}/a\n`);
    expect(result.error).toBeUndefined();
    expect(result.exchange?.response.status).toBe(401);
    expect(seen).toHaveLength(2);
    expect(seen[0]).toBe(`Bearer ${stale}`);
    expect(seen[1]).not.toBe(seen[0]);
    expect(idp.refreshes).toBe(1);
    expect(result.exchange?.hops.map((hop) => hop.response?.status)).toEqual([401, 401]);
  });

  it('A07 each Send is bounded in the same way', async () => {
    answer = (_request, response) => refuse(response);
    const fixture = await signedIn();
    for (let n = 1; n <= 3; n++) {
      await fixture.send(`# @auth orders\nGET ${api.url}/a\n`);
      expect(seen.length).toBeLessThanOrEqual(2 * n);
      expect(idp.refreshes).toBeLessThanOrEqual(n);
    }
    expect(idp.reuses).toBe(0);
  });

  it('A07 the second answer counts when it is a good one', async () => {
    answer = (request, response) =>
      request.headers.authorization === `Bearer ${stale}` ? refuse(response) : void response.end('welcome');
    const result = await (await signedIn()).send(`# @auth orders\nPOST ${api.url}/a\n\nbody\n`);
    expect(result.exchange?.response.status).toBe(200);
    expect(await bodyText(result)).toBe('welcome');
    expect(idp.refreshes).toBe(1);
  });

  it('A07 an issuer that refuses too ends it after one try, and says so', async () => {
    answer = (_request, response) => refuse(response);
    const fixture = await signedIn({ interactive: false });
    fixture.vault.trustForProcess('orders');
    idp.script = {
      routes: {
        '/token': (_hit, response) =>
          void response.writeHead(400, { 'content-type': 'application/json' }).end('{"error":"invalid_grant"}'),
      },
    };
    const result = await fixture.send(`# @auth orders\nGET ${api.url}/a\n`);
    expect(result.exchange?.response.status).toBe(401);
    expect(seen).toHaveLength(1);
    expect(idp.hitsOn('/token')).toHaveLength(1);
    expect(result.notes.map((note) => note.code)).toEqual([expect.stringMatching(/^CS-AUTH-/)]);
  });

  for (const error of ['insufficient_scope', 'insufficient_user_authentication']) {
    it(`A07 ${error} is not answered with a token of the same kind`, async () => {
      answer = (_request, response) => refuse(response, `Bearer error="${error}"`);
      await (await signedIn()).send(`# @auth orders\nGET ${api.url}/a\n`);
      expect(seen).toHaveLength(1);
      expect(idp.refreshes).toBe(0);
    });
  }

  it('A07 a credential of a fixed secret is not tried again', async () => {
    answer = (_request, response) => refuse(response);
    const fixture = createEngineFixture();
    fixtures.push(fixture);
    fixture.vault.setWorkspaceDefinitions(fixtureRoot, {
      file: `${fixtureRoot}/countersign.json`,
      text: JSON.stringify({ credentials: { ci: { scheme: 'bearer', origins: [api.url] } } }),
    });
    const named = await fixture.vault.find('ci', fixtureRoot);
    if (named) await fixture.vault.setSecret(named, '', new Secret('fixed-token-1', 'ci token'));
    await fixture.send(`# @auth ci\nGET ${api.url}/a\n`);
    expect(seen).toEqual(['Bearer fixed-token-1']);
  });
});

describe('A12 what an API repeats', () => {
  it('A12 a token in body, headers, reason and redirect is in no history, note or shown request', async () => {
    answer = (request, response) => {
      const token = request.headers.authorization?.slice('Bearer '.length) ?? '';
      if (request.url?.startsWith('/go')) {
        return void response.writeHead(302, `Moved ${token}`, { location: `/end?leaked=${token}` }).end();
      }
      response
        .writeHead(200, `OK ${token}`, { 'x-echo': token, 'x-b64': Buffer.from(token).toString('base64') })
        .end(`{"token":"${token}"}`);
    };
    const fixture = await signedIn({ historyLimit: 10 });
    const result = await fixture.send(`# @name echo\n# @auth orders\nGET ${api.url}/go\n`);
    expect(result.exchange?.response.status).toBe(200);
    expect(await bodyText(result)).toContain(stale);
    const kept = JSON.stringify([await fixture.history.entries(), [...fixture.state.values.entries()]]);
    expect(kept).toContain('"status":200');
    for (const text of [
      kept,
      JSON.stringify(result.request),
      JSON.stringify(result.notes),
      JSON.stringify(result.trace ?? null),
    ]) {
      expect(text).not.toContain(stale);
    }
    const shown = fixture.redactor.redact(
      JSON.stringify([
        result.exchange?.hops.map(({ url, response, headers }) => ({ url, response, headers })),
        await bodyText(result),
      ]),
    );
    expect(shown).not.toContain(stale);
    expect(shown).not.toContain(Buffer.from(stale).toString('base64'));
  });

  it('A12 a token in the answer to a later request is still known', async () => {
    answer = (request, response) => void response.end(request.url === '/first' ? 'ok' : `later ${stale}`);
    const fixture = await signedIn();
    await fixture.send(`# @auth orders\nGET ${api.url}/first\n`);
    const later = await fixture.send(`GET ${api.url}/second\n`);
    expect(fixture.redactor.redact(await bodyText(later))).toBe('later •••• orders access token');
  });
});
