import { inspect } from 'node:util';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { Secret } from '../../../src/credentials/secret.ts';
import type { CountersignError } from '../../../src/errors/countersign-error.ts';
import type { CertificateInfo, HttpClient, TlsException, TlsPolicy } from '../../../src/http/types.ts';
import {
  codeOf,
  makeClient,
  noTrust,
  sendTo,
  serveHttp,
  serveHttps,
  trusting,
  type Listening,
} from '../../support/http-servers.ts';
import { makeTestCa, type LeafOptions, type ServerIdentity, type TestCa } from '../../support/test-ca.ts';

const day = 86_400_000;
let ca: TestCa;
let other: TestCa;
let client: HttpClient;
const open: Listening[] = [];

beforeAll(async () => {
  ca = await makeTestCa();
  other = await makeTestCa('Windmill');
  client = makeClient();
});
afterEach(async () => {
  for (const server of open.splice(0)) await server.close();
});
afterAll(() => client.dispose());

let hits = 0;
async function serve(identity: ServerIdentity): Promise<Listening> {
  hits = 0;
  const server = await serveHttps(identity, (_request, response) => {
    hits++;
    response.end('ok');
  });
  open.push(server);
  return server;
}

function withException(policy: TlsPolicy, exception: TlsException): TlsPolicy {
  return { ...policy, exceptionFor: (origin) => (origin === exception.origin ? exception : undefined) };
}

interface Expected {
  readonly code: string;
  readonly message?: string | RegExp;
  readonly chain?: number;
  readonly certificate?: number;
  readonly problems?: string[];
}

async function check(identity: ServerIdentity, policy: TlsPolicy, expected: Expected): Promise<void> {
  const server = await serve(identity);
  const error = await sendTo(client, server.url, { tls: policy, headers: [['Authorization', 'canary']] }).then(
    () => expect.fail('was accepted'),
    (failure: unknown) => failure as CountersignError,
  );
  expect(error.code).toBe(expected.code);
  if (expected.message !== undefined) expect(error.message).toMatch(expected.message);
  if (expected.problems) expect(error.facts['problems']).toEqual(expected.problems);
  if (expected.chain !== undefined) expect(error.facts['chain']).toHaveLength(expected.chain);
  if (expected.certificate !== undefined) expect(error.facts['certificate']).toBe(expected.certificate);
  expect(error.facts).toMatchObject({ host: '127.0.0.1', protocol: 'TLSv1.3', secretSent: false });
  expect((error.facts['chain'] as CertificateInfo[])[0]?.fingerprint256).toBe(identity.fingerprint256);
  expect(hits).toBe(0);
}

describe('certificates that are refused', () => {
  it('an unknown authority, chain sent', async () =>
    check(await ca.server(), trusting(other.rootPem), {
      code: 'CS-TLS-UNTRUSTED',
      message: 'signed by “Lighthouse Root”, which this machine does not trust.',
      chain: 2,
      problems: ['CS-TLS-UNTRUSTED'],
    }));
  it('an unknown authority, leaf only', async () =>
    check(await ca.withoutIntermediate(), trusting(other.rootPem), { code: 'CS-TLS-UNTRUSTED', chain: 1 }));
  it('an unknown authority that is trusted by nobody', async () =>
    check(await ca.server(), noTrust, { code: 'CS-TLS-UNTRUSTED' }));
  it('a missing intermediate of a trusted authority', async () =>
    check(await ca.withoutIntermediate(), trusting(ca.rootPem), {
      code: 'CS-TLS-CHAIN',
      message: '127.0.0.1 did not send the certificate that links it to a trusted root.',
      chain: 1,
    }));
  it('a missing intermediate that says where it is', async () =>
    check(await ca.withoutIntermediate({ issuerUrl: 'http://ca.example/i.cer' }), trusting(other.rootPem), {
      code: 'CS-TLS-CHAIN',
    }));
  it('a self-signed one', async () =>
    check(await ca.selfSigned(), trusting(ca.rootPem), {
      code: 'CS-TLS-SELF-SIGNED',
      message: 'is signed by itself',
      chain: 1,
    }));
  it('one that ended', async () =>
    check(
      await ca.server({ notBefore: new Date(Date.now() - 9 * day), notAfter: new Date('2026-11-12T09:00:00Z') }),
      trusting(ca.rootPem),
      {
        code: 'CS-TLS-EXPIRED',
        message: 'The certificate of 127.0.0.1 ended on 12 November 2026.',
        chain: 3,
        certificate: 0,
        problems: ['CS-TLS-EXPIRED'],
      },
    ));
  it('one that has not begun', async () =>
    check(
      await ca.server({ notBefore: new Date(Date.now() + day), notAfter: new Date(Date.now() + 2 * day) }),
      trusting(ca.rootPem),
      {
        code: 'CS-TLS-EXPIRED',
        message: 'begins on',
      },
    ));
  it('one that ended and is of an unknown authority: the authority counts', async () =>
    check(await ca.server({ notBefore: new Date(0), notAfter: new Date(day) }), trusting(other.rootPem), {
      code: 'CS-TLS-UNTRUSTED',
      problems: ['CS-TLS-UNTRUSTED', 'CS-TLS-EXPIRED'],
    }));
  it('a self-signed one that ended', async () =>
    check(await ca.selfSigned({ notBefore: new Date(0), notAfter: new Date(day) }), noTrust, {
      code: 'CS-TLS-SELF-SIGNED',
      problems: ['CS-TLS-SELF-SIGNED', 'CS-TLS-EXPIRED'],
    }));
  const names: [LeafOptions, RegExp][] = [
    [{ dns: ['shop.example.com'], ip: [] }, /^The certificate is for shop\.example\.com, not for 127\.0\.0\.1\.$/],
    [
      { dns: ['a.example', 'b.example', 'c.example', 'd.example'], ip: [] },
      /for a\.example, b\.example and 2 more names, not/,
    ],
    [{ dns: [], ip: [], name: 'plain' }, /for plain, not for/],
  ];
  for (const [leaf, message] of names) {
    it(`one for another host: ${String(message)}`, async () =>
      check(await ca.server(leaf), trusting(ca.rootPem), {
        code: 'CS-TLS-HOSTNAME',
        message,
        problems: ['CS-TLS-HOSTNAME'],
      }));
  }
});

