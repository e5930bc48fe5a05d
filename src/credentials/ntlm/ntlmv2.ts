/**
 * The computations of NTLMv2: response, proof of integrity, and what the server said of itself. Version 1 is not made
 * here, whatever a server offers. Source: MS-NLMP §3.3.2, §2.2.2.1, §3.1.5.1.2.
 */
import { Buffer } from 'node:buffer';
import { createHmac } from 'node:crypto';
import { md4 } from './md4.ts';

export interface Identity {
  readonly username: string;
  readonly domain: string;
}

/** `NTOWFv2`, the key of all that follows. */
export function toResponseKey({ username, domain }: Identity, password: string): Buffer {
  return hmacMd5(md4(utf16(password)), utf16(username.toUpperCase() + domain));
}

export interface ResponseInput {
  readonly key: Buffer;
  readonly serverChallenge: Buffer;
  readonly clientChallenge: Buffer;
  /** FILETIME, 8 bytes. */
  readonly time: Buffer;
  readonly targetInfo: Buffer;
}

export function toNtlmv2Response(input: ResponseInput): {
  readonly nt: Buffer;
  readonly lm: Buffer;
  readonly sessionKey: Buffer;
} {
  const { key, serverChallenge, clientChallenge, time, targetInfo } = input;
  const blob = Buffer.concat([
    Buffer.from([1, 1, 0, 0, 0, 0, 0, 0]),
    time,
    clientChallenge,
    Buffer.alloc(4),
    targetInfo,
    Buffer.alloc(4),
  ]);
  const proof = hmacMd5(key, serverChallenge, blob);
  return {
    nt: Buffer.concat([proof, blob]),
    lm: Buffer.concat([hmacMd5(key, serverChallenge, clientChallenge), clientChallenge]),
    sessionKey: hmacMd5(key, proof),
  };
}

/** `MsvAv…` of MS-NLMP §2.2.2.1 that matter here. */
export const av = { end: 0, flags: 6, timestamp: 7, targetName: 9, channelBindings: 10 } as const;

export type AvPair = readonly [id: number, value: Buffer];

/** More than any server sends. */
const mostPairs = 64;

/** Undefined when the bytes are not such a list. */
export function readAvPairs(bytes: Buffer): readonly AvPair[] | undefined {
  const pairs: AvPair[] = [];
  for (let at = 0; at + 4 <= bytes.length && pairs.length < mostPairs;) {
    const id = bytes.readUInt16LE(at);
    const end = at + 4 + bytes.readUInt16LE(at + 2);
    if (end > bytes.length) return undefined;
    if (id === av.end) return pairs;
    pairs.push([id, bytes.subarray(at + 4, end)]);
    at = end;
  }
  return undefined;
}

export function writeAvPairs(pairs: readonly AvPair[]): Buffer {
  const written = pairs.map(([id, value]) => {
    const head = Buffer.alloc(4);
    head.writeUInt16LE(id, 0);
    head.writeUInt16LE(value.length, 2);
    return Buffer.concat([head, value]);
  });
  return Buffer.concat([...written, Buffer.alloc(4)]);
}

export function hmacMd5(key: Buffer, ...parts: readonly Buffer[]): Buffer {
  const code = createHmac('md5', key);
  for (const part of parts) code.update(part);
  return code.digest();
}

export function utf16(text: string): Buffer {
  return Buffer.from(text, 'utf16le');
}

/** 100-nanosecond steps since 1601. @param now milliseconds since the epoch */
export function toFileTime(now: number): Buffer {
  const out = Buffer.alloc(8);
  out.writeBigUInt64LE((BigInt(Math.floor(now)) + 11_644_473_600_000n) * 10_000n);
  return out;
}
