/** Keys and certificates that come as a PKCS#12 file. */
import { createPublicKey, X509Certificate } from 'node:crypto';
import type { TLSSocket } from 'node:tls';
import { jwtVerify, SignJWT } from 'jose';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { toClientCertificate, toPkcs12 } from '../../../src/credentials/client-certificate.ts';
import { toFetch } from '../../../src/http/fetch-adapter.ts';
import type { OAuthFetch } from '../../../src/oauth/ports.ts';
import { loadSigningKey } from '../../../src/oauth/signing-key.ts';
import { withClientCertificate } from '../../../src/run/client-certificate.ts';
import { createBench, toCredential } from '../../support/broker-bench.ts';
import { defaults, makeClient, serveHttps, trusting, type Listening } from '../../support/http-servers.ts';
import { makeEcKey, passphrase } from '../../support/keys.ts';
import { pkcs12 } from '../../support/pkcs12-files.ts';
import { json } from '../../support/scripted-idp.ts';
import { makeTestCa, type TestCa } from '../../support/test-ca.ts';
import type { ServerResponse } from 'node:http';

const load = (text: string, open: string | undefined) =>
  loadSigningKey(text, { name: 'orders', alg: undefined, kid: undefined, passphrase: open, offered: [] });
const publicKey = createPublicKey(pkcs12.certificate);

describe('a key in a PKCS#12 file', () => {
  for (const form of ['modern', 'old', 'open'] as const) {
    it(`of the form ${form} signs`, async () => {
      const { key, alg } = await load(pkcs12[form], form === 'open' ? undefined : passphrase);
      const signed = await new SignJWT({ sub: 'orders' }).setProtectedHeader({ alg }).sign(key);
      expect((await jwtVerify(signed, publicKey)).payload.sub).toBe('orders');
      expect([alg, key.extractable]).toEqual(['ES256', false]);
    });
  }
  it('may stand in lines', async () =>
    expect((await load((pkcs12.modern.match(/.{1,64}/g) ?? []).join('\n'), passphrase)).alg).toBe('ES256'));
  it('needs its passphrase, and says so', async () => {
    for (const form of ['modern', 'old'] as const) {
      await expect(load(pkcs12[form], undefined)).rejects.toMatchObject({
        code: 'CS-AUTH-KEY',
        message: 'The private key of orders is encrypted.',
      });
      await expect(load(pkcs12[form], 'wrong')).rejects.toMatchObject({
        code: 'CS-AUTH-KEY',
        message: 'The private key of orders does not open with its passphrase.',
      });
    }
  });
  it('says how to take it out of a file of another form', async () => {
    const bytes = Buffer.from(pkcs12.modern, 'base64');
    // The object identifier of plain data becomes that of an envelope: no key can be found.
    const hidden = Buffer.from(bytes.toString('hex').replaceAll('2a864886f70d010701', '2a864886f70d010706'), 'hex');
    await expect(load(hidden.toString('base64'), passphrase)).rejects.toMatchObject({
      code: 'CS-AUTH-KEY',
      next: expect.stringContaining('openssl pkcs12 -in FILE -nocerts') as string,
    });
  });
  it('ends in a code and nothing else, whatever is in it (fuzz)', async () => {
    const bytes = Buffer.from(pkcs12.open, 'base64');
    let seed = 7;
    const random = (below: number): number => (seed = (seed * 1103515245 + 12345) % 2147483648) % below;
    for (let turn = 0; turn < 1000; turn += 1) {
      const changed = Buffer.from(bytes.subarray(0, turn % 5 === 0 ? random(bytes.length) : bytes.length));
      for (let n = 0; n <= random(4) && changed.length > 12; n += 1)
        changed[8 + random(changed.length - 8)] = random(256);
      const outcome = await load(changed.toString('base64'), 'x').then(
        () => 'signs',
        (error: unknown) => (error as { code?: string }).code,
      );
      expect(['signs', 'CS-AUTH-KEY']).toContain(outcome);
    }
  });
  it('is told from other texts', () => {
    for (const form of ['modern', 'old', 'open'] as const) expect(toPkcs12(pkcs12[form])).toBeInstanceOf(Buffer);
    const { pkcs8, jwk } = makeEcKey();
    const der = pkcs8.replace(/-----[^-]+-----/g, '');
    for (const text of [pkcs8, jwk, der, '', 'a'.repeat(100), pkcs12.certificate])
      expect(toPkcs12(text)).toBeUndefined();
    expect(toClientCertificate(pkcs8, undefined)).toEqual({ cert: pkcs8, key: pkcs8 });
  });
});

describe('a certificate in a PKCS#12 file', () => {
  let ca: TestCa;
  let server: Listening;
  const seen: (string | undefined)[] = [];
  beforeAll(async () => {
    ca = await makeTestCa();
    server = await serveHttps(
      { ...(await ca.server()), requestCert: true, rejectUnauthorized: false },
      (request, response: ServerResponse) => {
        const { url } = server;
        const fingerprint = (request.socket as TLSSocket).getPeerX509Certificate()?.fingerprint256;
        if (request.url === '/token') {
          seen.push(fingerprint);
          return json(response, 200, { access_token: 'bound', token_type: 'Bearer' });
        }
        return json(response, 200, { issuer: url, token_endpoint: `${url}/token` });
      },
    );
  });
  afterAll(() => server.close());

  for (const form of ['modern', 'old', 'open'] as const) {
    it(`of the form ${form} is shown to the token endpoint`, async () => {
      const client = makeClient();
      const fetch: OAuthFetch = (url, init) => {
        const tls = withClientCertificate(trusting(ca.rootPem), init.clientCertificate, () => true);
        return toFetch(client, { tls, proxy: defaults().proxy })(url, init);
      };
      const slots = { private_key: pkcs12[form], ...(form === 'open' ? {} : { passphrase }) };
      const { broker } = createBench({ fetch, slots });
      const credential = toCredential({
        grant: 'client_credentials',
        issuer: server.url,
        token_endpoint_auth_method: 'self_signed_tls_client_auth',
      });
      const session = await broker.acquire(credential, { interactive: false });
      expect(session.accessToken.reveal()).toBe('bound');
      expect(seen.at(-1)).toBe(new X509Certificate(pkcs12.certificate).fingerprint256);
      await client.dispose();
    });
  }
});
