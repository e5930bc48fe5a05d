/** What is asked of a connection, and what is known of one: the data between a hop, the dialer and the pool. */
import type { Socket } from 'node:net';
import type { Stopwatch } from './timings.ts';
import type { ProxyRoute, TlsInfo, TlsPolicy } from './types.ts';

/** Where to, how, and for whom: what one hop asks of a connection. */
export interface DialTarget {
  /** Connections with the same key are interchangeable: origin, proxy, trust, client certificate, exception. */
  readonly key: string;
  readonly url: URL;
  readonly route: ProxyRoute | undefined;
  readonly tls: TlsPolicy;
  readonly alpn: readonly string[];
  /** Plain http that a proxy must not read the requests of: HTTP/2 on a plain connection. */
  readonly tunnel?: boolean;
  /** Already open for this request, when its protocol became known on the way: taken at most once. */
  readonly takeOpened?: () => Socket | undefined;
  readonly connectTimeoutMs: number;
  readonly signal: AbortSignal;
  readonly watch: Stopwatch;
  /** Connect there instead of where the name leads. */
  readonly address?: string;
  readonly allowAddress?: (address: string, host: string) => boolean;
}

export interface ConnectionFacts {
  readonly remoteAddress?: string;
  readonly proxy?: string;
  readonly tls?: TlsInfo;
}
