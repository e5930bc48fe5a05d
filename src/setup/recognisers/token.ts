/**
 * A token or key on its own. One that is a JWT is read for its end and issuer; an issuer that can be asked is offered
 * beside it, since what it gives lasts longer than a pasted token. Source: RFC 6750 §2.1, RFC 7519.
 */
import { addressProblem } from '../../credentials/address.ts';
import { findLiteralSecrets } from '../../credentials/literal-secrets.ts';
import { Secret } from '../../credentials/secret.ts';
import { toShownText } from '../../credentials/shown-text.ts';
import { readJwt, toJwtSentences, type JwtFacts } from '../jwt-facts.ts';
import type { Reading, Recognised, Recogniser } from '../pasted.ts';

export const token: Recogniser = {
  id: 'token',
  read(text, { now }) {
    const bare = text.replace(/^bearer\s+/i, '');
    if (/\s/.test(bare) || /^[a-z][a-z0-9+.-]*:\/\//i.test(bare)) return undefined;
    const jwt = readJwt(bare);
    if (jwt) return readTokenFacts(bare, jwt, now);
    if (bare.length < 16 || !/^[\w.~+/=-]+$/.test(bare) || looksLikeHost(bare)) return undefined;
    if (findLiteralSecrets('Authorization', `Bearer ${bare}`).length === 0) return undefined;
    return { found: [toBearer(bare, 'Use it as a bearer token', 'sent as Authorization: Bearer'), toKey(bare)] };
  },
};

/** `api.example-company.com/v1` has the letters of a token, and is an address. */
function looksLikeHost(text: string): boolean {
  return /^(?:[a-z0-9-]+\.)+[a-z]{2,}(?:[:/]|$)/i.test(text);
}

function readTokenFacts(text: string, jwt: JwtFacts, now: number): Reading {
  const ended = jwt.expiresAt !== undefined && jwt.expiresAt <= now;
  const bearer = toBearer(text, 'Use this token', 'a JWT', toJwtSentences(jwt, now));
  const issuer = toIssuer(jwt);
  return { found: issuer ? (ended ? [issuer, bearer] : [bearer, issuer]) : [bearer] };
}

/** The token as it is. */
export function toBearer(
  text: string,
  title: string,
  about: string,
  reasons: readonly string[] = ['Sent as Authorization: Bearer to the origins you name.'],
): Recognised {
  const secrets = new Map([['', new Secret(text, 'token')]]);
  return {
    kind: 'token',
    icon: 'shield',
    title,
    about,
    reasons,
    draft: { scheme: 'bearer', origins: [], fields: {}, secrets },
  };
}

function toKey(text: string): Recognised {
  return {
    kind: 'token',
    icon: 'key',
    title: 'Use it as an API key',
    about: 'sent in a header, the query or a cookie',
    reasons: ['You say in the next step where the API reads it.'],
    draft: { scheme: 'apiKey', origins: [], fields: {}, secrets: new Map([['', new Secret(text, 'API key')]]) },
  };
}

/** Signing in where the token came from, for the same client and scope. */
function toIssuer(jwt: JwtFacts): Recognised | undefined {
  const { issuer, clientId, scope } = jwt;
  if (issuer === undefined || !/^https:/i.test(issuer) || addressProblem(issuer) !== undefined) return undefined;
  return {
    kind: 'token',
    icon: 'globe',
    title: 'Sign in where it comes from',
    about: toShownText(new URL(issuer).origin, 100),
    reasons: ['A sign-in renews its tokens; a pasted token only ends.'],
    draft: {
      scheme: 'oauth2',
      issuer,
      origins: [],
      fields: {
        ...(clientId === undefined ? {} : { client_id: clientId }),
        ...(scope === undefined ? {} : { scope }),
      },
      secrets: new Map(),
    },
  };
}
