/**
 * HTTP/2 over a connection of the dialer: one session, many requests. It holds back what the server does not take yet,
 * resets single streams, and says when the session takes no more. `node:http2` is loaded with the first session.
 * Source: RFC 9113; dependencies.md P1.
 */
import type { ClientHttp2Session, ClientHttp2Stream, SecureClientSessionOptions } from 'node:http2';
import type { Socket } from 'node:net';
import type { ConnectionFacts } from '../connection.ts';
import { CountersignError } from '../../errors/countersign-error.ts';
import { Http2Exchange } from './http2-exchange.ts';
import type { WireRequest, WireResponse } from './protocol.ts';
import { neverIndexed, repeatedField, toHttp2Fields, toHttp2Headers } from './raw-headers.ts';

type Http2 = typeof import('node:http2');

const idleMs = 5000;
const window = 1024 * 1024;
const connectionWindow = 16 * window;
/** Node's own limit is 128 lines, fewer than some servers send. */
const maxHeadLines = 10_000;
const maxHeadBytes = 256 * 1024;

interface Waiting {
  start(): void;
}

export class Http2Connection {
  readonly #http2: Http2;
  readonly #session: ClientHttp2Session;
  readonly #facts: ConnectionFacts;
  readonly #onEnd: (ended: Http2Connection) => void;
  readonly #waiting = new Set<Waiting>();
  #active = 0;
  #heard = false;
  #goaway: number | undefined;
  #retired = false;
  #idle: NodeJS.Timeout | undefined;

  /** @param onEnd the session takes no more requests */
  static async open(
    socket: Socket,
    origin: string,
    facts: ConnectionFacts,
    onEnd: (ended: Http2Connection) => void,
  ): Promise<Http2Connection> {
    return new Http2Connection(await import('node:http2'), socket, origin, facts, onEnd);
  }

