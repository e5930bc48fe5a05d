import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { decodeJwt, importJWK, SignJWT } from 'jose';
import type { JSONWebKeySet, JWK } from 'jose';
import * as oc from 'openid-client';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createPlaygroundClient, loopbackRedirect, signIn } from '../../support/playground-client.ts';
import type { PlaygroundClient } from '../../support/playground-client.ts';
import { startPlayground } from '../../support/playground.ts';
import type { PlaygroundInfo, RunningPlayground } from '../../support/playground.ts';
import { allowSteps, FormBrowser } from '../../support/sign-in-by-forms.ts';

const tourScope = 'openid profile email offline_access orders.read orders.write';
const accessToken = 'urn:ietf:params:oauth:token-type:access_token';

let running: RunningPlayground;
let info: PlaygroundInfo;
let client: PlaygroundClient;
beforeAll(async () => {
  running = await startPlayground();
  ({ info } = running);
  client = createPlaygroundClient(info);
});
afterAll(async () => {
  await client.close();
  await running.stop();
});

async function call(path: string, token: string): Promise<number> {
  const response = await client.get(path, { headers: { Authorization: `Bearer ${token}` } });
  await response.body?.cancel();
  return response.status;
}

async function native(parameters: Record<string, string> = {}, person = info.user) {
  const configuration = await client.discover(info.clients.native.client_id, oc.None());
  return { configuration, tokens: await signIn(configuration, person, { scope: tourScope, ...parameters }) };
}

/** The registered code of the error that a call ends in. */
async function refused(work: Promise<unknown>): Promise<string> {
  return work.then(
    () => 'accepted',
    (error: unknown) => (error instanceof oc.ResponseBodyError ? error.error : String(error)),
  );
}

async function service(auth?: oc.ClientAuth) {
  const { client_id, client_secret } = info.clients.confidential;
  return client.discover(client_id, auth ?? oc.ClientSecretBasic(client_secret));
}

async function clientKey() {
  const { keys } = JSON.parse(await readFile(info.clients.jwt.jwks, 'utf8')) as JSONWebKeySet;
  const jwk = keys[0] as JWK;
  return { key: (await importJWK(jwk, 'ES256')) as oc.CryptoKey, kid: jwk.kid ?? '' };
}

