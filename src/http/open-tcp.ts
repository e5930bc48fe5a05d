/**
 * Name and TCP of one connection: looks the host up once, judges each address by the caller's rule, and connects with
 * Happy Eyeballs to one of those that were judged. Source: RFC 8305; auth.md A04.
 */
import { lookup as systemLookup, type LookupAddress } from 'node:dns';
import { isIP, Socket, type LookupFunction } from 'node:net';
import { CountersignError } from '../errors/countersign-error.ts';
import type { DialTarget } from './connection.ts';
import { happened, ignore } from './socket-events.ts';
import { isSocks, socksPort } from './socks.ts';

/** @param end the machine to connect to: the target's or the proxy's. */
export async function openTcp(end: URL, target: DialTarget, signal: AbortSignal): Promise<Socket> {
  const { watch, allowAddress } = target;
  // A proxy is found by its own name.
  const host = (target.route ? undefined : target.address) ?? plainHost(end);
  const refuse = (): CountersignError =>
    new CountersignError('CS-NET-ADDRESS', `${host} leads to an address that is not allowed here.`, {
      facts: { host, secretSent: false },
    });
  // With a proxy the address of the target is not known here; the rule is for the target, not for the proxy.
  const allow = target.route ? undefined : allowAddress;
  if (isIP(host) !== 0 && allow?.(host, host) === false) throw refuse();
  watch.enter(isIP(host) === 0 ? 'dns' : 'connect');
  const lookup: LookupFunction = (name, options, callback) => {
    systemLookup(name, { ...options, all: true }, (error, found: LookupAddress[]) => {
      if (error) {
        callback(error, []);
        return;
      }
      const usable = allow ? found.filter(({ address }) => allow(address, host)) : found;
      const [first] = usable;
      if (!first) {
        callback(refuse(), []);
        return;
      }
      watch.enter('connect');
      if (options.all === true) callback(null, usable);
      else callback(null, first.address, first.family);
    });
  };
  const socket = new Socket();
  socket.on('error', ignore);
  socket.setNoDelay(true);
  const port = portOf(end);
  socket.connect({ host, port, autoSelectFamily: true, lookup });
  try {
    await happened(socket, 'connect', signal);
    return socket;
  } catch (error) {
    socket.destroy();
    throw error;
  }
}

/** The port of a URL, or the usual one of its scheme. */
export function portOf(url: URL): number {
  if (url.port !== '') return Number(url.port);
  if (isSocks(url)) return socksPort;
  return url.protocol === 'https:' ? 443 : 80;
}

/** The host of a URL, an IPv6 address without its brackets. */
export function plainHost(url: URL): string {
  return url.hostname.startsWith('[') ? url.hostname.slice(1, -1) : url.hostname;
}
