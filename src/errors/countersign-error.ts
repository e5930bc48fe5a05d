/**
 * The one error type a person can see. It carries a code of `docs/errors.md`, one plain sentence, what to do
 * next, and the place in the request file. It does not know how it is presented. Source: contracts.md §6.
 */
import { errorCatalog, type ErrorCode } from './catalog.ts';
import type { CatalogEntry } from './catalog/entry.ts';

/** A place in a file: `start`/`end` are UTF-16 offsets; `line`/`column` are 1-based. */
export interface Place {
  readonly file?: string;
  readonly start?: number;
  readonly end?: number;
  readonly line?: number;
  readonly column?: number;
}

export interface ErrorDetails {
  /** What to do next; the catalogue's general advice when absent. */
  readonly next?: string;
  readonly place?: Place;
  readonly cause?: unknown;
  /** Facts for the surface that shows the error (a chain, a challenge, the phase); never a secret. */
  readonly facts?: Readonly<Record<string, unknown>>;
}

/** The form every surface shows and `--format json` prints. */
export interface ErrorReport {
  readonly code: ErrorCode;
  readonly message: string;
  readonly next: string;
  readonly action?: string;
  readonly place?: Place;
}

export class CountersignError extends Error {
  readonly code: ErrorCode;
  readonly next: string;
  readonly place: Place | undefined;
  readonly facts: Readonly<Record<string, unknown>>;

  /** @param message one sentence, the thing as subject, without the code (design.md §H). */
  constructor(code: ErrorCode, message: string, details: ErrorDetails = {}) {
    super(message, details.cause === undefined ? undefined : { cause: details.cause });
    this.name = 'CountersignError';
    this.code = code;
    this.next = details.next ?? errorCatalog[code].next;
    this.place = details.place;
    this.facts = details.facts ?? {};
  }

  /** The same error, pointing at a place; an existing place wins. */
  at(place: Place): CountersignError {
    if (this.place) return this;
    return new CountersignError(this.code, this.message, {
      next: this.next,
      place,
      cause: this.cause,
      facts: this.facts,
    });
  }
}

/** True for our errors from any bundle: compares by name and code, not by class identity. */
export function isCountersignError(error: unknown): error is CountersignError {
  return error instanceof Error && error.name === 'CountersignError' && 'code' in error;
}

export function toErrorReport(error: CountersignError): ErrorReport {
  const { action, actionNeeds }: CatalogEntry = errorCatalog[error.code];
  const possible = actionNeeds === undefined || error.facts[actionNeeds] !== undefined;
  return {
    code: error.code,
    message: error.message,
    next: error.next,
    ...(action === undefined || !possible ? {} : { action }),
    ...(error.place === undefined ? {} : { place: error.place }),
  };
}

/**
 * Any thrown value as one of ours, at the border only. An unknown error keeps its cause and says nothing of it:
 * foreign messages may quote header values.
 */
export function toCountersignError(error: unknown): CountersignError {
  if (isCountersignError(error)) return error;
  return new CountersignError('CS-CLI-INTERNAL', 'Something happened that Countersign does not expect.', {
    cause: error,
  });
}
