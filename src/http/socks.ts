/**
 * SOCKS 4, 4a and 5 on a socket that is already open to the proxy: asks for a connection to the target and leaves the
 * socket clean behind it. The proxy gets its own login and the name of the target, nothing else. By hand, since it holds
 * no timer, puts no login in an error and reads not one byte too many. Source: RFC 1928, RFC 1929; the SOCKS 4(A) memos.
 */
import { lookup } from 'node:dns/promises';
import { isIP, isIPv6, type Socket } from 'node:net';
import { CountersignError } from '../errors/countersign-error.ts';
import type { ProxyRoute } from './types.ts';

/** With an `h` or an `a` the proxy looks the name up, as curl has it; `socks` alone means version 5 and does too. */
const kinds: Readonly<Record<string, { readonly version: 4 | 5; readonly remoteNames: boolean }>> = {
  'socks:': { version: 5, remoteNames: true },
  'socks4:': { version: 4, remoteNames: false },
  'socks4a:': { version: 4, remoteNames: true },
  'socks5:': { version: 5, remoteNames: false },
  'socks5h:': { version: 5, remoteNames: true },
};

export const socksPort = 1080;

export function isSocks(url: URL | undefined): boolean {
  return url !== undefined && url.protocol in kinds;
}

/** Why the proxy did not connect, by its number in RFC 1928 §6. */
const refusals: readonly string[] = [
  '',
  'it failed',
  'its rules forbid it',
  'the network cannot be reached',
  'the host cannot be reached',
  'the connection was refused',
  'it took too long',
  'it cannot do that',
  'it does not take this kind of address',
];

export interface SocksTarget {
  /** Name or address, without brackets. */
  readonly host: string;
  readonly port: number;
  /** The caller's rule for addresses that are looked up here. */
  readonly allow?: ((address: string) => boolean) | undefined;
}

/** @throws CountersignError CS-NET-PROXY; CS-NET-ADDRESS; what a lookup of the name throws */
export async function openSocks(
  socket: Socket,
  target: SocksTarget,
  route: ProxyRoute,
  signal: AbortSignal,
): Promise<void> {
  const kind = kinds[route.url.protocol] ?? { version: 5, remoteNames: true };
  const proxy = route.url.host;
  const end = await toEnd(target, kind, signal);
  const talk = { socket, proxy, signal };
  if (kind.version === 4) await askSocks4(talk, end, target.port, route);
  else await askSocks5(talk, end, target.port, route);
}

interface Talk {
  readonly socket: Socket;
  readonly proxy: string;
  readonly signal: AbortSignal;
}

/** What the proxy is told: the name, or an address of it. */
async function toEnd(
  { host, allow }: SocksTarget,
  { version, remoteNames }: { readonly version: number; readonly remoteNames: boolean },
  signal: AbortSignal,
): Promise<string> {
  if (isIP(host) !== 0 || remoteNames) return host;
  const found = await lookup(host, version === 4 ? { family: 4, all: true } : { all: true });
  signal.throwIfAborted();
  const usable = found.find(({ address }) => allow?.(address) ?? true);
  if (usable) return usable.address;
  const message = `${host} leads to an address that is not allowed here.`;
  throw new CountersignError('CS-NET-ADDRESS', message, { facts: { host, secretSent: false } });
}

async function askSocks5(talk: Talk, end: string, port: number, { login }: ProxyRoute): Promise<void> {
  const { socket } = talk;
  socket.write(login ? Uint8Array.of(5, 2, 0, 2) : Uint8Array.of(5, 1, 0));
  const [version, method] = await take(talk, 2);
  if (version !== 5) throw refusal(talk, 'It does not speak SOCKS 5.');
  if (method === 2 && login) {
    socket.write(
      Buffer.concat([Uint8Array.of(1), counted(talk, login.username), counted(talk, login.password.reveal())]),
    );
    const [, status] = await take(talk, 2);
    if (status !== 0) throw refusal(talk, 'It does not accept the login.', loginAdvice);
  } else if (method !== 0) {
    throw refusal(talk, login ? 'It takes none of the logins offered.' : 'It asks for a login.', loginAdvice);
  }
  socket.write(Buffer.concat([Uint8Array.of(5, 1, 0), toAddress(talk, end), toPort(port)]));
  const [, reply = 1, , kind] = await take(talk, 4);
  if (reply !== 0) throw refusal(talk, `It did not connect: ${refusals[reply] ?? `reply ${String(reply)}`}.`);
  const length = kind === 1 ? 4 : kind === 4 ? 16 : ((await take(talk, 1))[0] ?? 0);
  await take(talk, length + 2);
}

