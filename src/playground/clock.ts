/**
 * A clock that is wrong on purpose. The issuer's library asks Date.now() for every `iat` and `exp`, so shifting that one
 * function gives tokens from a server whose clock is off; certificates and timers keep the real time.
 */

const real = Date.now.bind(Date);

/** Shifts Date.now() of this process by `seconds` (negative: behind). Calling it again replaces the shift. */
export function shiftClock(seconds: number): void {
  Date.now = seconds === 0 ? real : () => real() + seconds * 1_000;
}
