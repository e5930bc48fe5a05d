/**
 * Opens one connection: name, TCP (Happy Eyeballs), proxy tunnel, TLS, and the verdict on the certificate, each timed.
 * Nothing of a request is written here. Sockets come from `net.Socket` and a `tls.connect` with its own CA list, which
 * a host that patches node's modules leaves alone. Source: dependencies.md P1, P7; RFC 8305.
 */
import { lookup as systemLookup, type LookupAddress } from 'node:dns';
import { isIP, Socket, type LookupFunction } from 'node:net';
import tls, { type TLSSocket } from 'node:tls';
import type { X509Certificate } from 'node:crypto';
import { CountersignError } from '../errors/countersign-error.ts';
import type { Clock } from '../ports.ts';
import { readPeerChain } from './certificate-info.ts';
import { toNetError, toTimeout, type FailurePlace } from './net-errors.ts';
import { openTunnel } from './proxy-tunnel.ts';
import type { Stopwatch } from './timings.ts';
import { judge, toTlsError } from './tls-judge.ts';
import { SecureContexts, toClientKey, toTrustStore, type TrustStore } from './tls-trust.ts';
import type { ProxyRoute, TlsException, TlsInfo, TlsPolicy } from './types.ts';

/** Where to, how, and for whom: what one hop asks of a connection. */
export interface DialTarget {
  /** Connections with the same key are interchangeable: origin, proxy, trust, client certificate, exception. */
  readonly key: string;
  readonly url: URL;
  readonly route: ProxyRoute | undefined;
  readonly tls: TlsPolicy;
  readonly alpn: readonly string[];
  readonly connectTimeoutMs: number;
  readonly signal: AbortSignal;
  readonly watch: Stopwatch;
  readonly allowAddress?: (address: string, host: string) => boolean;
}

export interface ConnectionFacts {
  readonly remoteAddress?: string;
  readonly proxy?: string;
  readonly tls?: TlsInfo;
}

interface SavedSession {
  readonly session: Buffer;
  readonly chain: readonly X509Certificate[];
  readonly verifyCode: string | undefined;
}

const maxSessions = 128;

export class Dialer {
  readonly #clock: Clock;
  readonly #contexts = new SecureContexts();
  readonly #sessions = new Map<string, SavedSession>();
  readonly #facts = new WeakMap<Socket, ConnectionFacts>();
  readonly #open = new Set<Socket>();

