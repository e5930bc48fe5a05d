/**
 * A session as text in the secret store, and back. The ID token is kept apart, so that no entry grows large. Text that
 * is not a session of this form gives undefined. Pure. Source: auth.md §3.5, S01.
 */
import { sha256 } from './canonical.ts';
import { Secret } from './secret.ts';
import type { Identity, Session } from './types.ts';
import { parseJsonObject } from './json-object.ts';

const version = 1;

/** `main` without the ID token; `idToken` names the access token it came with, so that a torn write is noticed. */
export function toSessionRecord(session: Session): { readonly main: string; readonly idToken: string | undefined } {
  const { accessToken, refreshToken, idToken, dpopKey, ...facts } = session;
  const main = JSON.stringify({
    version,
    ...facts,
    accessToken: accessToken.reveal(),
    ...(refreshToken === undefined ? {} : { refreshToken: refreshToken.reveal() }),
    ...(dpopKey === undefined ? {} : { dpopKey: dpopKey.reveal() }),
  });
  if (idToken === undefined) return { main, idToken: undefined };
  return { main, idToken: JSON.stringify({ version, with: mark(accessToken.reveal()), idToken: idToken.reveal() }) };
}

/** @param name of the credential, for the labels of its secrets */
export function parseSessionRecord(name: string, main: string, idToken: string | undefined): Session | undefined {
  const data = parseJsonObject(main);
  if (data?.['version'] !== version) return undefined;
  const { accessToken, refreshToken, tokenType, scope, requestedScope, obtainedAt, expiresAt, issuer, definitionHash } =
    data;
  if (typeof accessToken !== 'string' || accessToken === '' || typeof tokenType !== 'string') return undefined;
  if (typeof obtainedAt !== 'number' || typeof definitionHash !== 'string') return undefined;
  const identity = parseIdentity(data['identity']);
  const idTokenText = parseIdToken(idToken, accessToken);
  return {
    accessToken: new Secret(accessToken, `${name} access token`),
    ...(typeof refreshToken === 'string' ? { refreshToken: new Secret(refreshToken, `${name} refresh token`) } : {}),
    ...(idTokenText === undefined ? {} : { idToken: new Secret(idTokenText, `${name} ID token`) }),
    tokenType,
    ...(typeof data['dpopKey'] === 'string' ? { dpopKey: new Secret(data['dpopKey'], `${name} DPoP key`) } : {}),
    scope: toTexts(scope),
    requestedScope: toTexts(requestedScope),
    obtainedAt,
    ...(typeof expiresAt === 'number' ? { expiresAt } : {}),
    ...(typeof issuer === 'string' ? { issuer } : {}),
    ...(identity === undefined ? {} : { identity }),
    definitionHash,
    ...(typeof data['refreshStartedAt'] === 'number' ? { refreshStartedAt: data['refreshStartedAt'] } : {}),
    ...(data['refreshTokenReusable'] === true ? { refreshTokenReusable: true } : {}),
    ...(typeof data['endedAt'] === 'number' ? { endedAt: data['endedAt'] } : {}),
  };
}

function parseIdToken(text: string | undefined, accessToken: string): string | undefined {
  const data = text === undefined ? undefined : parseJsonObject(text);
  return data?.['with'] === mark(accessToken) && typeof data['idToken'] === 'string' ? data['idToken'] : undefined;
}

function parseIdentity(value: unknown): Identity | undefined {
  if (typeof value !== 'object' || value === null) return undefined;
  const { issuer, subject, label, verified } = value as Partial<Record<keyof Identity, unknown>>;
  if (typeof label !== 'string') return undefined;
  return {
    label,
    verified: verified === true,
    ...(typeof issuer === 'string' ? { issuer } : {}),
    ...(typeof subject === 'string' ? { subject } : {}),
  };
}

function toTexts(value: unknown): readonly string[] {
  return Array.isArray(value) ? value.filter((item): item is string => typeof item === 'string') : [];
}

function mark(accessToken: string): string {
  return sha256(accessToken).slice(0, 16);
}
