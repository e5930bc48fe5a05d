/** An address without what may be a secret in it: user name and password, parameters that carry keys, the fragment. */
import { findLiteralSecrets } from '../credentials/literal-secrets.ts';
import { isSecretKey } from '../credentials/secret-like.ts';

export interface SafeUrl {
  readonly text: string;
  /** Names of the parameters that were left out. */
  readonly dropped: readonly string[];
  /** Their values, in the same order; the caller keeps them as secrets or not at all. */
  readonly values: readonly string[];
}

/** Parameters that stay are kept as they were written. */
export function toSafeUrl(url: URL): SafeUrl {
  const dropped: string[] = [];
  const values: string[] = [];
  const kept = url.search
    .slice(1)
    .split('&')
    .filter((part) => {
      if (part === '') return false;
      const [pair] = [...new URLSearchParams(part)];
      const [name, value] = pair ?? ['', ''];
      if (!isSecretParameter(name, value)) return true;
      dropped.push(name);
      values.push(value);
      return false;
    });
  const query = kept.length === 0 ? '' : `?${kept.join('&')}`;
  return { text: `${url.origin}${url.pathname}${query}`, dropped, values };
}

/** By its name, or because the value looks like nothing else. */
export function isSecretParameter(name: string, value: string): boolean {
  if (value === '' || /^\{\{[^{}]*\}\}$/.test(value) || /^(?:value|count)$/i.test(name)) return false;
  if (isSecretKey(name) || /^(?:sig|signature|pwd|pass|auth)$/i.test(name)) return true;
  // An authorization code is long; a country's is not.
  return (/^code$/i.test(name) && value.length >= 16) || findLiteralSecrets('X-Value', value).length > 0;
}
