/** Collects changes of credentials and tells listeners once a burst is over. Source: auth.md S07. */
import type { Disposable } from '../ports.ts';

export class ChangeFeed<T> {
  readonly #delayMs: number;
  readonly #listeners = new Set<(changes: readonly T[]) => void>();
  #pending: T[] = [];
  #timer: NodeJS.Timeout | undefined;

  constructor(delayMs: number) {
    this.#delayMs = delayMs;
  }

  listen(listener: (changes: readonly T[]) => void): Disposable {
    this.#listeners.add(listener);
    return { dispose: () => void this.#listeners.delete(listener) };
  }

  add(change: T): void {
    this.#pending.push(change);
    if (this.#timer !== undefined) return;
    this.#timer = setTimeout(() => this.#flush(), this.#delayMs);
    this.#timer.unref();
  }

  #flush(): void {
    this.#timer = undefined;
    const changes = this.#pending;
    this.#pending = [];
    for (const listener of [...this.#listeners]) listener(changes);
  }

  dispose(): void {
    clearTimeout(this.#timer);
    this.#timer = undefined;
    this.#pending = [];
    this.#listeners.clear();
  }
}
