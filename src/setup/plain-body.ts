/** The body of a pasted request, when it holds no secret and no file; else it is left out as a whole. Pure. */
import { parseJsonObject } from '../credentials/json-object.ts';
import { findLiteralSecrets } from '../credentials/literal-secrets.ts';
import { isLiteralText, isSecretKey } from '../credentials/secret-like.ts';
import type { CurlRequest } from '../language/curl/curl-request.ts';
import { isSecretParameter } from './safe-url.ts';

/** A body beyond this is data to be kept in a file of its own. */
const longest = 16_384;

/** `why` completes “Its body … and is left out.” */
export function toPlainBody(curl: CurlRequest): { readonly body?: string; readonly why?: string } {
  const parts = curl.body?.parts ?? [];
  if (parts.length === 0) return {};
  if (!parts.every((part) => part.kind === 'text')) return { why: 'stands in a file' };
  const text = parts.map((part) => part.text.text).join('');
  if (text.length > longest) return { why: 'is long' };
  return holdsSecret(text) ? { why: 'holds a secret' } : { body: text };
}

function holdsSecret(text: string): boolean {
  const json = parseJsonObject(text);
  if (json) return holdsSecretMember(json, 0);
  const pairs = /^[^\s{[<]*=/.test(text) ? [...new URLSearchParams(text)] : [];
  if (pairs.some(([name, value]) => isSecretParameter(name, value))) return true;
  return text.split(/[\s"'<>=&,;:]+/).some((word) => findLiteralSecrets('X-Value', word).length > 0);
}

function holdsSecretMember(value: unknown, depth: number): boolean {
  if (typeof value === 'string') return findLiteralSecrets('X-Value', value).length > 0;
  if (typeof value !== 'object' || value === null) return false;
  if (depth > 20) return true;
  return Object.entries(value).some(
    ([key, member]) =>
      (isSecretKey(key) && !/^(?:value|key)$/i.test(key) && isLiteralText(member)) ||
      holdsSecretMember(member, depth + 1),
  );
}
