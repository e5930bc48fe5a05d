/**
 * A `fetch` for protocol endpoints (discovery, tokens, keys) on this engine: no redirects followed, https only but for
 * the loopback, answers and time capped. What the OAuth library gets as `customFetch`. Source: auth.md H11, H12, H26, A09.
 */
import { isIP } from 'node:net';
import { CountersignError } from '../errors/countersign-error.ts';
import { printable } from './request-head.ts';
import { noteConnection } from './response-connection.ts';
import type { Exchange, HeaderPair, HttpClient, OutgoingBody, ProxyPolicy, SendOptions, TlsPolicy } from './types.ts';

export interface FetchAdapterOptions {
  readonly tls: TlsPolicy;
  readonly proxy: ProxyPolicy;
  /** Ends every call made through the adapter. */
  readonly signal?: AbortSignal;
  /** For the whole call, in milliseconds; 30 000 when absent. */
  readonly deadlineMs?: number;
  /** Decoded bytes of an answer; 1 MiB when absent. */
  readonly maxBytes?: number;
  readonly allowAddress?: SendOptions['allowAddress'];
  /** Each finished exchange with what was sent, for a trace. Secrets are in it: redact before showing. */
  onExchange?(exchange: Exchange, requestBody: Uint8Array | undefined): void;
  /** A call that ended without an exchange. */
  onError?(error: CountersignError, request: { readonly method: string; readonly url: string }): void;
}

/** What openid-client passes to a custom fetch. */
export interface FetchInit {
  readonly method?: string;
  readonly headers?: Readonly<Record<string, string>> | Headers;
  readonly body?: ArrayBuffer | Uint8Array | URLSearchParams | ReadableStream | string | null | undefined;
  readonly signal?: AbortSignal | null | undefined;
  readonly redirect?: string;
}

export type FetchLike = (url: string | URL, init?: FetchInit) => Promise<Response>;

/** Statuses whose Response may have no body (Fetch standard, null body status). */
const nullBody: ReadonlySet<number> = new Set([101, 204, 205, 304]);

/**
 * The returned function rejects with a CountersignError: CS-HTTP-URL for plain http to another machine, CS-NET-*, CS-TLS-*,
 * CS-BODY-* when the answer is broken or larger than allowed. A 3xx comes back as it is.
 */
export function toFetch(client: HttpClient, options: FetchAdapterOptions): FetchLike {
  return async (input, init = {}) => {
    const url = new URL(input);
    const method = init.method ?? 'GET';
    try {
      checkScheme(url);
      const deadline = options.deadlineMs ?? 30_000;
      const timeout = new AbortController();
      const timer = setTimeout(() => {
        timeout.abort();
      }, deadline);
      const signals = [timeout.signal, options.signal, init.signal].filter((signal) => signal instanceof AbortSignal);
      try {
        const bytes = await readBody(init.body);
        const exchange = await client.send(
          {
            method,
            url,
            headers: toPairs(init.headers, init.body),
            ...(bytes === undefined ? {} : { body: toOutgoing(bytes) }),
          },
          {
            signal: AbortSignal.any(signals),
            tls: options.tls,
            proxy: options.proxy,
            timeoutMs: deadline,
            connectTimeoutMs: Math.min(deadline, 15_000),
            followRedirects: false,
            maxRedirects: 0,
            maxDecodedBytes: options.maxBytes ?? 1024 * 1024,
            prepareHop: (request) => Promise.resolve(request),
            ...(options.allowAddress ? { allowAddress: options.allowAddress } : {}),
          },
        );
        try {
          options.onExchange?.(exchange, bytes);
          if (exchange.bodyError) throw exchange.bodyError;
          const response = toResponse(exchange, await exchange.body.read(0, exchange.body.bytes));
          noteConnection(response, {
            httpVersion: exchange.response.httpVersion,
            ...(exchange.tls === undefined ? {} : { tls: exchange.tls }),
          });
          return response;
        } finally {
          await exchange.body.dispose();
        }
      } catch (error) {
        if (timeout.signal.aborted) throw deadlineError(url, deadline, error);
        throw error;
      } finally {
        clearTimeout(timer);
      }
    } catch (error) {
      if (error instanceof CountersignError) options.onError?.(error, { method, url: `${url.origin}${url.pathname}` });
      throw error;
    }
  };
}

