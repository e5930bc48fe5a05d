/**
 * A private key from what a person has: PEM (PKCS#8, PKCS#1, SEC 1, encrypted or not), a JWK, a JWK set, or PKCS#12 as
 * base64. It becomes a non-extractable key for one algorithm; the text is kept nowhere. Source: RFC 7517, RFC 7518 §3.1, RFC 8037, RFC 5958.
 */
import { createPrivateKey, type JsonWebKey as NodeJwk, type KeyObject } from 'node:crypto';
import { toPkcs12 } from '../credentials/client-certificate.ts';
import { CountersignError } from '../errors/countersign-error.ts';
import { readPkcs12Key } from './pkcs12.ts';

export interface SigningKey {
  readonly key: CryptoKey;
  /** `ES256`, `PS256`, `RS256`, `EdDSA` … as it stands in the header. */
  readonly alg: string;
  readonly kid: string | undefined;
}

export interface KeyOptions {
  /** For sentences: the credential's name. */
  readonly name: string;
  readonly passphrase: string | undefined;
  /** The algorithm the definition names. */
  readonly alg: string | undefined;
  readonly kid: string | undefined;
  /** Algorithms the server lists, to choose between RS256 and PS256. */
  readonly offered: readonly string[];
}

const curves: Readonly<Record<string, string>> = { 'P-256': 'ES256', 'P-384': 'ES384', 'P-521': 'ES512' };
const rsa = ['PS256', 'RS256', 'PS384', 'RS384', 'PS512', 'RS512'];

/** Throws CS-AUTH-KEY. */
export async function loadSigningKey(text: string, options: KeyOptions): Promise<SigningKey> {
  const refuse = (why: string, next?: string): CountersignError =>
    new CountersignError('CS-AUTH-KEY', `The private key of ${options.name} ${why}.`, {
      ...(next === undefined ? {} : { next }),
      facts: { credential: options.name, slot: 'private_key' },
    });
  const jwk = toPrivateJwk(text, { ...options, use: 'sig' }, refuse);
  const possible = toAlgorithms(jwk);
  if (possible.length === 0) throw refuse('is of a kind that signs nothing here', 'Use an EC, RSA or Ed25519 key.');
  const named = options.alg ?? jwk.alg;
  if (named !== undefined && !possible.includes(named)) {
    throw refuse(
      `does not fit ${/^[A-Za-z0-9]{1,12}$/.test(named) ? named : 'its algorithm'}`,
      `It signs ${possible[0] ?? ''}.`,
    );
  }
  const alg = named ?? possible.find((one) => options.offered.includes(one)) ?? toDefault(possible);
  const { importJWK } = await import('jose');
  try {
    const { key_ops: _ops, use: _use, ext: _ext, ...plain } = jwk;
    const key = (await importJWK({ ...plain, alg }, alg, { extractable: false })) as CryptoKey;
    return { key, alg, kid: options.kid ?? (typeof jwk.kid === 'string' ? jwk.kid : undefined) };
  } catch {
    throw refuse('is damaged');
  }
}

type PrivateJwk = NodeJwk & {
  readonly kid?: string;
  readonly alg?: string;
  readonly use?: string;
  readonly key_ops?: unknown;
};

/** What a text is read with. `use` is what the key is for, in a set of several. */
export interface KeyText {
  readonly passphrase: string | undefined;
  readonly kid: string | undefined;
  readonly use: 'sig' | 'enc';
}

/** The private key that a text holds. Throws what `refuse` makes. */
export function toPrivateJwk(
  text: string,
  options: KeyText,
  refuse: (why: string, next?: string) => CountersignError,
): PrivateJwk {
  const trimmed = text.trim();
  if (trimmed.startsWith('{')) return fromJson(trimmed, options, refuse);
  const archive = toPkcs12(trimmed);
  if (archive) return toJwkOf(openArchive(archive, options.passphrase, refuse), refuse);
  const pem = toPem(trimmed);
  if (pem === undefined) throw refuse('is neither PEM nor JWK, nor PKCS#12 as base64');
  let key: KeyObject;
  try {
    key = createPrivateKey({
      key: pem,
      format: 'pem',
      ...(options.passphrase === undefined ? {} : { passphrase: options.passphrase }),
    });
  } catch {
    const encrypted = pem.includes('ENCRYPTED');
    if (encrypted && options.passphrase === undefined) {
      throw refuse('is encrypted', 'Enter its passphrase in the secret store as well.');
    }
    throw refuse(encrypted ? 'does not open with its passphrase' : 'is damaged');
  }
  return toJwkOf(key, refuse);
}

