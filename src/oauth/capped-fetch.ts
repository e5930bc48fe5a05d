/**
 * One protocol request under limits: body size, total time, the person's cancel; redirects stay unfollowed. It reports
 * what went over the wire to the trace, and leaves TLS, proxies and connections to the fetch it is given.
 */
import { CountersignError, isCountersignError } from '../errors/countersign-error.ts';
import { connectionOf, type Connection } from '../http/response-connection.ts';
import type { OAuthFetch, OAuthFetchInit } from './ports.ts';

/** What happened, unredacted: only the trace recorder may keep it, and only after masking. */
export interface WireExchange {
  readonly method: string;
  readonly url: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
  readonly status?: number;
  readonly responseHeaders?: readonly (readonly [string, string])[];
  readonly responseText?: string;
  /** What the answer came over. */
  readonly connection?: Connection;
  /** From the first byte sent to the last one received. */
  readonly durationMs?: number;
}

export interface FetchLimits {
  readonly maxBytes: number;
  /** From the first byte sent to the last one received. */
  readonly deadlineMs: number;
  readonly signal?: AbortSignal | undefined;
  readonly onExchange?: ((exchange: WireExchange) => void) | undefined;
}

/** Never sent for certain: the connection was not made. Everything else may have reached the server. */
const neverSent = /^(CS-TLS-.*|CS-NET-(DNS|REFUSED|PROXY)|CS-HTTP-(HEADER|URL))$/;
const neverSentSystem =
  /^(ECONNREFUSED|ENOTFOUND|EAI_.*|EHOSTUNREACH|ENETUNREACH|CERT_.*|DEPTH_ZERO_.*|SELF_SIGNED_.*|UNABLE_TO_.*|ERR_TLS_.*)$/;

export function wasNeverSent(error: unknown): boolean {
  for (let at: unknown = error; at instanceof Error; at = at.cause) {
    const { code, facts } = at as { code?: unknown; facts?: { system?: unknown; secretSent?: unknown } };
    // The sender knows whether a byte of the request has left.
    if (isCountersignError(at) && at.code.startsWith('CS-NET-') && facts?.secretSent !== undefined) {
      return facts.secretSent === false;
    }
    for (const one of [code, facts?.system]) {
      if (typeof one === 'string' && (neverSent.test(one) || neverSentSystem.test(one))) return true;
    }
  }
  return false;
}

export function toCappedFetch(fetch: OAuthFetch, limits: FetchLimits): OAuthFetch {
  return async (url, init) => {
    limits.signal?.throwIfAborted();
    const host = new URL(url).host;
    const startedAt = performance.now();
    const deadline = new AbortController();
    const timer = setTimeout(() => deadline.abort(), limits.deadlineMs);
    const signals = [deadline.signal, limits.signal, init.signal].filter((one) => one !== undefined);
    const signal = AbortSignal.any(signals);
    // The library says `body: null` and adds members of its own; the network gets only what it knows.
    const { method, headers } = init;
    const body = init.body ?? undefined;
    const sent = { method, url, headers: { ...headers }, body: toBodyText(body) };
    try {
      const response = await abortable(
        fetch(url, { method, headers, ...(body === undefined ? {} : { body }), redirect: 'manual', signal }),
        signal,
      );
      const bytes = await readCapped(response, limits.maxBytes, signal, host);
      const text = new TextDecoder('utf-8').decode(bytes);
      const received = [...response.headers] as [string, string][];
      const connection = connectionOf(response);
      limits.onExchange?.({
        ...sent,
        status: response.status,
        responseHeaders: received,
        responseText: text,
        ...(connection === undefined ? {} : { connection }),
        durationMs: performance.now() - startedAt,
      });
      return toResponse(response.status, received, bytes);
    } catch (error) {
      limits.onExchange?.({ ...sent, durationMs: performance.now() - startedAt });
      if (limits.signal?.aborted) throw toCancelled(limits.signal);
      if (deadline.signal.aborted || init.signal?.aborted) {
        throw new CountersignError('CS-NET-TIMEOUT', `${host} did not finish its answer in time.`, { cause: error });
      }
      throw error;
    } finally {
      clearTimeout(timer);
    }
  };
}

/** Why a signal fired, as the error to show. */
export function toCancelled(signal: AbortSignal): CountersignError {
  return isCountersignError(signal.reason)
    ? signal.reason
    : new CountersignError('CS-AUTH-CANCELLED', 'The sign-in was ended before the browser came back.');
}

/** The promise, or the signal's end, whichever is first: for calls that may ignore their signal. */
export async function abortable<T>(promise: Promise<T>, signal: AbortSignal): Promise<T> {
  if (signal.aborted) {
    promise.catch(() => undefined);
    throw toCancelled(signal);
  }
  let stop = (): void => undefined;
  const aborted = new Promise<never>((_, reject) => {
    const listener = (): void => reject(toCancelled(signal));
    signal.addEventListener('abort', listener, { once: true });
    stop = () => signal.removeEventListener('abort', listener);
  });
  try {
    return await Promise.race([promise, aborted]);
  } finally {
    stop();
    promise.catch(() => undefined);
  }
}

async function readCapped(response: Response, max: number, signal: AbortSignal, host: string): Promise<Uint8Array> {
  if (!response.body) return new Uint8Array();
  const reader = response.body.getReader();
  const chunks: Uint8Array[] = [];
  let size = 0;
  try {
    for (;;) {
      const { done, value } = await abortable(reader.read(), signal);
      if (done) break;
      size += value.byteLength;
      if (size > max) {
        throw new CountersignError('CS-AUTH-ANSWER', `The answer of ${host} is larger than ${max / 1024} KiB.`, {
          next: 'It is not an answer of an identity provider; check the address.',
        });
      }
      chunks.push(value);
    }
  } catch (error) {
    reader.cancel().catch(() => undefined);
    throw error;
  }
  return Buffer.concat(chunks, size);
}

function toResponse(status: number, headers: [string, string][], bytes: Uint8Array): Response {
  const kept = headers.filter(([name]) => !/^(content-encoding|content-length|transfer-encoding)$/i.test(name));
  const empty = status === 204 || status === 205 || status === 304;
  return new Response(empty ? null : new Uint8Array(bytes), { status, headers: kept });
}

function toBodyText(body: OAuthFetchInit['body']): string {
  if (body === undefined) return '';
  return body instanceof Uint8Array ? `(${body.byteLength} bytes)` : body.toString();
}
