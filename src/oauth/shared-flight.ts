/** One run of a task for all who ask while it runs. It is cancelled only when everyone who waits has given up. */
import { abortable } from './capped-fetch.ts';

interface Flight<T> {
  readonly promise: Promise<T>;
  readonly controller: AbortController;
  waiting: number;
}

export class SharedFlights<T> {
  readonly #flights = new Map<string, Flight<T>>();

  has(key: string): boolean {
    return this.#flights.has(key);
  }

  /** Joins the run for `key` or starts one. @param signal of this caller alone. */
  async join(key: string, signal: AbortSignal | undefined, run: (signal: AbortSignal) => Promise<T>): Promise<T> {
    let flight = this.#flights.get(key);
    if (!flight || flight.controller.signal.aborted) {
      const controller = new AbortController();
      const started: Flight<T> = {
        controller,
        waiting: 0,
        promise: run(controller.signal).finally(() => {
          if (this.#flights.get(key) === started) this.#flights.delete(key);
        }),
      };
      started.promise.catch(() => undefined);
      this.#flights.set(key, started);
      flight = started;
    }
    flight.waiting += 1;
    try {
      return await (signal ? abortable(flight.promise, signal) : flight.promise);
    } catch (error) {
      // Whoever cancels last also waits for the run to have cleaned up behind itself.
      if (signal?.aborted && flight.waiting === 1) {
        flight.controller.abort(signal.reason);
        await flight.promise.catch(() => undefined);
      }
      throw error;
    } finally {
      flight.waiting -= 1;
    }
  }

  cancel(key: string, reason: unknown): Promise<unknown> {
    const flight = this.#flights.get(key);
    flight?.controller.abort(reason);
    return flight?.promise.catch(() => undefined) ?? Promise.resolve();
  }

  cancelAll(reason: unknown): void {
    for (const flight of this.#flights.values()) flight.controller.abort(reason);
  }
}
