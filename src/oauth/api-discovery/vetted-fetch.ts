/**
 * A fetch for addresses that a server named: it goes only to networks that this server may send us to. A name is judged
 * by what it says, and the address it leads to by the connection itself, so there is nothing to turn round between
 * the check and the use. Source: auth.md A04.
 */
import { CountersignError } from '../../errors/countersign-error.ts';
import {
  addressRules,
  mayLeadTo,
  sameClassRules,
  toAddressClass,
  toHostClass,
  type AddressClass,
} from '../../http/address-class.ts';
import { toCappedFetch, type FetchLimits } from '../capped-fetch.ts';
import type { OAuthFetch, OAuthFetchInit } from '../ports.ts';

/** Fetch-like, and refuses with CS-NET-ADDRESS to connect to an address that the rule does not allow. */
export type AddressedFetch = (
  url: string,
  init: OAuthFetchInit,
  allowAddress: (address: string, host: string) => boolean,
) => Promise<Response>;

/**
 * @param from where the server stands that named the addresses
 * @param same true for more of that server itself: the same network, not a nearer and not a farther one
 */
export function toVettedFetch(
  fetch: AddressedFetch,
  from: AddressClass,
  same: boolean,
  limits: FetchLimits,
): OAuthFetch {
  return toRuledFetch(fetch, from, same, (same ? sameClassRules : addressRules)[from], limits);
}

/**
 * As above, and tells where the server that it reached stands; `public`, the strictest, when a proxy made the connection.
 */
export function toWatchedFetch(
  fetch: AddressedFetch,
  from: AddressClass,
  same: boolean,
  limits: FetchLimits,
): { readonly fetch: OAuthFetch; readonly network: () => AddressClass } {
  const rule = (same ? sameClassRules : addressRules)[from];
  let reached: AddressClass | undefined;
  const watched = (address: string, host: string): boolean => {
    if (!rule(address, host)) return false;
    // Of several addresses of one name any may be taken: the farthest counts.
    const one = toAddressClass(address);
    if (reached === undefined || mayLeadTo(reached, one)) reached = one;
    return true;
  };
  return { fetch: toRuledFetch(fetch, from, same, watched, limits), network: () => reached ?? 'public' };
}

function toRuledFetch(
  fetch: AddressedFetch,
  from: AddressClass,
  same: boolean,
  rule: (address: string, host: string) => boolean,
  limits: FetchLimits,
): OAuthFetch {
  return toCappedFetch((url, init) => {
    const { hostname } = new URL(url);
    const named = toHostClass(hostname);
    if (!same && named !== undefined && !mayLeadTo(from, named)) throw refuse(hostname);
    return fetch(url, init, rule);
  }, limits);
}

function refuse(host: string): CountersignError {
  return new CountersignError(
    'CS-NET-ADDRESS',
    `${host} is an address of a nearer network than the server that names it.`,
    {
      facts: { host, secretSent: false },
    },
  );
}