function toJwkOf(key: KeyObject, refuse: (why: string, next?: string) => CountersignError): PrivateJwk {
  if (key.asymmetricKeyType === 'rsa-pss') {
    throw refuse('is marked for RSA-PSS only', 'Use a plain RSA key; it signs PS256 too.');
  }
  return key.export({ format: 'jwk' });
}

function openArchive(
  bytes: Buffer,
  passphrase: string | undefined,
  refuse: (why: string, next?: string) => CountersignError,
): KeyObject {
  let key: KeyObject | undefined;
  try {
    key = readPkcs12Key(bytes, passphrase);
  } catch (error) {
    // Node says so itself when it got as far as the key.
    const closed = /decrypt|passphrase|password|PKCS12|cipherfinal/i.test(
      `${(error as { code?: string }).code} ${(error as Error).message}`,
    );
    if (closed && passphrase === undefined)
      throw refuse('is encrypted', 'Enter its passphrase in the secret store as well.');
    if (closed) throw refuse('does not open with its passphrase');
    key = undefined;
  }
  if (key) return key;
  throw refuse(
    'is in a PKCS#12 file of a form that is not read here',
    'Take the key out with: openssl pkcs12 -in FILE -nocerts -out key.pem, and enter that.',
  );
}

function fromJson(
  text: string,
  { kid, use }: KeyText,
  refuse: (why: string, next?: string) => CountersignError,
): PrivateJwk {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    throw refuse('is not JSON');
  }
  const { keys } = value as { keys?: unknown };
  const all = (Array.isArray(keys) ? keys : [value]) as (Partial<PrivateJwk> | null)[];
  const every = all.filter((one): one is PrivateJwk => typeof one?.kty === 'string' && typeof one['d'] === 'string');
  const fitting = every.filter((one) => one.use === undefined || one.use === use);
  const own = fitting.length > 0 ? fitting : every;
  const found =
    kid === undefined ? own[0] : (own.find((one) => one.kid === kid) ?? (own.length === 1 ? own[0] : undefined));
  if (!found)
    throw refuse('is not in what was entered', 'A JWK needs its private part “d”; a set needs the key of key_id.');
  return found;
}

/** The one PEM block of a private key, its lines put right: an input box may have taken the line ends away. */
export function toPem(text: string): string | undefined {
  const block = /-----BEGIN ((?:[A-Z0-9]+ )*PRIVATE KEY)-----([\s\S]+?)-----END \1-----/.exec(text);
  if (!block) return undefined;
  const [, label = '', body = ''] = block;
  return toBlock(label, body);
}

/** Certificates of a PEM text, leaf first as they stand. */
export function toCertificates(text: string): string | undefined {
  const blocks = [...text.matchAll(/-----BEGIN CERTIFICATE-----([\s\S]+?)-----END CERTIFICATE-----/g)];
  return blocks.length === 0 ? undefined : blocks.map(([, body = '']) => toBlock('CERTIFICATE', body)).join('');
}

function toBlock(label: string, body: string): string {
  if (body.includes('Proc-Type')) return `-----BEGIN ${label}-----${body}-----END ${label}-----\n`;
  const lines = body.replace(/\s+/g, '').match(/.{1,64}/g) ?? [];
  return `-----BEGIN ${label}-----\n${lines.join('\n')}\n-----END ${label}-----\n`;
}

/** What the key can sign; the first is the usual one. */
function toAlgorithms(jwk: PrivateJwk): readonly string[] {
  if (jwk.kty === 'RSA') return rsa;
  if (jwk.kty === 'OKP') return jwk.crv === 'Ed25519' ? ['EdDSA', 'Ed25519'] : [];
  const alg = jwk.kty === 'EC' ? curves[jwk.crv ?? ''] : undefined;
  return alg === undefined ? [] : [alg];
}

/** RS256 is what every server takes when it lists nothing. */
function toDefault(possible: readonly string[]): string {
  return possible === rsa ? 'RS256' : (possible[0] as string);
}