describe('the native client', () => {
  it('gets a token for the API, a refresh token and an ID token by code and PKCE', async () => {
    const { tokens } = await native();
    expect(tokens.scope).toBe(tourScope);
    expect(tokens.refresh_token).toBeTypeOf('string');
    expect(tokens.claims()).toMatchObject({ sub: 'person-ada', name: 'Ada Lovelace', email: 'ada@example.com' });
    expect(decodeJwt(tokens.access_token)).toMatchObject({ aud: info.api, iss: info.issuer, sub: 'person-ada' });
    expect(await call('/orders', tokens.access_token)).toBe(200);
    expect(await call('/me', tokens.access_token)).toBe(200);
  });

  it('gets the scope it asked for and no refresh-token surprise without offline_access', async () => {
    const { tokens } = await native({ scope: 'openid orders.read' });
    expect(tokens.scope).toBe('openid orders.read');
    expect(tokens.refresh_token).toBeTypeOf('string');
  });

  it('is told its name at UserInfo', async () => {
    const { configuration, tokens } = await native();
    const claims = await oc.fetchUserInfo(configuration, tokens.access_token, 'person-ada');
    expect(claims).toMatchObject({ sub: 'person-ada', email: 'ada@example.com', roles: ['clerk'] });
  });

  it('has its refresh token rotated, and loses all when an old one comes again', async () => {
    const { configuration, tokens } = await native();
    const first = tokens.refresh_token ?? '';
    const next = await oc.refreshTokenGrant(configuration, first);
    expect(next.refresh_token).not.toBe(first);
    expect(await call('/orders', next.access_token)).toBe(200);
    expect(await refused(oc.refreshTokenGrant(configuration, first))).toBe('invalid_grant');
    expect(await refused(oc.refreshTokenGrant(configuration, next.refresh_token ?? ''))).toBe('invalid_grant');
    expect(await call('/orders', next.access_token)).toBe(401);
  });

  it('can revoke its refresh token, and the access tokens go with it', async () => {
    const { configuration, tokens } = await native();
    await oc.tokenRevocation(configuration, tokens.refresh_token ?? '', { token_type_hint: 'refresh_token' });
    expect(await refused(oc.refreshTokenGrant(configuration, tokens.refresh_token ?? ''))).toBe('invalid_grant');
    expect(await call('/orders', tokens.access_token)).toBe(401);
  });

  it('can revoke its access token, and the refresh token goes with it (RFC 7009 §2.1)', async () => {
    const { configuration, tokens } = await native();
    await oc.tokenRevocation(configuration, tokens.access_token);
    expect(await call('/orders', tokens.access_token)).toBe(401);
    expect(await refused(oc.refreshTokenGrant(configuration, tokens.refresh_token ?? ''))).toBe('invalid_grant');
  });

  it('is refused without PKCE', async () => {
    const configuration = await client.discover(info.clients.native.client_id, oc.None());
    const url = oc.buildAuthorizationUrl(configuration, { redirect_uri: loopbackRedirect, scope: 'openid' });
    const { location } = await new FormBrowser().walk(url.href, []);
    expect(new URL(location).searchParams.get('error')).toBe('invalid_request');
  });

  it.each([
    ['http://127.0.0.1:1/any/path', true],
    ['http://localhost:65000/', true],
    ['http://[::1]:8080/callback', true],
    ['vscode://countersign.countersign/callback', true],
    ['vscodium://countersign.countersign/callback?x=1', true],
    ['https://vscode.dev/redirect', true],
    ['https://attacker.example/cb', false],
    ['http://attacker.example/cb', false],
    ['http://127.0.0.1.attacker.example/', false],
    ['http://user@127.0.0.1/', false],
    ['javascript://countersign.countersign/%0aalert(1)', false],
    ['vscode://someone.else/callback', false],
  ])('redirects to %s: %s', async (redirect, allowed) => {
    const configuration = await client.discover(info.clients.native.client_id, oc.None());
    const url = oc.buildAuthorizationUrl(configuration, {
      redirect_uri: redirect,
      scope: 'openid',
      code_challenge: await oc.calculatePKCECodeChallenge(oc.randomPKCECodeVerifier()),
      code_challenge_method: 'S256',
    });
    const { pages } = await new FormBrowser().walk(url.href, []);
    expect(pages).toEqual([allowed ? 'Sign in' : 'This cannot go on']);
  });
});

describe('the pages', () => {
  async function toUrl(parameters: Record<string, string> = {}) {
    const configuration = await client.discover(info.clients.native.client_id, oc.None());
    return oc.buildAuthorizationUrl(configuration, {
      redirect_uri: loopbackRedirect,
      scope: tourScope,
      state: 's',
      code_challenge: await oc.calculatePKCECodeChallenge(oc.randomPKCECodeVerifier()),
      code_challenge_method: 'S256',
      ...parameters,
    }).href;
  }

  it('offer to fill in the practice person', async () => {
    const walk = await new FormBrowser().walk(await toUrl(), [
      { on: 'Sign in', press: 'Use these' },
      { on: 'Let ', press: 'Allow' },
    ]);
    expect(walk.pages).toEqual(['Sign in', 'Let Countersign do this?']);
    const { searchParams } = new URL(walk.location);
    expect(searchParams.get('state')).toBe('s');
    expect(searchParams.get('iss')).toBe(info.issuer);
  });

  it('say so when the password is wrong, without repeating it', async () => {
    const values = { username: '<b>"ada', password: 'wrong-password' };
    const wrong = { on: 'Sign in', values, press: 'Sign in' };
    const browser = new FormBrowser();
    await expect(browser.walk(await toUrl(), [wrong])).rejects.toThrow('go round');
    const { lastPage } = await new FormBrowser().walk(await toUrl({ login_hint: '<b>"ada' }), []);
    expect(lastPage).toContain('value="&lt;b&gt;&quot;ada"');
    expect(lastPage).not.toContain('<b>"ada');
  });

  it.each([
    ['Sign in', { on: 'Sign in', press: 'Cancel' }],
    ['Let', { on: 'Let', press: 'Cancel' }],
  ])('let the person cancel at “%s”', async (_page, step) => {
    const walk = await new FormBrowser().walk(await toUrl(), [step, ...allowSteps(info.user)]);
    expect(new URL(walk.location).searchParams.get('error')).toBe('access_denied');
  });

  it('know who signed in when the browser comes again', async () => {
    const browser = new FormBrowser();
    await browser.walk(await toUrl(), allowSteps(info.user));
    const again = await browser.walk(await toUrl(), allowSteps(info.user));
    expect(again.pages).toEqual(['Let Countersign do this?']);
  });

  it('are safe to open: no script, nothing from elsewhere, not kept, not framed', async () => {
    const response = await fetch(await toUrl(), { redirect: 'manual' });
    const page = await fetch(new URL(response.headers.get('location') ?? '', info.pages), {
      headers: {
        Cookie: response.headers
          .getSetCookie()
          .map((one) => one.split(';')[0])
          .join('; '),
      },
    });
    const text = await page.text();
    expect(page.headers.get('content-security-policy')).toMatch(/^default-src 'none'; style-src 'nonce-[^']+';/);
    expect(page.headers.get('cache-control')).toBe('no-store');
    expect(text).not.toMatch(/<script|https?:\/\/|@import/i);
    expect(text).toContain('for="password"');
  });

  it('withhold the admin scope from a person without the role, and give it to one with it', async () => {
    const scope = 'openid admin orders.read';
    expect((await native({ scope })).tokens.scope).toBe('openid orders.read');
    const { tokens } = await native({ scope }, info.admin);
    expect(tokens.scope).toBe('openid admin orders.read');
    expect(await call('/admin/audit', tokens.access_token)).toBe(200);
  });

  it('end the session', async () => {
    const { configuration, tokens } = await native();
    const url = oc.buildEndSessionUrl(configuration, { id_token_hint: tokens.id_token ?? '' });
    expect(url.href.startsWith(info.pages)).toBe(true);
    const browser = new FormBrowser();
    await browser.walk(await toUrl(), allowSteps(info.user));
    const walk = await browser.walk(url.href, [{ on: 'Sign out?', press: 'Sign out' }]);
    expect(walk.pages).toEqual(['Sign out?', 'Signed out']);
    expect((await browser.walk(await toUrl(), [])).pages).toEqual(['Sign in']);
  });
});

