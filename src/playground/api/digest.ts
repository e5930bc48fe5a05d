/** HTTP Digest as a server: challenges and the check of an answer (RFC 7616), MD5 and SHA-256, qop=auth. */
import { createHash, createHmac, randomBytes } from 'node:crypto';
import { isSameSecret } from '../identity/people.ts';
import type { Call } from './call.ts';
import { realm } from './guard.ts';

const algorithms: Readonly<Record<string, string>> = { 'SHA-256': 'sha256', MD5: 'md5' };
const nonceSeconds = 300;

function sign(call: Call, text: string): string {
  return createHmac('sha256', call.api.secrets.nonceSecret).update(`digest ${text}`).digest('base64url').slice(0, 22);
}

function createNonce(call: Call): string {
  const at = `${String(Math.floor(Date.now() / 1_000))}-${randomBytes(6).toString('hex')}`;
  return `${at}.${sign(call, at)}`;
}

type NonceState = 'good' | 'stale' | 'unknown';

function toNonceState(call: Call, nonce: string): NonceState {
  const [at = '', signature = ''] = nonce.split('.');
  if (!isSameSecret(signature, sign(call, at))) return 'unknown';
  return Date.now() / 1_000 - Number.parseInt(at, 10) <= nonceSeconds ? 'good' : 'stale';
}

/** One challenge for each algorithm, the stronger first; `?algorithm=MD5` leaves only that one. */
export function toDigestChallenges(call: Call, stale: boolean): string[] {
  const wanted = call.url.searchParams.get('algorithm')?.toUpperCase();
  const names = Object.keys(algorithms).filter((name) => wanted === undefined || name === wanted);
  const nonce = createNonce(call);
  return names.map(
    (name) =>
      `Digest realm="${realm}", qop="auth", algorithm=${name}, nonce="${nonce}", opaque="${sign(call, 'opaque')}"` +
      (stale ? ', stale=true' : ''),
  );
}

function parseParameters(text: string): Readonly<Record<string, string>> {
  const found: Record<string, string> = {};
  for (const [, name = '', quoted, plain] of text.matchAll(/([\w-]+)\s*=\s*(?:"((?:[^"\\]|\\.)*)"|([^\s,"]+))/g)) {
    found[name.toLowerCase()] = quoted?.replace(/\\(.)/g, '$1') ?? plain ?? '';
  }
  return found;
}

/** `accepted`, `stale` (the answer is right, the nonce has ended) or `refused`. */
export function checkDigest(
  call: Call,
  user: { username: string; password: string },
): 'accepted' | 'stale' | 'refused' {
  const [, text] = /^digest +(.*)$/i.exec(call.request.headers.authorization ?? '') ?? [];
  if (text === undefined) return 'refused';
  const answer = parseParameters(text);
  const hash = algorithms[(answer['algorithm'] ?? 'MD5').toUpperCase()];
  const { nonce = '', nc = '', cnonce = '', uri = '', response = '' } = answer;
  if (hash === undefined || answer['qop'] !== 'auth' || uri !== call.request.url) return 'refused';
  if (answer['realm'] !== realm || answer['username'] !== user.username || !/^[0-9a-f]{8}$/i.test(nc)) return 'refused';
  const digest = (part: string): string => createHash(hash).update(part).digest('hex');
  const secret = digest(`${user.username}:${realm}:${user.password}`);
  const expected = digest(`${secret}:${nonce}:${nc}:${cnonce}:auth:${digest(`${call.method}:${uri}`)}`);
  const state = toNonceState(call, nonce);
  if (state === 'unknown' || !isSameSecret(response.toLowerCase(), expected)) return 'refused';
  if (state === 'stale') return 'stale';
  const { counts } = call.api;
  const count = Number.parseInt(nc, 16);
  if (count <= (counts.get(nonce) ?? 0)) return 'stale';
  for (const known of counts.keys()) if (toNonceState(call, known) !== 'good') counts.delete(known);
  counts.set(nonce, count);
  return 'accepted';
}
