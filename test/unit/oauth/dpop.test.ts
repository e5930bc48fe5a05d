import { readFileSync } from 'node:fs';
import { createHash } from 'node:crypto';
import { calculateJwkThumbprint, decodeJwt, EmbeddedJWK, jwtVerify, type JWK } from 'jose';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { parseSessionRecord, toSessionRecord } from '../../../src/credentials/session-record.ts';
import { Secret } from '../../../src/credentials/secret.ts';
import type { AnsweredRequest, OAuth2Definition, RequestProof, Session } from '../../../src/credentials/types.ts';
import { createRequestProof, DpopNonces, isNonce, makeDpopKey } from '../../../src/oauth/dpop.ts';
import type { OAuthFetch } from '../../../src/oauth/ports.ts';
import { createBench, toCredential } from '../../support/broker-bench.ts';
import { createHttpsFetch } from '../../support/https-fetch.ts';
import { makeEcKey } from '../../support/keys.ts';
import { followRedirect } from '../../support/loopback-browser.ts';
import { startPlayground } from '../../support/playground.ts';
import { json, ScriptedIdp } from '../../support/scripted-idp.ts';
import { signInByForms } from '../../support/sign-in-by-forms.ts';

let idp: ScriptedIdp;
beforeAll(async () => {
  idp = await ScriptedIdp.start();
});
afterEach(() => idp.reset());
afterAll(() => idp.stop());

const bound: Partial<OAuth2Definition> = { grant: 'client_credentials', dpop_bound_access_tokens: true };

/** A token endpoint that asks for `nonces` in turn, then answers with `token_type`. */
async function acquire(
  nonces: readonly string[],
  token_type = 'DPoP',
  change: Partial<OAuth2Definition> = {},
  slots: Readonly<Record<string, string>> = {},
) {
  let turn = 0;
  idp.script.routes = {
    '/token': (_hit, response) => {
      const nonce = nonces[turn];
      turn += 1;
      if (nonce !== undefined) return json(response, 400, { error: 'use_dpop_nonce' }, { 'dpop-nonce': nonce });
      return json(response, 200, { access_token: 'at', refresh_token: 'rt', token_type, expires_in: 60 });
    },
  };
  const bench = createBench({ fetch: idp.fetch, secret: idp.secret, slots });
  const credential = toCredential({ issuer: idp.issuer, ...bound, ...change });
  const outcome = await bench.broker.acquire(credential, { interactive: false }).then(
    (session) => ({ session, code: undefined }),
    (error: unknown) => ({ session: undefined, code: (error as { code: string }).code }),
  );
  const proofs = idp.hitsOn('/token').map(({ headers }) => headers['dpop'] as string);
  return { ...outcome, proofs, bench, credential, trace: bench.broker.trace('orders') };
}