describe('trust', () => {
  it('comes from an intermediate given as a CA file', async () => {
    const server = await serve(await ca.withoutIntermediate());
    const exchange = await sendTo(client, server.url, { tls: trusting(ca.rootPem, ca.intermediatePem) });
    expect(exchange.tls).toMatchObject({ authorized: true, trustedBy: 'ca-0.pem' });
  });

  it('says which file holds no certificate', async () => {
    const server = await serve(await ca.server());
    const tls = { ...noTrust, ca: [{ pem: 'hello', source: '/etc/my-ca.pem' }] };
    await expect(sendTo(client, server.url, { tls })).rejects.toMatchObject({
      code: 'CS-TLS-CA-FILE',
      message: '/etc/my-ca.pem holds no certificate in PEM form.',
    });
  });

  it('is not in the system for a private authority', async () => {
    const server = await serve(await ca.server());
    expect(await codeOf(sendTo(client, server.url, { tls: { ...noTrust, useSystemStore: true } }))).toBe(
      'CS-TLS-UNTRUSTED',
    );
  });

  it('does not change the defaults of the process', async () => {
    const tls = await import('node:tls');
    const before = tls.getCACertificates('default').length;
    const server = await serve(await ca.server());
    await sendTo(client, server.url, { tls: { ...trusting(ca.rootPem), useSystemStore: true } });
    expect(tls.getCACertificates('default')).toHaveLength(before);
    expect(tls.getCACertificates('default').map((pem) => pem.trim())).not.toContain(ca.rootPem.trim());
  });
});

