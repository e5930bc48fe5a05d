/**
 * Which schemes to offer for an API, best first, each with a sentence of reason. An API that names an identity provider
 * is never offered a password first. Source: auth.md A06; RFC 9110 §11.6.1 (the client takes the strongest it knows).
 */
import type { ChallengeFacts, IssuerFindings, Recommendation } from './findings.ts';

export function toRecommendations(
  challenges: readonly ChallengeFacts[],
  issuers: readonly IssuerFindings[],
  open: boolean,
): readonly Recommendation[] {
  const found: Recommendation[] = [];
  const usable = issuers.find(({ server }) => server !== undefined);
  const tokens = challenges.length === 0 || challenges.some(({ scheme }) => scheme === 'Bearer' || scheme === 'DPoP');
  // This address may want a key where the rest of the API wants a sign-in; a password is never put before a sign-in.
  const first = tokens ? [] : challenges.filter(({ answeredBy }) => answeredBy !== 'basic');
  for (const challenge of first) add(found, challenge);
  if (usable) {
    const who = new URL(usable.origin).host;
    const reason =
      usable.namedBy === 'resource'
        ? `The API names ${who} as the identity provider that signs in for it.`
        : 'The API takes tokens, and its own origin describes an identity provider.';
    found.push({ scheme: 'oauth2', reason });
  }
  for (const challenge of challenges) add(found, challenge);
  if (found.length === 0 && !open && challenges.length === 0) {
    found.push({ scheme: 'apiKey', reason: 'It says nothing about how to come in; an API key is the usual way then.' });
  }
  return found;
}

function add(found: Recommendation[], { answeredBy, scheme }: ChallengeFacts): void {
  if (answeredBy === undefined || found.some((one) => one.scheme === answeredBy)) return;
  const reason =
    scheme === 'DPoP'
      ? 'It takes tokens that are bound to a key; the identity provider has to be given.'
      : `It asks for ${scheme}.`;
  found.push({ scheme: answeredBy, reason });
}
