/**
 * Whether a 401 or 403 asks for more than the credential gave: a scope (RFC 6750 §3.1) or a newer or stronger sign-in
 * (RFC 9470 §3). Reads the challenge, decides nothing. Source: design.md D6.1.
 */
import type { ResponseHead } from '../../http/types.ts';
import type { SetUpModel, StepUpModel } from '../../response/model.ts';
import { shownStart, type FindSecrets } from '../../response/shown-text.ts';

export function toStepUp(head: ResponseHead, credential: string, find: FindSecrets): StepUpModel | undefined {
  if (head.status !== 401 && head.status !== 403) return undefined;
  for (const [name, value] of head.headers) {
    if (name.toLowerCase() !== 'www-authenticate') continue;
    const error = parameter(value, 'error');
    if (error !== 'insufficient_scope' && error !== 'insufficient_user_authentication') continue;
    const scope = error === 'insufficient_scope' ? parameter(value, 'scope') : undefined;
    return {
      credential,
      challenge: shownStart(`WWW-Authenticate: ${value}`, find, 600),
      ...(scope !== undefined && /^[\x21\x23-\x5b\x5d-\x7e ]{1,200}$/.test(scope) ? { scope } : {}),
    };
  }
  return undefined;
}

/** Of a 401 to a request without any credential; `origin` is that of the last hop. */
export function toSetUp(head: ResponseHead, origin: string | undefined, find: FindSecrets): SetUpModel | undefined {
  if (head.status !== 401 || origin === undefined) return undefined;
  const challenge = head.headers.find(([name]) => name.toLowerCase() === 'www-authenticate')?.[1];
  return {
    origin,
    ...(challenge === undefined ? {} : { challenge: shownStart(`WWW-Authenticate: ${challenge}`, find, 600) }),
  };
}

/** What a 401 asks of the next sign-in, as the engine takes it; empty when it asks for nothing that can be named. */
export function toAuthenticationDemand(head: ResponseHead | undefined): {
  readonly acrValues?: string;
  readonly maxAge?: number;
} {
  const challenges =
    head?.status === 401 ? head.headers.filter(([name]) => name.toLowerCase() === 'www-authenticate') : [];
  for (const [, value] of challenges) {
    if (parameter(value, 'error') !== 'insufficient_user_authentication') continue;
    const acrValues = parameter(value, 'acr_values');
    const maxAge = Number(parameter(value, 'max_age') ?? Number.NaN);
    return {
      ...(acrValues === undefined ? {} : { acrValues }),
      ...(Number.isSafeInteger(maxAge) && maxAge >= 0 ? { maxAge } : {}),
    };
  }
  return {};
}

function parameter(challenge: string, name: string): string | undefined {
  const match = new RegExp(`(?:^|[\\s,])${name}\\s*=\\s*(?:"((?:[^"\\\\]|\\\\.)*)"|([^\\s,]+))`, 'i').exec(challenge);
  return match?.[1] ?? match?.[2];
}
