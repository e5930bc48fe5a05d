/**
 * The seam between a hop and the wire: one object a protocol. A protocol sends one request on a connection of its
 * own pool and gives back the head and a body that still flows. It follows nothing and decodes nothing.
 */
import type { Readable } from 'node:stream';
import type { ConnectionFacts, DialTarget } from '../connection.ts';
import type { RequestHead } from '../request-head.ts';
import type { OutgoingBody, ResponseHead } from '../types.ts';

export interface WireRequest {
  readonly head: RequestHead;
  /** What stands in the request line: a path, or the whole URL for a plain proxy. */
  readonly target: string;
  /** Headers for a plain proxy, not part of what the person wrote. */
  readonly proxyHeaders: readonly (readonly [string, string])[];
  readonly body: OutgoingBody | undefined;
  readonly connection: DialTarget;
  readonly signal: AbortSignal;
  /** The connection is there; from now on bytes may leave. */
  onConnection(facts: ConnectionFacts, reused: boolean): void;
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
  /** True when the message came to its end as its framing says. */
  isComplete(): boolean;
  /** The error that broke the body off, if any; node's own. */
  failure(): unknown;
  /** Ends the exchange; the connection is closed unless it is already free. */
  abort(): void;
}

export interface Protocol {
  readonly id: string;
  readonly alpn: string;
  send(request: WireRequest): Promise<WireResponse>;
  /** Forgets idle connections of one key. */
  dropIdle(key: string): void;
  dispose(): void;
}
