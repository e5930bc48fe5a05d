/**
 * Polls a token endpoint until a person has acted elsewhere: never faster than told, slower after `slow_down` and after
 * a connection that broke. It ends at once when cancelled. Source: RFC 8628 §3.5; OpenID Connect CIBA Core §11.
 */
import { isCountersignError } from '../errors/countersign-error.ts';
import type { Clock } from '../ports.ts';
import { toCancelled } from './capped-fetch.ts';
import type { TokenAnswer } from './library.ts';

export interface Polling {
  request(): Promise<TokenAnswer>;
  readonly intervalMs: number;
  /** Milliseconds since the epoch. */
  readonly expiresAt: number;
  readonly clock: Clock;
  readonly signal: AbortSignal;
  /** Rejects when the signal fires. */
  readonly delay: ((ms: number, signal: AbortSignal) => Promise<void>) | undefined;
  onExpired(): Error;
}

const slowerMs = 5000;

export async function pollForTokens(polling: Polling): Promise<TokenAnswer> {
  const { clock, expiresAt, signal } = polling;
  const delay = polling.delay ?? delayByTimer;
  let intervalMs = polling.intervalMs;
  for (;;) {
    const left = expiresAt - clock.now();
    if (left <= 0) throw polling.onExpired();
    await delay(Math.min(intervalMs, left), signal);
    if (expiresAt <= clock.now()) throw polling.onExpired();
    try {
      return await polling.request();
    } catch (error) {
      if (signal.aborted) throw toCancelled(signal);
      const name = errorName(error);
      if (name === 'expired_token') throw polling.onExpired();
      if (name === 'slow_down' || isOutage(error)) intervalMs += slowerMs;
      else if (name !== 'authorization_pending') throw error;
    }
  }
}

function errorName(error: unknown): unknown {
  for (let at: unknown = error; at instanceof Error; at = at.cause) {
    const { error: name } = at as { error?: unknown };
    if (name !== undefined) return name;
  }
  return undefined;
}

/** The network, not the answer: the code may still be good. */
function isOutage(error: unknown): boolean {
  for (let at: unknown = error; at instanceof Error; at = at.cause) {
    if (isCountersignError(at)) return /^CS-NET-(TIMEOUT|RESET|REFUSED|UNREACHABLE|DNS)$/.test(at.code);
  }
  return false;
}

function delayByTimer(ms: number, signal: AbortSignal): Promise<void> {
  return new Promise((resolve, reject) => {
    if (signal.aborted) {
      reject(toCancelled(signal));
      return;
    }
    const stop = (): void => {
      clearTimeout(timer);
      reject(toCancelled(signal));
    };
    const timer = setTimeout(() => {
      signal.removeEventListener('abort', stop);
      resolve();
    }, ms);
    signal.addEventListener('abort', stop, { once: true });
  });
}
