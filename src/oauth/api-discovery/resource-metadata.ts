/**
 * Metadata of a protected resource: where it may be, and which of it may be believed. It fetches nothing. Everything in
 * it was written by whoever answered; what does not belong to the address asked for is not used.
 * Source: RFC 9728 §2, §3.1, §3.3; auth.md A04, A05.
 */
import { toInertText } from '../server-text.ts';
import { toScopes } from './challenge-facts.ts';
import type { ProtectedResource } from './findings.ts';

/** Path inserted, then the root; query and fragment of the address play no part. In the order to try. */
export function toResourceMetadataUrls(asked: URL): readonly string[] {
  const wellKnown = `${asked.origin}/.well-known/oauth-protected-resource`;
  const path = asked.pathname.replace(/\/+$/, '');
  return path === '' ? [wellKnown] : [wellKnown + path, wellKnown];
}

/** Why the address in a challenge is not asked, in words that follow “the address of its metadata”; else undefined. */
export function toMetadataUrlProblem(text: string, asked: URL): string | undefined {
  if (!/^[\x21-\x7e]+$/.test(text) || text.includes('\\')) return 'is not an address';
  const url = URL.parse(text);
  if (url === null) return 'is not an address';
  if (url.protocol !== 'https:' && url.protocol !== 'http:') return 'is not an https address';
  if (url.username || url.password) return 'holds a user name or password';
  if (url.hash) return 'holds a fragment';
  if (url.origin !== asked.origin) return `is at ${url.origin}, which is not the API`;
  return undefined;
}

/** Whether `resource` is about the address asked for: the whole of it, or a part of the API that it is in. */
export function matchResource(value: unknown, asked: URL): 'exact' | 'covers' | 'other' {
  if (typeof value !== 'string' || !/^[\x21-\x7e]{1,2048}$/.test(value) || /[\\#]/.test(value)) return 'other';
  const url = URL.parse(value);
  if (url === null || url.username || url.password || url.origin !== asked.origin) return 'other';
  // Dot segments and other spellings would make the text mean something else than it seems to.
  if (value !== url.href && `${value}/` !== url.href) return 'other';
  const own = asked.pathname + asked.search;
  if (url.pathname + url.search === own) return 'exact';
  if (url.search) return 'other';
  if (url.pathname === '/') return own === '/' ? 'exact' : 'covers';
  const base = url.pathname.replace(/\/$/, '');
  if (asked.pathname === base || asked.pathname === `${base}/`) return asked.search ? 'covers' : 'exact';
  return asked.pathname.startsWith(`${base}/`) ? 'covers' : 'other';
}

export type ParsedResource =
  | { readonly ok: true; readonly resource: ProtectedResource; readonly dropped: readonly string[] }
  /** `why` follows “the metadata of <host>”. */
  | { readonly ok: false; readonly why: string };

const maxServers = 8;

export function parseProtectedResource(
  body: Readonly<Record<string, unknown>>,
  asked: URL,
  from: Pick<ProtectedResource, 'metadataUrl' | 'foundBy'>,
): ParsedResource {
  const claimed = body['resource'];
  if (claimed === undefined) return { ok: false, why: 'names no resource' };
  const match = matchResource(claimed, asked);
  if (match === 'other') {
    return { ok: false, why: `is about another resource (${toInertText(claimed, 200) || 'no text'})` };
  }
  const name = toInertText(body['resource_name'], 120);
  const named = toTexts(body['authorization_servers']);
  const dropped: string[] = [];
  const servers = new Set<string>();
  for (const text of named) {
    const problem = toIssuerProblem(text);
    if (problem !== undefined) dropped.push(`the authorization server “${toInertText(text, 120)}” ${problem}`);
    else if (servers.size >= maxServers)
      dropped.push(`of ${named.length} authorization servers the first ${maxServers} are used`);
    else servers.add(text);
    if (dropped.length > maxServers) break;
  }
  const methods = new Set(toTexts(body['bearer_methods_supported']));
  return {
    ok: true,
    dropped: [...new Set(dropped)],
    resource: {
      resource: claimed as string,
      exact: match === 'exact',
      ...from,
      ...(name === '' ? {} : { name }),
      authorizationServers: [...servers],
      scopes: toScopes(body['scopes_supported']),
      bearerMethods: (['header', 'body', 'query'] as const).filter((method) => methods.has(method)),
      dpopRequired: body['dpop_bound_access_tokens_required'] === true,
      dpopAlgorithms: toNames(body['dpop_signing_alg_values_supported']),
      certificateBound: body['tls_client_certificate_bound_access_tokens'] === true,
    },
  };
}

/** RFC 8414 §2: https, no query, no fragment. In words, or undefined. */
function toIssuerProblem(text: string): string | undefined {
  if (!/^[\x21-\x7e]{1,2048}$/.test(text) || text.includes('\\')) return 'is not an address';
  const url = URL.parse(text);
  if (url === null) return 'is not an address';
  if (url.protocol !== 'https:') return 'is not an https address';
  if (url.username || url.password) return 'holds a user name or password';
  if (/[?#]/.test(text)) return 'holds a query or fragment';
  return undefined;
}

function toTexts(value: unknown): readonly string[] {
  return Array.isArray(value) ? value.slice(0, 500).filter((one): one is string => typeof one === 'string') : [];
}

/** Names of algorithms, methods, grants: what is none is left out. */
export function toNames(value: unknown): readonly string[] {
  return [...new Set(toTexts(value).filter((one) => /^[A-Za-z0-9:_./+-]{1,120}$/.test(one)))].slice(0, 64);
}
