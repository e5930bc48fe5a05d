/** How far this machine's clock is off, by the `Date` of an answer that refused a signature: servers allow some minutes. */
import type { AnsweredRequest } from './types.ts';

const allowedMs = 240_000;

/** Milliseconds to add to this machine's time; undefined when the time is not why the signature was refused. */
export function clockOffset({ headers }: Pick<AnsweredRequest, 'headers'>): number | undefined {
  const date = headers.find(([name]) => name.toLowerCase() === 'date')?.[1];
  const offset = date === undefined ? NaN : Date.parse(date) - Date.now();
  return Math.abs(offset) > allowedMs ? offset : undefined;
}

/** A refused time is answered once by the clock of the server: true when the next signature will have another time. */
export function adjustClock(answer: AnsweredRequest, clock: { skew: number }): boolean {
  const offset = answer.status === 401 || answer.status === 400 ? clockOffset(answer) : undefined;
  if (offset === undefined || Math.abs(offset - clock.skew) < 60_000) return false;
  clock.skew = offset;
  return true;
}
