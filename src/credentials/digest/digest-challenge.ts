/** Digest challenges: read with care, the strongest that can be answered chosen. Source: RFC 7616 §3.3, §3.7; auth.md A08, §6. */
import type { AnsweredRequest } from '../types.ts';

/** By strength; what Node hashes and the registry of RFC 7616 §6.1 names, and two of older clients. */
const hashes: readonly { readonly name: string; readonly hash: string }[] = [
  { name: 'MD5', hash: 'md5' },
  { name: 'SHA', hash: 'sha1' },
  { name: 'SHA-256', hash: 'sha256' },
  { name: 'SHA-512-256', hash: 'sha512-256' },
  { name: 'SHA-512', hash: 'sha512' },
];

export interface DigestChallenge {
  /** As the server wrote it, to be sent back; undefined when it named none, which means MD5. */
  readonly algorithm: string | undefined;
  /** Node's name of the hash. */
  readonly hash: string;
  readonly session: boolean;
  readonly realm: string;
  readonly nonce: string;
  readonly opaque: string | undefined;
  /** Undefined for a server of RFC 2069, which names none. */
  readonly qop: 'auth' | 'auth-int' | undefined;
  readonly userhash: boolean;
  readonly stale: boolean;
}

// What could end a header line or stand for nothing a server should say.
const unsafe = /[\u0000-\u001f\u007f]/;

/** The strongest challenge that can be answered; undefined when there is none. */
export function chooseChallenge(challenges: AnsweredRequest['challenges']): DigestChallenge | undefined {
  let best: DigestChallenge | undefined;
  for (const { scheme, params } of challenges) {
    const found = scheme.toLowerCase() === 'digest' ? toChallenge(params) : undefined;
    if (found && (!best || strengthOf(found) > strengthOf(best))) best = found;
  }
  return best;
}

/** Higher is stronger. */
export function strengthOf({ hash }: DigestChallenge): number {
  return hashes.findIndex((each) => each.hash === hash);
}

function toChallenge(params: Readonly<Record<string, string>>): DigestChallenge | undefined {
  const { realm = '', nonce, opaque, algorithm } = params;
  if (nonce === undefined || nonce === '' || [realm, nonce, opaque ?? ''].some((text) => unsafe.test(text))) {
    return undefined;
  }
  const session = /-sess$/i.test(algorithm ?? '');
  const name = (algorithm ?? 'MD5').replace(/-sess$/i, '').toUpperCase();
  const hash = hashes.find((each) => each.name === name)?.hash;
  if (hash === undefined) return undefined;
  const offered = params['qop']
    ?.toLowerCase()
    .split(/[\s,]+/)
    .filter((each) => each !== '');
  const qop = (['auth', 'auth-int'] as const).find((each) => offered?.includes(each));
  // Only qualities that are not known here: any answer would be wrong.
  if (offered !== undefined && offered.length > 0 && qop === undefined) return undefined;
  return {
    algorithm,
    hash,
    session,
    realm,
    nonce,
    opaque,
    qop,
    userhash: params['userhash']?.toLowerCase() === 'true',
    stale: params['stale']?.toLowerCase() === 'true',
  };
}