  constructor(clock: Clock) {
    this.#clock = clock;
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
    this.#sessions.clear();
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
        socket = (await this.#secure(socket, route.url, target, ['http/1.1'], signal)).socket;
        opened.push(socket);
      }
      let info: TlsInfo | undefined;
      if (url.protocol === 'https:') {
        if (route) {
          watch.enter('proxy');
          await openTunnel(socket, authorityOf(url), route, signal);
        }
        watch.enter('tls');
        const secured = await this.#secure(socket, url, target, target.alpn, signal);
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

  /** TLS over an open socket, judged; the socket is destroyed by the caller when this throws. */
  async #secure(
    inner: Socket,
    end: URL,
    target: DialTarget,
    alpn: readonly string[],
    signal: AbortSignal,
  ): Promise<{ socket: TLSSocket; info: TlsInfo }> {
    const host = plainHost(end);
    const origin = end.origin;
    const policy = target.tls;
    const store = toTrustStore(policy);
    const client = policy.clientCertificateFor?.(origin);
    const exception = liveException(policy, origin, this.#clock.now());
    const sessionKey = `${origin}|${store.key}|${toClientKey(client)}|${target.route?.url.host ?? ''}|${alpn.join()}`;
    const saved = this.#sessions.get(sessionKey);
    const socket = tls.connect({
      socket: inner,
      ca: [...store.pems],
      secureContext: this.#contexts.get(store, client, host),
      // Judged below, with the whole chain at hand; until then nothing is written.
      rejectUnauthorized: false,
      checkServerIdentity: () => undefined,
      ALPNProtocols: [...alpn],
      ...(isIP(host) === 0 ? { servername: host } : {}),
      ...(saved ? { session: saved.session } : {}),
    });
    socket.on('error', ignore);
    let latest: Buffer | undefined;
    let keep: ((session: Buffer) => void) | undefined;
    socket.on('session', (session) => {
      latest = session;
      keep?.(session);
    });
    try {
      await happened(socket, 'secureConnect', signal);
      const resumed = socket.isSessionReused();
      // A resumed session proves by its key that this is the server of the full handshake; it shows no certificate.
      const chain = resumed && saved ? saved.chain : readPeerChain(socket);
      const verifyCode = resumed && saved ? saved.verifyCode : verifyCodeOf(socket);
      const verdict = judge({ host, chain, verifyCode }, store, exception, this.#clock.now());
      const protocol = socket.getProtocol() ?? 'unknown';
      const cipher = socket.getCipher().standardName;
      if (!verdict.accepted) {
        this.#sessions.delete(sessionKey);
        throw toTlsError(verdict, { host, protocol, cipher, code: verifyCode, origin, trusted: summary(store) });
      }
      keep = (session) => {
        if (this.#sessions.size >= maxSessions) this.#sessions.delete(this.#sessions.keys().next().value as string);
        this.#sessions.set(sessionKey, { session, chain, verifyCode });
      };
      if (latest) keep(latest);
      const keyExchange = describeKeyExchange(socket);
      return {
        socket,
        info: {
          protocol,
          cipher,
          ...(keyExchange === undefined ? {} : { keyExchange }),
          ...(typeof socket.alpnProtocol === 'string' ? { alpn: socket.alpnProtocol } : {}),
          authorized: verdict.problems.length === 0,
          ...(verdict.problems[0] ? { code: verdict.problems[0].code } : {}),
          ...(verdict.exception ? { exception: verdict.exception } : {}),
          chain: verdict.chain,
          ...(verdict.trustedBy === undefined ? {} : { trustedBy: verdict.trustedBy }),
          reused: resumed,
        },
      };
    } catch (error) {
      socket.destroy();
      throw error;
    }
  }
}

/** What makes two connections interchangeable; part of it is the exception in force, so that revoking one counts. */
export function toConnectionKey(url: URL, route: ProxyRoute | undefined, policy: TlsPolicy, now: number): string {
  const parts = [url.origin, route?.url.href ?? 'direct', route?.authorization ? toSecretKey(route) : ''];
  for (const end of [url, route?.url]) {
    if (end?.protocol !== 'https:') continue;
    const exception = liveException(policy, end.origin, now);
    parts.push(
      toTrustStore(policy).key,
      toClientKey(policy.clientCertificateFor?.(end.origin)),
      exception ? `${exception.kind}:${exception.fingerprint256 ?? ''}` : '',
    );
  }
  return parts.join('|');
}

function toSecretKey(route: ProxyRoute): string {
  return toClientKey(route.authorization ? { passphrase: route.authorization } : undefined);
}

function liveException(policy: TlsPolicy, origin: string, now: number): TlsException | undefined {
  const exception = policy.exceptionFor(origin);
  return exception && exception.origin === origin && exception.expires > now ? exception : undefined;
}

async function openTcp(end: URL, target: DialTarget, signal: AbortSignal): Promise<Socket> {
  const { watch, allowAddress } = target;
  const host = plainHost(end);
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
  const port = end.port === '' ? (end.protocol === 'https:' ? 443 : 80) : Number(end.port);
  socket.connect({ host, port, autoSelectFamily: true, lookup });
  try {
    await happened(socket, 'connect', signal);
    return socket;
  } catch (error) {
    socket.destroy();
    throw error;
  }
}

/** Resolves at the event; rejects on an error, on close, or at once when aborted. Leaves no listener behind. */
function happened(socket: Socket, event: 'connect' | 'secureConnect', signal: AbortSignal): Promise<void> {
  return new Promise((resolve, reject) => {
    const finish = (): void => {
      socket.off(event, onEvent).off('error', onError).off('close', onClose);
      signal.removeEventListener('abort', onAbort);
    };
    const onEvent = (): void => {
      finish();
      resolve();
    };
    const onError = (error: Error): void => {
      finish();
      reject(error);
    };
    const onClose = (): void => {
      finish();
      reject(Object.assign(new Error('closed'), { code: 'ECONNRESET' }));
    };
    const onAbort = (): void => {
      finish();
      reject(signal.reason as Error);
    };
    if (signal.aborted) {
      reject(signal.reason as Error);
      return;
    }
    socket.on(event, onEvent).on('error', onError).on('close', onClose);
    signal.addEventListener('abort', onAbort);
  });
}

function verifyCodeOf(socket: TLSSocket): string | undefined {
  if (socket.authorized) return undefined;
  const reason: unknown = socket.authorizationError;
  return typeof reason === 'string' ? reason : ((reason as { code?: string } | null)?.code ?? 'unknown');
}

function describeKeyExchange(socket: TLSSocket): string | undefined {
  const info = socket.getEphemeralKeyInfo() as { type?: string; name?: string; size?: number } | null;
  return info?.name ?? (info?.type === undefined ? undefined : `${info.type} ${String(info.size ?? '')}`.trim());
}

function summary(store: TrustStore): readonly string[] {
  const sources = new Set([...store.extra.values()].map(({ source }) => source));
  return [...(store.key.startsWith('system') ? ['system'] : []), ...sources];
}

function authorityOf(url: URL): string {
  return `${url.hostname}:${url.port === '' ? '443' : url.port}`;
}

function plainHost(url: URL): string {
  return url.hostname.startsWith('[') ? url.hostname.slice(1, -1) : url.hostname;
}

function ignore(): void {
  // Reported through the promise or the request that uses the socket.
}
