/** H18–H24: ID tokens and userinfo answers that prove nothing, or the wrong thing. */
import { createHmac } from 'node:crypto';
import { exportJWK, exportSPKI, generateKeyPair, SignJWT, UnsecuredJWT } from 'jose';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { ScriptedIdp, type Script } from '../support/scripted-idp.ts';
import { attemptSignIn, type Attempt } from '../support/sign-in-attempt.ts';

let idp: ScriptedIdp;
let elsewhere: ScriptedIdp;
beforeAll(async () => {
  [idp, elsewhere] = await Promise.all([ScriptedIdp.start(), ScriptedIdp.start()]);
});
afterEach(() => {
  idp.reset();
  elsewhere.reset();
});
afterAll(() => Promise.all([idp.stop(), elsewhere.stop()]));

async function check(script: Script, expected = 'CS-AUTH-ID-TOKEN', ports = {}): Promise<Attempt> {
  idp.script = script;
  const attempt = await attemptSignIn(idp, { ports });
  expect(attempt.code).toBe(expected);
  expect(attempt.bench.sessions.entries.size).toBe(0);
  return attempt;
}

async function checkPasses(script: Script, ports = {}): Promise<Attempt> {
  idp.script = script;
  const attempt = await attemptSignIn(idp, { ports });
  expect(attempt.error).toBeUndefined();
  expect(attempt.session).toBeDefined();
  return attempt;
}

const claims = (change: Record<string, unknown>): Script => ({
  claims: (truth) => JSON.parse(JSON.stringify({ ...truth, ...change })) as Record<string, unknown>,
});
const b64 = (value: unknown): string => Buffer.from(JSON.stringify(value)).toString('base64url');
const now = (): number => Math.floor(Date.now() / 1000);

function hs256(payload: Record<string, unknown>, secret: string): string {
  const input = `${b64({ alg: 'HS256' })}.${b64(payload)}`;
  return `${input}.${createHmac('sha256', secret).update(input).digest('base64url')}`;
}

