/**
 * The verdict on a server's certificate: what is wrong with it, in our codes and words, and whether an exception
 * made by a person covers it. Pure but for reading the clock it is given. Decided before a byte of the request leaves.
 * Source: house.md §6.4, auth.md §6, RFC 5280 §6, RFC 9525; design.md §H.
 */
import type { X509Certificate } from 'node:crypto';
import tls from 'node:tls';
import type { ErrorCode } from '../errors/catalog.ts';
import { CountersignError } from '../errors/countersign-error.ts';
import { isSelfSigned, nameAttribute, parseCertificates, splitNames, toCertificateInfo } from './certificate-info.ts';
import { printable } from './request-head.ts';
import type { TrustStore } from './tls-trust.ts';
import type { CertificateInfo, TlsException } from './types.ts';

export interface HandshakeFacts {
  /** Host name or address, without brackets. */
  readonly host: string;
  readonly chain: readonly X509Certificate[];
  /** OpenSSL's reason when it found no trusted path, else undefined. */
  readonly verifyCode: string | undefined;
}

export interface Problem {
  readonly code: ErrorCode;
  readonly message: string;
  readonly next?: string;
  /** Which certificate of the chain, 0 the leaf. */
  readonly index: number;
}

export interface Verdict {
  readonly accepted: boolean;
  /** Empty when the certificate is in order. The most telling first. */
  readonly problems: readonly Problem[];
  readonly exception?: TlsException;
  readonly trustedBy?: string;
  readonly chain: readonly CertificateInfo[];
}

const dateCodes: ReadonlySet<string> = new Set(['CERT_HAS_EXPIRED', 'CERT_NOT_YET_VALID']);
const issuerCodes: ReadonlySet<string> = new Set([
  'UNABLE_TO_VERIFY_LEAF_SIGNATURE',
  'UNABLE_TO_GET_ISSUER_CERT',
  'UNABLE_TO_GET_ISSUER_CERT_LOCALLY',
]);

/** @param exception the person's, for this origin; a passed one is void. @param now ms since the epoch. */
export function judge(
  facts: HandshakeFacts,
  store: TrustStore,
  exception: TlsException | undefined,
  now: number,
): Verdict {
  const dates = dateProblems(facts, now);
  if (dates.length === 0 && facts.verifyCode !== undefined && dateCodes.has(facts.verifyCode)) {
    dates.push({ code: 'CS-TLS-EXPIRED', message: `The certificate of ${facts.host} does not hold today.`, index: 0 });
  }
  const problems = [...trustProblems(facts, store), ...nameProblems(facts), ...dates];
  const chain = facts.chain.map(toCertificateInfo);
  const root = facts.chain.at(-1);
  if (problems.length === 0) {
    const source = root && store.extra.get(root.fingerprint256)?.source;
    return { accepted: true, problems, chain, trustedBy: source ?? 'system' };
  }
  if (exception && exception.expires > now && facts.chain[0]) {
    const pinned = exception.kind === 'pin' && sameFingerprint(exception.fingerprint256, facts.chain[0].fingerprint256);
    if (pinned || exception.kind === 'any') {
      return { accepted: true, problems, chain, exception, ...(pinned ? { trustedBy: 'pin' } : {}) };
    }
  }
  return { accepted: false, problems, chain };
}

function trustProblems(facts: HandshakeFacts, store: TrustStore): Problem[] {
  const { host, chain, verifyCode } = facts;
  const [leaf] = chain;
  if (!leaf) {
    return [{ code: 'CS-TLS-UNTRUSTED', message: `${host} sent no certificate.`, index: 0 }];
  }
  if (verifyCode === undefined) return [];
  // OpenSSL names the last thing it found; a date says nothing of who signed.
  if (dateCodes.has(verifyCode) && isAnchored(chain, store)) return [];
  if (chain.length === 1 && isSelfSigned(leaf)) {
    return [{ code: 'CS-TLS-SELF-SIGNED', message: `The certificate of ${host} is signed by itself.`, index: 0 }];
  }
  const last = chain.at(-1) ?? leaf;
  const issuerUnknown = issuerCodes.has(verifyCode) || dateCodes.has(verifyCode);
  if (issuerUnknown && !isSelfSigned(last) && looksLikeMissingIntermediate(chain, store)) {
    return [
      {
        code: 'CS-TLS-CHAIN',
        message: `${host} did not send the certificate that links it to a trusted root.`,
        index: chain.length - 1,
      },
    ];
  }
  const issuer = nameAttribute(last.issuer, 'CN') ?? nameAttribute(last.issuer, 'O');
  const by = issuer === undefined ? 'an authority' : `“${printable(issuer, 60)}”, which`;
  return [
    {
      code: 'CS-TLS-UNTRUSTED',
      message:
        issuer === undefined
          ? `The certificate of ${host} is signed by an authority this machine does not trust.`
          : `The certificate of ${host} is signed by ${by} this machine does not trust.`,
      index: chain.length - 1,
    },
  ];
}