describe('at the token endpoint', () => {
  it('sends a proof, and keeps the key with the session', async () => {
    const { session, proofs, bench, trace } = await acquire([]);
    const { payload, protectedHeader } = await jwtVerify(proofs[0] ?? '', EmbeddedJWK, { typ: 'dpop+jwt' });
    expect(payload).toMatchObject({ htm: 'POST', htu: `${idp.issuer}/token` });
    expect(protectedHeader.jwk).not.toHaveProperty('d');
    expect(session?.tokenType).toBe('DPoP');
    expect(bench.seen.has(session?.dpopKey?.reveal() ?? '')).toBe(true);
    expect(JSON.stringify(trace)).not.toContain(proofs[0]);
  });
  for (const alg of ['ES256', 'EdDSA', 'PS256', 'RS256']) {
    it(`signs ${alg} where the provider lists nothing else`, async () => {
      idp.script.metadata = (truth) => ({ ...truth, dpop_signing_alg_values_supported: [alg] });
      const { proofs } = await acquire([]);
      expect((await jwtVerify(proofs[0] ?? '', EmbeddedJWK)).protectedHeader.alg).toBe(alg);
    });
  }
  it('uses the key again for a refresh', async () => {
    const { session, bench, credential, proofs } = await acquire([]);
    const again = await bench.broker.acquire(credential, {
      interactive: false,
      ...(session && { rejected: session.accessToken }),
    });
    const last = idp.hitsOn('/token').at(-1);
    expect(last?.form.get('grant_type')).toBe('refresh_token');
    const jkt = async (proof = '') =>
      calculateJwkThumbprint((await jwtVerify(proof, EmbeddedJWK)).protectedHeader.jwk as JWK);
    expect(await jkt(last?.headers['dpop'] as string)).toBe(await jkt(proofs[0]));
    expect(again.dpopKey?.reveal()).toBe(session?.dpopKey?.reveal());
  });
  it('H33 takes one nonce and no second', async () => {
    expect(await acquire(['n1'])).toMatchObject({ session: { tokenType: 'DPoP' }, proofs: { length: 2 } });
    idp.hits.length = 0;
    const forever = await acquire(Array.from({ length: 50 }, (_each, index) => `n${index}`));
    expect(forever.session).toBeUndefined();
    expect(forever.proofs).toHaveLength(2);
  });
  for (const nonce of ['a"b', 'x'.repeat(10_000), 'ä']) {
    it(`H33 never repeats the nonce ${nonce.slice(0, 8)}`, async () => {
      const { proofs, session } = await acquire([nonce, nonce, nonce]);
      expect(session).toBeUndefined();
      for (const proof of proofs) expect(decodeJwt(proof)['nonce']).toBeUndefined();
    });
  }
  it('H33 warns of a token that is bound to nothing, and keeps no key for it', async () => {
    const { session, trace } = await acquire([], 'Bearer');
    expect(session?.tokenType).toBe('Bearer');
    expect(session?.dpopKey).toBeUndefined();
    expect(trace?.steps.find(({ id }) => id === 'client-token')?.detail).toContain('bound to none');
  });
  it('H33 refuses such a token in the profile fapi2', async () => {
    const fapi = { profile: 'fapi2', token_endpoint_auth_method: 'private_key_jwt' } as const;
    const { session, code } = await acquire([], 'Bearer', fapi, { private_key: makeEcKey().jwk });
    expect(session).toBeUndefined();
    expect(code).toBe('CS-AUTH-TOKEN');
  });
});

