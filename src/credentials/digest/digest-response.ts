/** The answer to one Digest challenge, as the text behind `Digest `. Source: RFC 7616 §3.4, RFC 8187 (`username*`). */
import { createHash } from 'node:crypto';
import type { Secret } from '../secret.ts';
import type { FinalRequest } from '../types.ts';
import type { DigestChallenge } from './digest-challenge.ts';

export interface DigestInput {
  readonly challenge: DigestChallenge;
  readonly cnonce: string;
  /** From 1. */
  readonly count: number;
  readonly username: string;
  readonly password: Secret;
  readonly request: FinalRequest;
}

export async function toAuthorization(input: DigestInput): Promise<string> {
  const { challenge, cnonce, count, username, password, request } = input;
  const { realm, nonce, opaque, qop, hash, algorithm } = challenge;
  const h = (text: string): string => createHash(hash).update(text, 'utf8').digest('hex');
  const uri = request.url.pathname + request.url.search;
  const nc = count.toString(16).padStart(8, '0');
  const secret = h(`${username}:${realm}:${password.reveal()}`);
  const a1 = challenge.session ? h(`${secret}:${nonce}:${cnonce}`) : secret;
  const a2 = h(
    qop === 'auth-int' ? `${request.method}:${uri}:${await hashBody(request, hash)}` : `${request.method}:${uri}`,
  );
  const response = h(qop === undefined ? `${a1}:${nonce}:${a2}` : `${a1}:${nonce}:${nc}:${cnonce}:${qop}:${a2}`);
  return [
    challenge.userhash ? `username=${quoted(h(`${username}:${realm}`))}` : toUserName(username),
    `realm=${quoted(realm)}`,
    `nonce=${quoted(nonce)}`,
    `uri=${quoted(uri)}`,
    ...(algorithm === undefined ? [] : [`algorithm=${algorithm}`]),
    `response="${response}"`,
    ...(opaque === undefined ? [] : [`opaque=${quoted(opaque)}`]),
    ...(qop === undefined
      ? // The session key is made with it, so the server has to know it even without a quality (§3.4.2).
        challenge.session
        ? [`cnonce="${cnonce}"`]
        : []
      : [`qop=${qop}`, `nc=${nc}`, `cnonce="${cnonce}"`]),
    ...(challenge.userhash ? ['userhash=true'] : []),
  ].join(', ');
}

async function hashBody(request: FinalRequest, hash: string): Promise<string> {
  const sum = createHash(hash);
  for await (const chunk of request.body()) sum.update(chunk);
  return sum.digest('hex');
}

function quoted(text: string): string {
  return `"${text.replace(/["\\]/g, '\\$&')}"`;
}

/** A name that a quoted string cannot hold goes in the extended notation. */
function toUserName(name: string): string {
  if (/^[\x20-\x7e]*$/.test(name)) return `username=${quoted(name)}`;
  const encoded = encodeURIComponent(name).replace(
    /['()*]/g,
    (one) => `%${one.charCodeAt(0).toString(16).toUpperCase()}`,
  );
  return `username*=UTF-8''${encoded}`;
}
