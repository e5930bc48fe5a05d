/**
 * Challenges of an API as facts: which scheme each asks for, what answers it here, and the order to offer them in. The
 * parser is `http/challenges.ts`; this is total over whatever it gives. Source: RFC 9110 §11.6.1, RFC 6750 §3, auth.md A06.
 */
import { schemeOf } from '../../credentials/schemes/registry.ts';
import { parseChallenges, type Challenge } from '../../http/challenges.ts';
import type { HeaderPair } from '../../http/types.ts';
import { toErrorName, toInertText } from '../server-text.ts';
import type { ChallengeFacts } from './findings.ts';

/** Schemes of RFC 9110's registry and of the field, by lower-case name; the order is the order of strength. */
const known: readonly { readonly names: readonly string[]; readonly shown: string; readonly definition?: string }[] = [
  { names: ['dpop'], shown: 'DPoP', definition: 'oauth2' },
  { names: ['bearer'], shown: 'Bearer', definition: 'bearer' },
  { names: ['aws4-hmac-sha256'], shown: 'AWS4-HMAC-SHA256', definition: 'aws-sigv4' },
  { names: ['oauth'], shown: 'OAuth', definition: 'oauth1' },
  { names: ['hawk'], shown: 'Hawk', definition: 'hawk' },
  { names: ['mutual'], shown: 'Mutual' },
  { names: ['scram-sha-256'], shown: 'SCRAM-SHA-256' },
  { names: ['negotiate'], shown: 'Negotiate' },
  { names: ['digest'], shown: 'Digest', definition: 'digest' },
  { names: ['apikey', 'api-key', 'x-api-key', 'key', 'api_key'], shown: 'ApiKey', definition: 'apiKey' },
  { names: ['token'], shown: 'Token' },
  { names: ['ntlm'], shown: 'NTLM', definition: 'ntlm' },
  { names: ['basic'], shown: 'Basic', definition: 'basic' },
];

const maxShown = 16;

/** Strongest first; repeats of a scheme are kept only where they say something else. */
export function toChallengeFacts(headers: readonly HeaderPair[]): readonly ChallengeFacts[] {
  const lines = headers.filter(([name]) => name.toLowerCase() === 'www-authenticate').map(([, value]) => value);
  const facts = parseChallenges(lines).map((challenge) => ({ rank: toRank(challenge), fact: toFacts(challenge) }));
  facts.sort((left, right) => left.rank - right.rank);
  const seen = new Set<string>();
  const kept: ChallengeFacts[] = [];
  for (const { fact } of facts) {
    const key = JSON.stringify(fact);
    if (seen.has(key)) continue;
    seen.add(key);
    kept.push(fact);
  }
  return kept.slice(0, maxShown);
}

function find({ scheme }: Challenge): (typeof known)[number] | undefined {
  return known.find(({ names }) => names.includes(scheme.toLowerCase()));
}

function toRank(challenge: Challenge): number {
  const entry = find(challenge);
  return entry ? known.indexOf(entry) : known.length;
}

function toFacts(challenge: Challenge): ChallengeFacts {
  const entry = find(challenge);
  const { params } = challenge;
  const answeredBy =
    entry?.definition !== undefined && schemeOf({ scheme: entry.definition }) ? entry.definition : undefined;
  const realm = toInertText(params['realm'], 120);
  const error = toErrorName(params['error']);
  const key = answeredBy === 'apiKey' ? toKeyPlace(params) : undefined;
  const metadata = params['resource_metadata'];
  return {
    scheme: entry?.shown ?? toInertText(challenge.scheme, 40),
    answeredBy,
    ...(realm === '' ? {} : { realm }),
    ...(error === undefined ? {} : { error }),
    scope: toScopes(params['scope']),
    ...(key === undefined ? {} : { key }),
    ...(metadata === undefined || metadata === '' ? {} : { resourceMetadata: metadata.slice(0, 4096) }),
  };
}

/** `in` may list several places; the first that is known counts. */
function toKeyPlace(params: Challenge['params']): ChallengeFacts['key'] {
  const name = params['name'] ?? params['header'] ?? params['header-name'];
  if (name === undefined || !/^[A-Za-z0-9_.-]{1,64}$/.test(name)) return undefined;
  const place = (params['in'] ?? 'header').toLowerCase().split(/[\s,]+/);
  const known = place.find((one) => one === 'header' || one === 'query' || one === 'cookie');
  return { name, in: known ?? 'header' };
}

/** Scope tokens (RFC 6749 §3.3) of a text or a list; anything else in it is left out. */
export function toScopes(value: unknown): readonly string[] {
  const words: unknown[] =
    typeof value === 'string' ? value.slice(0, 8192).split(' ') : Array.isArray(value) ? value : [];
  const tokens = words
    .slice(0, 500)
    .filter((one): one is string => typeof one === 'string' && /^[\x21\x23-\x5b\x5d-\x7e]{1,200}$/.test(one));
  return [...new Set(tokens)].slice(0, 200);
}
