/** Small facts of an OAuth credential that several parts of the broker name in the same way. */
import { CountersignError } from '../errors/countersign-error.ts';
import type { Grant } from './grants/grant.ts';
import { findGrant } from './grants/registry.ts';
import { parseIssuer } from './issuer.ts';
import type { OAuthCredential } from './ports.ts';
import { toInertText } from './server-text.ts';
import { toScopeList } from './token-answer.ts';
import type { SignInOptions } from './types.ts';

/** Throws CS-AUTH-GRANT. */
export function requireGrant({ name, definition }: OAuthCredential): Grant {
  const grant = findGrant(definition.grant);
  if (grant) return grant;
  const wanted = toInertText(definition.grant, 80);
  throw new CountersignError('CS-AUTH-GRANT', `The grant “${wanted}” of ${name} is not known here.`);
}

/** The error for an operation that ran out of time. @param grant its name, or `refresh_token`. */
export function toLate(credential: OAuthCredential, grant: string, limitMs: number): CountersignError {
  const time = `${Math.round(limitMs / 1000)} s`;
  return findGrant(grant)?.interactive
    ? new CountersignError('CS-AUTH-EXPIRED', `The browser did not come back within ${time}.`)
    : new CountersignError('CS-AUTH-UNREACHABLE', `${toHost(credential)} did not answer within ${time}.`);
}

/** Scope and resource are part of the hash, so a changed definition never meets an old token. */
export function toKey(credential: OAuthCredential): string {
  return `${credential.name}\n${credential.hash}`;
}

/** The issuer as metadata is kept by it; undefined when the definition names none that can be one. */
export function toIssuer({ definition }: OAuthCredential): string | undefined {
  try {
    return definition.issuer === undefined ? undefined : parseIssuer(definition.issuer);
  } catch {
    return undefined;
  }
}

/** `idp.example.com`, for sentences. */
export function toHost({ definition }: OAuthCredential): string {
  try {
    return new URL(definition.issuer ?? definition.token_endpoint ?? '').host;
  } catch {
    return 'The identity provider';
  }
}

/**
 * The credential asking for more this once; the same object when it asks for that already. Its hash, and so its place in
 * the store, stays. Throws CS-AUTH-STEP-UP for what no API asks (H35).
 */
export function withMore(credential: OAuthCredential, { scope, acrValues, maxAge }: SignInOptions): OAuthCredential {
  const { definition } = credential;
  const known = toScopeList(definition.scope);
  const more = toScopeList(scope).filter((one) => !known.includes(one));
  if (more.length === 0 && acrValues === undefined && maxAge === undefined) return credential;
  if (
    acrValues !== undefined &&
    !/^(?=.{1,500}$)[\x21\x23-\x5b\x5d-\x7e]+( [\x21\x23-\x5b\x5d-\x7e]+)*$/.test(acrValues)
  ) {
    throw new CountersignError(
      'CS-AUTH-STEP-UP',
      `What the API asks of ${credential.name} is no authentication class.`,
      {
        facts: { credential: credential.name },
      },
    );
  }
  if (maxAge !== undefined && !(Number.isSafeInteger(maxAge) && maxAge >= 0)) {
    throw new CountersignError('CS-AUTH-STEP-UP', `What the API asks of ${credential.name} is no maximum age.`, {
      facts: { credential: credential.name },
    });
  }
  return {
    ...credential,
    definition: {
      ...definition,
      ...(more.length === 0 ? {} : { scope: [...known, ...more].join(' ') }),
      ...(acrValues === undefined ? {} : { acr_values: acrValues }),
      ...(maxAge === undefined ? {} : { max_age: maxAge }),
    },
  };
}
