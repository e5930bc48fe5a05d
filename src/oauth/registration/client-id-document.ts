/**
 * A `client_id` that is the address of a document about the client: whether the address may be one, and whether the
 * document says what the sign-in needs. The identity provider reads the same document; here it is read first, so that a
 * mistake has a name. Source: OAuth Client ID Metadata Document (draft-ietf-oauth-client-id-metadata-document) §3, §4.
 */
import { CountersignError } from '../../errors/countersign-error.ts';
import { parseJsonObject } from '../../credentials/json-object.ts';
import type { OAuthFetch } from '../ports.ts';
import { toInertText } from '../server-text.ts';

/** Why the address cannot be a client_id, in words that follow it; undefined when it can. */
export function toClientIdProblem(text: string): string | undefined {
  const url = URL.parse(text);
  if (url?.protocol !== 'https:') return 'is not an https address';
  if (!/^[\x21-\x7e]{1,2048}$/.test(text) || text.includes('\\')) return 'holds characters that may not stand there';
  if (url.username || url.password) return 'holds a user name or password';
  if (text.includes('#')) return 'holds a fragment';
  if (text.includes('?')) return 'holds a query, which providers need not take';
  const path = text.slice('https://'.length).replace(/^[^/]*/, '');
  if (path === '' || path === '/') return 'has no path';
  if (/(^|\/)(\.|%2e){1,2}(\/|$)/i.test(path)) return 'holds dot segments';
  if (url.href !== text) return `is not written as it is compared (${toInertText(url.href, 200)})`;
  return undefined;
}

/** True for what is meant to be such an address. */
export function isClientIdDocument(clientId: string): boolean {
  return /^https:\/\//i.test(clientId);
}

/**
 * What is wrong with the document, as sentences' ends; empty when it will do.
 * @param redirectUris that the sign-in uses
 */
export function toDocumentProblems(
  document: Readonly<Record<string, unknown>>,
  clientId: string,
  redirectUris: readonly string[],
): readonly string[] {
  const problems: string[] = [];
  if (document['client_id'] !== clientId) {
    problems.push(`says it is about ${toInertText(document['client_id'], 200) || 'nobody'}`);
  }
  if (document['client_secret'] !== undefined || document['client_secret_expires_at'] !== undefined) {
    problems.push('holds a client_secret');
  }
  const method = document['token_endpoint_auth_method'];
  // Everybody can read it: there is nothing secret to prove oneself by.
  if (typeof method === 'string' && method.startsWith('client_secret_'))
    problems.push(`asks for ${toInertText(method, 60)}`);
  const listed = document['redirect_uris'];
  const registered = Array.isArray(listed) ? listed.filter((one): one is string => typeof one === 'string') : [];
  const missing = redirectUris.find((uri) => !registered.some((one) => isSameRedirect(one, uri)));
  if (missing !== undefined) problems.push(`does not list the redirect ${missing}`);
  const grantTypes = document['grant_types'];
  if (Array.isArray(grantTypes) && redirectUris.length > 0 && !grantTypes.includes('authorization_code')) {
    problems.push('does not list the grant authorization_code');
  }
  return problems;
}

/** Byte by byte, but for the port on loopback addresses (RFC 8252 §7.3). */
function isSameRedirect(listed: string, used: string): boolean {
  if (listed === used) return true;
  const [left, right] = [URL.parse(listed), URL.parse(used)];
  if (!left || !right || left.protocol !== 'http:' || !/^(127\.|\[::1\]$)/.test(left.hostname)) return false;
  left.port = '';
  right.port = '';
  return left.href === right.href;
}

/** @param fetch capped and vetted: to public addresses only. @throws CountersignError CS-AUTH-CLIENT-DOCUMENT, CS-NET-* */
export async function checkClientIdDocument(
  clientId: string,
  redirectUris: readonly string[],
  fetch: OAuthFetch,
): Promise<void> {
  const problem = toClientIdProblem(clientId);
  if (problem !== undefined) throw refuse(clientId, problem);
  const response = await fetch(clientId, {
    method: 'GET',
    headers: { accept: 'application/json' },
    redirect: 'manual',
  });
  if (response.status !== 200) throw refuse(clientId, `answers ${response.status}`);
  const document = parseJsonObject(await response.text());
  if (!document) throw refuse(clientId, 'is no JSON document');
  const [first] = toDocumentProblems(document, clientId, redirectUris);
  if (first !== undefined) throw refuse(clientId, first);
}

function refuse(clientId: string, why: string): CountersignError {
  return new CountersignError('CS-AUTH-CLIENT-DOCUMENT', `The client_id ${toInertText(clientId, 200)} ${why}.`, {
    facts: { client_id: toInertText(clientId, 200) },
  });
}
