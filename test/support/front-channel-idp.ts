/** What a scripted provider sends back through the browser for response types other than `code`. */
import { createHash, randomBytes } from 'node:crypto';
import type { ScriptedIdp } from './scripted-idp.ts';

export interface FrontLie {
  claims?: (truth: Record<string, unknown>) => Record<string, unknown>;
  /** Signs otherwise. */
  sign?: (claims: Record<string, unknown>) => Promise<string>;
  parameters?: (parameters: URLSearchParams) => void;
}

function toHalfHash(value: string): string {
  return createHash('sha256').update(value).digest().subarray(0, 16).toString('base64url');
}

/** The parameters of the answer and where they go: the person has signed in and agreed. */
export async function answerFront(
  idp: ScriptedIdp,
  authorizationUrl: string,
  lie: FrontLie = {},
): Promise<{ redirectUri: string; parameters: URLSearchParams }> {
  const asked = new URL(authorizationUrl).searchParams;
  const types = (asked.get('response_type') ?? '').split(' ');
  const plain = new URL(idp.authorize(authorizationUrl));
  const parameters = new URLSearchParams({ state: asked.get('state') ?? '' });
  const code = plain.searchParams.get('code') ?? '';
  const token = randomBytes(16).toString('base64url');
  if (types.includes('code')) parameters.set('code', code);
  if (types.includes('token')) {
    parameters.set('access_token', token);
    parameters.set('token_type', 'Bearer');
    parameters.set('expires_in', '3600');
  }
  if (types.includes('id_token')) {
    const now = Math.floor(Date.now() / 1000);
    const truth = {
      iss: idp.issuer,
      sub: 'ada',
      aud: asked.get('client_id'),
      iat: now,
      exp: now + 600,
      nonce: asked.get('nonce'),
      ...(types.includes('code') ? { c_hash: toHalfHash(code), s_hash: toHalfHash(asked.get('state') ?? '') } : {}),
      ...(types.includes('token') ? { at_hash: toHalfHash(token) } : {}),
    };
    const claims = lie.claims?.(truth) ?? truth;
    parameters.set('id_token', await (lie.sign?.(claims) ?? idp.sign(claims)));
  } else {
    parameters.set('iss', idp.issuer);
  }
  lie.parameters?.(parameters);
  return { redirectUri: asked.get('redirect_uri') ?? '', parameters };
}

export async function redirectByFragment(idp: ScriptedIdp, url: string, lie?: FrontLie): Promise<string> {
  const { redirectUri, parameters } = await answerFront(idp, url, lie);
  return `${redirectUri}#${parameters.toString()}`;
}
