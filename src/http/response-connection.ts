/**
 * Over what connection an answer of `toFetch` came, beside the Response and not in it: the Response goes through a library
 * that knows no certificates, and nothing a server sends can forge or drop it.
 */
import type { TlsInfo } from './types.ts';

export interface Connection {
  /** `1.1` or `2`. */
  readonly httpVersion: string;
  /** Absent for plain http on the loopback. */
  readonly tls?: TlsInfo;
}

const known = new WeakMap<Response, Connection>();

export function noteConnection(response: Response, connection: Connection): void {
  known.set(response, connection);
}

/** Undefined for an answer that did not come from `toFetch`. */
export function connectionOf(response: Response): Connection | undefined {
  return known.get(response);
}
