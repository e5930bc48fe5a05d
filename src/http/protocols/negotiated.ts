/**
 * Chooses between the protocols for each request: what the person wrote, else what the server agrees to in TLS. Requests
 * to an origin that is not known yet wait for the first one to find out; connections are shared by key only, so never
 * across client certificates, exceptions or proxies. Source: RFC 7301; RFC 9113 §3.
 */
import type { Socket } from 'node:net';
import type { DialTarget } from '../connection.ts';
import type { Dialer } from '../dialer.ts';
import { errorCode } from '../net-errors.ts';
import { createHttp1 } from './http1.ts';
import { Http2Connection } from './http2.ts';
import type { Protocol, WireRequest, WireResponse } from './protocol.ts';

/** Origins remembered as speaking only HTTP/1.1. */
const maxKnown = 512;

export class Negotiated implements Protocol {
  readonly #dialer: Dialer;
  readonly #http1: Protocol;
  readonly #shared = new Map<string, Http2Connection>();
  readonly #all = new Set<Http2Connection>();
  readonly #opening = new Map<string, Promise<Http2Connection | Socket>>();
  readonly #onlyHttp1 = new Set<string>();
  #disposed = false;

  constructor(dialer: Dialer) {
    this.#dialer = dialer;
    this.#http1 = createHttp1(dialer);
  }

  async send(request: WireRequest): Promise<WireResponse> {
    const { version, connection, signal } = request;
    const asked = version === '2-prior-knowledge';
    const offered = asked || (connection.url.protocol === 'https:' && version !== '1.0' && version !== '1.1');
    if (!offered) return this.#http1.send(request);
    const key = asked ? `${connection.key}|h2` : connection.key;
    for (;;) {
      signal.throwIfAborted();
      if (this.#onlyHttp1.has(key)) return this.#http1.send(request);
      const shared = this.#shared.get(key);
      if (shared?.usable === true) return this.#sendShared(shared, request, true);
      const opening = this.#opening.get(key);
      if (!opening) return this.#first(key, request, asked);
      await this.#opened(opening, signal);
    }
  }

  dropIdle(key: string): void {
    this.#http1.dropIdle(key);
  }

  dispose(): void {
    this.#disposed = true;
    this.#http1.dispose();
    for (const each of this.#all) each.destroy();
  }

  /** Opens the connection, and tells those who wait for the same what it speaks. */
  async #first(key: string, request: WireRequest, asked: boolean): Promise<WireResponse> {
    const opening = this.#open(key, request.connection, asked);
    this.#opening.set(key, opening);
    let opened: Http2Connection | Socket;
    try {
      opened = await opening;
    } finally {
      this.#opening.delete(key);
    }
    if (opened instanceof Http2Connection) return this.#sendShared(opened, request, false);
    let socket: Socket | undefined = opened;
    const takeOpened = (): Socket | undefined => {
      const taken = socket;
      socket = undefined;
      return taken;
    };
    try {
      return await this.#http1.send({ ...request, connection: { ...request.connection, takeOpened } });
    } finally {
      // Another connection was free by then.
      takeOpened()?.destroy();
    }
  }

  async #open(key: string, target: DialTarget, asked: boolean): Promise<Http2Connection | Socket> {
    const socket = await this.#dialer.dial({
      ...target,
      alpn: asked ? ['h2'] : ['h2', 'http/1.1'],
      tunnel: asked || target.tunnel === true,
    });
    const facts = this.#dialer.factsOf(socket);
    if (!asked && facts.tls?.alpn !== 'h2') {
      if (this.#onlyHttp1.size >= maxKnown) this.#onlyHttp1.clear();
      this.#onlyHttp1.add(key);
      return socket;
    }
    const connection = await Http2Connection.open(socket, target.url.origin, facts, (ended) => {
      if (this.#shared.get(key) === ended) this.#shared.delete(key);
      if (!ended.alive) this.#all.delete(ended);
    });
    if (this.#disposed) connection.destroy();
    this.#all.add(connection);
    this.#shared.set(key, connection);
    return connection;
  }

  async #sendShared(shared: Http2Connection, request: WireRequest, reused: boolean): Promise<WireResponse> {
    try {
      return await shared.send(request, reused);
    } catch (error) {
      // The server wants this in HTTP/1.1 (RFC 9113 §7): the next try speaks it.
      if (errorCode(error) === 'H2_RST_HTTP_1_1_REQUIRED') this.#onlyHttp1.add(request.connection.key);
      throw error;
    }
  }

  /** The end of somebody else's attempt: its failure is ours too, unless it was that one's own hurry. */
  async #opened(opening: Promise<unknown>, signal: AbortSignal): Promise<void> {
    await new Promise<void>((resolve, reject) => {
      const onAbort = (): void => {
        reject(signal.reason as Error);
      };
      signal.addEventListener('abort', onAbort, { once: true });
      opening
        .then(
          () => {
            resolve();
          },
          (error: unknown) => {
            if (/^CS-NET-(CANCELLED|TIMEOUT)$/.test(errorCode(error))) resolve();
            else reject(error instanceof Error ? error : new Error('not opened', { cause: error }));
          },
        )
        .finally(() => {
          signal.removeEventListener('abort', onAbort);
        });
    });
  }
}