describe('step-up', () => {
  it('is asked for by /admin, and a fresh password with its acr opens it', async () => {
    const { configuration, tokens } = await native();
    const response = await client.get('/admin', { headers: { Authorization: `Bearer ${tokens.access_token}` } });
    const challenge = response.headers.get('www-authenticate') ?? '';
    expect(response.status).toBe(401);
    expect(challenge).toContain('error="insufficient_user_authentication"');
    const [, acr = ''] = /acr_values="([^"]+)"/.exec(challenge) ?? [];
    const [, age = ''] = /max_age="(\d+)"/.exec(challenge) ?? [];
    const fresh = await signIn(configuration, info.user, { scope: tourScope, acr_values: acr, max_age: age });
    expect(await call('/admin', fresh.access_token)).toBe(200);
    expect(decodeJwt(fresh.id_token ?? '')).toMatchObject({ acr });
  });

  it('asks a browser that is signed in already for the password again', async () => {
    const configuration = await client.discover(info.clients.native.client_id, oc.None());
    const toUrl = async (more: Record<string, string>) =>
      oc.buildAuthorizationUrl(configuration, {
        redirect_uri: loopbackRedirect,
        scope: 'openid orders.read',
        code_challenge: await oc.calculatePKCECodeChallenge(oc.randomPKCECodeVerifier()),
        code_challenge_method: 'S256',
        ...more,
      }).href;
    const browser = new FormBrowser();
    await browser.walk(await toUrl({}), allowSteps(info.user));
    const stepUp = { acr_values: 'urn:countersign:playground:fresh-password' };
    const walk = await browser.walk(await toUrl(stepUp), allowSteps(info.user));
    expect(walk.pages).toEqual(['Sign in again', 'Let Countersign do this?']);
  });
});

