/**
 * A secret store in memory that can be as bad as real ones: slow, refusing, forgetful, damaged. Several stores can share
 * one content, as windows of one machine do.
 */
import type { Disposable, SecretStore } from '../../src/ports.ts';

export interface StoreFaults {
  /** Milliseconds before each operation takes effect. */
  latencyMs?: number;
  /** `set` rejects, as when the keyring is locked. */
  rejectSet?: boolean;
  /** `get` rejects. */
  rejectGet?: boolean;
  /** `delete` rejects. */
  rejectDelete?: boolean;
  /** `set` resolves, and nothing is kept. */
  drop?: boolean;
  /** `get` finds nothing, as after a decrypt error. */
  forget?: boolean;
  /** What `get` gives instead of what was kept. */
  corrupt?: (key: string, value: string) => string;
}

/** The content that stores of one machine share. */
export class SecretContent {
  readonly values = new Map<string, string>();
  readonly listeners = new Set<(key: string) => void>();

  announce(key: string): void {
    for (const listener of [...this.listeners]) listener(key);
  }
}

export class MemorySecretStore implements SecretStore {
  readonly content: SecretContent;
  readonly faults: StoreFaults;
  readonly calls: string[] = [];
  durable = true;

  constructor(content: SecretContent = new SecretContent(), faults: StoreFaults = {}) {
    this.content = content;
    this.faults = faults;
  }

  async get(key: string): Promise<string | undefined> {
    await this.#begin('get', key);
    if (this.faults.rejectGet === true) throw new Error('the keyring is locked');
    const value = this.content.values.get(key);
    if (value === undefined || this.faults.forget === true) return undefined;
    return this.faults.corrupt ? this.faults.corrupt(key, value) : value;
  }

  async set(key: string, value: string): Promise<void> {
    await this.#begin('set', key);
    if (this.faults.rejectSet === true) throw new Error('the keyring is locked');
    if (this.faults.drop !== true) this.content.values.set(key, value);
    this.content.announce(key);
  }

  async delete(key: string): Promise<void> {
    await this.#begin('delete', key);
    if (this.faults.rejectDelete === true) throw new Error('the keyring is locked');
    if (this.content.values.delete(key)) this.content.announce(key);
  }

  async keys(): Promise<readonly string[]> {
    await this.#begin('keys', '');
    return [...this.content.values.keys()];
  }

  onDidChange(listener: (key: string) => void): Disposable {
    this.content.listeners.add(listener);
    return { dispose: () => void this.content.listeners.delete(listener) };
  }

  describe(): { readonly place: string; readonly durable: boolean } {
    return { place: this.durable ? 'test keyring' : 'memory', durable: this.durable };
  }

  async #begin(operation: string, key: string): Promise<void> {
    this.calls.push(`${operation} ${key}`.trim());
    if (this.faults.latencyMs !== undefined) await new Promise((done) => setTimeout(done, this.faults.latencyMs));
  }
}
