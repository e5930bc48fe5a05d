/**
 * Moves a response body from the wire through its decoder into a spool: counts, caps, holds back, and says in our words
 * why a body broke off. It never throws for what a server did: what arrived stays. Source: RFC 9112 §6, §8.
 */
import { CountersignError } from '../errors/countersign-error.ts';
import { tooLarge } from './body-errors.ts';
import type { BodySpool } from './body-spool.ts';
import { loadBodyDecoder, parseContentCodings, type BodyDecoder } from './content-decoding.ts';
import { errorCode, toNetError } from './net-errors.ts';
import type { WireResponse } from './protocols/protocol.ts';
import { valuesOf } from './request-head.ts';
import type { SendOptions } from './types.ts';

export interface ReceiveOptions {
  readonly host: string;
  readonly method: string;
  readonly maxDecodedBytes: number;
  readonly signal: AbortSignal;
  readonly onBody?: SendOptions['onBody'];
  onActivity(): void;
}

/** @returns the error that ended the body early, undefined when it is whole. */
export async function receiveBody(
  response: WireResponse,
  spool: BodySpool,
  options: ReceiveOptions,
): Promise<CountersignError | undefined> {
  const codings = hasBody(options.method, response.head.status)
    ? parseContentCodings(valuesOf(response.head.headers, 'content-encoding'))
    : [];
  let stop: CountersignError | undefined;
  let decoded = 0;
  const keep = (chunk: Uint8Array): Promise<void> | undefined => {
    const room = options.maxDecodedBytes - decoded;
    decoded += chunk.length;
    if (chunk.length <= room) return spool.append(chunk);
    stop ??= tooLarge(options.maxDecodedBytes);
    return room > 0 ? spool.append(chunk.subarray(0, room)) : undefined;
  };
  let decoder: BodyDecoder;
  let unknownCoding: CountersignError | undefined;
  try {
    decoder = await loadBodyDecoder(codings, keep);
  } catch (error) {
    // Kept as it came, so that a person can at least save it.
    unknownCoding = error as CountersignError;
    decoder = await loadBodyDecoder([], keep);
  }
  const broken = await pump(response, decoder, spool, options, () => stop ?? spool.failure);
  let error = broken ?? stop ?? spool.failure;
  if (!error) {
    try {
      await decoder.end();
    } catch (failure) {
      error = failure as CountersignError;
    }
    error ??= stop ?? spool.failure;
  }
  // A body that broke off still has bytes inside the decoder that can be shown.
  if (broken && !stop && !spool.failure) await decoder.end().catch(() => undefined);
  decoder.destroy();
  error ??= unknownCoding;
  await spool.end(error === undefined || error === unknownCoding);
  error ??= spool.failure;
  options.onBody?.({ bytes: spool.bytes, encodedBytes: spool.encodedBytes });
  return error;
}

/** A response to HEAD, and 204 and 304, end with their head (RFC 9112 §6.3). */
function hasBody(method: string, status: number): boolean {
  return method !== 'HEAD' && status !== 204 && status !== 304;
}

function pump(
  response: WireResponse,
  decoder: BodyDecoder,
  spool: BodySpool,
  options: ReceiveOptions,
  stopped: () => CountersignError | undefined,
): Promise<CountersignError | undefined> {
  const { body } = response;
  const { signal } = options;
  return new Promise((resolve) => {
    let settled = false;
    const finish = (error: CountersignError | undefined): void => {
      if (settled) return;
      settled = true;
      body.off('data', onData).off('end', onEnd).off('close', onClose);
      signal.removeEventListener('abort', onAbort);
      if (error) response.abort();
      resolve(error);
    };
    const onData = (chunk: Buffer): void => {
      options.onActivity();
      spool.countEncoded(chunk.length);
      const wait = decoder.write(chunk);
      const over = stopped();
      if (over || decoder.failed) {
        response.abort();
        if (over) finish(over);
        else
          void decoder.end().then(
            () => {
              finish(undefined);
            },
            (error: unknown) => {
              finish(error as CountersignError);
            },
          );
        return;
      }
      options.onBody?.({ bytes: spool.bytes, encodedBytes: spool.encodedBytes });
      if (!wait) return;
      body.pause();
      void wait.then(() => {
        const late = stopped();
        if (late) finish(late);
        else if (!settled) body.resume();
      });
    };
    const onEnd = (): void => {
      finish(response.isComplete() ? undefined : toBodyError(response, options.host));
    };
    const onClose = (): void => {
      for (const chunk of response.takeLeftovers()) {
        spool.countEncoded(chunk.length);
        void decoder.write(chunk);
      }
      finish(response.isComplete() && body.readableEnded ? undefined : toBodyError(response, options.host));
    };
    const onAbort = (): void => {
      finish(signal.reason as CountersignError);
    };
    if (signal.aborted) {
      onAbort();
      return;
    }
    signal.addEventListener('abort', onAbort, { once: true });
    body.on('data', onData).on('end', onEnd).on('close', onClose);
    if (body.destroyed) onClose();
  });
}

function toBodyError(response: WireResponse, host: string): CountersignError {
  const failure = response.failure();
  const code = errorCode(failure);
  // Node reports an orderly close in the middle as ECONNRESET too, but then no system call failed.
  const reset =
    (failure as { syscall?: string } | undefined)?.syscall !== undefined ||
    code.startsWith('HPE_') ||
    code.startsWith('H2_');
  if (failure !== undefined && (reset || failure instanceof CountersignError || code.startsWith('ERR_SSL'))) {
    return toNetError(failure, { host, phase: 'download', secretSent: true });
  }
  return new CountersignError('CS-BODY-TRUNCATED', `The body of ${host} ended early.`, { facts: { host } });
}
