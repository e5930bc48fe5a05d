/**
 * A certificate authority for tests, made in memory at each run: root, intermediate, and leaves with any flaw wanted.
 * Nothing of it is trusted outside the test that passes its root as a CA.
 */
import 'reflect-metadata';
import { webcrypto } from 'node:crypto';
import * as x509 from '@peculiar/x509';

x509.cryptoProvider.set(webcrypto as unknown as Crypto);

const algorithm = { name: 'ECDSA', namedCurve: 'P-256', hash: 'SHA-256' } as const;
const day = 86_400_000;

export interface Issued {
  readonly certificate: x509.X509Certificate;
  readonly keys: CryptoKeyPair;
  readonly pem: string;
  readonly keyPem: string;
}

export interface LeafOptions {
  readonly dns?: readonly string[];
  readonly ip?: readonly string[];
  readonly name?: string;
  readonly notBefore?: Date;
  readonly notAfter?: Date;
  readonly client?: boolean;
  /** URL of the issuer's certificate, as public CAs put it. */
  readonly issuerUrl?: string;
}

/** What a server needs: `key`, `cert` (with what it sends after the leaf). */
export interface ServerIdentity {
  readonly key: string;
  readonly cert: string;
  readonly fingerprint256: string;
}

let serial = 1;

async function makeKeys(): Promise<CryptoKeyPair> {
  return (await webcrypto.subtle.generateKey(algorithm, true, ['sign', 'verify'])) as CryptoKeyPair;
}

async function issue(
  subject: string,
  issuer: Issued | undefined,
  extensions: (keys: CryptoKeyPair) => Promise<x509.Extension[]>,
  from: Date,
  to: Date,
): Promise<Issued> {
  const keys = await makeKeys();
  const common = {
    serialNumber: (serial++).toString(16).padStart(4, '0'),
    notBefore: from,
    notAfter: to,
    signingAlgorithm: algorithm,
    extensions: await extensions(keys),
  };
  const certificate = issuer
    ? await x509.X509CertificateGenerator.create({
        ...common,
        subject,
        issuer: issuer.certificate.subject,
        publicKey: keys.publicKey,
        signingKey: issuer.keys.privateKey,
      })
    : await x509.X509CertificateGenerator.createSelfSigned({ ...common, name: subject, keys });
  const der = Buffer.from(await webcrypto.subtle.exportKey('pkcs8', keys.privateKey)).toString('base64');
  const lines = der.match(/.{1,64}/g) ?? [];
  return {
    certificate,
    keys,
    pem: `${certificate.toString('pem')}\n`,
    keyPem: `-----BEGIN PRIVATE KEY-----\n${lines.join('\n')}\n-----END PRIVATE KEY-----\n`,
  };
}

async function makeAuthority(subject: string, issuer?: Issued): Promise<Issued> {
  return issue(
    subject,
    issuer,
    async (keys) => [
      new x509.BasicConstraintsExtension(true, undefined, true),
      new x509.KeyUsagesExtension(x509.KeyUsageFlags.keyCertSign | x509.KeyUsageFlags.cRLSign, true),
      await x509.SubjectKeyIdentifierExtension.create(keys.publicKey),
      ...(issuer ? [await x509.AuthorityKeyIdentifierExtension.create(issuer.keys.publicKey)] : []),
    ],
    new Date(Date.now() - day),
    new Date(Date.now() + 30 * day),
  );
}

async function makeLeaf(issuer: Issued | undefined, options: LeafOptions): Promise<Issued> {
  const names: x509.JsonGeneralName[] = [
    ...(options.dns ?? []).map((value) => ({ type: 'dns' as const, value })),
    ...(options.ip ?? []).map((value) => ({ type: 'ip' as const, value })),
  ];
  return issue(
    `CN=${options.name ?? options.dns?.[0] ?? options.ip?.[0] ?? 'nobody'}`,
    issuer,
    async (keys) => [
      new x509.BasicConstraintsExtension(false, undefined, true),
      new x509.KeyUsagesExtension(x509.KeyUsageFlags.digitalSignature, true),
      new x509.ExtendedKeyUsageExtension([
        options.client === true ? x509.ExtendedKeyUsage.clientAuth : x509.ExtendedKeyUsage.serverAuth,
      ]),
      ...(names.length > 0 ? [new x509.SubjectAlternativeNameExtension(names)] : []),
      await x509.SubjectKeyIdentifierExtension.create(keys.publicKey),
      ...(issuer ? [await x509.AuthorityKeyIdentifierExtension.create(issuer.keys.publicKey)] : []),
      ...(options.issuerUrl === undefined
        ? []
        : [new x509.AuthorityInfoAccessExtension({ caIssuers: options.issuerUrl })]),
    ],
    options.notBefore ?? new Date(Date.now() - day),
    options.notAfter ?? new Date(Date.now() + 10 * day),
  );
}

async function toIdentity(leaf: Issued, ...chain: Issued[]): Promise<ServerIdentity> {
  const digest = Buffer.from(await leaf.certificate.getThumbprint('SHA-256', webcrypto as unknown as Crypto));
  const hex = digest.toString('hex').toUpperCase();
  return {
    key: leaf.keyPem,
    cert: [leaf, ...chain].map(({ pem }) => pem).join(''),
    fingerprint256: hex.match(/../g)?.join(':') ?? '',
  };
}

export interface TestCa {
  readonly rootPem: string;
  readonly intermediatePem: string;
  /** A leaf with the intermediate sent after it; for localhost and 127.0.0.1 unless told otherwise. */
  server(options?: LeafOptions): Promise<ServerIdentity>;
  /** The same, the intermediate left out. */
  withoutIntermediate(options?: LeafOptions): Promise<ServerIdentity>;
  selfSigned(options?: LeafOptions): Promise<ServerIdentity>;
  client(name: string): Promise<ServerIdentity>;
}

const here: LeafOptions = { dns: ['localhost'], ip: ['127.0.0.1', '::1'] };

export async function makeTestCa(name = 'Lighthouse'): Promise<TestCa> {
  const root = await makeAuthority(`CN=${name} Root, O=${name}`);
  const intermediate = await makeAuthority(`CN=${name} Intermediate, O=${name}`, root);
  return {
    rootPem: root.pem,
    intermediatePem: intermediate.pem,
    server: async (options = {}) => toIdentity(await makeLeaf(intermediate, { ...here, ...options }), intermediate),
    withoutIntermediate: async (options = {}) => toIdentity(await makeLeaf(intermediate, { ...here, ...options })),
    selfSigned: async (options = {}) => toIdentity(await makeLeaf(undefined, { ...here, ...options })),
    client: async (clientName) =>
      toIdentity(await makeLeaf(intermediate, { name: clientName, client: true }), intermediate),
  };
}
