/** Durations as directives write them. Source: dialects.md §12, conflict T1. */
import { CountersignError } from '../errors/countersign-error.ts';

const units: Readonly<Record<string, number>> = { ms: 1, s: 1000, m: 60_000 };

/**
 * Milliseconds. With a unit (`ms`, `s`, `m`) obeyed; a bare number under 1000 is seconds, from 1000 on milliseconds.
 * @throws CountersignError CS-PARSE-DIRECTIVE
 */
export function parseDuration(text: string): number {
  const match = /^(\d+(?:\.\d+)?)\s*(ms|s|m)?$/i.exec(text.trim());
  if (!match) {
    throw new CountersignError('CS-PARSE-DIRECTIVE', `“${text.slice(0, 40)}” is not a duration.`, {
      next: 'Write a number with ms, s or m behind it.',
    });
  }
  const amount = Number(match[1]);
  const unit = match[2]?.toLowerCase();
  if (unit !== undefined) return amount * (units[unit] as number);
  return amount < 1000 ? amount * 1000 : amount;
}
