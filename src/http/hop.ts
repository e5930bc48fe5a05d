/**
 * One request on the wire and the head that came back: connection key, proxy form, phases, silence limits, and the one
 * retry on a fresh connection when a pooled one was already closed. Redirects and bodies are for its callers.
 */
import { CountersignError } from '../errors/countersign-error.ts';
import type { ConnectionFacts, DialTarget } from './connection.ts';
import { toConnectionKey } from './dialer.ts';
import { IdleTimer } from './idle-timer.ts';
import { errorCode, toCancelled, toNetError, toTimeout, type FailurePlace } from './net-errors.ts';
import { plainHost, portOf } from './open-tcp.ts';
import type { Protocol, WireResponse } from './protocols/protocol.ts';
import { toProxyRefusal } from './proxy-tunnel.ts';
import { checkHeader, toRequestHead, type RequestHead } from './request-head.ts';
import { isSocks } from './socks.ts';
import { Stopwatch } from './timings.ts';
import type {
  HeaderPair,
  Hop,
  InterimResponse,
  OutgoingRequest,
  Phase,
  ProxyRoute,
  ResponseHead,
  SendOptions,
} from './types.ts';

const dots = '••••';

export interface HopContext {
  readonly protocol: Protocol;
  readonly options: SendOptions;
  readonly now: () => number;
  readonly why: string;
  readonly stripped: readonly string[];
  onPhase(phase: Phase): void;
}

const ruleIds = new WeakMap<object, number>();
let rules = 0;

function idOf(rule: object): number {
  const known = ruleIds.get(rule) ?? ++rules;
  ruleIds.set(rule, known);
  return known;
}

/** A hop in flight; one per request sent, ended by `close`. */
export class HopRun {
  readonly #request: OutgoingRequest;
  readonly #context: HopContext;
  readonly #watch: Stopwatch;
  readonly #stop = new AbortController();
  readonly #idle: IdleTimer;
  readonly #onAbort: () => void;
  readonly #head: RequestHead;
  #written: readonly HeaderPair[];
  readonly #interim: InterimResponse[] = [];
  #facts: ConnectionFacts = {};
  #route: ProxyRoute | undefined;
  #reused = false;
  #resent = false;
  #bodyBytes = 0;
  #left = false;
  #wire: WireResponse | undefined;

