/**
 * A token endpoint's answer, made fit for the strict library and then vetted: what cannot be a token never reaches a
 * header or the store. Source: RFC 6749 §5.1, RFC 6750 §2.1, auth.md M11, M19, M26, H14–H17.
 */
import { CountersignError } from '../errors/countersign-error.ts';
import { Secret } from '../credentials/secret.ts';
import type { TokenAnswer } from './library.ts';
import type { Quirk, TokenJson } from './quirks/quirk.ts';
import { parseJsonObject } from '../credentials/json-object.ts';

/** What was changed or noticed on the way, in words for the trace. */
export interface AnswerNotes {
  readonly warnings: string[];
}

const tokenNames = ['access_token', 'refresh_token', 'id_token'] as const;
const yearSeconds = 365 * 24 * 3600;
const maxToken = 64 * 1024;

export interface NormalizeOptions {
  readonly host: string;
  readonly quirks: readonly Quirk[];
  /** True when no ID token could be checked, or none is meant to be there. */
  readonly dropIdToken: boolean;
  /** Called with every token before anything else sees the answer. */
  onToken(value: string, name: string): void;
  readonly notes: AnswerNotes;
}

/** The same answer with known harmless deviations put right; others are left for the library to refuse. */
export async function toNormalizedAnswer(response: Response, options: NormalizeOptions): Promise<Response> {
  const { host, notes, quirks } = options;
  const status = quirks.reduce((now, quirk) => quirk.status?.(now) ?? now, response.status);
  const bytes = await response.arrayBuffer();
  const headers = new Headers(response.headers);
  let text: string;
  try {
    text = new TextDecoder('utf-8', { fatal: true }).decode(bytes);
  } catch {
    throw new CountersignError('CS-AUTH-TOKEN', `The answer of ${host} is not UTF-8 text.`);
  }
  const json = toMapped(text, quirks);
  if (!json) return new Response(text, { status, headers });
  for (const name of tokenNames) {
    const value = json[name];
    if (typeof value === 'string' && value !== '') options.onToken(value, name);
  }
  if (typeof json['error'] === 'string' && json['access_token'] === undefined) {
    return Response.json(json, { status: status === 200 ? 400 : status, headers: toJsonHeaders(headers) });
  }
  if (options.dropIdToken && json['id_token'] !== undefined) delete json['id_token'];
  if (json['expires_in'] !== undefined) normalizeExpiry(json, notes);
  if (json['refresh_token'] === '' || json['refresh_token'] === null) delete json['refresh_token'];
  return Response.json(json, { status, headers: quirks.length > 0 ? toJsonHeaders(headers) : headers });
}

/** The answer as the quirks of the definition read it; a copy, which may be changed. */
function toMapped(text: string, quirks: readonly Quirk[]): Record<string, unknown> | undefined {
  let json: TokenJson | undefined = parseJsonObject(text);
  for (const quirk of quirks) json ??= quirk.parse?.(text);
  if (!json) return undefined;
  return { ...quirks.reduce((now, quirk) => quirk.map?.(now) ?? now, json) };
}

function toJsonHeaders(headers: Headers): Headers {
  const changed = new Headers(headers);
  changed.set('content-type', 'application/json');
  return changed;
}

function normalizeExpiry(json: Record<string, unknown>, notes: AnswerNotes): void {
  const given = json['expires_in'];
  const seconds = typeof given === 'string' && given.trim() !== '' ? Number(given) : given;
  if (typeof seconds !== 'number' || !Number.isFinite(seconds) || seconds <= 0) {
    delete json['expires_in'];
    notes.warnings.push('expires_in is no time; the token is used until an API refuses it');
  } else if (seconds > yearSeconds) {
    json['expires_in'] = yearSeconds;
    notes.warnings.push('expires_in is longer than a year and counts as one');
  } else {
    json['expires_in'] = Math.floor(seconds);
  }
}

export interface VettedTokens {
  readonly accessToken: Secret;
  readonly refreshToken: Secret | undefined;
  readonly idToken: Secret | undefined;
  /** `Bearer`. */
  readonly tokenType: string;
  /** Seconds, or undefined when the server did not say. */
  readonly expiresIn: number | undefined;
  readonly scope: readonly string[];
}

/**
 * Throws CS-AUTH-TOKEN for a token with characters that no token has, or an absurd length.
 * @param requested the scope asked for, which is granted when the answer is silent (RFC 6749 §5.1).
 */
export function toVettedTokens(
  answer: Pick<TokenAnswer, 'access_token' | 'refresh_token' | 'id_token' | 'token_type' | 'expires_in' | 'scope'>,
  about: { readonly credential: string; readonly host: string; readonly requested: readonly string[] },
): VettedTokens {
  const secret = (value: string | undefined, label: string): Secret | undefined => {
    if (value === undefined) return undefined;
    if (value.length > maxToken || !/^[\x21-\x7e]+$/.test(value)) {
      throw new CountersignError('CS-AUTH-TOKEN', `The ${label} of ${about.host} holds characters that no token has.`, {
        next: 'Nothing was stored. Tell the owner of the identity provider.',
      });
    }
    return new Secret(value, `${about.credential} ${label}`);
  };
  return {
    accessToken: secret(answer.access_token, 'access token') as Secret,
    refreshToken: secret(answer.refresh_token, 'refresh token'),
    idToken: secret(answer.id_token, 'ID token'),
    tokenType: answer.token_type === 'bearer' ? 'Bearer' : answer.token_type === 'dpop' ? 'DPoP' : answer.token_type,
    expiresIn: answer.expires_in,
    scope: toGrantedScope(answer.scope, about.requested),
  };
}

export function toScopeList(scope: string | undefined): readonly string[] {
  return [...new Set((scope ?? '').split(/\s+/).filter((one) => one !== ''))];
}

/** Space-separated by the RFC; some servers use commas, which is believed only when it gives what was asked for. */
function toGrantedScope(scope: string | undefined, requested: readonly string[]): readonly string[] {
  if (scope === undefined) return requested;
  const listed = toScopeList(scope);
  if (listed.length === 1 && scope.includes(',')) {
    const byComma = [...new Set(scope.split(',').map((one) => one.trim()))].filter((one) => one !== '');
    if (byComma.some((one) => requested.includes(one))) return byComma;
  }
  return listed;
}

/** `not granted: orders.write`, `not asked for: admin`; undefined when it is as asked. */
export function toScopeDifference(requested: readonly string[], granted: readonly string[]): string | undefined {
  const missing = requested.filter((one) => !granted.includes(one));
  const extra = granted.filter((one) => !requested.includes(one));
  const parts = [
    ...(missing.length > 0 ? [`not granted: ${missing.join(' ')}`] : []),
    ...(extra.length > 0 ? [`not asked for: ${extra.join(' ')}`] : []),
  ];
  return parts.length === 0 ? undefined : parts.join(', ');
}
