/**
 * The binding check: may this credential go to this URL? It is asked for the first hop and for every redirect, always
 * with the parsed, resolved URL. It does not know approvals (approval-log.ts). Source: house.md §6.3, auth.md §1.3.
 */
import { CountersignError } from '../errors/countersign-error.ts';
import {
  loadPublicSuffixes,
  matchesOrigin,
  originOf,
  parseOrigin,
  toShownOrigin,
  type PublicSuffixCheck,
} from './origin.ts';

export type BindingResult =
  | { readonly ok: true; readonly origin: string }
  /** `error` is a CS-BIND-ORIGIN to throw, or to show while the request goes on without the credential. */
  | { readonly ok: false; readonly error: CountersignError };

/**
 * Compares the URL's origin with the origins a person approved. Never throws.
 * @param credential its name, for the message
 * @param origins resolved origins of the approved definition
 */
export async function checkBinding(credential: string, origins: readonly string[], url: URL): Promise<BindingResult> {
  const needsSuffixes = origins.some((text) => text.includes('*'));
  return checkBindingWith(credential, origins, url, needsSuffixes ? await loadPublicSuffixes() : () => true);
}

/**
 * As `checkBinding` without waiting, for surfaces that may not (the lens): a wildcard counts as not matching, unless
 * `isPublicSuffix` (see `loadPublicSuffixes`) is given.
 */
export function checkBindingWith(
  credential: string,
  origins: readonly string[],
  url: URL,
  isPublicSuffix: PublicSuffixCheck = () => true,
): BindingResult {
  const origin = originOf(url);
  const refused = (): BindingResult => ({
    ok: false,
    error: originError(credential, origin?.text ?? url.protocol, origins),
  });
  if (!origin) return refused();
  for (const text of origins) {
    const parsed = parseOrigin(text);
    if (parsed.ok && matchesOrigin(parsed.origin, origin, isPublicSuffix)) return { ok: true, origin: origin.text };
  }
  return refused();
}

function originError(credential: string, origin: string, origins: readonly string[]): CountersignError {
  return new CountersignError('CS-BIND-ORIGIN', `${credential} may not go to ${toShownOrigin(origin)}.`, {
    facts: { credential, origin, origins: [...origins] },
  });
}
