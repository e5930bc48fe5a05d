/**
 * Who a session speaks for: from a verified ID token where there is one, with a name from userinfo for the label only.
 * It decides nothing about access. Source: OIDC Core §5.1, §5.3.2, auth.md H24.
 */
import type { Identity } from '../credentials/types.ts';
import { toInertText } from './server-text.ts';

const maxLabel = 120;

/** @param claims of a validated ID token, or undefined. @param profile claims of userinfo with the same `sub`. */
export function toIdentity(
  claims: Readonly<Record<string, unknown>> | undefined,
  profile: Readonly<Record<string, unknown>> | undefined,
  fallback: { readonly clientId: string; readonly issuer: string | undefined; readonly verified: boolean },
): Identity {
  const named = toPersonName(profile) ?? toPersonName(claims);
  const subject = typeof claims?.['sub'] === 'string' ? claims['sub'] : undefined;
  return {
    ...(fallback.issuer === undefined ? {} : { issuer: fallback.issuer }),
    ...(subject === undefined ? {} : { subject }),
    label: named ?? (toInertText(subject, maxLabel) || toInertText(fallback.clientId, maxLabel)),
    verified: claims !== undefined && fallback.verified,
  };
}

/** True when the claims hold nothing better to show than `sub`. */
export function needsProfile(claims: Readonly<Record<string, unknown>>): boolean {
  return toPersonName(claims) === undefined;
}

function toPersonName(claims: Readonly<Record<string, unknown>> | undefined): string | undefined {
  for (const name of ['name', 'preferred_username', 'email']) {
    const label = toInertText(claims?.[name], maxLabel);
    if (label !== '') return label;
  }
  return undefined;
}
