/**
 * Every TLS exception that touched a run: the last answer, hops before it, and the sign-in its token came from. What a
 * person allowed has to stay in sight wherever it worked. Pure. Source: design.md E2.4, house.md §6.4.
 */
import type { TlsException } from '../http/types.ts';
import type { RunResult } from './types.ts';

/** The last hop's first, each origin and kind once. */
export function toExceptionsInForce({
  exchange,
  trace,
}: Pick<RunResult, 'exchange' | 'trace'>): readonly TlsException[] {
  const all = [
    exchange?.tls?.exception,
    ...(exchange?.hops ?? []).map((hop) => hop.tls?.exception).reverse(),
    ...(trace?.steps ?? []).map((step) => step.exception),
  ].filter((each) => each !== undefined);
  return [...new Map(all.map((each) => [`${each.kind} ${each.origin}`, each])).values()];
}
