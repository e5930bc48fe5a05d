/**
 * Under which exception an answer of `toFetch` was received, beside the Response and not in it: the Response goes through
 * a library that knows no certificates, and nothing a server sends can forge or drop it.
 */
import type { TlsException } from './types.ts';

const known = new WeakMap<Response, TlsException>();

export function noteException(response: Response, exception: TlsException | undefined): void {
  if (exception) known.set(response, exception);
}

/** Undefined when the certificate was in order. */
export function exceptionOf(response: Response): TlsException | undefined {
  return known.get(response);
}
