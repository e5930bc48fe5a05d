/**
 * Certificates as facts for a person: the chain of a TLS socket and single PEM blocks as `CertificateInfo`.
 * It judges nothing. The chain is what the server sent, plus the root when the trust store knows it.
 */
import { X509Certificate } from 'node:crypto';
import type { DetailedPeerCertificate, TLSSocket } from 'node:tls';
import type { CertificateInfo } from './types.ts';

const maxChain = 16;
const pemPattern =
  /-----BEGIN (?:TRUSTED |X509 )?CERTIFICATE-----[A-Za-z0-9+/=\s]+-----END (?:TRUSTED |X509 )?CERTIFICATE-----/g;

/** Leaf first. Empty when the peer sent none. Stops at the root, which names itself as its issuer. */
export function readPeerChain(socket: TLSSocket): X509Certificate[] {
  const chain: X509Certificate[] = [];
  const seen = new Set<string>();
  // Without a certificate node gives an empty object.
  let current: Partial<DetailedPeerCertificate> | undefined = socket.getPeerCertificate(true);
  while (current?.raw && !seen.has(current.fingerprint256 ?? '') && chain.length < maxChain) {
    seen.add(current.fingerprint256 ?? '');
    chain.push(new X509Certificate(current.raw));
    current = current.issuerCertificate;
  }
  return chain;
}

/** Every certificate of a PEM text; blocks that are damaged are left out. */
export function parseCertificates(pem: string): X509Certificate[] {
  return [...pem.matchAll(pemPattern)].flatMap(([block]) => {
    try {
      return [new X509Certificate(block)];
    } catch {
      return [];
    }
  });
}

export function toCertificateInfo(certificate: X509Certificate): CertificateInfo {
  return {
    subject: toNameText(certificate.subject),
    issuer: toNameText(certificate.issuer),
    san: splitNames(certificate.subjectAltName ?? ''),
    validFrom: toIsoTime(certificate.validFrom),
    validTo: toIsoTime(certificate.validTo),
    fingerprint256: certificate.fingerprint256,
    key: describeKey(certificate),
    serialNumber: certificate.serialNumber,
    selfSigned: isSelfSigned(certificate),
    pem: certificate.toString(),
  };
}

export function isSelfSigned(certificate: X509Certificate): boolean {
  if (certificate.subject !== certificate.issuer) return false;
  try {
    return certificate.verify(certificate.publicKey);
  } catch {
    return false;
  }
}

/** One attribute of a distinguished name as Node prints it (`CN=…` lines), undefined when absent. */
export function nameAttribute(name: string | undefined, attribute: string): string | undefined {
  const line = (name ?? '').split('\n').find((part) => part.startsWith(`${attribute}=`));
  return line?.slice(attribute.length + 1);
}

/** A server writes its own certificate; what stands after this many characters of its names is left out. */
const longestNames = 16 * 1024;

/** `DNS:a.example, IP Address:127.0.0.1` to its entries; quoted entries may hold commas. One pass, whatever the text. */
export function splitNames(text: string): string[] {
  const names: string[] = [];
  let from = 0;
  let quoted = false;
  const end = Math.min(text.length, longestNames);
  for (let at = 0; at < end; at++) {
    const char = text.charAt(at);
    if (quoted && char === '\\') at += 1;
    else if (char === '"') quoted = !quoted;
    else if (char === ',' && !quoted) {
      names.push(text.slice(from, at));
      from = at + 1;
    }
  }
  // An entry that was cut names another host than the certificate does.
  if (end === text.length && !quoted) names.push(text.slice(from));
  return names.map((entry) => entry.trim()).filter((entry) => entry !== '');
}

function toNameText(name: string | undefined): string {
  return (name ?? '').split('\n').join(', ');
}

function toIsoTime(text: string): string {
  const time = Date.parse(text);
  return Number.isNaN(time) ? text : new Date(time).toISOString();
}

function describeKey(certificate: X509Certificate): string {
  try {
    const { asymmetricKeyType: type, asymmetricKeyDetails: details } = certificate.publicKey;
    if (type === 'rsa' || type === 'rsa-pss') return `RSA ${String(details?.modulusLength ?? '')}`.trim();
    if (type === 'ec') return `EC ${curveName(details?.namedCurve)}`.trim();
    return type ?? 'unknown';
  } catch {
    return 'unknown';
  }
}

function curveName(curve: string | undefined): string {
  const names: Readonly<Record<string, string>> = { prime256v1: 'P-256', secp384r1: 'P-384', secp521r1: 'P-521' };
  return curve === undefined ? '' : (names[curve] ?? curve);
}
