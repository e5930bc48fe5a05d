/**
 * One stream of HTTP/2 as a request and its answer: interim answers, head, a body that keeps what arrived when the
 * stream breaks off, trailers. Flow control reaches the server: what is not read is not asked for. Source: RFC 9113 §8.
 */
import type { ClientHttp2Stream } from 'node:http2';
import { Readable } from 'node:stream';
import { CountersignError } from '../../errors/countersign-error.ts';
import { errorCode } from '../net-errors.ts';
import type { HeaderPair } from '../types.ts';
import type { WireRequest, WireResponse } from './protocol.ts';
import { toPairs } from './raw-headers.ts';
import { continueWaitMs, writeBody } from './write-body.ts';

const maxInformational = 100;

interface SessionEnd {
  /** What the end of the stream means. @param rstCode of the stream @param error node's, if it gave one */
  fault(rstCode: number | undefined, error: unknown): Error;
  /** The server fell silent: nobody else should wait on this connection. */
  retire(): void;
  readonly cancelCode: number;
}

export class Http2Exchange {
  /** Rejects when the stream ends without a final answer. */
  readonly head: Promise<WireResponse>;
  readonly #stream: ClientHttp2Stream;
  readonly #wire: WireRequest;
  readonly #session: SessionEnd;
  readonly #body: Readable;
  #answer!: (response: WireResponse) => void;
  #refuse!: (error: Error) => void;
  #answered = false;
  #complete = false;
  #ended = false;
  #cutUpload = false;
  #failure: unknown;
  #trailers: HeaderPair[] = [];
  #informational = 0;
  #announced: number | undefined;
  #received = 0;
  #release: (() => void) | undefined;
  readonly #onAbort: () => void;

  constructor(stream: ClientHttp2Stream, wire: WireRequest, session: SessionEnd) {
    this.#stream = stream;
    this.#wire = wire;
    this.#session = session;
    this.head = new Promise((resolve, reject) => {
      this.#answer = resolve;
      this.#refuse = reject;
    });
    this.#body = new Readable({
      highWaterMark: 256 * 1024,
      read: () => {
        stream.resume();
      },
      destroy: (error, done) => {
        this.#reset();
        done(error);
      },
    });
    this.#onAbort = () => {
      const reason = wire.signal.reason as Error;
      if ((reason as { code?: string }).code === 'CS-NET-TIMEOUT') session.retire();
      this.#fail(reason);
      this.#reset();
    };
    this.#listen();
    if (wire.signal.aborted) this.#onAbort();
    else wire.signal.addEventListener('abort', this.#onAbort, { once: true });
    if (wire.body) this.#upload();
  }

  #listen(): void {
    const stream = this.#stream;
    stream.on('headers', (headers, _flags, raw?: readonly string[]) => {
      this.#wire.onActivity();
      this.#wire.onInterim?.({ status: Number(headers[':status']), headers: toPairs(raw ?? []) });
      if (++this.#informational <= maxInformational) return;
      const { host } = this.#wire.connection.url;
      const message = `${host} sent more than ${String(maxInformational)} interim responses and no answer.`;
      this.#fail(new CountersignError('CS-HTTP-INFORMATIONAL', message));
      this.#reset();
    });
    stream.on('continue', () => this.#release?.());
    stream.on('response', (headers, _flags, raw?: readonly string[]) => {
      this.#onResponse(Number(headers[':status']), toPairs(raw ?? []));
    });
    stream.on('trailers', (_headers, _flags, raw?: readonly string[]) => {
      this.#trailers = toPairs(raw ?? []);
    });
    stream.on('data', (chunk: Buffer) => {
      this.#take(chunk);
    });
    stream.once('end', () => {
      this.#ended = true;
      if (stream.closed || stream.writableEnded) return;
      // The answer is whole; a body that is still going out is of no use to anybody.
      this.#cutUpload = true;
      this.#reset();
    });
    stream.once('error', (error) => {
      this.#failure ??= error;
    });
    stream.once('close', () => {
      this.#finish();
    });
  }

  #onResponse(status: number, headers: readonly HeaderPair[]): void {
    this.#answered = true;
    this.#release?.();
    const length = headers.find(([name]) => name === 'content-length')?.[1];
    if (length !== undefined && /^\d+$/.test(length) && this.#wire.head.method !== 'HEAD' && status !== 304) {
      this.#announced = Number(length);
    }
    this.#answer({
      head: { status, statusText: '', httpVersion: '2', headers },
      body: this.#body,
      takeLeftovers: () => [],
      trailers: () => this.#trailers,
      isComplete: () => this.#complete,
      failure: () => this.#failure,
      abort: () => {
        this.#reset();
      },
    });
  }

  #take(chunk: Buffer): void {
    this.#received += chunk.length;
    if (!this.#body.destroyed && !this.#body.push(chunk)) this.#stream.pause();
  }

  /** The stream is over: what it still holds goes first, then the end, whole or not. */
  #finish(): void {
    const stream = this.#stream;
    this.#wire.signal.removeEventListener('abort', this.#onAbort);
    this.#release?.();
    if (this.#complete) return;
    for (let chunk = stream.read() as Buffer | null; chunk !== null; chunk = stream.read() as Buffer | null) {
      this.#take(chunk);
    }
    const orderly = this.#ended && (this.#cutUpload || (stream.rstCode === 0 && !stream.aborted));
    this.#complete = this.#answered && orderly && (this.#announced ?? this.#received) === this.#received;
    if (!this.#complete) {
      const own = this.#failure instanceof CountersignError;
      this.#failure = own ? this.#failure : this.#session.fault(stream.rstCode, this.#failure);
      if (!this.#answered) this.#refuse(this.#failure as Error);
    }
    if (!this.#body.destroyed && !this.#body.readableEnded) this.#body.push(null);
  }

  #fail(error: Error): void {
    this.#failure ??= error;
    this.#release?.();
    if (!this.#answered) this.#refuse(error);
  }

  #reset(): void {
    if (!this.#stream.destroyed && !this.#stream.closed) this.#stream.close(this.#session.cancelCode);
  }

  #upload(): void {
    const { head } = this.#wire;
    const permitted = head.expectContinue
      ? new Promise<void>((go) => {
          const timer = setTimeout(go, continueWaitMs);
          this.#release = () => {
            clearTimeout(timer);
            go();
          };
        })
      : Promise.resolve();
    permitted
      .then(() => {
        if (head.expectContinue && this.#answered) return undefined;
        return writeBody(
          this.#stream,
          this.#wire,
          () => this.#ended || this.#failure !== undefined,
          (wake) => (this.#release = wake),
        );
      })
      .catch((error: unknown) => {
        // What the stream itself reports comes with its close.
        if (errorCode(error).startsWith('ERR_')) return;
        this.#fail(error as Error);
        this.#reset();
      });
  }
}
