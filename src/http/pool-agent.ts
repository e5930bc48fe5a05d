/**
 * The pool of HTTP/1.1 connections: an http.Agent that gets its sockets from the dialer, keyed by what makes them
 * interchangeable. Idle ones close after a while, keep no process alive, and die at the first byte nobody asked for.
 * Source: dependencies.md P7.
 */
import http from 'node:http';
import type { Socket } from 'node:net';
import type { Duplex } from 'node:stream';
import type { DialTarget } from './connection.ts';

/** Request options of ours; node hands them through to the agent unchanged. */
export interface PoolOptions extends http.ClientRequestArgs {
  readonly countersign: DialTarget;
}

export class PoolAgent extends http.Agent {
  readonly #dial: (target: DialTarget) => Promise<Socket>;
  readonly #idleMs: number;
  readonly #guards = new WeakMap<Duplex, () => void>();

  constructor(dial: (target: DialTarget) => Promise<Socket>, idleMs = 5000) {
    super({ keepAlive: true, maxFreeSockets: 64, scheduling: 'lifo' });
    this.#dial = dial;
    this.#idleMs = idleMs;
  }

  override getName(options?: Parameters<http.Agent['getName']>[0]): string {
    return (options as PoolOptions | undefined)?.countersign.key ?? 'none';
  }

  override createConnection(
    options: http.ClientRequestArgs,
    callback?: (error: Error | null, stream: Duplex) => void,
  ): Duplex | null | undefined {
    const target = (options as PoolOptions).countersign;
    const opened = target.takeOpened?.();
    (opened ? Promise.resolve(opened) : this.#dial(target)).then(
      (socket) => callback?.(null, socket),
      (error: unknown) => callback?.(error as Error, undefined as unknown as Duplex),
    );
    return undefined;
  }

  override keepSocketAlive(stream: Duplex): boolean {
    if (!(super.keepSocketAlive as unknown as (stream: Duplex) => boolean).call(this, stream)) return false;
    const socket = stream as Socket;
    if (socket.readableLength > 0) return false;
    const hinted = socket.timeout ?? 0;
    socket.setTimeout(hinted > 0 ? Math.min(hinted, this.#idleMs) : this.#idleMs);
    // A response that nobody asked for would be taken as the answer to the next request.
    const guard = (): void => {
      socket.destroy();
    };
    this.#guards.set(socket, guard);
    socket.on('data', guard);
    return true;
  }

  override reuseSocket(stream: Duplex, request: http.ClientRequest): void {
    const guard = this.#guards.get(stream);
    if (guard) stream.off('data', guard);
    this.#guards.delete(stream);
    (stream as Socket).setTimeout(0);
    super.reuseSocket(stream, request);
  }

  /** Closes the idle connections of one key: used when one of them turned out stale. */
  dropIdle(key: string): void {
    for (const socket of [...(this.freeSockets[key] ?? [])]) socket.destroy();
  }
}