describe('services', () => {
  const parameters = { scope: 'orders.read' };

  it.each([
    ['client_secret_basic', (secret: string) => oc.ClientSecretBasic(secret)],
    ['client_secret_post', (secret: string) => oc.ClientSecretPost(secret)],
  ])('prove themselves by %s', async (_name, toAuth) => {
    const configuration = await service(toAuth(info.clients.confidential.client_secret));
    const tokens = await oc.clientCredentialsGrant(configuration, parameters);
    expect(await call('/orders', tokens.access_token)).toBe(200);
    expect(await call('/me', tokens.access_token)).toBe(403);
    expect(tokens.scope).toBe('orders.read');
  });

  it('are refused with a wrong secret', async () => {
    const configuration = await service(oc.ClientSecretBasic('wrong'));
    expect(await refused(oc.clientCredentialsGrant(configuration, parameters))).toMatch(/invalid_client|401|Error/);
  });

  it('prove themselves by private_key_jwt', async () => {
    const configuration = await client.discover(info.clients.jwt.client_id, oc.PrivateKeyJwt(await clientKey()));
    const tokens = await oc.clientCredentialsGrant(configuration, parameters);
    expect(await call('/orders', tokens.access_token)).toBe(200);
  });

  it('prove themselves by a certificate, and their token works only with it', async () => {
    const { client_id, cert, key } = info.clients.mtls;
    const certified = createPlaygroundClient(info, { cert, key });
    const configuration = await certified.discover(client_id, oc.TlsClientAuth());
    const tokens = await oc.clientCredentialsGrant(configuration, parameters);
    const headers = { Authorization: `Bearer ${tokens.access_token}` };
    expect((await certified.get('/orders', { headers })).status).toBe(200);
    expect(await call('/orders', tokens.access_token)).toBe(401);
    expect((await certified.get('/mtls')).status).toBe(200);
    expect((await client.get('/mtls')).status).toBe(401);
    await certified.close();
    const plain = await client.discover(client_id, oc.TlsClientAuth());
    expect(await refused(oc.clientCredentialsGrant(plain, parameters))).not.toBe('accepted');
  });

  it('may use code too, and see their tokens by introspection', async () => {
    const configuration = await service();
    const tokens = await signIn(configuration, info.user, { scope: 'openid orders.read' });
    const seen = await oc.tokenIntrospection(configuration, tokens.access_token);
    expect(seen).toMatchObject({ active: true, sub: 'person-ada', aud: info.api, scope: 'openid orders.read' });
    await oc.tokenRevocation(configuration, tokens.access_token);
    expect((await oc.tokenIntrospection(configuration, tokens.access_token)).active).toBe(false);
  });

  it('can push the request (PAR), sign it (JAR) and get a signed answer (JARM)', async () => {
    const auth = await clientKey();
    const configuration = await client.discover(info.clients.jwt.client_id, oc.PrivateKeyJwt(auth));
    const verifier = oc.randomPKCECodeVerifier();
    const request = {
      redirect_uri: loopbackRedirect,
      scope: 'openid orders.read',
      code_challenge: await oc.calculatePKCECodeChallenge(verifier),
      code_challenge_method: 'S256',
      response_type: 'code',
    };
    const pushed = await oc.buildAuthorizationUrlWithPAR(configuration, request);
    expect((await new FormBrowser().walk(pushed.href, [])).pages).toEqual(['Sign in']);
    const signed = await oc.buildAuthorizationUrlWithJAR(configuration, request, auth);
    expect((await new FormBrowser().walk(signed.href, [])).pages).toEqual(['Sign in']);
    const answer = oc.buildAuthorizationUrl(configuration, { ...request, response_mode: 'query.jwt' });
    const { location } = await new FormBrowser().walk(answer.href, allowSteps(info.user));
    expect(new URL(location).searchParams.get('response')?.split('.')).toHaveLength(3);
  });

  it('bind a token by DPoP, with a nonce', async () => {
    const configuration = await client.discover(info.clients.native.client_id, oc.None());
    const DPoP = oc.getDPoPHandle(configuration, await oc.randomDPoPKeyPair('ES256'));
    const tokens = await signIn(configuration, info.user, { scope: 'openid orders.read' }, { DPoP });
    expect(tokens.token_type).toBe('dpop');
    const get = async (path: string) =>
      oc.fetchProtectedResource(
        configuration,
        tokens.access_token,
        new URL(path, info.api),
        'GET',
        undefined,
        undefined,
        {
          DPoP,
        },
      );
    expect((await get('/dpop')).status).toBe(200);
    expect((await get('/dpop?nonce')).status).toBe(200);
    expect((await get('/orders')).status).toBe(200);
    expect(await call('/orders', tokens.access_token)).toBe(401);
    const bearer = await native();
    expect(await call('/dpop', bearer.tokens.access_token)).toBe(401);
  });
});

