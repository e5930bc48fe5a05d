/**
 * The server side of NTLMv2, written from MS-NLMP without a line of the client’s: it knows the hash of one password, gives a
 * challenge to a connection, and lets that connection in, and no other, when the answer is right.
 */
import { createHmac, randomBytes } from 'node:crypto';
import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Socket } from 'node:net';

/** MD4 of “Password” in UTF-16LE (MS-NLMP §4.2.2.1.2). */
const hashOfPassword = Buffer.from('a4f49c406510bdcab6824ee7c30fd852', 'hex');

export interface NtlmServerOptions {
  readonly mechanism?: 'NTLM' | 'Negotiate';
  /** What the target information holds; a timestamp makes the client prove the integrity of all three messages. */
  readonly withTimestamp?: boolean;
  /** Sent in the place of a challenge. */
  readonly challenge?: (real: Buffer) => Buffer;
}

interface Known {
  negotiate?: Buffer;
  challenge?: Buffer;
  user?: string;
}

const mac = (key: Buffer, ...parts: Buffer[]): Buffer => createHmac('md5', key).update(Buffer.concat(parts)).digest();
const pair = (id: number, value: Buffer): Buffer => {
  const head = Buffer.alloc(4);
  head.writeUInt16LE(id);
  head.writeUInt16LE(value.length, 2);
  return Buffer.concat([head, value]);
};
const wide = (text: string): Buffer => Buffer.from(text, 'utf16le');

export class NtlmServer {
  /** One line a request: `offer 1`, `answer 1 good`, `known 1`, with the number of the connection. */
  readonly log: string[] = [];
  readonly services: string[] = [];
  readonly #options: NtlmServerOptions;
  readonly #known = new Map<Socket, Known & { readonly number: number }>();

  constructor(options: NtlmServerOptions = {}) {
    this.#options = options;
  }

  /** Answers 401 until the connection is known; true when the request may go on. */
  admit(request: IncomingMessage, response: ServerResponse): boolean {
    const { socket } = request;
    const known = this.#known.get(socket) ?? { number: this.#known.size + 1 };
    this.#known.set(socket, known);
    const mechanism = this.#options.mechanism ?? 'NTLM';
    const refuse = (token?: Buffer): false => {
      const text = token === undefined ? mechanism : `${mechanism} ${token.toString('base64')}`;
      response.writeHead(401, { 'www-authenticate': text, 'content-length': '6' }).end('denied');
      return false;
    };
    const [name, text] = (request.headers.authorization ?? '').split(' ');
    if (text === undefined || name !== mechanism) {
      this.log.push(`${known.user === undefined ? 'stranger' : 'known'} ${String(known.number)}`);
      return known.user !== undefined || refuse();
    }
    const message = Buffer.from(text, 'base64');
    if (message.readUInt32LE(8) === 1) {
      this.log.push(`offer ${String(known.number)}`);
      known.negotiate = message;
      known.challenge = this.#challenge();
      return refuse(this.#options.challenge?.(known.challenge) ?? known.challenge);
    }
    const user = this.#check(message, known);
    this.log.push(`answer ${String(known.number)} ${user === undefined ? 'wrong' : `good ${user}`}`);
    delete known.challenge;
    if (user === undefined) return refuse();
    known.user = user;
    return true;
  }

  #challenge(): Buffer {
    const time = Buffer.alloc(8);
    time.writeBigUInt64LE(BigInt(Date.now()) * 10_000n + 116_444_736_000_000_000n);
    const info = Buffer.concat([
      pair(2, wide('Domain')),
      pair(1, wide('Server')),
      ...(this.#options.withTimestamp === false ? [] : [pair(7, time)]),
      pair(0, Buffer.alloc(0)),
    ]);
    const head = Buffer.alloc(56);
    head.write('NTLMSSP\0', 'latin1');
    head.writeUInt32LE(2, 8);
    head.writeUInt32LE(0xa289_8205, 20);
    randomBytes(8).copy(head, 24);
    head.writeUInt16LE(info.length, 40);
    head.writeUInt16LE(info.length, 42);
    head.writeUInt32LE(56, 44);
    return Buffer.concat([head, info]);
  }

  /** The user whose answer it is; undefined when it is wrong or for another connection’s challenge. */
  #check(message: Buffer, { challenge, negotiate }: Known): string | undefined {
    if (!challenge || !negotiate || message.readUInt32LE(8) !== 3) return undefined;
    const field = (at: number): Buffer => {
      const offset = message.readUInt32LE(at + 4);
      return message.subarray(offset, offset + message.readUInt16LE(at));
    };
    const [lm, nt, domain, user] = [field(12), field(20), field(28).toString('utf16le'), field(36).toString('utf16le')];
    // Version 1 has 24 bytes.
    if (nt.length <= 24) return undefined;
    const key = mac(hashOfPassword, wide(user.toUpperCase() + domain));
    const [proof, blob] = [nt.subarray(0, 16), nt.subarray(16)];
    if (!proof.equals(mac(key, challenge.subarray(24, 32), blob))) return undefined;
    const values = new Map<number, Buffer>();
    for (let at = 28; at + 4 <= blob.length && blob.readUInt16LE(at) !== 0;) {
      const length = blob.readUInt16LE(at + 2);
      values.set(blob.readUInt16LE(at), blob.subarray(at + 4, at + 4 + length));
      at += 4 + length;
    }
    this.services.push(values.get(9)?.toString('utf16le') ?? '');
    if (this.#options.withTimestamp === false) {
      const client = blob.subarray(16, 24);
      return lm.equals(Buffer.concat([mac(key, challenge.subarray(24, 32), client), client])) ? user : undefined;
    }
    const stated = Buffer.from(message.subarray(72, 88));
    const cleared = Buffer.concat([message.subarray(0, 72), Buffer.alloc(16), message.subarray(88)]);
    const flagged = ((values.get(6)?.readUInt32LE(0) ?? 0) & 2) !== 0;
    return flagged &&
      lm.every((byte) => byte === 0) &&
      stated.equals(mac(mac(key, proof), negotiate, challenge, cleared))
      ? `${domain}\\${user}`
      : undefined;
  }
}