describe('ID token', () => {
  const weak = (algs: string[]) => ({
    metadata: (truth: Record<string, unknown>) => ({ ...truth, id_token_signing_alg_values_supported: algs }),
  });
  it('H18 refuses alg none, though the metadata lists it', async () => {
    await check({ ...weak(['none', 'ES256']), idToken: async (c) => new UnsecuredJWT(c).encode() });
    await check({ ...weak(['none']), idToken: async (c) => new UnsecuredJWT(c).encode() });
  });
  it('H18 refuses HS256 with the client secret', async () => {
    await check({ ...weak(['HS256', 'ES256']), idToken: async (c) => hs256(c, 'shared secret') }, undefined, {
      secret: 'shared secret',
    });
  });
  it('H18 refuses HS256 with the public key as secret', async () => {
    await check({
      ...weak(['HS256']),
      idToken: async (c) => hs256(c, await exportSPKI(idp.keys.publicKey)),
    });
  });
  it('H18 refuses keys that the token brings along, and fetches none', async () => {
    const evil = await generateKeyPair('ES256', { extractable: true });
    const jwk = await exportJWK(evil.publicKey);
    const headers = [{ jwk }, { jku: `${elsewhere.issuer}/jwks` }, { x5u: `${elsewhere.issuer}/x5u`, kid: 'other' }];
    for (const header of headers) {
      await check({
        idToken: (c) =>
          new SignJWT(c).setProtectedHeader({ alg: 'ES256', kid: idp.kid, ...header }).sign(evil.privateKey),
      });
    }
    expect(elsewhere.hits).toEqual([]);
  });
  it('H18 refuses an unknown crit', async () => {
    await check({
      idToken: async (c) => {
        const [, payload, signature] = (await idp.sign(c)).split('.');
        return `${b64({ alg: 'ES256', kid: idp.kid, crit: ['x'], x: 1 })}.${payload}.${signature}`;
      },
    });
  });

  it('H19 refuses a forged signature', async () => {
    const { trace, page } = await check({
      idToken: async (c) => {
        const [header, , signature] = (await idp.sign(c)).split('.');
        return `${header}.${b64({ ...c, sub: 'admin' })}.${signature}`;
      },
    });
    expect(trace?.steps.find((step) => step.id === 'token')?.outcome).toBe('ok');
    expect(trace?.steps.find((step) => step.id === 'id-token')?.outcome).toBe('failed');
    expect(trace?.steps.find((step) => step.id === 'store')?.detail).toBe('not reached');
    expect(page?.text).toContain('Not signed in');
  });

  it('H20 takes a key that appeared just before', async () => {
    let rotated = false;
    const next = await generateKeyPair('ES256', { extractable: true });
    const script: Script = {
      jwks: (truth) => truth,
      idToken: (c) =>
        rotated ? new SignJWT(c).setProtectedHeader({ alg: 'ES256', kid: 'key-2' }).sign(next.privateKey) : idp.sign(c),
    };
    await checkPasses(script);
    rotated = true;
    const jwk = { ...(await exportJWK(next.publicKey)), kid: 'key-2', alg: 'ES256', use: 'sig' };
    await checkPasses({ ...script, jwks: (truth) => ({ keys: [...truth.keys, jwk] }) });
  });
  it('H20 says so when the key is not published', () => check({ idToken: (c) => idp.sign(c, { kid: 'unknown' }) }));
  it('H20 refuses two keys of one name', () => check({ jwks: ({ keys }) => ({ keys: [...keys, ...keys] }) }));
  it('H20 stops at keys without end', () =>
    check(
      { jwks: ({ keys }) => ({ keys: Array.from({ length: 10_000 }, (_, i) => ({ ...keys[0], kid: `k${i}` })) }) },
      'CS-BODY-TOO-LARGE',
    ));
  it('H20 ends when the keys cannot be read', () =>
    check({ routes: { '/jwks': (_hit, response) => void response.writeHead(404).end() } }));

  it('H21 takes exp 20 s ago and nbf in 20 s', async () => {
    await checkPasses(claims({ exp: now() - 20 }));
    await checkPasses(claims({ nbf: now() + 20 }));
  });
  it('H21 refuses exp 40 s ago and nbf in 60 s', async () => {
    await check(claims({ exp: now() - 40 }));
    await check(claims({ nbf: now() + 60 }));
  });
  it('H21 warns of iat a day ahead', async () => {
    const { trace } = await checkPasses(claims({ iat: now() + 86_400, exp: now() + 90_000 }));
    expect(trace?.steps.find((step) => step.id === 'id-token')?.outcome).toBe('warning');
  });
  it('H21 allows for a machine clock two hours behind, and says so', async () => {
    const shift = 2 * 3600;
    const at = now() + shift;
    const { trace } = await checkPasses({
      headers: { date: new Date(at * 1000).toUTCString() },
      ...claims({ iat: at, nbf: at, exp: at + 600 }),
    });
    expect(trace?.steps.find((step) => step.id === 'discovery')).toMatchObject({ outcome: 'warning' });
  });
  it('H21 names the clock when a token looks old because of it', async () => {
    const { error } = await check(
      {
        ...claims({ exp: now() - 3600 }),
        headers: { date: new Date((now() - 2 * 3600) * 1000).toUTCString() },
        routes: {
          '/.well-known/openid-configuration': (_hit, response, self) => {
            response.removeHeader('date');
            response.end(JSON.stringify(self.metadata()));
          },
        },
      },
      'CS-AUTH-CLOCK',
    );
    expect(error?.message).toMatch(/differ by 2 h|differ by 120 min/);
  });

  it('H22 takes several audiences only with azp', async () => {
    await checkPasses(claims({ aud: ['cli'] }));
    await checkPasses(claims({ aud: ['cli', 'other'], azp: 'cli' }));
    await check(claims({ aud: ['cli', 'other'] }));
    await check(claims({ aud: ['cli', 'other'], azp: 'other' }));
    await check(claims({ aud: 'other' }));
    await check(claims({ aud: undefined }));
  });
  it('H22 refuses another issuer, and claims that are missing', async () => {
    await check(claims({ iss: 'https://evil.example' }));
    for (const name of ['iss', 'sub', 'exp', 'iat']) await check(claims({ [name]: undefined }));
  });
  it('H23 refuses a nonce that is missing or of another sign-in', async () => {
    await check(claims({ nonce: undefined }));
    const { error } = await check(claims({ nonce: 'replayed' }));
    expect(error?.facts['likely']).toContain('another sign-in');
  });
  it('H23 refuses an answer without the ID token that openid asks for', () =>
    check({ answer: ({ id_token: _left, ...rest }) => rest }));

  it('H24 refuses userinfo of another person', () => check({ userinfo: { sub: 'mallory', name: 'Ada' } }));
  it('H24 makes a label harmless', async () => {
    const name = `\u202eadA\u0000\u001b[31m${'x'.repeat(10_000)}`;
    const { session } = await checkPasses({ userinfo: { sub: 'ada', name } });
    const label = session?.identity?.label ?? '';
    expect(label.length).toBeLessThanOrEqual(120);
    expect(label).not.toMatch(/[\u0000-\u001f\u202e]/);
  });
  it('H24 does without userinfo that fails', async () => {
    const { session } = await checkPasses({
      routes: { '/userinfo': (_hit, response) => void response.writeHead(500).end() },
    });
    expect(session?.identity?.label).toBe('ada');
  });
});
