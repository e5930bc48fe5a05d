/**
 * The body of a request on its way out, for every protocol: streamed under backpressure, its length held against what
 * was announced. The request is ended here and nowhere else. Source: RFC 9110 §8.6.
 */
import type { Writable } from 'node:stream';
import { CountersignError } from '../../errors/countersign-error.ts';
import type { WireRequest } from './protocol.ts';

/** How long a body waits for `100 Continue` before it goes anyway (RFC 9110 §10.1.1). */
export const continueWaitMs = 1000;

/** Streams the body under backpressure and checks its length. */
export async function writeBody(
  request: Writable,
  wire: WireRequest,
  isOver: () => boolean,
  onRelease: (wake: () => void) => void,
): Promise<void> {
  const declared = wire.head.contentLength;
  let sent = 0;
  if (!isOver() && wire.body) {
    for await (const chunk of readSource(wire.body.open())) {
      if (request.destroyed || isOver()) break;
      sent += chunk.length;
      if (declared !== undefined && sent > declared) throw lengthError(sent, declared);
      wire.onBodyBytes(sent);
      const taken = request.write(chunk, wire.onActivity);
      if (!taken) {
        await new Promise<void>((resolve) => {
          onRelease(resolve);
          request.once('drain', resolve);
        });
      }
    }
  }
  if (request.destroyed || isOver()) return;
  if (declared !== undefined && sent < declared) throw lengthError(sent, declared);
  request.end();
}

async function* readSource(source: AsyncIterable<Uint8Array>): AsyncGenerator<Uint8Array> {
  try {
    yield* source;
  } catch (error) {
    if (error instanceof CountersignError) throw error;
    throw new CountersignError('CS-BODY-SOURCE', 'The body to send cannot be read.', { cause: error });
  }
}

function lengthError(actual: number, declared: number): CountersignError {
  const message =
    actual > declared
      ? `The body to send has more than the ${String(declared)} bytes that were announced.`
      : `The body to send has ${String(actual)} bytes, not the ${String(declared)} that were announced.`;
  return new CountersignError('CS-BODY-LENGTH', message);
}
