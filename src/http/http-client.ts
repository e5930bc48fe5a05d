/**
 * The engine: sends a request hop by hop under the policies it is given and yields the exchange. It decides on
 * redirects; on credentials only what may not go along. One pool of connections and one spool folder a client.
 * Source: house.md §4; auth.md §1.3.
 */
import { join } from 'node:path';
import { CountersignError, isCountersignError } from '../errors/countersign-error.ts';
import type { Clock } from '../ports.ts';
import { BodySpool } from './body-spool.ts';
import { Dialer } from './dialer.ts';
import { HopRun } from './hop.ts';
import { toCancelled } from './net-errors.ts';
import type { WireResponse } from './protocols/protocol.ts';
import { Negotiated } from './protocols/negotiated.ts';
import { receiveBody } from './receive-body.ts';
import { carriesCredential, toRedirect, type Redirect } from './redirects.ts';
import { SpoolDirectory } from './spool-directory.ts';
import { sumTimings } from './timings.ts';
import type { Exchange, Hop, HttpClient, OutgoingRequest, SendOptions } from './types.ts';

export interface HttpClientOptions {
  /** Folder for bodies that outgrow memory; made at need. */
  readonly spoolDir: string;
  readonly clock: Clock;
  /** A body up to this many bytes stays in memory. */
  readonly memoryLimitBytes?: number;
}

/** Bodies of redirects are read to keep the connection, up to here. */
const drainLimit = 64 * 1024;

export function createHttpClient(options: HttpClientOptions): HttpClient {
  const dialer = new Dialer(options.clock);
  const protocol = new Negotiated(dialer);
  const directory = new SpoolDirectory(join(options.spoolDir));
  const memoryLimitBytes = options.memoryLimitBytes ?? 4 * 1024 * 1024;
  const now = (): number => options.clock.now();
  const running = new Set<AbortController>();
  // Out here: a body may be kept for long, and must not hold the request and its socket.
  const spoolOptions = { memoryLimitBytes, createFile: () => directory.create() };

  const send = async (request: OutgoingRequest, sendOptions: SendOptions): Promise<Exchange> => {
    const startedAt = performance.now();
    const stop = new AbortController();
    const { signal } = stop;
    const onAbort = (): void => {
      stop.abort(sendOptions.signal.reason);
    };
    if (sendOptions.signal.aborted) onAbort();
    else sendOptions.signal.addEventListener('abort', onAbort, { once: true });
    running.add(stop);
    const inside: SendOptions = { ...sendOptions, signal };
    const hops: Hop[] = [];
    let base = request;
    let step: Pick<Redirect, 'crossOrigin' | 'why' | 'stripped'> = { crossOrigin: false, why: 'first', stripped: [] };
    let downgrade = false;
    let left = false;
    try {
      for (;;) {
        signal.throwIfAborted();
        const prepared = await untilAborted(
          sendOptions.prepareHop(base, { index: hops.length, crossOrigin: step.crossOrigin, why: step.why }),
          signal,
        );
        if (downgrade && carriesCredential(prepared)) throw downgradeError(hops.at(-1)?.url);
        const run = new HopRun(prepared, {
          protocol,
          options: inside,
          now,
          why: step.why,
          stripped: step.stripped,
          onPhase: (phase) => sendOptions.onPhase?.(phase, performance.now() - startedAt),
        });
        const close = (): Hop => {
          run.close();
          const hop = run.toHop();
          hops.push(hop);
          sendOptions.onHop?.(hop);
          return hop;
        };
        let wire: WireResponse;
        try {
          wire = await run.send();
          left ||= run.left;
        } catch (error) {
          left ||= run.left;
          close();
          throw error;
        }
        sendOptions.onHead?.(wire.head, hops.length);
        let next: Redirect | undefined;
        let declined: string | undefined;
        try {
          next = sendOptions.followRedirects ? toRedirect({ ...base, url: prepared.url }, wire.head) : undefined;
          if (next && hops.length >= sendOptions.maxRedirects)
            throw tooManyRedirects(prepared.url, sendOptions.maxRedirects);
          if (next?.downgrade === true && carriesCredential(prepared)) throw downgradeError(prepared.url.href);
          if (next?.request.body && next.request.url.origin !== prepared.url.origin) {
            run.pause();
            const ask = sendOptions.confirmCrossOriginBody?.(prepared.url, next.request.url) ?? Promise.resolve(false);
            if (!(await untilAborted(ask, signal))) {
              declined = next.request.url.href;
              next = undefined;
            }
          }
        } catch (error) {
          wire.abort();
          close();
          throw error;
        }
        if (next) {
          await drain(wire);
          close();
          base = next.request;
          ({ downgrade } = next);
          step = next;
          continue;
        }
        const spool = new BodySpool(spoolOptions);
        sendOptions.onBodyStart?.(spool);
        run.touch();
        const bodyError = await receiveBody(wire, spool, {
          host: prepared.url.host,
          method: prepared.method,
          maxDecodedBytes: sendOptions.maxDecodedBytes,
          signal: run.signal,
          onActivity: () => {
            run.touch();
          },
          ...(sendOptions.onBody ? { onBody: (progress) => sendOptions.onBody?.(progress) } : {}),
        });
        const last = close();
        return {
          hops,
          response: wire.head,
          body: spool,
          ...(wire.trailers().length > 0 ? { trailers: wire.trailers() } : {}),
          ...(last.tls ? { tls: last.tls } : {}),
          timings: sumTimings(
            hops.map(({ timings }) => timings),
            performance.now() - startedAt,
          ),
          ...(bodyError ? { bodyError } : {}),
          ...(declined === undefined ? {} : { redirectDeclined: { to: declined } }),
        };
      }
    } catch (error) {
      if (signal.aborted && error === signal.reason) {
        throw toCancelled({ host: base.url.host, phase: 'queued', secretSent: left }, error);
      }
      // Anything else that is not ours comes from a caller's own function.
      throw isCountersignError(error) ? withSecretSent(error, left) : error;
    } finally {
      sendOptions.signal.removeEventListener('abort', onAbort);
      running.delete(stop);
    }
  };

  return {
    send,
    dispose: async () => {
      for (const stop of running) stop.abort();
      protocol.dispose();
      dialer.dispose();
      await directory.dispose();
    },
  };
}