function nameProblems({ host, chain }: HandshakeFacts): Problem[] {
  if (!chain[0] || tls.checkServerIdentity(host, chain[0].toLegacyObject()) === undefined) return [];
  const names = splitNames(chain[0].subjectAltName ?? '').map((name) => name.replace(/^[^:]*:/, ''));
  const common = nameAttribute(chain[0].subject, 'CN');
  const shown = (names.length > 0 ? names : common === undefined ? [] : [common]).map((name) => printable(name, 60));
  const list =
    shown.length > 3 ? `${shown.slice(0, 2).join(', ')} and ${String(shown.length - 2)} more names` : shown.join(', ');
  const message =
    list === ''
      ? `The certificate names no host, and so not ${host}.`
      : `The certificate is for ${list}, not for ${host}.`;
  return [{ code: 'CS-TLS-HOSTNAME', message, index: 0 }];
}

function dateProblems({ host, chain }: HandshakeFacts, now: number): Problem[] {
  return chain.flatMap((certificate, index): Problem[] => {
    const from = Date.parse(certificate.validFrom);
    const to = Date.parse(certificate.validTo);
    const name = printable(nameAttribute(certificate.subject, 'CN') ?? 'its issuer', 60);
    const what = index === 0 ? `The certificate of ${host}` : `The certificate “${name}” above ${host}`;
    if (now > to) return [{ code: 'CS-TLS-EXPIRED', message: `${what} ended on ${toDateText(to)}.`, index }];
    if (now < from) {
      const next = 'Check the clock of this machine; else ask its owner for a certificate that holds now.';
      return [{ code: 'CS-TLS-EXPIRED', message: `${what} begins on ${toDateText(from)}.`, next, index }];
    }
    return [];
  });
}

/** True when the chain ends at, or is signed by, a trusted certificate, whatever its dates say. */
function isAnchored(chain: readonly X509Certificate[], store: TrustStore): boolean {
  const last = chain.at(-1);
  if (!last) return false;
  return trusted(store).some(
    (root) =>
      root.fingerprint256 === last.fingerprint256 || (root.subject === last.issuer && root.ca && verifies(last, root)),
  );
}

function verifies(certificate: X509Certificate, issuer: X509Certificate): boolean {
  try {
    return certificate.verify(issuer.publicKey);
  } catch {
    return false;
  }
}

/**
 * A missing intermediate and an unknown issuer share one reason. Only the leaf came, its issuer is no trusted root, and
 * either it says where its issuer's certificate is (as every public CA does) or its issuer is kin of a trusted root.
 */
function looksLikeMissingIntermediate(chain: readonly X509Certificate[], store: TrustStore): boolean {
  const [leaf] = chain;
  if (!leaf || chain.length > 1) return false;
  const roots = trusted(store);
  if (roots.some((root) => root.subject === leaf.issuer)) return false;
  if (/CA Issuers - URI:http/i.test(leaf.infoAccess ?? '')) return true;
  const organization = nameAttribute(leaf.issuer, 'O')?.toLowerCase();
  if (
    organization !== undefined &&
    roots.some((root) => nameAttribute(root.subject, 'O')?.toLowerCase() === organization)
  ) {
    return true;
  }
  const words = nameWords(nameAttribute(leaf.issuer, 'CN'));
  return [...store.extra.values()].some(({ certificate }) => {
    const known = nameWords(nameAttribute(certificate.subject, 'CN'));
    return words.size > 0 && [...words].some((word) => known.has(word));
  });
}

const genericWords: ReadonlySet<string> = new Set(
  'ca root intermediate issuing authority certificate certification server tls ssl the and of global class private public'.split(
    ' ',
  ),
);

function nameWords(name: string | undefined): Set<string> {
  const words = (name ?? '').toLowerCase().split(/[^\p{L}\p{N}]+/u);
  return new Set(words.filter((word) => word.length > 1 && !/^[a-z]?\d+$/.test(word) && !genericWords.has(word)));
}

const parsed = new WeakMap<TrustStore, readonly X509Certificate[]>();

function trusted(store: TrustStore): readonly X509Certificate[] {
  const known = parsed.get(store);
  if (known) return known;
  const certificates = store.pems.flatMap(parseCertificates);
  parsed.set(store, certificates);
  return certificates;
}

function sameFingerprint(left: string | undefined, right: string): boolean {
  const plain = (text: string): string => text.replaceAll(':', '').toUpperCase();
  return left !== undefined && plain(left) === plain(right);
}

/** `12 November 2026`, in UTC. */
function toDateText(time: number): string {
  return new Intl.DateTimeFormat('en-GB', { day: 'numeric', month: 'long', year: 'numeric', timeZone: 'UTC' }).format(
    time,
  );
}

/** The error of a verdict that was not accepted. @param extra protocol, cipher and OpenSSL's code. */
export function toTlsError(verdict: Verdict, extra: Readonly<Record<string, unknown>>): CountersignError {
  const problem = verdict.problems[0] as Problem;
  return new CountersignError(problem.code, problem.message, {
    ...(problem.next === undefined ? {} : { next: problem.next }),
    facts: {
      ...extra,
      chain: verdict.chain,
      certificate: problem.index,
      problems: verdict.problems.map(({ code }) => code),
      secretSent: false,
    },
  });
}
