/**
 * What was sent, without its secrets: facts for the History view and nothing else. No header, no body and no query
 * value that held a secret is kept. Stored in the user's own state, never in the workspace (dialects.md §16).
 */
import type { Clock, Disposable, StateStore } from '../ports.ts';
import type { RunResult } from './types.ts';

export interface HistoryEntry {
  readonly id: string;
  readonly at: number;
  readonly method: string;
  /** With dots for secrets. */
  readonly url: string;
  readonly name: string | null;
  readonly path?: string;
  readonly line: number;
  readonly environment?: string;
  readonly credential?: string;
  readonly status?: number;
  readonly redirects: number;
  readonly milliseconds: number;
  readonly error?: string;
}

const key = 'history';

export class History {
  readonly #state: StateStore;
  readonly #clock: Clock;
  readonly #listeners = new Set<() => void>();
  readonly #limit: () => number;
  #entries: HistoryEntry[] | undefined;
  #writing: Promise<void> = Promise.resolve();

  /** @param limit how many entries to keep; 0 keeps none */
  constructor(state: StateStore, clock: Clock, limit: () => number) {
    this.#state = state;
    this.#clock = clock;
    this.#limit = limit;
  }

  async entries(): Promise<readonly HistoryEntry[]> {
    this.#entries ??= (await this.#state.get<HistoryEntry[]>(key)) ?? [];
    return this.#entries;
  }

  /** @param redact the last line of defence over every text that is kept */
  async add(result: RunResult, redact: (text: string) => string): Promise<void> {
    const limit = this.#limit();
    if (limit === 0 || !result.request) return;
    const entry: HistoryEntry = {
      id: result.id,
      at: result.startedAt,
      method: result.request.method,
      url: redact(result.request.url.text),
      name: result.name,
      line: result.line,
      redirects: Math.max(0, (result.exchange?.hops.length ?? 1) - 1),
      milliseconds: Math.round(result.exchange?.timings.total ?? this.#clock.now() - result.startedAt),
      ...(result.path === undefined ? {} : { path: result.path }),
      ...(result.environment === undefined ? {} : { environment: result.environment }),
      ...(result.credential === undefined ? {} : { credential: result.credential.name }),
      ...(result.exchange === undefined ? {} : { status: result.exchange.response.status }),
      ...(result.error === undefined ? {} : { error: result.error.code }),
    };
    this.#entries = [entry, ...(await this.entries())].slice(0, limit);
    await this.#save();
  }

  async clear(): Promise<void> {
    this.#entries = [];
    await this.#save();
  }

  onDidChange(listener: () => void): Disposable {
    this.#listeners.add(listener);
    return { dispose: () => void this.#listeners.delete(listener) };
  }

  async #save(): Promise<void> {
    for (const listener of this.#listeners) listener();
    this.#writing = this.#writing.then(() => this.#state.set(key, this.#entries));
    await this.#writing;
  }
}