async function askSocks4(talk: Talk, end: string, port: number, { login }: ProxyRoute): Promise<void> {
  if (isIPv6(end)) throw refusal(talk, 'SOCKS 4 does not reach IPv6 addresses.', 'Use a SOCKS 5 proxy.');
  const named = isIP(end) === 0;
  // 0.0.0.1 says that a name follows (SOCKS 4A).
  const address = named ? Uint8Array.of(0, 0, 0, 1) : Uint8Array.from(end.split('.').map(Number));
  const zero = Uint8Array.of(0);
  const user = Buffer.from(login?.username ?? '', 'utf8');
  const name = named ? [Buffer.from(end, 'latin1'), zero] : [];
  talk.socket.write(Buffer.concat([Uint8Array.of(4, 1), toPort(port), address, user, zero, ...name]));
  const [, reply] = await take(talk, 8);
  if (reply === 90) return;
  const why = reply === 92 || reply === 93 ? 'It does not accept the user.' : 'It did not connect.';
  throw refusal(talk, why);
}

const loginAdvice = 'Put user and password in the address of the proxy, in the settings of this machine.';

function toAddress(talk: Talk, end: string): Uint8Array {
  const family = isIP(end);
  if (family === 4) return Uint8Array.of(1, ...end.split('.').map(Number));
  if (family === 6) return Uint8Array.of(4, ...toIPv6Bytes(end));
  return Buffer.concat([Uint8Array.of(3), counted(talk, end)]);
}

/** The URL parser gives IPv6 addresses in groups of hex, a run of zeros left out at most once. */
function toIPv6Bytes(address: string): number[] {
  const groups = (part: string): string[] => (part === '' ? [] : part.split(':'));
  const [left = '', right] = new URL(`http://[${address}]`).hostname.slice(1, -1).split('::');
  const before = groups(left);
  const after = groups(right ?? '');
  const zeros = Array<string>(8 - before.length - after.length).fill('0');
  return [...before, ...zeros, ...after].flatMap((group) => {
    const value = parseInt(group, 16);
    return [value >> 8, value & 255];
  });
}

function toPort(port: number): Uint8Array {
  return Uint8Array.of(port >> 8, port & 255);
}

function counted(talk: Talk, text: string): Uint8Array {
  const bytes = Buffer.from(text, 'utf8');
  if (bytes.length > 255) throw refusal(talk, 'SOCKS takes no name and no login longer than 255 bytes.');
  return Buffer.concat([Uint8Array.of(bytes.length), bytes]);
}

function refusal({ proxy }: Talk, why: string, next?: string): CountersignError {
  return new CountersignError('CS-NET-PROXY', `The proxy ${proxy} did not let the request through. ${why}`, {
    ...(next === undefined ? {} : { next }),
    facts: { proxy, secretSent: false },
  });
}

/** Exactly `size` bytes; what follows stays in the socket. */
function take(talk: Talk, size: number): Promise<Buffer> {
  const { socket, signal } = talk;
  return new Promise((resolve, reject) => {
    const finish = (): void => {
      socket.off('readable', onReadable).off('end', onClose).off('close', onClose).off('error', onClose);
      signal.removeEventListener('abort', onAbort);
    };
    const onReadable = (): void => {
      const bytes = socket.read(size) as Buffer | null;
      if (bytes === null) return;
      finish();
      if (bytes.length === size) resolve(bytes);
      else reject(refusal(talk, 'It closed the connection.'));
    };
    const onClose = (): void => {
      finish();
      reject(refusal(talk, 'It closed the connection.'));
    };
    const onAbort = (): void => {
      finish();
      reject(signal.reason as Error);
    };
    if (signal.aborted) {
      onAbort();
      return;
    }
    signal.addEventListener('abort', onAbort, { once: true });
    socket.on('readable', onReadable).on('end', onClose).on('close', onClose).on('error', onClose);
    onReadable();
  });
}
