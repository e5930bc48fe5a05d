/**
 * The seam between a hop and the wire: one object a protocol. A protocol sends one request on a connection of its
 * own pool and gives back the head and a body that still flows. It follows nothing and decodes nothing.
 */
import type { Readable } from 'node:stream';
import type { ConnectionFacts, DialTarget } from '../connection.ts';
import type { RequestHead } from '../request-head.ts';
import type { HeaderPair, HttpVersion, InterimResponse, OutgoingBody, ResponseHead } from '../types.ts';

export interface WireRequest {
  readonly head: RequestHead;
  /** What stands in the request line: a path, or the whole URL for a plain proxy. */
  readonly target: string;
  /** Headers for a plain proxy, not part of what the person wrote. */
  readonly proxyHeaders: readonly (readonly [string, string])[];
  readonly body: OutgoingBody | undefined;
  /** What the person asked for; undefined: what both sides can. */
  readonly version: HttpVersion | undefined;
  readonly connection: DialTarget;
  readonly signal: AbortSignal;
  /** The connection is there; from now on bytes may leave. @param headers as this protocol writes them, where it differs */
  onConnection(facts: ConnectionFacts, reused: boolean, headers?: readonly HeaderPair[]): void;
  /** A 1xx answer came. */
  onInterim?(interim: InterimResponse): void;
  /** Something moved: bytes were taken, an interim response came. */
  onActivity(): void;
  /** Bytes of the body handed to the connection so far. */
  onBodyBytes(bytes: number): void;
}

export interface WireResponse {
  readonly head: ResponseHead;
  /** Content as it comes off the transfer coding, content codings still on it. */
  readonly body: Readable;
  /** Chunks that came before anybody listened to a body that then broke off; they precede nothing else. */
  takeLeftovers(): Uint8Array[];
  /** Fields behind the body, once it ended. */
  trailers(): readonly HeaderPair[];
  /** True when the message came to its end as its framing says. */
  isComplete(): boolean;
  /** The error that broke the body off, if any; node's own. */
  failure(): unknown;
  /** Ends the exchange; the connection is closed unless it is already free. */
  abort(): void;
}

export interface Protocol {
  send(request: WireRequest): Promise<WireResponse>;
  /** Forgets idle connections of one key. */
  dropIdle(key: string): void;
  dispose(): void;
}