describe('at the API', () => {
  const session = async (): Promise<Session & { dpopKey: Secret }> => ({
    accessToken: new Secret('at-1', 'orders access token'),
    tokenType: 'DPoP',
    scope: [],
    requestedScope: [],
    obtainedAt: 0,
    definitionHash: 'h',
    dpopKey: await makeDpopKey(['ES256'], 'orders'),
  });
  const answer = (change: Partial<AnsweredRequest> & { nonce?: string }): AnsweredRequest => ({
    status: 401,
    url: new URL('https://api.example.com/'),
    headers: [
      ['WWW-Authenticate', 'DPoP error="use_dpop_nonce", algs="ES256"'],
      ...(change.nonce === undefined ? [] : ([['DPoP-Nonce', change.nonce]] as const)),
    ],
    challenges: [],
    ...change,
  });
  const proofOf = async (proof: RequestProof, method: string, url: string) => {
    const [header] = await proof.headers({ method, url: new URL(url), headers: [], body: async function* () {} });
    return (await jwtVerify(header?.value?.reveal() ?? '', EmbeddedJWK, { typ: 'dpop+jwt' })).payload;
  };

  it('proves method, address and token, each time anew', async () => {
    const proof = await createRequestProof(await session(), new DpopNonces(), { now: () => 1_800_000_000_000 });
    const first = await proofOf(proof, 'GET', 'https://api.example.com/orders?page=2#top');
    expect(first).toMatchObject({
      htm: 'GET',
      htu: 'https://api.example.com/orders',
      iat: 1_800_000_000,
      ath: createHash('sha256').update('at-1').digest('base64url'),
    });
    expect((await proofOf(proof, 'GET', 'https://api.example.com/orders')).jti).not.toBe(first.jti);
  });
  it('keeps a nonce for its origin alone', async () => {
    const proof = await createRequestProof(await session(), new DpopNonces(), { now: Date.now });
    expect(proof.answered(answer({ nonce: 'n1' }))).toBe(true);
    expect((await proofOf(proof, 'GET', 'https://api.example.com/x'))['nonce']).toBe('n1');
    expect(await proofOf(proof, 'GET', 'https://api.example.com:8443/x')).not.toHaveProperty('nonce');
  });
  const learnt: [string, Partial<AnsweredRequest> & { nonce?: string }, boolean][] = [
    ['a new nonce is worth one more try', { nonce: 'n2' }, true],
    ['the same nonce is not', { nonce: 'n1' }, false],
    ['none is not', {}, false],
    ['one with a quote is not', { nonce: 'a"b' }, false],
    ['an answer that is fine is not', { nonce: 'n3', status: 200 }, false],
    [
      'another error is not',
      {
        headers: [
          ['WWW-Authenticate', 'DPoP error="invalid_token"'],
          ['DPoP-Nonce', 'n4'],
        ],
      },
      false,
    ],
  ];
  for (const [what, change, expected] of learnt) {
    it(`H33 ${what}`, async () => {
      const proof = await createRequestProof(await session(), new DpopNonces(), { now: Date.now });
      proof.answered(answer({ nonce: 'n1' }));
      expect(proof.answered(answer(change))).toBe(expected);
    });
  }
  it('knows a nonce when it sees one', () => {
    expect(['abc', 'a-b.c/d=='].every(isNonce)).toBe(true);
    expect(['', 'a b', 'a\r\nb', 'a"b', 'a\\b', 'é', 'x'.repeat(513), null, undefined].some(isNonce)).toBe(false);
  });
  it('finds its key again in a stored session', async () => {
    const stored = await session();
    const read = parseSessionRecord('orders', toSessionRecord(stored).main, undefined);
    expect(read?.dpopKey?.reveal()).toBe(stored.dpopKey.reveal());
    expect(JSON.stringify(read)).not.toContain('"d"');
  });
});

describe('at the playground', () => {
  it('signs in, calls, learns the nonce, renews', async () => {
    const playground = await startPlayground();
    try {
      const { info } = playground;
      const fetch: OAuthFetch = createHttpsFetch(readFileSync(info.ca, 'utf8'));
      const { broker } = createBench({
        fetch,
        browse: async (url) => followRedirect(await signInByForms(url, info.user)),
      });
      const credential = toCredential({
        issuer: info.issuer,
        client_id: info.clients.native.client_id,
        scope: 'openid offline_access orders.read',
        dpop_bound_access_tokens: true,
      });
      const call = async (session: Session): Promise<number[]> => {
        const proof = (await broker.prover?.(session)) as RequestProof;
        const url = new URL(`${info.api}/dpop?nonce`);
        const statuses: number[] = [];
        for (let turn = 0; turn < 2; turn++) {
          const [header] = await proof.headers({ method: 'GET', url, headers: [], body: async function* () {} });
          const response = await fetch(url.href, {
            method: 'GET',
            headers: { authorization: `DPoP ${session.accessToken.reveal()}`, dpop: header?.value?.reveal() ?? '' },
            redirect: 'manual',
          });
          statuses.push(response.status);
          if (!proof.answered({ status: response.status, url, headers: [...response.headers], challenges: [] })) break;
        }
        return statuses;
      };
      const session = await broker.acquire(credential, { interactive: true });
      expect(session.tokenType).toBe('DPoP');
      expect(await call(session)).toEqual([401, 200]);
      const renewed = await broker.acquire(credential, { interactive: false, rejected: session.accessToken });
      expect(await call(renewed)).toEqual([200]);
    } finally {
      await playground.stop();
    }
  }, 60_000);
});
