/**
 * Whose certificate was refused, out of one run: origin and chain come from the same handshake, never from the address
 * that was asked for, since a redirect, a proxy or a token endpoint may stand between. Pure. Source: design.md D7.1.
 */
import type { CertificateInfo } from '../../http/types.ts';
import type { RunResult } from '../../run/types.ts';

export interface RefusedCertificate {
  /** Of the server that showed the chain. */
  readonly origin: string;
  /** Leaf first. */
  readonly chain: readonly CertificateInfo[];
  /** The identity provider's: it was met while signing in. */
  readonly signIn: boolean;
}

type Refusal = Pick<RunResult, 'error' | 'trace' | 'startedAt'>;

/** Undefined when nothing was refused, or when it is not known who showed which chain: then no trust is on offer. */
export function toRefusedCertificate({ error, trace, startedAt }: Refusal): RefusedCertificate | undefined {
  if (!error?.code.startsWith('CS-TLS-')) return undefined;
  const { origin, chain } = error.facts;
  if (typeof origin !== 'string' || !URL.canParse(origin) || new URL(origin).origin !== origin) return undefined;
  if (!Array.isArray(chain) || chain.length === 0) return undefined;
  const signIn = trace?.outcome === 'failed' && trace.code === error.code && trace.startedAt >= startedAt;
  return { origin, chain: chain as readonly CertificateInfo[], signIn };
}
