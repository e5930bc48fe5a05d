/** Encrypted ID tokens and userinfo, signed userinfo. */
import { readFileSync } from 'node:fs';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { CompactEncrypt, exportJWK, exportPKCS8, generateKeyPair, SignJWT, type CryptoKey } from 'jose';
import type { OAuth2Definition } from '../../../src/credentials/types.ts';
import { createBench, toCredential } from '../../support/broker-bench.ts';
import { redirectByFragment } from '../../support/front-channel-idp.ts';
import { createHttpsFetch } from '../../support/https-fetch.ts';
import { followRedirect } from '../../support/loopback-browser.ts';
import { startPlayground } from '../../support/playground.ts';
import { visitWithFragment } from '../../support/relay-browser.ts';
import { ScriptedIdp } from '../../support/scripted-idp.ts';
import { attemptSignIn, type Attempt } from '../../support/sign-in-attempt.ts';
import { signInByForms } from '../../support/sign-in-by-forms.ts';

let idp: ScriptedIdp;
let ec: { publicKey: CryptoKey; privateKey: CryptoKey };
let rsa: { publicKey: CryptoKey; privateKey: CryptoKey };
let ecJwk: string;
let rsaPem: string;
beforeAll(async () => {
  idp = await ScriptedIdp.start();
  ec = await generateKeyPair('ECDH-ES', { extractable: true });
  rsa = await generateKeyPair('RSA-OAEP-256', { extractable: true });
  ecJwk = JSON.stringify(await exportJWK(ec.privateKey));
  rsaPem = await exportPKCS8(rsa.privateKey);
});
afterEach(() => idp.reset());
afterAll(() => idp.stop());

const encrypt = (text: string, key: CryptoKey, alg: string, enc: string): Promise<string> =>
  new CompactEncrypt(new TextEncoder().encode(text)).setProtectedHeader({ alg, enc, cty: 'JWT' }).encrypt(key);

interface Setting {
  readonly alg?: string;
  readonly enc?: string;
  readonly key?: string;
  readonly definition?: Partial<OAuth2Definition>;
}

/** A sign-in at a provider that encrypts ID tokens so. */
async function signIn(sent: { alg: string; enc?: string; key: CryptoKey }, { alg, key, definition }: Setting = {}) {
  idp.script.idToken = async (claims) => encrypt(await idp.sign(claims), sent.key, sent.alg, sent.enc ?? 'A256GCM');
  const registered = alg ?? sent.alg;
  return attemptSignIn(idp, {
    definition: { ...(registered === 'none' ? {} : { id_token_encrypted_response_alg: registered }), ...definition },
    ports: { slots: { decryption_key: key ?? ecJwk } },
  });
}

function checkIdentity({ session, error, trace, bench }: Attempt): void {
  expect(error?.message).toBeUndefined();
  expect(session?.identity).toMatchObject({ subject: 'ada', verified: true });
  // What a logout would send is the signed token within (RP-Initiated Logout §2).
  expect(session?.idToken?.reveal().split('.')).toHaveLength(3);
  expect(bench.seen.has(session?.idToken?.reveal() ?? '')).toBe(true);
  expect(JSON.stringify(trace)).not.toMatch(/eyJ/);
}

