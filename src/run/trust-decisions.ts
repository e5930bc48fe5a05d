/**
 * Which certificates a person decided to trust although verification refused them: pins and exceptions, per origin,
 * with an end. Kept in user state, made in a dialog or by `--insecure`, never from workspace content (house.md §6.4).
 */
import type { TlsException } from '../http/types.ts';
import type { Clock, Disposable, LockProvider, StateStore } from '../ports.ts';

const key = 'tls-exceptions';
const lockStaleMs = 10_000;
const longestAny = 30 * 24 * 3600 * 1000;

/** `expires` of a decision that ends with the process: the last moment a Date can hold. */
export const endOfProcess = 8.64e15;

export class TrustDecisions implements Disposable {
  readonly #state: StateStore;
  readonly #clock: Clock;
  readonly #lock: LockProvider | undefined;
  readonly #listeners = new Set<() => void>();
  readonly #subscription: Disposable;
  readonly #session: TlsException[] = [];
  #stored: readonly TlsException[] = [];
  #writes: Promise<void> = Promise.resolve();

  /** @param lock makes a change here and one in another window follow each other */
  constructor(state: StateStore, clock: Clock, lock?: LockProvider) {
    this.#lock = lock;
    this.#state = state;
    this.#clock = clock;
    this.#subscription = state.onDidChange((changed) => {
      if (changed === key) void this.load();
    });
  }

  /** Reads the decisions; before the first send and whenever another window changed them. */
  async load(): Promise<void> {
    this.#stored = await this.#read();
    for (const listener of this.#listeners) listener();
  }

  /** In force now; a pin before an exception for everything. */
  exceptionFor(origin: string): TlsException | undefined {
    const inForce = [...this.#session, ...this.#stored].filter(
      (each) => each.origin === origin && each.expires > this.#clock.now(),
    );
    return inForce.find((each) => each.kind === 'pin') ?? inForce[0];
  }

  list(): readonly TlsException[] {
    return this.#stored.filter((each) => each.expires > this.#clock.now());
  }

  /** Replaces the decision for the same origin and kind. An `any` exception ends after 30 days at most. */
  async add(exception: TlsException): Promise<void> {
    const latest = this.#clock.now() + longestAny;
    const kept = exception.kind === 'any' ? { ...exception, expires: Math.min(exception.expires, latest) } : exception;
    await this.#update((all) => [
      ...all.filter((each) => each.origin !== kept.origin || each.kind !== kept.kind),
      kept,
    ]);
  }

  /** For this process only: `--insecure ORIGIN` of the CLI. */
  allowForProcess(origin: string): void {
    this.#session.push({ kind: 'any', origin, expires: endOfProcess });
  }

  async revoke(origin: string, kind?: TlsException['kind']): Promise<void> {
    await this.#update((all) =>
      all.filter((each) => each.origin !== origin || (kind !== undefined && each.kind !== kind)),
    );
  }

  onDidChange(listener: () => void): Disposable {
    this.#listeners.add(listener);
    return { dispose: () => void this.#listeners.delete(listener) };
  }

  dispose(): void {
    this.#subscription.dispose();
    this.#listeners.clear();
  }

  async #read(): Promise<readonly TlsException[]> {
    const stored = await this.#state.get<unknown>(key);
    return Array.isArray(stored) ? stored.filter(isException) : [];
  }

  /** One after another, each on what is stored at that moment: what another window revoked does not come back. */
  #update(change: (all: readonly TlsException[]) => readonly TlsException[]): Promise<void> {
    const write = this.#writes.then(async () => {
      const release = await this.#lock?.acquire(key, { staleMs: lockStaleMs }).catch(() => undefined);
      try {
        const now = this.#clock.now();
        this.#stored = change((await this.#read()).filter((each) => each.expires > now));
        await this.#state.set(key, this.#stored);
      } finally {
        await release?.();
      }
      for (const listener of this.#listeners) listener();
    });
    this.#writes = write.catch(() => undefined);
    return write;
  }
}

function isException(value: unknown): value is TlsException {
  if (typeof value !== 'object' || value === null) return false;
  const { kind, origin, expires, fingerprint256 } = value as Record<string, unknown>;
  const complete = kind === 'any' || (kind === 'pin' && typeof fingerprint256 === 'string');
  return complete && typeof origin === 'string' && typeof expires === 'number';
}