describe('the other grants', () => {
  it('token exchange narrows a token and names the actor', async () => {
    const { tokens } = await native();
    const configuration = await service();
    const grant = 'urn:ietf:params:oauth:grant-type:token-exchange';
    const subject = { subject_token: tokens.access_token, subject_token_type: accessToken };
    const got = await oc.genericGrantRequest(configuration, grant, { ...subject, scope: 'orders.read' });
    expect(got['issued_token_type']).toBe(accessToken);
    expect(decodeJwt(got.access_token)).toMatchObject({
      sub: 'person-ada',
      scope: 'orders.read',
      act: { sub: info.clients.confidential.client_id },
    });
    expect(await call('/orders', got.access_token)).toBe(200);
    expect(await refused(oc.genericGrantRequest(configuration, grant, { ...subject, scope: 'admin' }))).toBe(
      'invalid_scope',
    );
    const forged = { ...subject, subject_token: `${tokens.access_token}x` };
    expect(await refused(oc.genericGrantRequest(configuration, grant, forged))).toBe('invalid_grant');
  });

  it('jwt-bearer believes the key of its client, once', async () => {
    const { key, kid } = await clientKey();
    const assertion = await new SignJWT({})
      .setProtectedHeader({ alg: 'ES256', kid })
      .setIssuer(info.clients.jwt.client_id)
      .setSubject('ada')
      .setAudience(info.issuer)
      .setJti('once')
      .setIssuedAt()
      .setExpirationTime('2m')
      .sign(key);
    const configuration = await service();
    const grant = 'urn:ietf:params:oauth:grant-type:jwt-bearer';
    const got = await oc.genericGrantRequest(configuration, grant, { assertion, scope: 'orders.read' });
    expect(decodeJwt(got.access_token)).toMatchObject({ sub: 'person-ada', scope: 'orders.read' });
    expect(await refused(oc.genericGrantRequest(configuration, grant, { assertion }))).toBe('invalid_grant');
  });

  it('password works for the legacy client alone', async () => {
    const configuration = await client.discover(info.clients.legacy.client_id, oc.None());
    const got = await oc.genericGrantRequest(configuration, 'password', { ...info.user, scope: 'openid orders.read' });
    expect(await call('/me', got.access_token)).toBe(200);
    const wrong = { username: info.user.username, password: 'no' };
    expect(await refused(oc.genericGrantRequest(configuration, 'password', wrong))).toBe('invalid_grant');
    const other = await client.discover(info.clients.native.client_id, oc.None());
    expect(await refused(oc.genericGrantRequest(other, 'password', { ...info.user }))).not.toBe('accepted');
  });

  it('implicit puts a token in the fragment for the legacy client alone', async () => {
    const toUrl = (clientId: string): string => {
      const url = new URL('/auth', info.pages);
      const query = { client_id: clientId, response_type: 'token', redirect_uri: loopbackRedirect };
      url.search = new URLSearchParams({ ...query, scope: 'openid orders.read', state: 'st' }).toString();
      return url.href;
    };
    const { location } = await new FormBrowser().walk(toUrl(info.clients.legacy.client_id), allowSteps(info.user));
    const answer = new URLSearchParams(new URL(location).hash.slice(1));
    expect(Object.fromEntries(answer)).toMatchObject({
      token_type: 'Bearer',
      state: 'st',
      scope: 'openid orders.read',
    });
    expect(answer.has('code')).toBe(false);
    expect(await call('/orders', answer.get('access_token') ?? '')).toBe(200);
    const refusedWalk = await new FormBrowser().walk(toUrl(info.clients.native.client_id), []);
    expect(refusedWalk.location).toContain('error=unsupported_response_type');
  });

  it('device: a code typed on a page, then tokens', async () => {
    const configuration = await client.discover(info.clients.device.client_id, oc.None());
    const started = await oc.initiateDeviceAuthorization(configuration, { scope: 'openid offline_access orders.read' });
    expect(started.verification_uri).toBe(`${info.pages}/device`);
    expect(started.verification_uri_complete).toContain(`${info.pages}/device?user_code=`);
    const steps = [
      { on: 'Connect a device', press: 'Go on' },
      { on: 'Is this the code?', press: 'Go on' },
      ...allowSteps(info.user),
    ];
    const walk = await new FormBrowser().walk(started.verification_uri_complete ?? '', steps);
    expect(walk.pages.at(-1)).toBe('The device is connected');
    const tokens = await oc.pollDeviceAuthorizationGrant(configuration, { ...started, interval: 0.01 });
    expect(tokens.refresh_token).toBeTypeOf('string');
    expect(await call('/orders', tokens.access_token)).toBe(200);
  });

  it('device: a code that nobody waits for is told', async () => {
    const steps = [{ on: 'Connect a device', values: { user_code: 'ABCD-EFGH' }, press: 'Go on' }];
    const walk = new FormBrowser().walk(`${info.pages}/device`, steps);
    await expect(walk).rejects.toThrow('go round');
  });

  it('a client can register itself', async () => {
    const body = JSON.stringify({
      redirect_uris: ['http://127.0.0.1/'],
      application_type: 'native',
      token_endpoint_auth_method: 'none',
    });
    const headers = { 'Content-Type': 'application/json' };
    const response = await client.get(`${info.issuer}reg`, { method: 'POST', body, headers });
    expect(response.status).toBe(201);
    expect(await response.json()).toMatchObject({
      client_id: expect.any(String) as string,
      client_id_issued_at: expect.any(Number) as number,
    });
  });
});