describe('exceptions', () => {
  const later = Date.now() + day;

  it('pin one certificate, whatever is wrong with it', async () => {
    const identity = await ca.selfSigned({
      dns: ['other.example'],
      ip: [],
      notBefore: new Date(0),
      notAfter: new Date(day),
    });
    const server = await serve(identity);
    const exception: TlsException = {
      kind: 'pin',
      origin: server.url,
      fingerprint256: identity.fingerprint256.toLowerCase(),
      expires: later,
    };
    const exchange = await sendTo(client, server.url, { tls: withException(noTrust, exception) });
    expect(exchange.tls).toMatchObject({ authorized: false, code: 'CS-TLS-SELF-SIGNED', trustedBy: 'pin', exception });
  });

  it('do not pin another certificate', async () => {
    const server = await serve(await ca.selfSigned());
    const { fingerprint256 } = await ca.selfSigned();
    const exception: TlsException = { kind: 'pin', origin: server.url, fingerprint256, expires: later };
    expect(await codeOf(sendTo(client, server.url, { tls: withException(noTrust, exception) }))).toBe(
      'CS-TLS-SELF-SIGNED',
    );
  });

  it('do not matter to a certificate in order', async () => {
    const server = await serve(await ca.server());
    const exception: TlsException = { kind: 'any', origin: server.url, expires: later };
    const exchange = await sendTo(client, server.url, { tls: withException(trusting(ca.rootPem), exception) });
    expect(exchange.tls?.authorized).toBe(true);
    expect(exchange.tls?.exception).toBeUndefined();
  });

  it('allow any certificate of one origin', async () => {
    const server = await serve(await ca.server());
    const exception: TlsException = { kind: 'any', origin: server.url, expires: later };
    const exchange = await sendTo(client, server.url, { tls: withException(noTrust, exception) });
    expect(exchange.tls).toMatchObject({ authorized: false, code: 'CS-TLS-UNTRUSTED', exception });
    expect(exchange.tls?.trustedBy).toBeUndefined();
  });

  it('end on their day, also for an open connection', async () => {
    let now = Date.now();
    const timed = makeClient({ clock: { now: () => now } });
    const server = await serve(await ca.server());
    const exception: TlsException = { kind: 'any', origin: server.url, expires: now + 1000 };
    const tls = withException(noTrust, exception);
    await sendTo(timed, server.url, { tls });
    now += 1001;
    expect(await codeOf(sendTo(timed, server.url, { tls }))).toBe('CS-TLS-UNTRUSTED');
    await timed.dispose();
  });

  it('end when revoked, also for an open connection and a saved session', async () => {
    const server = await serve(await ca.server());
    const exception: TlsException = { kind: 'any', origin: server.url, expires: later };
    await sendTo(client, server.url, { tls: withException(noTrust, exception) });
    expect(await codeOf(sendTo(client, server.url, { tls: noTrust }))).toBe('CS-TLS-UNTRUSTED');
  });

  it('for another origin are not used even when the policy gives them', async () => {
    const server = await serve(await ca.server());
    const tls: TlsPolicy = {
      ...noTrust,
      exceptionFor: () => ({ kind: 'any', origin: 'https://other.example', expires: later }),
    };
    expect(await codeOf(sendTo(client, server.url, { tls }))).toBe('CS-TLS-UNTRUSTED');
  });
});

describe('handshakes', () => {
  it('with a server that speaks plain HTTP are told apart', async () => {
    const server = await serveHttp((_request, response) => response.end());
    open.push(server);
    await expect(
      sendTo(client, server.url.replace('http:', 'https:'), { tls: trusting(ca.rootPem) }),
    ).rejects.toMatchObject({
      code: 'CS-TLS-PROTOCOL',
      facts: { secretSent: false },
    });
  });

  it('with old versions only are refused', async () => {
    const server = await serveHttps(
      { ...(await ca.server()), minVersion: 'TLSv1', maxVersion: 'TLSv1.1', ciphers: 'DEFAULT@SECLEVEL=0' },
      (_request, response) => response.end(),
    );
    open.push(server);
    expect(await codeOf(sendTo(client, server.url, { tls: trusting(ca.rootPem) }))).toBe('CS-TLS-PROTOCOL');
  });

  for (const maxVersion of ['TLSv1.2', 'TLSv1.3'] as const) {
    it(`with a client certificate work over ${maxVersion}, and say when it is missing`, async () => {
      const identity = await ca.server();
      const server = await serveHttps(
        { ...identity, requestCert: true, rejectUnauthorized: true, ca: [ca.rootPem], maxVersion },
        (request, response) =>
          response.end((request.socket as unknown as { authorized: boolean }).authorized ? 'mutual' : 'no'),
      );
      open.push(server);
      const own = await ca.client('me');
      const tls: TlsPolicy = {
        ...trusting(ca.rootPem),
        clientCertificateFor: () => ({ cert: own.cert, key: own.key }),
      };
      const exchange = await sendTo(client, server.url, { tls });
      expect(Buffer.from(await exchange.body.bytesUpTo(100)).toString()).toBe('mutual');
      const code = await codeOf(sendTo(client, server.url, { tls: trusting(ca.rootPem) }));
      // Over TLS 1.2 the server only says that the handshake failed.
      expect(code).toBe(maxVersion === 'TLSv1.2' ? 'CS-TLS-PROTOCOL' : 'CS-TLS-CLIENT-CERTIFICATE');
    });
  }

  it('say when a client certificate does not open', async () => {
    const server = await serve(await ca.server());
    const tls: TlsPolicy = {
      ...trusting(ca.rootPem),
      clientCertificateFor: () => ({ pfx: Buffer.from('nonsense'), passphrase: new Secret('canary', 'passphrase') }),
    };
    const error = await sendTo(client, server.url, { tls }).catch((failure: unknown) => failure as CountersignError);
    expect(error).toMatchObject({ code: 'CS-TLS-CLIENT-CERTIFICATE' });
    expect(inspect(error)).not.toContain('canary');
  });
});