/** True for `localhost`, its subdomains, 127.0.0.0/8 and ::1 (RFC 8252 §8.3, RFC 6761 §6.3). */
export function isLoopbackHost(hostname: string): boolean {
  const host = hostname.startsWith('[') ? hostname.slice(1, -1) : hostname.toLowerCase().replace(/\.$/, '');
  if (isIP(host) === 4) return host.startsWith('127.');
  return host === '::1' || host === 'localhost' || host.endsWith('.localhost');
}

function checkScheme(url: URL): void {
  if (url.protocol === 'https:' || (url.protocol === 'http:' && isLoopbackHost(url.hostname))) return;
  throw new CountersignError(
    'CS-HTTP-URL',
    `${printable(url.host || url.protocol)} is not an https address, and secrets go only to those.`,
    { facts: { host: url.host, secretSent: false } },
  );
}

function deadlineError(url: URL, ms: number, cause: unknown): CountersignError {
  const sent = cause instanceof CountersignError && cause.facts['secretSent'] === true;
  return new CountersignError(
    'CS-NET-TIMEOUT',
    `${url.host} did not finish its answer within ${String(ms / 1000)} s.`,
    {
      cause,
      facts: { host: url.host, ms, secretSent: sent },
    },
  );
}

function toPairs(headers: FetchInit['headers'], body: FetchInit['body']): HeaderPair[] {
  const pairs = headers instanceof Headers ? [...headers.entries()] : Object.entries(headers ?? {});
  const typed = pairs.some(([name]) => name.toLowerCase() === 'content-type');
  if (body instanceof URLSearchParams && !typed) {
    pairs.push(['content-type', 'application/x-www-form-urlencoded;charset=UTF-8']);
  }
  return pairs;
}

async function readBody(body: FetchInit['body']): Promise<Uint8Array | undefined> {
  if (body === undefined || body === null) return undefined;
  if (typeof body === 'string') return Buffer.from(body, 'utf8');
  if (body instanceof URLSearchParams) return Buffer.from(body.toString(), 'utf8');
  if (body instanceof Uint8Array) return body;
  if (body instanceof ArrayBuffer) return new Uint8Array(body);
  return new Uint8Array(await new Response(body).arrayBuffer());
}

function toOutgoing(bytes: Uint8Array): OutgoingBody {
  return {
    length: bytes.length,
    // Never sent twice by itself: it may hold a refresh token that is spent by the first time (auth.md S05).
    replayable: false,
    async *open() {
      await Promise.resolve();
      yield bytes;
    },
  };
}

function toResponse(exchange: Exchange, bytes: Uint8Array): Response {
  const { status, statusText, headers } = exchange.response;
  const url = exchange.hops.at(-1)?.url ?? '';
  if (status < 200 || status > 599) {
    throw new CountersignError('CS-HTTP-RESPONSE', `${new URL(url).host} answered with the status ${String(status)}.`);
  }
  const made = new Headers();
  for (const [name, value] of headers) {
    // The bytes are decoded already.
    if (/^content-(encoding|length)$/i.test(name)) continue;
    made.append(name, value);
  }
  const body = nullBody.has(status) ? null : (bytes as Uint8Array<ArrayBuffer>);
  const response = new Response(body, {
    status,

    statusText: statusText.replace(/[^\t\x20-\x7e\x80-\xff]/g, ''),
    headers: made,
  });
  Object.defineProperty(response, 'url', { value: url });
  return response;
}
