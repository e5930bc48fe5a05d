/**
 * The client certificate that a person entered: PEM of certificate and key, or a PKCS#12 file as base64. Which of them it
 * is can be told by its first bytes; what it holds is the TLS library's to read. Source: RFC 8705 §2, RFC 7292 §4. Pure.
 */
import type { Secret } from './secret.ts';

/** In one of both forms. */
export interface ClientCertificate {
  readonly cert?: string;
  readonly key?: string;
  /** PKCS#12. */
  readonly pfx?: Uint8Array;
  readonly passphrase?: Secret;
}

/** The bytes of a PKCS#12 file given as base64; undefined for anything else. */
export function toPkcs12(text: string): Buffer | undefined {
  const packed = text.replace(/\s+/g, '');
  if (packed.length < 40 || !/^[A-Za-z0-9+/_-]+={0,2}$/.test(packed)) return undefined;
  const bytes = Buffer.from(packed, 'base64');
  // SEQUENCE, its length in any form, INTEGER 3: the version of every PKCS#12 file, and of nothing else a person has.
  const header = bytes[1] === 0x80 ? 2 : (bytes[1] ?? 0) > 0x80 ? 2 + ((bytes[1] ?? 0) & 0x7f) : 2;
  const version = bytes.subarray(header, header + 3);
  return bytes[0] === 0x30 && version.equals(Buffer.from([2, 1, 3])) ? bytes : undefined;
}

/** As TLS takes it, PEM being taken as it stands. */
export function toClientCertificate(text: string, passphrase: Secret | undefined): ClientCertificate {
  const pfx = toPkcs12(text);
  return {
    ...(pfx === undefined ? { cert: text, key: text } : { pfx }),
    ...(passphrase === undefined ? {} : { passphrase }),
  };
}
