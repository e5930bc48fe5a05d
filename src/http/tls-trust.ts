/**
 * What a TLS connection trusts: the list of CAs made from a policy, as a secure context that is built once a list.
 * Always an explicit list: the process's defaults are read, never changed, and a host that patches `tls.connect`
 * leaves calls with a list alone. Source: dependencies.md P1; auth.md §3.6.
 */
import { createHash, type X509Certificate } from 'node:crypto';
import tls from 'node:tls';
import { CountersignError } from '../errors/countersign-error.ts';
import { parseCertificates } from './certificate-info.ts';
import { printable } from './request-head.ts';
import type { TlsPolicy } from './types.ts';

export type ClientCertificate = NonNullable<ReturnType<NonNullable<TlsPolicy['clientCertificateFor']>>>;

/** The trusted roots of one policy. `key` names its content. */
export interface TrustStore {
  readonly key: string;
  readonly pems: readonly string[];
  /** The extra CAs by fingerprint, with the file each came from. */
  readonly extra: ReadonlyMap<string, { readonly certificate: X509Certificate; readonly source: string }>;
}

let systemPems: readonly string[] | undefined;
const stores = new WeakMap<TlsPolicy['ca'], Map<boolean, TrustStore>>();

/** @throws CountersignError CS-TLS-CA-FILE when an extra CA holds no certificate. */
export function toTrustStore(policy: Pick<TlsPolicy, 'ca' | 'useSystemStore'>): TrustStore {
  const known = stores.get(policy.ca) ?? new Map<boolean, TrustStore>();
  const cached = known.get(policy.useSystemStore);
  if (cached) return cached;
  const extra = new Map<string, { certificate: X509Certificate; source: string }>();
  for (const { pem, source } of policy.ca) {
    const certificates = parseCertificates(pem);
    if (certificates.length === 0) {
      throw new CountersignError('CS-TLS-CA-FILE', `${printable(source, 120)} holds no certificate in PEM form.`);
    }
    for (const certificate of certificates) extra.set(certificate.fingerprint256, { certificate, source });
  }
  const hash = createHash('sha256');
  for (const fingerprint of [...extra.keys()].sort()) hash.update(fingerprint);
  const store: TrustStore = {
    key: `${policy.useSystemStore ? 'system' : 'none'}+${hash.digest('base64')}`,
    pems: [
      ...(policy.useSystemStore ? loadSystemRoots() : []),
      ...[...extra.values()].map(({ certificate }) => certificate.toString()),
    ],
    extra,
  };
  known.set(policy.useSystemStore, store);
  stores.set(policy.ca, known);
  return store;
}

/** Roots of the system, of Node, and of NODE_EXTRA_CA_CERTS, read once a process. */
function loadSystemRoots(): readonly string[] {
  if (systemPems) return systemPems;
  const found = new Set<string>();
  const read = (tls as { getCACertificates?: typeof tls.getCACertificates }).getCACertificates;
  if (read)
    for (const type of ['default', 'system', 'extra'] as const) for (const pem of read(type)) found.add(pem.trim());
  else for (const pem of tls.rootCertificates) found.add(pem.trim());
  systemPems = [...found];
  return systemPems;
}

/** Secure contexts by trust store and client certificate; building one costs milliseconds for a full store. */
export class SecureContexts {
  readonly #contexts = new Map<string, tls.SecureContext>();

  /** @throws CountersignError CS-TLS-CLIENT-CERTIFICATE when the client certificate or passphrase does not fit. */
  get(
    store: TrustStore,
    client: ClientCertificate | undefined,
    host: string,
    minVersion: NonNullable<TlsPolicy['minVersion']> = 'TLSv1.2',
  ): tls.SecureContext {
    const key = `${store.key}|${toClientKey(client)}|${minVersion}`;
    const known = this.#contexts.get(key);
    if (known) return known;
    let context: tls.SecureContext;
    try {
      context = tls.createSecureContext({
        ca: [...store.pems],
        minVersion,
        ...(client?.cert === undefined ? {} : { cert: client.cert }),
        ...(client?.key === undefined ? {} : { key: client.key }),
        ...(client?.pfx === undefined ? {} : { pfx: Buffer.from(client.pfx) }),
        ...(client?.passphrase === undefined ? {} : { passphrase: client.passphrase.reveal() }),
      });
    } catch (error) {
      if (!client) throw error;
      throw new CountersignError('CS-TLS-CLIENT-CERTIFICATE', `The client certificate for ${host} cannot be opened.`, {
        cause: error,
        next: 'Check its file, its key and its passphrase.',
        facts: { host, code: (error as NodeJS.ErrnoException).code ?? 'unknown', secretSent: false },
      });
    }
    if (this.#contexts.size >= 32) this.#contexts.clear();
    this.#contexts.set(key, context);
    return context;
  }
}

/** A digest that tells client certificates apart; it reveals nothing of them. */
export function toClientKey(client: ClientCertificate | undefined): string {
  if (!client) return 'none';
  const hash = createHash('sha256');
  for (const part of [client.cert, client.key, client.pfx, client.passphrase?.reveal()]) {
    hash.update(part === undefined ? '\0' : '\x01').update(part ?? '');
    hash.update('\0');
  }
  return hash.digest('base64');
}