describe('an encrypted ID token', () => {
  for (const alg of ['ECDH-ES', 'ECDH-ES+A128KW', 'ECDH-ES+A256KW']) {
    it(`by ${alg}, key as JWK`, async () => checkIdentity(await signIn({ alg, key: ec.publicKey })));
  }
  for (const alg of ['RSA-OAEP', 'RSA-OAEP-256', 'RSA-OAEP-512']) {
    it(`by ${alg}, key as PEM`, async () => {
      const jwk = await exportJWK(rsa.publicKey);
      const { importJWK } = await import('jose');
      const key = (await importJWK({ ...jwk, alg }, alg)) as CryptoKey;
      checkIdentity(await signIn({ alg, key }, { key: rsaPem }));
    });
  }
  for (const enc of ['A128GCM', 'A128CBC-HS256', 'A256CBC-HS512']) {
    it(`with ${enc}`, async () => checkIdentity(await signIn({ alg: 'ECDH-ES', enc, key: ec.publicKey })));
  }
  it('with the one key of a set that is for encryption', async () => {
    const other = await exportJWK((await generateKeyPair('ES256', { extractable: true })).privateKey);
    const keys = [
      { ...other, use: 'sig' },
      { ...(JSON.parse(ecJwk) as object), use: 'enc' },
    ];
    checkIdentity(await signIn({ alg: 'ECDH-ES', key: ec.publicKey }, { key: JSON.stringify({ keys }) }));
  });
  it('is compared with at_hash by the algorithm of its signature', async () => {
    idp.script.claims = (truth) => ({ ...truth, at_hash: 'AAAAAAAAAAAAAAAAAAAAAA' });
    expect((await signIn({ alg: 'ECDH-ES', key: ec.publicKey })).code).toBe('CS-AUTH-ID-TOKEN');
  });
  it('in a hybrid answer', async () => {
    idp.script.idToken = async (claims) => encrypt(await idp.sign(claims), ec.publicKey, 'ECDH-ES', 'A256GCM');
    const attempt = await attemptSignIn(idp, {
      definition: { response_type: 'code id_token', id_token_encrypted_response_alg: 'ECDH-ES' },
      ports: {
        slots: { decryption_key: ecJwk },
        browse: async (url) => {
          const sign = async (claims: Record<string, unknown>): Promise<string> =>
            encrypt(await idp.sign(claims), ec.publicKey, 'ECDH-ES', 'A256GCM');
          await visitWithFragment(await redirectByFragment(idp, url, { sign }));
        },
      },
    });
    checkIdentity(attempt);
    expect(attempt.trace?.steps.find(({ id }) => id === 'front-id-token')?.outcome).toBe('ok');
  });

  const refused: [string, () => Promise<Attempt>, string][] = [
    [
      'one by RSA1_5, which the library cannot even make',
      async () => {
        const part = Buffer.from(JSON.stringify({ alg: 'RSA1_5', enc: 'A128CBC-HS256' })).toString('base64url');
        idp.script.idToken = () => Promise.resolve(`${part}.AA.AA.AA.AA`);
        return attemptSignIn(idp, {
          definition: { id_token_encrypted_response_alg: 'RSA-OAEP-256' },
          ports: { slots: { decryption_key: rsaPem } },
        });
      },
      'CS-AUTH-ID-TOKEN',
    ],
    [
      'another algorithm',
      () => signIn({ alg: 'ECDH-ES+A256KW', key: ec.publicKey }, { alg: 'ECDH-ES' }),
      'CS-AUTH-ID-TOKEN',
    ],
    [
      'another content encryption',
      () =>
        signIn(
          { alg: 'ECDH-ES', enc: 'A128GCM', key: ec.publicKey },
          { definition: { id_token_encrypted_response_enc: 'A256GCM' } },
        ),
      'CS-AUTH-ID-TOKEN',
    ],
    [
      'one for another key',
      async () => signIn({ alg: 'ECDH-ES', key: (await generateKeyPair('ECDH-ES')).publicKey }),
      'CS-AUTH-ID-TOKEN',
    ],
    [
      'one that was not registered',
      () => signIn({ alg: 'ECDH-ES', key: ec.publicKey }, { alg: 'none' }),
      'CS-AUTH-ID-TOKEN',
    ],
    [
      'a plain one where encryption was registered',
      () =>
        attemptSignIn(idp, {
          definition: { id_token_encrypted_response_alg: 'ECDH-ES' },
          ports: { slots: { decryption_key: ecJwk } },
        }),
      'CS-AUTH-ID-TOKEN',
    ],
    [
      'a forged one inside an honest envelope',
      async () => {
        const { privateKey } = await generateKeyPair('ES256');
        idp.script.idToken = async (claims) =>
          encrypt(
            await new SignJWT(claims).setProtectedHeader({ alg: 'ES256', kid: idp.kid }).sign(privateKey),
            ec.publicKey,
            'ECDH-ES',
            'A256GCM',
          );
        return attemptSignIn(idp, {
          definition: { id_token_encrypted_response_alg: 'ECDH-ES' },
          ports: { slots: { decryption_key: ecJwk } },
        });
      },
      'CS-AUTH-ID-TOKEN',
    ],
    [
      'RSA1_5 in the definition',
      () => signIn({ alg: 'ECDH-ES', key: ec.publicKey }, { alg: 'RSA1_5' }),
      'CS-DEF-FIELD',
    ],
    ['a key that does not fit', () => signIn({ alg: 'ECDH-ES', key: ec.publicKey }, { key: rsaPem }), 'CS-AUTH-KEY'],
    ['a key that is none', () => signIn({ alg: 'ECDH-ES', key: ec.publicKey }, { key: 'nonsense' }), 'CS-AUTH-KEY'],
  ];
  for (const [name, run, code] of refused) {
    it(`refuses ${name}`, async () => {
      const { session, code: found } = await run();
      expect([session, found]).toEqual([undefined, code]);
    });
  }
  it('is asked for only with its key at hand', async () => {
    const { code, bench } = await attemptSignIn(idp, { definition: { id_token_encrypted_response_alg: 'ECDH-ES' } });
    expect([code, bench.opened]).toEqual(['CS-AUTH-SECRET-MISSING', []]);
  });
});

