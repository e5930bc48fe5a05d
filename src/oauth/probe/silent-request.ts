/**
 * An authorization request that no browser and no person sees: sent without cookies and with prompt none, so that a
 * provider that accepts it redirects at once with an error, and one that refuses it says so. It gives no code away.
 * Source: OIDC Core §3.1.2.1, §3.1.2.6, RFC 6749 §4.1.2.1.
 */
import { isCountersignError } from '../../errors/countersign-error.ts';
import { toCappedFetch } from '../capped-fetch.ts';
import { toCodeUrl, type Deviation } from '../code-request.ts';
import { toFlowSecrets } from '../front-channel.ts';
import type { Operation } from '../operation.ts';
import { toErrorName } from '../server-text.ts';

export type SilentAnswer =
  /** Redirected to the address that was asked for. */
  | { readonly kind: 'redirected'; readonly error: string | undefined }
  /** Refused, at the endpoint itself or when it was pushed. */
  | { readonly kind: 'refused'; readonly how: string }
  /** A page, or a way to one: it may be a sign-in or an error. */
  | { readonly kind: 'page' };

/** @param redirectUri where the answer is asked to go; nobody listens there */
export async function sendSilently(
  operation: Operation,
  redirectUri: string,
  deviation: Deviation,
): Promise<SilentAnswer> {
  const { share, signal } = operation;
  const shape = { type: 'code', mode: undefined } as const;
  let url: string;
  try {
    url = await toCodeUrl(operation, redirectUri, toFlowSecrets(operation), shape, { ...deviation, prompt: 'none' });
  } catch (error) {
    const name = isCountersignError(error) ? toErrorName(error.facts['error']) : undefined;
    if (name === undefined) throw error;
    return { kind: 'refused', how: `refused the pushed request with ${name}` };
  }
  const { maxBytes, requestMs } = share.limits;
  const fetch = toCappedFetch(share.ports.fetch, { maxBytes, deadlineMs: requestMs, signal });
  const response = await fetch(url, { method: 'GET', headers: { accept: 'text/html' }, redirect: 'manual' });
  const location = response.headers.get('location');
  if (response.status >= 400) return { kind: 'refused', how: `answered ${response.status}` };
  if (location === null || !URL.canParse(location, url)) return { kind: 'page' };
  const to = new URL(location, url);
  if (`${to.origin}${to.pathname}` !== toPlace(redirectUri)) return { kind: 'page' };
  const parameters = to.searchParams.has('error') ? to.searchParams : new URLSearchParams(to.hash.slice(1));
  return { kind: 'redirected', error: toErrorName(parameters.get('error')) };
}

function toPlace(address: string): string {
  const { origin, pathname } = new URL(address);
  return `${origin}${pathname}`;
}
