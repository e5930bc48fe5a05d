/**
 * The secret store made safe to rely on: a rejected or lost write stays usable in memory and is flagged, an unreadable
 * entry counts as none, writes of one key keep their order. It caches nothing that the store holds, since another window
 * may change it. Source: auth.md §3.5, S01, S06.
 */
import { CountersignError } from '../errors/countersign-error.ts';
import type { SecretStore } from '../ports.ts';

export type StoreWarning = 'CS-STORE-REJECTED' | 'CS-STORE-UNREADABLE';

export class SturdySecrets {
  readonly #store: SecretStore;
  /** Values the store did not keep; undefined marks one it did not delete. */
  readonly #memory = new Map<string, string | undefined>();
  readonly #queues = new Map<string, Promise<unknown>>();
  readonly #warnings = new Set<StoreWarning>();
  #readBack = false;

  constructor(store: SecretStore) {
    this.#store = store;
  }

  /** What went wrong so far in this process. */
  get warnings(): ReadonlySet<StoreWarning> {
    return this.#warnings;
  }

  /** An entry was read but is not what was written. */
  flagUnreadable(): void {
    this.#warnings.add('CS-STORE-UNREADABLE');
  }

  /** True when the entry is in memory because the store did not take it. */
  isMemoryOnly(key: string): boolean {
    return this.#memory.get(key) !== undefined;
  }

  /** Undefined when there is none, or when it cannot be read. Never throws. */
  async get(key: string): Promise<string | undefined> {
    await this.#queues.get(key);
    if (this.#memory.has(key)) return this.#memory.get(key);
    try {
      return await this.#store.get(key);
    } catch {
      this.#warnings.add('CS-STORE-UNREADABLE');
      return undefined;
    }
  }

  /** Resolves to true when the store took it, false when it stays in memory only. Never throws. */
  set(key: string, value: string): Promise<boolean> {
    return this.#inOrder(key, async () => {
      try {
        await this.#store.set(key, value);
        if (!this.#readBack && (await this.#store.get(key)) !== value) throw new Error('not kept');
        this.#readBack = true;
        this.#memory.delete(key);
        return true;
      } catch {
        this.#warnings.add('CS-STORE-REJECTED');
        this.#memory.set(key, value);
        return false;
      }
    });
  }

  /** @throws CountersignError CS-STORE-REJECTED when the store kept it; it is gone for this process all the same */
  delete(key: string): Promise<void> {
    return this.#inOrder(key, async () => {
      try {
        await this.#store.delete(key);
        this.#memory.delete(key);
      } catch (cause) {
        this.#warnings.add('CS-STORE-REJECTED');
        this.#memory.set(key, undefined);
        throw new CountersignError('CS-STORE-REJECTED', 'The secret store did not delete the entry.', {
          next: 'It is not used here any more; unlock the keyring and remove it again.',
          cause,
        });
      }
    });
  }

  /** All keys, those in memory too; reads no secret. */
  async keys(): Promise<ReadonlySet<string>> {
    let stored: readonly string[] = [];
    try {
      stored = await this.#store.keys();
    } catch {
      this.#warnings.add('CS-STORE-UNREADABLE');
    }
    const keys = new Set(stored);
    for (const [key, value] of this.#memory) {
      if (value === undefined) keys.delete(key);
      else keys.add(key);
    }
    return keys;
  }

  /** The store's own entry changed, here or in another window: it is newer than what memory holds. */
  noteChange(key: string): void {
    if (!this.#queues.has(key)) this.#memory.delete(key);
  }

  #inOrder<T>(key: string, work: () => Promise<T>): Promise<T> {
    const before = this.#queues.get(key);
    const run = async (): Promise<T> => {
      await before;
      try {
        return await work();
      } finally {
        if (this.#queues.get(key) === settled) this.#queues.delete(key);
      }
    };
    const turn = run();
    const settled: Promise<unknown> = turn.catch(() => undefined);
    this.#queues.set(key, settled);
    return turn;
  }
}
