/**
 * Whether an answer says that a sign-in could be set up: a 401 to a request that carried no credential, whose challenge
 * takes tokens or names the metadata of the API. A fact for surfaces to offer; nothing is asked or sent by it. A password
 * is never offered this way. Source: RFC 6750 §3, RFC 9728 §5; auth.md A06.
 */
import type { Exchange } from '../http/types.ts';
import { challengesOf, parseChallenges } from '../http/challenges.ts';

/** Where `discoverApi` starts from. */
export interface SetUpOffer {
  /** Of the API that refused, without query: for `countersign credentials discover URL`. */
  readonly url: string;
  /** True when the challenge itself names the metadata of the API (RFC 9728 §5.1). */
  readonly namesMetadata: boolean;
}

/** @param redact for an address that has a secret in its path */
export function toSetUpOffer(exchange: Exchange | undefined, redact: (text: string) => string): SetUpOffer | undefined {
  if (exchange?.response.status !== 401) return undefined;
  const lines = exchange.response.headers.filter(([name]) => name.toLowerCase() === 'www-authenticate');
  const challenges = parseChallenges(lines.map(([, value]) => value));
  const namesMetadata = challenges.some(({ params }) => (params['resource_metadata'] ?? '') !== '');
  const takesTokens = [...challengesOf(challenges, 'Bearer'), ...challengesOf(challenges, 'DPoP')].length > 0;
  const url = URL.parse(exchange.hops.at(-1)?.url ?? '');
  if (!url || !(namesMetadata || takesTokens)) return undefined;
  const shown = redact(url.origin + url.pathname);
  // With a secret in its path it is no address any more; the origin still is one.
  return { url: shown === url.origin + url.pathname ? shown : url.origin, namesMetadata };
}
