/**
 * Opens one connection: name, TCP (Happy Eyeballs), proxy tunnel, TLS, and the verdict on the certificate, each timed.
 * Nothing of a request is written here. Source: dependencies.md P1, P7; RFC 8305.
 */
import type { Socket } from 'node:net';
import type { Clock } from '../ports.ts';
import { toNetError, toTimeout, type FailurePlace } from './net-errors.ts';
import { openTcp, plainHost, portOf } from './open-tcp.ts';
import { openTunnel } from './proxy-tunnel.ts';
import { isSocks, openSocks } from './socks.ts';
import { liveException, TlsConnector } from './tls-connector.ts';
import { toClientKey, toTrustStore } from './tls-trust.ts';
import type { ConnectionFacts, DialTarget } from './connection.ts';
import type { ProxyRoute, TlsInfo, TlsPolicy } from './types.ts';

export class Dialer {
  readonly #tls: TlsConnector;
  readonly #facts = new WeakMap<Socket, ConnectionFacts>();
  readonly #open = new Set<Socket>();

  constructor(clock: Clock) {
    this.#tls = new TlsConnector(clock);
  }

  /** What is known of a connection that `dial` made. */
  factsOf(socket: Socket): ConnectionFacts {
    return this.#facts.get(socket) ?? {};
  }

  /** @throws CountersignError CS-NET-*, CS-TLS-* */
  async dial(target: DialTarget): Promise<Socket> {
    const stop = new AbortController();
    const { signal, watch, connectTimeoutMs: limit } = target;
    const onAbort = (): void => {
      stop.abort(signal.reason);
    };
    const place = (): FailurePlace => ({
      host: target.url.host,
      phase: watch.phase,
      secretSent: false,
      ...(target.route ? { proxy: target.route.url.host } : {}),
    });
    if (signal.aborted) throw signal.reason;
    signal.addEventListener('abort', onAbort, { once: true });
    const timer =
      limit > 0
        ? setTimeout(() => {
            stop.abort(toTimeout(place(), limit));
          }, limit)
        : undefined;
    try {
      return await this.#connect(target, stop.signal);
    } catch (error) {
      throw stop.signal.aborted ? stop.signal.reason : toNetError(error, place());
    } finally {
      clearTimeout(timer);
      signal.removeEventListener('abort', onAbort);
    }
  }

  /** Closes every connection at once. */
  dispose(): void {
    for (const socket of this.#open) socket.destroy();
    this.#tls.forget();
  }

  async #connect(target: DialTarget, signal: AbortSignal): Promise<Socket> {
    const { url, route, watch } = target;
    const opened: Socket[] = [];
    try {
      const end = route?.url ?? url;
      const tcp = await openTcp(end, target, signal);
      opened.push(tcp);
      let socket: Socket = tcp;
      if (route?.url.protocol === 'https:') {
        watch.enter('proxy');
        socket = (await this.#tls.secure(socket, route.url, target, ['http/1.1'], signal)).socket;
        opened.push(socket);
      }
      let info: TlsInfo | undefined;
      const secure = url.protocol === 'https:';
      if (route && isSocks(route.url)) {
        watch.enter('proxy');
        const { allowAddress } = target;
        const host = plainHost(url);
        const allow = allowAddress && ((address: string) => allowAddress(address, host));
        await openSocks(tcp, { host, port: portOf(url), allow }, route, signal);
      } else if (route && (secure || target.tunnel === true)) {
        watch.enter('proxy');
        await openTunnel(socket, authorityOf(url), route, signal, !secure);
      }
      if (secure) {
        watch.enter('tls');
        const secured = await this.#tls.secure(socket, url, target, target.alpn, signal);
        socket = secured.socket;
        opened.push(socket);
        info = secured.info;
      }
      this.#remember(socket, tcp, route, info);
      return socket;
    } catch (error) {
      for (const socket of opened.reverse()) socket.destroy();
      throw error;
    }
  }

  #remember(socket: Socket, tcp: Socket, route: ProxyRoute | undefined, info: TlsInfo | undefined): void {
    this.#open.add(socket);
    socket.once('close', () => {
      this.#open.delete(socket);
      if (tcp !== socket) tcp.destroy();
    });
    this.#facts.set(socket, {
      ...(tcp.remoteAddress === undefined ? {} : { remoteAddress: tcp.remoteAddress }),
      ...(route ? { proxy: `${route.url.protocol}//${route.url.host}` } : {}),
      ...(info ? { tls: info } : {}),
    });
  }
}

/** What makes two connections interchangeable; part of it is the exception in force, so that revoking one counts. */
export function toConnectionKey(url: URL, route: ProxyRoute | undefined, policy: TlsPolicy, now: number): string {
  const parts = [url.origin, route?.url.href ?? 'direct', route ? toSecretKey(route) : ''];
  for (const end of [url, route?.url]) {
    if (end?.protocol !== 'https:') continue;
    const exception = liveException(policy, end.origin, now);
    parts.push(
      toTrustStore(policy).key,
      policy.minVersion ?? '',
      toClientKey(policy.clientCertificateFor?.(end.origin)),
      exception ? `${exception.kind}:${exception.fingerprint256 ?? ''}` : '',
    );
  }
  return parts.join('|');
}

function toSecretKey(route: ProxyRoute): string {
  const { authorization, login } = route;
  const passphrase = authorization ?? login?.password;
  return `${login?.username ?? ''}|${toClientKey(passphrase ? { passphrase } : undefined)}`;
}

function authorityOf(url: URL): string {
  return `${url.hostname}:${String(portOf(url))}`;
}