describe('time', () => {
  it('shifts with --clock-skew', async () => {
    const skewed = await startPlayground({ clockSkew: -600, accessTokenTtl: 60 });
    const other = createPlaygroundClient(skewed.info);
    const { client_id, client_secret } = skewed.info.clients.confidential;
    const form = new URLSearchParams({ grant_type: 'client_credentials', client_id, client_secret });
    const response = await other.get(`${skewed.info.issuer}token`, { method: 'POST', body: form });
    const { access_token, expires_in } = (await response.json()) as { access_token: string; expires_in: number };
    const { iat = 0, exp = 0 } = decodeJwt(access_token);
    expect(expires_in).toBe(60);
    expect(exp - iat).toBe(60);
    expect(Math.abs(Date.now() / 1000 - 600 - iat)).toBeLessThan(120);
    const headers = { Authorization: `Bearer ${access_token}` };
    expect((await other.get('/orders', { headers })).status).toBe(403);
    await other.close();
    await skewed.stop();
  });

  it('ends an access token', async () => {
    const short = await startPlayground({ accessTokenTtl: 1 });
    const other = createPlaygroundClient(short.info);
    const configuration = await other.discover(short.info.clients.native.client_id, oc.None());
    const tokens = await signIn(configuration, short.info.user, { scope: tourScope });
    const status = async (token: string): Promise<number> =>
      (await other.get('/orders', { headers: { Authorization: `Bearer ${token}` } })).status;
    await expect.poll(async () => status(tokens.access_token), { timeout: 10_000 }).toBe(401);
    const next = await oc.refreshTokenGrant(configuration, tokens.refresh_token ?? '');
    expect(next.access_token).not.toBe(tokens.access_token);
    await other.close();
    await short.stop();
  });
});

describe('a restart with the same folder', () => {
  it('keeps access tokens, refresh tokens and the browser session', async () => {
    const data = await mkdtemp(join(tmpdir(), 'playground-restart-'));
    let running = await startPlayground({ data });
    let other = createPlaygroundClient(running.info);
    let configuration = await other.discover(running.info.clients.native.client_id, oc.None());
    const toUrl = async (): Promise<string> =>
      oc.buildAuthorizationUrl(configuration, {
        redirect_uri: loopbackRedirect,
        scope: tourScope,
        code_challenge: await oc.calculatePKCECodeChallenge(oc.randomPKCECodeVerifier()),
        code_challenge_method: 'S256',
      }).href;
    const browser = new FormBrowser();
    await browser.walk(await toUrl(), allowSteps(running.info.user));
    const tokens = await signIn(configuration, running.info.user, { scope: tourScope });
    await other.close();
    await running.stop();

    running = await startPlayground({ data });
    other = createPlaygroundClient(running.info);
    const headers = { Authorization: `Bearer ${tokens.access_token}` };
    expect((await other.get('/orders', { headers })).status).toBe(200);
    configuration = await other.discover(running.info.clients.native.client_id, oc.None());
    const next = await oc.refreshTokenGrant(configuration, tokens.refresh_token ?? '');
    expect(next.refresh_token).not.toBe(tokens.refresh_token);
    expect((await browser.walk(await toUrl(), allowSteps(running.info.user))).pages).toEqual([
      'Let Countersign do this?',
    ]);
    await other.close();
    await running.stop();
    await rm(data, { recursive: true, force: true });
  });
});
