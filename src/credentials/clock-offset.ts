/** How far this machine's clock is off, by the `Date` of an answer that refused a signature: servers allow some minutes. */
import type { AnsweredRequest } from './types.ts';

const allowedMs = 240_000;

/** Milliseconds to add to this machine's time; undefined when the time is not why the signature was refused. */
export function clockOffset({ headers }: Pick<AnsweredRequest, 'headers'>): number | undefined {
  const date = headers.find(([name]) => name.toLowerCase() === 'date')?.[1];
  const offset = date === undefined ? NaN : Date.parse(date) - Date.now();
  return Math.abs(offset) > allowedMs ? offset : undefined;
}
