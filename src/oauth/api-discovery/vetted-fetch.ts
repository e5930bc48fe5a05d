/**
 * A fetch for addresses that a server named: it goes only to networks that this server may send us to. A name is judged
 * by what it says, and the address it leads to by the connection itself, so there is nothing to turn round between
 * the check and the use. Source: auth.md A04.
 */
import { CountersignError } from '../../errors/countersign-error.ts';
import { addressRules, mayLeadTo, sameClassRules, toHostClass, type AddressClass } from '../../http/address-class.ts';
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
  const rule = (same ? sameClassRules : addressRules)[from];
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
