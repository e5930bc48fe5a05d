/**
 * The private CA: a root, an issuing CA and the leaves of the listeners, good ones and those that are wrong on purpose.
 * ECDSA P-256, per data folder, made anew well before anything ends. Nothing is added to the system's trust.
 * Source: RFC 5280.
 */
import 'reflect-metadata';
import { webcrypto } from 'node:crypto';
import { join } from 'node:path';
import * as x509 from '@peculiar/x509';
import { loadJson, writePrivateFile } from './private-file.ts';

/** A certificate chain (leaf first) and its private key, both PEM. */
export interface Identity {
  readonly cert: string;
  readonly key: string;
}

export interface Certificates {
  /** The root alone: what a client has to trust. */
  readonly ca: string;
  /** Root and issuing CA: what the listeners accept client certificates from. */
  readonly clientCa: string;
  readonly server: Identity;
  readonly mtlsClient: Identity;
  readonly selfSigned: Identity;
  readonly expired: Identity;
  readonly wrongHost: Identity;
  readonly missingIntermediate: Identity;
}

/** The DNS name in the client certificate, which tls_client_auth looks for (RFC 8705 §2.1.2). */
export const mtlsClientName = 'mtls-client.playground.countersign';

/** The key types as the certificate library names them. */
type KeyPair = x509.X509CertificateCreateSelfSignedParams['keys'];

const day = 86_400_000;
const algorithm = { name: 'ECDSA', namedCurve: 'P-256', hash: 'SHA-256' } as const;
const loopback: x509.JsonGeneralNames = [
  { type: 'ip', value: '127.0.0.2' },
  { type: 'ip', value: '127.0.0.1' },
  { type: 'dns', value: 'localhost' },
];

interface Authority {
  readonly certificate: x509.X509Certificate;
  readonly keys: KeyPair;
}

async function toPem(key: KeyPair['privateKey']): Promise<string> {
  const der = Buffer.from(await webcrypto.subtle.exportKey('pkcs8', key as webcrypto.CryptoKey)).toString('base64');
  return `-----BEGIN PRIVATE KEY-----\n${der.replace(/.{1,64}/g, '$&\n')}-----END PRIVATE KEY-----\n`;
}

async function createKeys(): Promise<KeyPair> {
  return (await webcrypto.subtle.generateKey(algorithm, true, ['sign', 'verify'])) as KeyPair;
}

async function createAuthority(name: string, days: number, pathLength: number, above?: Authority): Promise<Authority> {
  const keys = await createKeys();
  const certificate = await x509.X509CertificateGenerator.create({
    subject: name,
    issuer: above?.certificate.subject ?? name,
    notBefore: new Date(Date.now() - day),
    notAfter: new Date(Date.now() + days * day),
    publicKey: keys.publicKey,
    signingKey: (above?.keys ?? keys).privateKey,
    signingAlgorithm: algorithm,
    extensions: [
      new x509.BasicConstraintsExtension(true, pathLength, true),
      new x509.KeyUsagesExtension(x509.KeyUsageFlags.keyCertSign | x509.KeyUsageFlags.cRLSign, true),
      await x509.SubjectKeyIdentifierExtension.create(keys.publicKey),
      await x509.AuthorityKeyIdentifierExtension.create((above?.keys ?? keys).publicKey),
    ],
  });
  return { certificate, keys };
}

interface Leaf {
  readonly name: string;
  readonly names: x509.JsonGeneralNames;
  readonly from?: number;
  readonly to?: number;
  readonly usage?: 'server' | 'client';
  /** Without one the leaf signs itself. */
  readonly issuer?: Authority;
  /** What is sent after the leaf. */
  readonly sends?: readonly x509.X509Certificate[];
}

async function createLeaf(leaf: Leaf): Promise<Identity> {
  const keys = await createKeys();
  const issuer = leaf.issuer?.keys ?? keys;
  const certificate = await x509.X509CertificateGenerator.create({
    subject: leaf.name,
    issuer: leaf.issuer?.certificate.subject ?? leaf.name,
    notBefore: new Date(Date.now() + (leaf.from ?? -1) * day),
    notAfter: new Date(Date.now() + (leaf.to ?? 397) * day),
    publicKey: keys.publicKey,
    signingKey: issuer.privateKey,
    signingAlgorithm: algorithm,
    extensions: [
      new x509.BasicConstraintsExtension(false, undefined, true),
      new x509.KeyUsagesExtension(x509.KeyUsageFlags.digitalSignature, true),
      new x509.ExtendedKeyUsageExtension([
        leaf.usage === 'client' ? x509.ExtendedKeyUsage.clientAuth : x509.ExtendedKeyUsage.serverAuth,
      ]),
      new x509.SubjectAlternativeNameExtension(leaf.names),
      await x509.SubjectKeyIdentifierExtension.create(keys.publicKey),
      await x509.AuthorityKeyIdentifierExtension.create(issuer.publicKey),
    ],
  });
  const chain = [certificate, ...(leaf.sends ?? [])].map((one) => `${one.toString('pem')}\n`);
  return { cert: chain.join(''), key: await toPem(keys.privateKey) };
}

async function createCertificates(): Promise<Certificates> {
  x509.cryptoProvider.set(webcrypto as Crypto);
  const root = await createAuthority('CN=Countersign Playground Root CA, O=Countersign Playground', 1_825, 1);
  const issuing = await createAuthority(
    'CN=Countersign Playground Issuing CA, O=Countersign Playground',
    1_095,
    0,
    root,
  );
  const common = { issuer: issuing, sends: [issuing.certificate] };
  const [server, mtlsClient, selfSigned, expired, wrongHost, missingIntermediate] = await Promise.all([
    createLeaf({ ...common, name: 'CN=Countersign Playground', names: loopback }),
    createLeaf({
      ...common,
      name: 'CN=Countersign Playground mTLS client',
      names: [{ type: 'dns', value: mtlsClientName }],
      usage: 'client',
    }),
    createLeaf({ name: 'CN=Self-signed on purpose', names: loopback }),
    createLeaf({ ...common, name: 'CN=Expired on purpose', names: loopback, from: -120, to: -30 }),
    createLeaf({
      ...common,
      name: 'CN=shop.example.com',
      names: [
        { type: 'dns', value: 'shop.example.com' },
        { type: 'dns', value: 'www.shop.example.com' },
      ],
    }),
    createLeaf({ name: 'CN=Sent without its intermediate on purpose', names: loopback, issuer: issuing }),
  ]);
  const ca = `${root.certificate.toString('pem')}\n`;
  const clientCa = `${ca}${issuing.certificate.toString('pem')}\n`;
  return { ca, clientCa, server, mtlsClient, selfSigned, expired, wrongHost, missingIntermediate };
}

/**
 * The certificates of a data folder. Made at the first call and again when fewer than 60 days are left; the CA's keys
 * are kept nowhere, so a renewal is a new CA.
 */
export async function loadCertificates(folder: string): Promise<Certificates> {
  const path = join(folder, 'certificates.json');
  const kept = (await loadJson(path)) as { readonly until: number; readonly pem: Certificates } | undefined;
  if (kept !== undefined && kept.until - 60 * day > Date.now()) return kept.pem;
  const pem = await createCertificates();
  await writePrivateFile(path, JSON.stringify({ until: Date.now() + 397 * day, pem }));
  return pem;
}
