/** The person's state in memory; values are copied through JSON, as a real store does. */
import type { Disposable, StateStore } from '../../src/ports.ts';

export class MemoryStateStore implements StateStore {
  readonly values = new Map<string, string>();
  readonly #listeners = new Set<(key: string) => void>();

  async get<T>(key: string): Promise<T | undefined> {
    const text = this.values.get(key);
    return text === undefined ? undefined : (JSON.parse(text) as T);
  }

  async set(key: string, value: unknown): Promise<void> {
    this.values.set(key, JSON.stringify(value));
    for (const listener of [...this.#listeners]) listener(key);
  }

  onDidChange(listener: (key: string) => void): Disposable {
    this.#listeners.add(listener);
    return { dispose: () => void this.#listeners.delete(listener) };
  }
}
