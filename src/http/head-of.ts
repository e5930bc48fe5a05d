/**
 * Asks for an address and looks at the head of the answer alone: what follows is not read, however much it is, so a
 * stream without an end costs no more than a page. Redirects are not followed.
 */
import { CountersignError } from '../errors/countersign-error.ts';
import type { HttpClient, HeaderPair, ProxyPolicy, TlsException, TlsPolicy } from './types.ts';

export interface AnswerHead {
  readonly status: number;
  readonly headers: readonly HeaderPair[];
  /** The machine that was connected to; undefined when a proxy stands between. */
  readonly remoteAddress?: string;
  readonly exception?: TlsException;
}

export interface HeadOptions {
  readonly tls: TlsPolicy;
  readonly proxy: ProxyPolicy;
  readonly headers: readonly HeaderPair[];
  readonly signal?: AbortSignal | undefined;
  readonly deadlineMs: number;
}

/** @throws CountersignError CS-NET-*, CS-TLS-*, CS-HTTP-* */
export async function loadHead(client: HttpClient, url: URL, options: HeadOptions): Promise<AnswerHead> {
  const enough = new AbortController();
  const late = AbortSignal.timeout(options.deadlineMs);
  const signals = [enough.signal, late, options.signal].filter((signal) => signal !== undefined);
  let status: number | undefined;
  let headers: readonly HeaderPair[] = [];
  let facts: Pick<AnswerHead, 'remoteAddress' | 'exception'> = {};
  try {
    const exchange = await client.send(
      { method: 'GET', url, headers: options.headers },
      {
        signal: AbortSignal.any(signals),
        tls: options.tls,
        proxy: options.proxy,
        timeoutMs: options.deadlineMs,
        connectTimeoutMs: Math.min(options.deadlineMs, 15_000),
        followRedirects: false,
        maxRedirects: 0,
        maxDecodedBytes: 64 * 1024,
        prepareHop: (request) => Promise.resolve(request),
        onHead: (head) => {
          ({ status, headers } = head);
          enough.abort();
        },
        onHop: ({ remoteAddress, proxy, tls }) => {
          facts = {
            ...(remoteAddress === undefined || proxy !== undefined ? {} : { remoteAddress }),
            ...(tls?.exception ? { exception: tls.exception } : {}),
          };
        },
      },
    );
    await exchange.body.dispose();
  } catch (error) {
    if (status === undefined) throw late.aborted && !options.signal?.aborted ? toLate(url, error) : error;
  }
  return { status: status ?? 0, headers, ...facts };
}

function toLate({ host }: URL, cause: unknown): CountersignError {
  return new CountersignError('CS-NET-TIMEOUT', `${host} did not answer in time.`, { cause, facts: { host } });
}
