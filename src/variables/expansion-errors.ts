/**
 * The errors of expansion itself: cycles, limits, scripts, and whatever else comes out of a source.
 */
import { CountersignError, isCountersignError } from '../errors/countersign-error.ts';
import { shownName } from './words.ts';

/** @param names the variables being worked out, from the outside in; the last is the one met again */
export function cycleError(names: readonly string[]): CountersignError {
  const name = names.at(-1) ?? '';
  const chain = names.slice(Math.max(0, names.lastIndexOf(name, -2))).map((one) => shownName(one, 40));
  const shown = chain.length > 8 ? [...chain.slice(0, 4), '…', ...chain.slice(-3)] : chain;
  return new CountersignError('CS-VAR-CYCLE', `The variable ${shownName(name)} leads back to itself.`, {
    next: `Break the chain ${shown.join(' → ')}: give one of them a value of its own.`,
    facts: { chain: shown },
  });
}

/** @param inner the reference as written */
export function limitError(inner: string): CountersignError {
  return new CountersignError('CS-VAR-LIMIT', `The value of ${shownName(inner.trim())} grows past the limit.`);
}

export function scriptError(expression: string): CountersignError {
  return new CountersignError('CS-VAR-SCRIPT', `The expression “${shownName(expression)}” needs script support.`, {
    facts: { expression },
  });
}

/** Only a CountersignError leaves this room; the cause of another error is kept, its text is not shown. */
export function toCountersignError(error: unknown, name = 'this reference'): CountersignError {
  if (isCountersignError(error)) return error;
  return new CountersignError('CS-VAR-SOURCE', `The value of ${shownName(name)} is not readable.`, { cause: error });
}
