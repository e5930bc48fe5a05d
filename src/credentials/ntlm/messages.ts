/**
 * The three messages of NTLM as bytes. The challenge of a server is read with care: nothing of it points outside itself.
 * Source: MS-NLMP §2.2.1, §3.1.5.1.2.
 */
import { Buffer } from 'node:buffer';
import {
  av,
  hmacMd5,
  readAvPairs,
  toNtlmv2Response,
  toResponseKey,
  utf16,
  writeAvPairs,
  type AvPair,
  type Identity,
} from './ntlmv2.ts';

const signature = Buffer.from('NTLMSSP\0', 'latin1');
const unicode = 0x1;
const flags = {
  // Unicode, OEM, request target, NTLM, always sign, extended session security, 128 and 56 bits.
  negotiate: 0xa008_8207,
  // As above without OEM and the request for a target.
  authenticate: 0xa008_8201,
} as const;
/** A challenge of earnest servers has some hundred bytes. */
const longestChallenge = 16_384;

export function toNegotiateMessage(): Buffer {
  const out = Buffer.alloc(32);
  signature.copy(out);
  out.writeUInt32LE(1, 8);
  out.writeUInt32LE(flags.negotiate, 12);
  return out;
}

export interface Challenge {
  /** The whole message, which the proof of integrity covers. */
  readonly bytes: Buffer;
  readonly serverChallenge: Buffer;
  readonly targetInfo: readonly AvPair[];
}

/** Undefined for anything that NTLMv2 cannot answer: cut short, without Unicode or target information. */
export function readChallenge(base64: string): Challenge | undefined {
  if (base64.length > longestChallenge || !/^[A-Za-z\d+/]+={0,2}$/.test(base64)) return undefined;
  const bytes = Buffer.from(base64, 'base64');
  if (bytes.length < 48 || !bytes.subarray(0, 8).equals(signature) || bytes.readUInt32LE(8) !== 2) return undefined;
  if ((bytes.readUInt32LE(20) & unicode) === 0) return undefined;
  const length = bytes.readUInt16LE(40);
  const offset = bytes.readUInt32LE(44);
  if (length === 0 || offset < 48 || offset + length > bytes.length) return undefined;
  const targetInfo = readAvPairs(bytes.subarray(offset, offset + length));
  return targetInfo && { bytes, serverChallenge: bytes.subarray(24, 32), targetInfo };
}

export interface AuthenticateInput extends Identity {
  readonly password: string;
  readonly workstation: string;
  /** `HTTP/host`, which the server may compare with its own name: a relayed answer does not fit. */
  readonly service: string;
  readonly negotiate: Buffer;
  readonly challenge: Challenge;
  readonly clientChallenge: Buffer;
  /** FILETIME, for servers that name none. */
  readonly time: Buffer;
}

export function toAuthenticateMessage(input: AuthenticateInput): Buffer {
  const { challenge, clientChallenge } = input;
  const stamp = challenge.targetInfo.find(([id]) => id === av.timestamp)?.[1];
  const withIntegrity = stamp?.length === 8;
  const response = toNtlmv2Response({
    key: toResponseKey(input, input.password),
    serverChallenge: challenge.serverChallenge,
    clientChallenge,
    time: withIntegrity ? stamp : input.time,
    targetInfo: writeAvPairs(toTargetInfo(challenge.targetInfo, input.service, withIntegrity)),
  });
  // Where the server gives a time, the older response is left empty (§3.1.5.1.2).
  const lm = withIntegrity ? Buffer.alloc(24) : response.lm;
  const parts = [
    lm,
    response.nt,
    utf16(input.domain),
    utf16(input.username),
    utf16(input.workstation),
    Buffer.alloc(0),
  ];
  const out = Buffer.alloc(88);
  signature.copy(out);
  out.writeUInt32LE(3, 8);
  let at = out.length;
  parts.forEach((part, index) => {
    out.writeUInt16LE(part.length, 12 + 8 * index);
    out.writeUInt16LE(part.length, 14 + 8 * index);
    out.writeUInt32LE(at, 16 + 8 * index);
    at += part.length;
  });
  out.writeUInt32LE(flags.authenticate, 60);
  const message = Buffer.concat([out, ...parts]);
  if (withIntegrity) hmacMd5(response.sessionKey, input.negotiate, challenge.bytes, message).copy(message, 72);
  return message;
}

function toTargetInfo(pairs: readonly AvPair[], service: string, withIntegrity: boolean): readonly AvPair[] {
  const own: readonly number[] = [av.flags, av.targetName, av.channelBindings];
  const kept = pairs.filter(([id]) => !own.includes(id));
  const given = pairs.find(([id]) => id === av.flags)?.[1];
  const bits = Buffer.alloc(4);
  bits.writeUInt32LE((given?.length === 4 ? given.readUInt32LE(0) : 0) | (withIntegrity ? 2 : 0));
  return [
    ...kept,
    ...(withIntegrity ? ([[av.flags, bits]] as const) : []),
    [av.channelBindings, Buffer.alloc(16)],
    [av.targetName, utf16(service)],
  ];
}
