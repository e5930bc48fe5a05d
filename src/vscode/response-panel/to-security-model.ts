/**
 * What the Security tab shows: the chain with roles and the one that breaks it, from a TLS connection or from the
 * facts of a TLS error. It judges nothing itself; codes decide which certificate is marked. Source: design.md E8.1.
 */
import type { CountersignError } from '../../errors/countersign-error.ts';
import type { CertificateInfo, TlsInfo } from '../../http/types.ts';
import type { CertificateModel, SecurityModel } from '../../response/model.ts';
import type { RefusedCertificate } from './refused-certificate.ts';

interface Context {
  readonly url: URL;
  readonly now: number;
}

export function toSecurityModel(tls: TlsInfo, { url, now }: Context): SecurityModel {
  return {
    origin: url.origin,
    host: url.host,
    protocol: tls.protocol,
    cipher: tls.cipher,
    ...(tls.keyExchange === undefined ? {} : { keyExchange: tls.keyExchange }),
    ...(tls.alpn === undefined ? {} : { alpn: tls.alpn }),
    authorized: tls.authorized,
    ...(tls.code === undefined ? {} : { code: tls.code }),
    ...(tls.exception === undefined ? {} : { exception: toExceptionModel(tls.exception) }),
    chain: toChain(tls.chain, tls.code, undefined, tls.trustedBy, now),
    ...(tls.trustedBy === undefined ? {} : { trustedBy: tls.trustedBy }),
    reused: tls.reused,
    judgedAt: now,
  };
}

/** From a `CS-TLS-…` error and whose certificate it refused (`toRefusedCertificate`). */
export function toFailedSecurityModel(
  error: CountersignError,
  { origin, chain }: RefusedCertificate,
  now: number,
): SecurityModel {
  const { code, facts } = error;
  const word = (name: string): string => (typeof facts[name] === 'string' ? facts[name] : '');
  const bad = typeof facts['certificate'] === 'number' ? facts['certificate'] : undefined;
  return {
    origin,
    host: new URL(origin).host,
    protocol: word('protocol'),
    cipher: word('cipher'),
    ...(word('keyExchange') === '' ? {} : { keyExchange: word('keyExchange') }),
    ...(word('alpn') === '' ? {} : { alpn: word('alpn') }),
    authorized: false,
    code,
    chain: toChain(chain, code, bad, undefined, now),
    reused: false,
    judgedAt: now,
  };
}

export function toExceptionModel(
  exception: NonNullable<TlsInfo['exception']>,
): NonNullable<SecurityModel['exception']> {
  const { kind, origin, expires, fingerprint256 } = exception;
  return { kind, origin, expires, ...(fingerprint256 === undefined ? {} : { fingerprint: fingerprint256 }) };
}

const faults: Readonly<Record<string, NonNullable<CertificateModel['fault']>>> = {
  'CS-TLS-HOSTNAME': 'hostname',
  'CS-TLS-SELF-SIGNED': 'self-signed',
  'CS-TLS-UNTRUSTED': 'untrusted',
  'CS-TLS-CHAIN': 'chain',
};

function toChain(
  chain: readonly CertificateInfo[],
  code: string | undefined,
  bad: number | undefined,
  trustedBy: string | undefined,
  now: number,
): CertificateModel[] {
  return chain.map((certificate, i) => {
    const expired = Date.parse(certificate.validTo) < now;
    const early = Date.parse(certificate.validFrom) > now;
    const marked = bad === undefined ? (code === 'CS-TLS-UNTRUSTED' ? i === chain.length - 1 : i === 0) : i === bad;
    const fault = expired ? 'expired' : early ? 'not-yet' : code !== undefined && marked ? faults[code] : undefined;
    return {
      name: commonName(certificate.subject) ?? certificate.san[0]?.replace(/^[^:]*:/, '') ?? certificate.subject,
      issuer: commonName(certificate.issuer) ?? certificate.issuer,
      names: certificate.san.map((entry) => entry.replace(/^(DNS|IP Address|IP|URI|email):/, '')),
      validFrom: certificate.validFrom,
      validTo: certificate.validTo,
      fingerprint: certificate.fingerprint256,
      key: certificate.key,
      serialNumber: certificate.serialNumber,
      role:
        i === 0
          ? 'server'
          : certificate.selfSigned || (i === chain.length - 1 && trustedBy !== undefined)
            ? 'root'
            : 'intermediate',
      ...(fault === undefined ? {} : { fault }),
    };
  });
}

function commonName(name: string): string | undefined {
  return /(?:^|[\n,/])\s*CN\s*=\s*([^\n,/]+)/.exec(name)?.[1]?.trim() ?? (name.includes('=') ? undefined : name);
}