  /** @throws CountersignError CS-HTTP-* when the request cannot be put in HTTP. */
  constructor(request: OutgoingRequest, context: HopContext) {
    this.#head = toRequestHead(request);
    this.#written = this.#head.headers;
    this.#request = request;
    this.#context = context;
    this.#watch = new Stopwatch((phase) => {
      context.onPhase(phase);
    });
    const { signal, timeoutMs } = context.options;
    this.#idle = new IdleTimer(timeoutMs, () => {
      this.#stop.abort(toTimeout(this.#place(), timeoutMs));
    });
    this.#onAbort = () => {
      this.#stop.abort(toCancelled(this.#place(), signal.reason));
    };
    if (signal.aborted) this.#onAbort();
    else signal.addEventListener('abort', this.#onAbort, { once: true });
  }

  /** Aborted with a CountersignError: cancelled, or silent for too long. */
  get signal(): AbortSignal {
    return this.#stop.signal;
  }

  /** True once bytes of the request may have left this machine. */
  get left(): boolean {
    return this.#left;
  }

  /** @throws CountersignError */
  async send(): Promise<WireResponse> {
    try {
      this.#stop.signal.throwIfAborted();
      this.#route = this.#context.options.proxy(this.#request.url);
      const wire = await this.#sendOnce().catch((error: unknown) => {
        if (!this.#maySendAgain(error)) throw error;
        this.#resent = true;
        this.#context.protocol.dropIdle(this.#key());
        return this.#sendOnce();
      });
      this.#wire = wire;
      if (this.#isPlainProxy() && wire.head.status === 407 && this.#route) {
        wire.abort();
        throw toProxyRefusal(this.#route.url.host, 407);
      }
      this.#watch.enter('download');
      return wire;
    } catch (error) {
      throw this.#stop.signal.aborted ? this.#stop.signal.reason : toNetError(error, this.#place());
    }
  }

  touch(): void {
    this.#idle.touch();
  }

  /** No limit on silence until the next touch. */
  pause(): void {
    this.#idle.pause();
  }

  /** Ends timers and listeners, and the clock of the hop. */
  close(): void {
    this.#watch.enter('done');
    this.#idle.stop();
    this.#context.options.signal.removeEventListener('abort', this.#onAbort);
  }

  toHop(): Hop {
    const { url } = this.#request;
    const response: ResponseHead | undefined = this.#wire?.head;
    const { remoteAddress, proxy, tls } = this.#facts;
    return {
      method: this.#head.method,
      url: url.href,
      ...(remoteAddress === undefined ? {} : { remoteAddress }),
      ...(proxy === undefined ? {} : { proxy }),
      headers: [...this.#written, ...this.#proxyHeaders(dots)],
      bodyBytes: this.#bodyBytes,
      ...(this.#interim.length > 0 ? { interim: this.#interim } : {}),
      ...(response ? { response } : {}),
      timings: this.#watch.timings(),
      ...(tls ? { tls } : {}),
      reusedConnection: this.#reused,
      why: this.#context.why,
      ...(this.#resent ? { resent: true } : {}),
      ...(this.#context.stripped.length > 0 ? { stripped: this.#context.stripped } : {}),
    };
  }

  #sendOnce(): Promise<WireResponse> {
    const { protocol, options } = this.#context;
    const address = this.#address();
    const { url, body } = this.#request;
    this.#bodyBytes = 0;
    const authorization = this.#isPlainProxy() ? this.#route?.authorization?.reveal() : undefined;
    if (authorization !== undefined) checkHeader('Proxy-Authorization', authorization);
    const target: DialTarget = {
      key: this.#key(),
      // A plain proxy is dialled in the place of the target; the route tells the dialer.
      url,
      route: this.#route,
      tls: options.tls,
      alpn: ['http/1.1'],
      connectTimeoutMs: options.connectTimeoutMs > 0 ? options.connectTimeoutMs : options.timeoutMs,
      signal: this.#stop.signal,
      watch: this.#watch,
      ...(address === undefined ? {} : { address }),
      ...(options.allowAddress
        ? { allowAddress: (address: string, host: string) => options.allowAddress?.(address, host) ?? true }
        : {}),
    };
    return protocol.send({
      head: this.#head,
      target: this.#isPlainProxy() ? `http://${url.host}${this.#head.target}` : this.#head.target,
      proxyHeaders: this.#proxyHeaders(authorization),
      body,
      // What proves itself to a connection cannot share it with the streams of others.
      version: this.#request.connection === undefined ? this.#request.httpVersion : '1.1',
      connection: target,
      signal: this.#stop.signal,
      onConnection: (facts, reused, written) => {
        this.#written = written ?? this.#head.headers;
        this.#facts = facts;
        this.#reused = reused;
        this.#left = true;
        this.#watch.enter('request');
        this.#idle.touch();
        if (!body) this.#watch.enter('waiting');
      },
      onInterim: (interim) => {
        this.#interim.push(interim);
      },
      onActivity: () => {
        this.#idle.touch();
      },
      onBodyBytes: (bytes) => {
        this.#bodyBytes = bytes;
        if (bytes === this.#head.contentLength) this.#watch.enter('waiting');
      },
    });
  }

  #key(): string {
    const { tls, allowAddress } = this.#context.options;
    const there = toConnectionKey(this.#request.url, this.#route, tls, this.#context.now());
    const address = this.#address();
    const shared = address === undefined ? there : `${there}|at ${address}`;
    const { connection } = this.#request;
    const key = connection === undefined ? shared : `${shared}|own ${connection}`;
    // A connection that another rule let through, or none, has not been judged by this one.
    return allowAddress === undefined ? key : `${key}|rule ${idOf(allowAddress)}`;
  }

  #address(): string | undefined {
    const { url } = this.#request;
    return this.#context.options.addressOf?.(plainHost(url), portOf(url));
  }

  #isPlainProxy(): boolean {
    const { url, httpVersion } = this.#request;
    if (this.#route === undefined || isSocks(this.#route.url)) return false;
    return url.protocol === 'http:' && httpVersion !== '2-prior-knowledge';
  }

  #proxyHeaders(value: string | undefined): HeaderPair[] {
    const has = this.#isPlainProxy() && this.#route?.authorization !== undefined;
    return has && value !== undefined ? [['Proxy-Authorization', value]] : [];
  }

  /** A pooled connection that the peer closed before it answered: the request most likely never arrived. */
  #maySendAgain(error: unknown): boolean {
    if (this.#resent || this.#stop.signal.aborted || error instanceof CountersignError) return false;
    const code = errorCode(error);
    if (code === 'H2_UNSENT') return true;
    if (this.#request.body?.replayable === false) return false;
    // The server says itself that it did nothing with it (RFC 9113 §8.7).
    if (code === 'H2_RST_REFUSED_STREAM' || code === 'H2_RST_HTTP_1_1_REQUIRED') return true;
    if (!this.#reused) return false;
    return code === 'ECONNRESET' || code === 'EPIPE' || code === 'ECONNABORTED';
  }

  #place(): FailurePlace {
    return {
      host: this.#request.url.host,
      phase: this.#watch.phase,
      secretSent: this.#left,
      ...(this.#route ? { proxy: this.#route.url.host } : {}),
    };
  }
}
