/** One request to the API and what a route may use to answer it. Only types and the reading of a body. */
import type { IncomingMessage, ServerResponse } from 'node:http';
import { TLSSocket } from 'node:tls';
import type { People } from '../identity/people.ts';
import type { VerifyJwt } from '../identity/token-format.ts';
import type { Secrets } from '../secrets.ts';
import type { Order } from './orders.ts';

export interface Api {
  /** `https://127.0.0.2:PORT`, also the audience of its tokens. */
  readonly origin: string;
  readonly issuer: string;
  /** Where a browser sees what to type into the tour's credentials. */
  readonly pages: string;
  readonly secrets: Secrets;
  readonly people: People;
  readonly verifyAccessToken: VerifyJwt;
  /** Newest last; new ones live until the process ends. */
  readonly orders: Order[];
  /** DPoP proofs seen, with the time until which each is remembered, so that none is used twice. */
  readonly seen: Map<string, number>;
  /** Highest count of each digest nonce. */
  readonly counts: Map<string, number>;
}

export interface Call {
  readonly api: Api;
  readonly request: IncomingMessage;
  readonly response: ServerResponse;
  readonly method: string;
  readonly url: URL;
  /** What the route's pattern caught, in order. */
  readonly parameters: readonly string[];
}

export interface Route {
  /** Undefined: any method. GET brings HEAD with it. */
  readonly methods?: readonly string[];
  readonly path: RegExp;
  handle(call: Call): Promise<void> | void;
}

/** The connection; every server of the API is TLS. */
export function toSocket(call: Call): TLSSocket {
  const { socket } = call.request;
  if (!(socket instanceof TLSSocket)) throw new Error('The API answers over TLS only.');
  return socket;
}

/** A whole number from the query within bounds, or the given one. */
export function toNumber(call: Call, name: string, otherwise: number, most: number): number {
  const text = call.url.searchParams.get(name);
  const value = text === null || text === '' ? Number.NaN : Number(text);
  return Number.isFinite(value) && value >= 0 ? Math.min(value, most) : otherwise;
}

/** The body, or undefined when it is longer than `most` bytes. */
export async function readBody(call: Call, most: number): Promise<Buffer | undefined> {
  const chunks: Buffer[] = [];
  let bytes = 0;
  for await (const chunk of call.request as AsyncIterable<Buffer>) {
    bytes += chunk.length;
    if (bytes <= most) chunks.push(chunk);
  }
  return bytes <= most ? Buffer.concat(chunks) : undefined;
}
