/** An error as it may be printed: its words without any secret of this run. */
import { CountersignError } from '../errors/countersign-error.ts';

export function redactedError(error: CountersignError, redact: (text: string) => string): CountersignError {
  return new CountersignError(error.code, redact(error.message), {
    next: redact(error.next),
    facts: error.facts,
    cause: error.cause,
    ...(error.place === undefined ? {} : { place: error.place }),
  });
}
