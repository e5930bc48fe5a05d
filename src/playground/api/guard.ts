/**
 * Who may come in with an access token: Bearer (RFC 6750), DPoP (RFC 9449), certificate-bound (RFC 8705), and what a
 * refusal says so that a client can go on: scope, resource_metadata (RFC 9728 §5.1), step-up (RFC 9470).
 */
import { createHash } from 'node:crypto';
import type { JWTPayload } from 'jose';
import { acr, freshForSeconds } from '../identity/assurance.ts';
import type { Call } from './call.ts';
import { toSocket } from './call.ts';
import { checkProof, toNonce, toServerNonce } from './dpop.ts';
import { sendProblem } from './respond.ts';

export interface Demand {
  /** All of them have to be in the token. */
  readonly scopes?: readonly string[];
  /** Only DPoP-bound tokens. */
  readonly dpop?: boolean;
  /** A nonce of this server in the proof, too. */
  readonly nonce?: boolean;
  /** A password typed in the last minutes. */
  readonly fresh?: boolean;
}

export const realm = 'Countersign playground';

/** `Bearer realm="…", error="…"`: parameters in order, undefined ones left out. */
export function toChallenge(scheme: string, parameters: Readonly<Record<string, string | undefined>>): string {
  const shown = Object.entries(parameters).filter(([, value]) => value !== undefined);
  return `${scheme} ${shown.map(([name, value]) => `${name}="${String(value)}"`).join(', ')}`;
}

interface Refusal {
  readonly status: number;
  readonly title: string;
  readonly detail: string;
  readonly error?: string;
  readonly extra?: Readonly<Record<string, string>>;
  readonly headers?: Readonly<Record<string, string>>;
}

async function refuse(call: Call, demand: Demand, refusal: Refusal): Promise<undefined> {
  const parameters = {
    realm,
    error: refusal.error,
    error_description: refusal.error === undefined ? undefined : refusal.detail,
    scope: demand.scopes?.join(' '),
    ...refusal.extra,
    resource_metadata: `${call.api.origin}/.well-known/oauth-protected-resource`,
  };
  const challenge =
    demand.dpop === true ? toChallenge('DPoP', { ...parameters, algs: 'ES256' }) : toChallenge('Bearer', parameters);
  await sendProblem(
    call,
    refusal.status,
    refusal.title,
    refusal.detail,
    { 'WWW-Authenticate': challenge, ...refusal.headers },
    refusal.error === undefined ? {} : { error: refusal.error },
  );
  return undefined;
}

/** Undefined when the token is not bound, or is bound to what came with it; else a sentence. */
async function checkBinding(
  call: Call,
  scheme: string,
  token: string,
  claims: JWTPayload,
): Promise<string | undefined> {
  const bound = claims['cnf'] as { jkt?: string; 'x5t#S256'?: string } | undefined;
  if (bound?.jkt !== undefined) {
    if (scheme !== 'dpop') return 'The token is bound to a key and came without its scheme DPoP.';
    return checkProof(call, token, bound.jkt);
  }
  if (scheme === 'dpop') return 'The token is bound to no key and came with the scheme DPoP.';
  if (bound?.['x5t#S256'] !== undefined) {
    const certificate = toSocket(call).getPeerX509Certificate();
    const print = certificate && createHash('sha256').update(certificate.raw).digest('base64url');
    if (print !== bound['x5t#S256']) return 'The token is bound to a client certificate that did not come with it.';
  }
  return undefined;
}

/** The claims of the request's token when it meets the demand; undefined after the refusal was sent. */
export async function admit(call: Call, demand: Demand): Promise<JWTPayload | undefined> {
  const [, scheme = '', token = ''] = /^(\S+) +(\S+)$/.exec(call.request.headers.authorization ?? '') ?? [];
  const kind = scheme.toLowerCase();
  if ((kind !== 'bearer' && kind !== 'dpop') || (demand.dpop === true && kind !== 'dpop')) {
    const detail = `This endpoint wants an access token${demand.dpop === true ? ' bound by DPoP' : ''}.`;
    return refuse(call, demand, { status: 401, title: 'Who are you?', detail });
  }
  const refused = { status: 401, title: 'The token is not accepted', error: 'invalid_token' };
  const claims = await call.api.verifyAccessToken(token);
  if (claims === undefined) {
    return refuse(call, demand, { ...refused, detail: 'The access token has ended, was revoked or is not ours.' });
  }
  if (![claims.aud].flat().includes(call.api.origin)) {
    return refuse(call, demand, { ...refused, detail: 'The access token is for another audience.' });
  }
  const unbound = await checkBinding(call, kind, token, claims);
  if (unbound !== undefined) {
    const error = kind === 'dpop' ? 'invalid_dpop_proof' : 'invalid_token';
    return refuse(call, demand, { ...refused, error, detail: unbound });
  }
  if (demand.nonce === true && toNonce(call) !== toServerNonce(call)) {
    const headers = { 'DPoP-Nonce': toServerNonce(call) };
    const detail = 'The proof has to carry the nonce of this server.';
    return refuse(call, demand, { ...refused, error: 'use_dpop_nonce', detail, headers });
  }
  const has = new Set(typeof claims['scope'] === 'string' ? claims['scope'].split(' ') : []);
  const missing = (demand.scopes ?? []).filter((scope) => !has.has(scope));
  if (missing.length > 0) {
    const detail = `The token lacks the scope ${missing.join(' ')}.`;
    return refuse(call, demand, { status: 403, title: 'Not enough scope', error: 'insufficient_scope', detail });
  }
  const signedInAt = typeof claims['auth_time'] === 'number' ? claims['auth_time'] : 0;
  const isFresh = claims['acr'] === acr.fresh && Date.now() / 1_000 - signedInAt <= freshForSeconds;
  if (demand.fresh === true && !isFresh) {
    return refuse(call, demand, {
      status: 401,
      title: 'A fresh sign-in is needed',
      error: 'insufficient_user_authentication',
      detail: 'This needs a password typed in the last five minutes.',
      extra: { acr_values: acr.fresh, max_age: String(freshForSeconds) },
    });
  }
  return claims;
}