/** A failure of a later hop did not keep an earlier one from sending. */
function withSecretSent(error: CountersignError, left: boolean): CountersignError {
  if (!left || error.facts['secretSent'] === true) return error;
  return new CountersignError(error.code, error.message, {
    next: error.next,
    cause: error.cause,
    ...(error.place ? { place: error.place } : {}),
    facts: { ...error.facts, secretSent: true },
  });
}

function untilAborted<T>(work: Promise<T>, signal: AbortSignal): Promise<T> {
  return new Promise((resolve, reject) => {
    const onAbort = (): void => {
      reject(signal.reason as Error);
    };
    if (signal.aborted) onAbort();
    signal.addEventListener('abort', onAbort, { once: true });
    work.then(resolve, reject).finally(() => {
      signal.removeEventListener('abort', onAbort);
    });
  });
}

/** Reads a small body to its end, so that the connection can be used again; a larger one costs the connection. */
function drain(wire: WireResponse): Promise<void> {
  return new Promise((resolve) => {
    let bytes = 0;
    wire.body.on('data', (chunk: Buffer) => {
      bytes += chunk.length;
      if (bytes > drainLimit) wire.abort();
    });
    wire.body.once('close', resolve);
    if (wire.body.destroyed) resolve();
  });
}

function tooManyRedirects(url: URL, limit: number): CountersignError {
  return new CountersignError('CS-HTTP-REDIRECTS', `${url.host} redirects more than ${String(limit)} times.`, {
    facts: { host: url.host, limit },
  });
}

function downgradeError(from: string | undefined): CountersignError {
  const host = from === undefined ? 'The server' : new URL(from).host;
  return new CountersignError(
    'CS-HTTP-DOWNGRADE',
    `${host} redirects from https to http, and the request carries a credential.`,
    { facts: { host } },
  );
}
