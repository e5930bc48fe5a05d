import { readFileSync } from 'node:fs';
import { decodeJwt, jwtVerify } from 'jose';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import type { OAuth2Definition } from '../../../src/credentials/types.ts';
import { createBench, toCredential } from '../../support/broker-bench.ts';
import { createHttpsFetch } from '../../support/https-fetch.ts';
import { makeEcKey, makeEd25519Key } from '../../support/keys.ts';
import { followRedirect } from '../../support/loopback-browser.ts';
import { startPlayground } from '../../support/playground.ts';
import { ScriptedIdp } from '../../support/scripted-idp.ts';
import { attemptSignIn } from '../../support/sign-in-attempt.ts';
import { signInByForms } from '../../support/sign-in-by-forms.ts';

let idp: ScriptedIdp;
beforeAll(async () => {
  idp = await ScriptedIdp.start();
});
afterEach(() => idp.reset());
afterAll(() => idp.stop());

const key = makeEcKey();

/** Signs in with a browser that reads the request out of its JWT, as a provider does. */
async function signIn(definition: Partial<OAuth2Definition>, slots: Readonly<Record<string, string>>) {
  const attempt = await attemptSignIn(idp, {
    definition,
    ports: { slots },
    browse: (url) => {
      const request = new URL(url).searchParams.get('request');
      const claims = request === null ? {} : (decodeJwt(request) as Record<string, string>);
      const asked = request === null ? url : `${idp.issuer}/authorize?${new URLSearchParams(claims).toString()}`;
      return followRedirect(idp.authorize(asked));
    },
  });
  return { ...attempt, carried: new URL(attempt.bench.opened[0] ?? 'https://none.example').searchParams };
}

describe('a signed request', () => {
  it('carries everything, for the provider alone, for a minute', async () => {
    const { session, carried, trace } = await signIn({ require_signed_request_object: true }, { private_key: key.jwk });
    expect(session).toBeDefined();
    expect([...carried.keys()]).toEqual(['client_id', 'request']);
    const { payload, protectedHeader } = await jwtVerify(carried.get('request') ?? '', key.publicKey);
    expect(protectedHeader).toMatchObject({ alg: 'ES256', typ: 'oauth-authz-req+jwt' });
    expect(payload).toMatchObject({
      iss: 'cli',
      aud: idp.issuer,
      response_type: 'code',
      code_challenge_method: 'S256',
    });
    expect((payload.exp ?? 0) - (payload.iat ?? 0)).toBeLessThanOrEqual(60);
    expect(JSON.stringify(trace)).not.toContain(carried.get('request'));
  });
  it('is made when the provider requires it', async () => {
    idp.script.metadata = (truth) => ({ ...truth, require_signed_request_object: true });
    const ed = makeEd25519Key();
    const { carried } = await signIn({ token_endpoint_auth_method: 'none' }, { private_key: ed.pkcs8 });
    expect((await jwtVerify(carried.get('request') ?? '', ed.publicKey)).protectedHeader.alg).toBe('EdDSA');
  });
  it('is never sent plain instead', async () => {
    const { code, bench } = await signIn({ require_signed_request_object: true }, {});
    expect(code).toBe('CS-AUTH-SECRET-MISSING');
    expect(bench.opened).toEqual([]);
  });
  it('goes in a pushed one at the playground', async () => {
    const playground = await startPlayground();
    try {
      const { info } = playground;
      const { broker } = createBench({
        fetch: createHttpsFetch(readFileSync(info.ca, 'utf8')),
        slots: { private_key: readFileSync(info.clients.jwt.key, 'utf8') },
        browse: async (url) => followRedirect(await signInByForms(url, info.user)),
      });
      const credential = toCredential({
        issuer: info.issuer,
        client_id: info.clients.jwt.client_id,
        token_endpoint_auth_method: 'private_key_jwt',
        scope: 'openid orders.read',
        require_signed_request_object: true,
      });
      const session = await broker.acquire(credential, { interactive: true });
      expect(session.scope).toContain('orders.read');
      const steps = broker.trace('orders')?.steps.map(({ id, outcome }) => `${id} ${outcome}`);
      expect(steps?.slice(3, 6)).toEqual(['request-object ok', 'pushed-request ok', 'authorization-request ok']);
    } finally {
      await playground.stop();
    }
  }, 60_000);
});