  private constructor(
    http2: Http2,
    socket: Socket,
    origin: string,
    facts: ConnectionFacts,
    onEnd: (ended: Http2Connection) => void,
  ) {
    this.#http2 = http2;
    this.#facts = facts;
    this.#onEnd = onEnd;
    const options: SecureClientSessionOptions & { maxHeaderListPairs: number } = {
      createConnection: () => socket,
      settings: { enablePush: false, initialWindowSize: window, maxHeaderListSize: maxHeadBytes },
      maxHeaderListPairs: maxHeadLines,
      maxSendHeaderBlockLength: 1024 * 1024,
      maxSessionMemory: 128,
    };
    const session = http2.connect(origin, options);
    this.#session = session;
    session.setLocalWindowSize(connectionWindow);
    session.on('remoteSettings', () => {
      this.#heard = true;
      this.#startWaiting();
    });
    session.on('goaway', (code: number) => {
      this.#goaway = code;
      this.retire();
    });
    // Each stream tells of it in its own words.
    session.on('error', () => undefined);
    session.once('close', () => {
      this.#retired = true;
      clearTimeout(this.#idle);
      socket.destroy();
      onEnd(this);
      this.#startWaiting();
    });
  }

  /** True while another request may begin here. */
  get usable(): boolean {
    return !this.#retired && !this.#session.closed && !this.#session.destroyed;
  }

  /** Takes no more requests; those under way go on. */
  retire(): void {
    if (this.#retired) return;
    this.#retired = true;
    this.#onEnd(this);
    this.#startWaiting();
    if (this.#active === 0) this.#session.close();
  }

  /** False once nothing of it is left. */
  get alive(): boolean {
    return !this.#session.destroyed;
  }

  destroy(): void {
    this.#session.destroy();
  }

  /** @param reused false for the request that the connection was made for */
  async send(request: WireRequest, reused: boolean): Promise<WireResponse> {
    clearTimeout(this.#idle);
    this.#session.ref();
    await this.#turn(request.signal);
    const leave = this.#enter();
    try {
      const fields = toHttp2Fields(request.head);
      const stream = this.#open(request, fields);
      const exchange = new Http2Exchange(stream, request, {
        fault: (rstCode, error) => this.#toFault(rstCode, error),
        retire: () => {
          this.retire();
        },
        cancelCode: this.#http2.constants.NGHTTP2_CANCEL,
      });
      stream.once('close', leave);
      request.onConnection(this.#facts, reused, fields);
      return await exchange.head;
    } catch (error) {
      leave();
      throw error;
    }
  }

  #open(request: WireRequest, fields: ReturnType<typeof toHttp2Fields>): ClientHttp2Stream {
    const { url } = request.connection;
    const pseudo = { scheme: url.protocol.slice(0, -1), host: url.host };
    const headers = toHttp2Headers(request.head, pseudo, fields);
    try {
      return this.#session.request(
        { ...headers, [this.#http2.sensitiveHeaders]: neverIndexed(fields) },
        { endStream: request.body === undefined },
      );
    } catch (error) {
      const code = (error as { code?: string }).code ?? '';
      if (code === 'ERR_HTTP2_HEADER_SINGLE_VALUE') throw repeatedField(error);
      if (/INVALID_SESSION|GOAWAY_SESSION|SESSION_CLOSED/.test(code)) throw this.#toFault(undefined, error);
      throw error;
    }
  }

  /** Waits until the server takes one more stream. Until it said how many, it gets one. */
  async #turn(signal: AbortSignal): Promise<void> {
    while (this.usable && this.#active >= this.#limit()) {
      await new Promise<void>((resolve, reject) => {
        const waiting: Waiting = {
          start: () => {
            this.#waiting.delete(waiting);
            signal.removeEventListener('abort', onAbort);
            resolve();
          },
        };
        const onAbort = (): void => {
          this.#waiting.delete(waiting);
          reject(signal.reason as Error);
        };
        if (signal.aborted) {
          onAbort();
          return;
        }
        signal.addEventListener('abort', onAbort, { once: true });
        this.#waiting.add(waiting);
      });
    }
    if (!this.usable) throw unsent();
  }

  #limit(): number {
    return this.#heard ? (this.#session.remoteSettings.maxConcurrentStreams ?? 100) : 1;
  }

  #startWaiting(): void {
    for (const waiting of [...this.#waiting]) waiting.start();
  }

  #enter(): () => void {
    this.#active++;
    let left = false;
    return () => {
      if (left) return;
      left = true;
      this.#active--;
      const [next] = this.#waiting;
      next?.start();
      if (this.#active > 0 || next) return;
      if (this.#retired) {
        this.#session.close();
        return;
      }
      if (this.#session.destroyed) return;
      this.#session.unref();
      clearTimeout(this.#idle);
      this.#idle = setTimeout(() => {
        this.retire();
      }, idleMs).unref();
    };
  }

  /** Node's account of a stream's end as a code that `toNetError` has words for. */
  #toFault(rstCode: number | undefined, cause: unknown): Error {
    const code = (cause as { code?: string } | undefined)?.code ?? '';
    const { syscall } = (cause ?? {}) as { syscall?: string };
    const named = (prefix: string, number: number): Error =>
      Object.assign(new Error('ended'), {
        code: `${prefix}${errorNames[number] ?? `0x${number.toString(16)}`}`,
        cause,
      });
    if (cause instanceof CountersignError) return cause;
    // Who speaks it begins with its settings; over TLS it was agreed to before.
    if (!this.#heard && this.#facts.tls === undefined) {
      return Object.assign(new Error('no settings'), { code: 'H2_NOT_SPOKEN', cause });
    }
    if (syscall !== undefined || code.startsWith('ERR_SSL')) return cause as Error;
    if (this.#goaway !== undefined && this.#goaway !== 0 && code !== 'ERR_HTTP2_STREAM_ERROR') {
      return named('H2_GOAWAY_', this.#goaway);
    }
    if (code === 'ERR_HTTP2_ERROR' || code === 'ERR_HTTP2_SESSION_ERROR') return named('H2_BROKEN_', 1);
    if (rstCode !== undefined && rstCode !== 0 && !(this.#session.destroyed && code === '')) {
      return named('H2_RST_', rstCode);
    }
    return Object.assign(new Error('closed'), { code: 'ECONNRESET', cause });
  }
}

/** By number, RFC 9113 §7. */
const errorNames = [
  'NO_ERROR',
  'PROTOCOL_ERROR',
  'INTERNAL_ERROR',
  'FLOW_CONTROL_ERROR',
  'SETTINGS_TIMEOUT',
  'STREAM_CLOSED',
  'FRAME_SIZE_ERROR',
  'REFUSED_STREAM',
  'CANCEL',
  'COMPRESSION_ERROR',
  'CONNECT_ERROR',
  'ENHANCE_YOUR_CALM',
  'INADEQUATE_SECURITY',
  'HTTP_1_1_REQUIRED',
] as const;

/** The session ended before the request was written: it may go elsewhere. */
function unsent(): Error {
  return Object.assign(new Error('the session takes no more requests'), { code: 'H2_UNSENT' });
}