describe('userinfo', () => {
  const at = (body: () => Promise<string>, definition: Partial<OAuth2Definition>): Promise<Attempt> => {
    idp.script.metadata = (truth) => ({ ...truth, userinfo_signing_alg_values_supported: ['ES256', 'none'] });
    idp.script.routes = {
      '/userinfo': async (_hit, response) =>
        void response.writeHead(200, { 'content-type': 'application/jwt' }).end(await body()),
    };
    return attemptSignIn(idp, { definition, ports: { slots: { decryption_key: ecJwk } } });
  };
  const claims = { sub: 'ada', name: 'Ada Lovelace', aud: 'cli' };
  const label = ({ session }: Attempt): string | undefined => session?.identity?.label;
  const outcome = ({ trace }: Attempt): string | undefined => trace?.steps.find(({ id }) => id === 'userinfo')?.outcome;

  it('signed', async () => {
    const signed = await at(() => idp.sign({ ...claims, iss: idp.issuer }), { userinfo_signed_response_alg: 'ES256' });
    expect([label(signed), outcome(signed)]).toEqual(['Ada Lovelace', 'ok']);
  });
  it('signed, and encrypted', async () => {
    const both = await at(
      async () => encrypt(await idp.sign({ ...claims, iss: idp.issuer }), ec.publicKey, 'ECDH-ES', 'A256GCM'),
      { userinfo_encrypted_response_alg: 'ECDH-ES' },
    );
    expect([label(both), outcome(both)]).toEqual(['Ada Lovelace', 'ok']);
  });
  it('is not used when its signature, audience or issuer is wrong, or it is plain though it has to be signed', async () => {
    const { privateKey } = await generateKeyPair('ES256');
    const forged = (): Promise<string> =>
      new SignJWT(claims).setProtectedHeader({ alg: 'ES256', kid: idp.kid }).sign(privateKey);
    const definition = { userinfo_signed_response_alg: 'ES256' };
    for (const body of [
      forged,
      () => idp.sign({ ...claims, aud: 'other' }),
      () => idp.sign({ ...claims, iss: 'https://evil.example' }),
      () =>
        Promise.resolve(
          `${Buffer.from('{"alg":"none"}').toString('base64url')}.${Buffer.from(JSON.stringify(claims)).toString('base64url')}.`,
        ),
    ]) {
      idp.reset();
      const attempt = await at(body, definition);
      expect([label(attempt), outcome(attempt)]).toEqual(['ada', 'warning']);
    }
    idp.reset();
    const plain = await attemptSignIn(idp, { definition });
    expect([label(plain), outcome(plain)]).toEqual(['ada', 'warning']);
  });
  it('of another person ends the sign-in, signed or not', async () => {
    const attempt = await at(() => idp.sign({ ...claims, sub: 'mallory' }), { userinfo_signed_response_alg: 'ES256' });
    expect([attempt.code, attempt.session]).toEqual(['CS-AUTH-ID-TOKEN', undefined]);
  });
});

describe('at the playground', () => {
  it('a client that registers itself gets encrypted ID tokens and userinfo', { timeout: 40_000 }, async () => {
    const playground = await startPlayground();
    try {
      const { info } = playground;
      const fetch = createHttpsFetch(readFileSync(info.ca, 'utf8'));
      const registered = await fetch(`${info.issuer}reg`, {
        method: 'POST',
        headers: { 'content-type': 'application/json' },
        body: JSON.stringify({
          application_type: 'native',
          token_endpoint_auth_method: 'none',
          grant_types: ['authorization_code'],
          response_types: ['code'],
          redirect_uris: ['http://127.0.0.1/cb'],
          scope: 'openid profile',
          id_token_encrypted_response_alg: 'ECDH-ES',
          id_token_encrypted_response_enc: 'A256GCM',
          userinfo_signed_response_alg: 'ES256',
          userinfo_encrypted_response_alg: 'ECDH-ES',
          userinfo_encrypted_response_enc: 'A256GCM',
          jwks: { keys: [{ ...(await exportJWK(ec.publicKey)), use: 'enc', alg: 'ECDH-ES' }] },
        }),
        redirect: 'manual',
      });
      const answer = await registered.text();
      expect(answer).toContain('client_id');
      const { client_id } = JSON.parse(answer) as { client_id: string };
      expect(client_id).toBeTruthy();
      const { broker } = createBench({
        fetch,
        slots: { decryption_key: ecJwk },
        browse: async (url) => followRedirect(await signInByForms(url, info.user)),
      });
      const credential = toCredential({
        issuer: info.issuer,
        client_id,
        // A token for more would hold the name already, and userinfo not be asked.
        scope: 'openid',
        id_token_encrypted_response_alg: 'ECDH-ES',
        userinfo_encrypted_response_alg: 'ECDH-ES',
        userinfo_signed_response_alg: 'ES256',
      });
      const session = await broker.acquire(credential, { interactive: true });
      expect(session.identity).toMatchObject({ subject: 'person-ada', verified: true });
      expect(broker.trace('orders')?.steps.find(({ id }) => id === 'userinfo')?.outcome).toBe('ok');
    } finally {
      await playground.stop();
    }
  });
});
