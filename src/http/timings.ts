/**
 * The stopwatch of one hop: which phase runs, and how long each took. It knows nothing of sockets.
 * Durations are milliseconds with the resolution of `performance.now()`.
 */
import type { Phase, Timings } from './types.ts';

export type TimedPhase = Exclude<keyof Timings, 'total'>;

const order: readonly TimedPhase[] = ['queued', 'dns', 'connect', 'proxy', 'tls', 'request', 'firstByte', 'download'];

const phaseOf: Readonly<Partial<Record<Phase, TimedPhase>>> = {
  queued: 'queued',
  dns: 'dns',
  connect: 'connect',
  proxy: 'proxy',
  tls: 'tls',
  request: 'request',
  waiting: 'firstByte',
  download: 'download',
};

export class Stopwatch {
  readonly startedAt: number = performance.now();
  #phase: Phase = 'queued';
  #since: number = this.startedAt;
  #end: number | undefined;
  readonly #spent = new Map<TimedPhase, number>();
  readonly #report: ((phase: Phase) => void) | undefined;

  /** @param report called at every change of phase, `queued` included. */
  constructor(report?: (phase: Phase) => void) {
    this.#report = report;
    report?.('queued');
  }

  get phase(): Phase {
    return this.#phase;
  }

  /** Ends the running phase and begins another; the same phase again is ignored. */
  enter(phase: Phase): void {
    if (phase === this.#phase || this.#end !== undefined) return;
    const now = performance.now();
    this.#add(now);
    this.#phase = phase;
    this.#since = now;
    if (phase === 'done') this.#end = now;
    this.#report?.(phase);
  }

  /** What was measured so far; a running phase counts up to now. */
  timings(): Timings {
    const now = this.#end ?? performance.now();
    const running = phaseOf[this.#phase];
    const value = (name: TimedPhase): number | null => {
      const spent = this.#spent.get(name);
      if (running === name && this.#end === undefined) return (spent ?? 0) + now - this.#since;
      return spent ?? null;
    };
    const entries = order.map((name) => [name, value(name)] as const);
    return { ...(Object.fromEntries(entries) as Record<TimedPhase, number | null>), total: now - this.startedAt };
  }

  #add(now: number): void {
    const name = phaseOf[this.#phase];
    if (name) this.#spent.set(name, (this.#spent.get(name) ?? 0) + now - this.#since);
  }
}

/** Timings of a whole exchange: each phase summed over its hops, `total` given by the caller. */
export function sumTimings(hops: readonly Timings[], total: number): Timings {
  const sum = (name: TimedPhase): number | null => {
    const known = hops.map((hop) => hop[name]).filter((value) => value !== null);
    return known.length === 0 ? null : known.reduce((left, right) => left + right, 0);
  };
  return {
    ...(Object.fromEntries(order.map((name) => [name, sum(name)])) as Record<TimedPhase, number | null>),
    total,
  };
}
