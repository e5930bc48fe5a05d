/**
 * Where the identity provider keeps grants, sessions and tokens: a map in memory, written to one JSON file a moment
 * after each change and at the end, so that somebody who signed in yesterday is still signed in today. Not for more
 * than one process. Shape: the adapter contract of oidc-provider.
 */
import { join } from 'node:path';
import type { Adapter, AdapterPayload } from 'oidc-provider';
import { loadJson, writePrivateFile } from '../private-file.ts';

interface Entry {
  readonly payload: AdapterPayload;
  /** Milliseconds since the epoch; null for what does not end. */
  readonly until: number | null;
}

const writeAfterMs = 150;

/** What one grant brought forth: goes when the grant is revoked. */
const grantable = new Set(['AccessToken', 'AuthorizationCode', 'RefreshToken', 'DeviceCode']);

export class IdentityStore {
  readonly #path: string;
  readonly #entries = new Map<string, Entry>();
  #timer: NodeJS.Timeout | undefined;
  #writing: Promise<void> = Promise.resolve();
  #failure: unknown;

  private constructor(path: string) {
    this.#path = path;
  }

  /** Reads what an earlier run kept; what has ended meanwhile is dropped. */
  static async load(folder: string): Promise<IdentityStore> {
    const store = new IdentityStore(join(folder, 'identity.json'));
    const kept = (await loadJson(store.#path)) as readonly (readonly [string, Entry])[] | undefined;
    for (const [key, entry] of kept ?? []) {
      if (entry.until === null || entry.until > Date.now()) store.#entries.set(key, entry);
    }
    return store;
  }

  adapter(model: string): Adapter {
    const toKey = (id: string): string => `${model}:${id}`;
    return {
      upsert: async (id, payload, expiresIn) => {
        const until = expiresIn === undefined ? null : Date.now() + expiresIn * 1_000;
        this.#entries.set(toKey(id), { payload: { ...payload }, until });
        this.#changed();
        return Promise.resolve();
      },
      find: async (id) => Promise.resolve(this.#find(toKey(id))),
      findByUid: async (uid) => Promise.resolve(this.#findBy(model, (payload) => payload.uid === uid)),
      findByUserCode: async (code) => Promise.resolve(this.#findBy(model, (payload) => payload.userCode === code)),
      consume: async (id) => {
        const entry = this.#entries.get(toKey(id));
        if (entry !== undefined) entry.payload.consumed = Math.floor(Date.now() / 1_000);
        this.#changed();
        return Promise.resolve();
      },
      destroy: async (id) => {
        this.#entries.delete(toKey(id));
        this.#changed();
        return Promise.resolve();
      },
      revokeByGrantId: async (grantId) => {
        for (const [key, entry] of this.#entries) {
          const kind = key.slice(0, key.indexOf(':'));
          if (grantable.has(kind) && entry.payload.grantId === grantId) this.#entries.delete(key);
        }
        this.#changed();
        return Promise.resolve();
      },
    };
  }

  /** True while the token of this kind and `jti` was neither revoked nor has ended. */
  has(kind: string, id: string): boolean {
    return this.#find(`${kind}:${id}`) !== undefined;
  }

  /** Writes now what is not written yet. Rejects when the last write did not work. */
  async flush(): Promise<void> {
    if (this.#timer !== undefined) {
      clearTimeout(this.#timer);
      this.#timer = undefined;
      this.#write();
    }
    await this.#writing;
    if (this.#failure instanceof Error) throw this.#failure;
  }

  #find(key: string): AdapterPayload | undefined {
    const entry = this.#entries.get(key);
    if (entry === undefined) return undefined;
    if (entry.until !== null && entry.until <= Date.now()) {
      this.#entries.delete(key);
      return undefined;
    }
    return entry.payload;
  }

  #findBy(model: string, test: (payload: AdapterPayload) => boolean): AdapterPayload | undefined {
    const prefix = `${model}:`;
    for (const [key, entry] of this.#entries) {
      if (key.startsWith(prefix) && test(entry.payload)) return this.#find(key);
    }
    return undefined;
  }

  #changed(): void {
    this.#timer ??= setTimeout(() => {
      this.#timer = undefined;
      this.#write();
    }, writeAfterMs).unref();
  }

  #write(): void {
    const now = Date.now();
    for (const [key, entry] of this.#entries) {
      if (entry.until !== null && entry.until <= now) this.#entries.delete(key);
    }
    const text = JSON.stringify([...this.#entries]);
    // A full disk costs the memory of the next start, not this run.
    this.#writing = this.#writing
      .then(() => writePrivateFile(this.#path, text))
      .then(
        () => (this.#failure = undefined),
        (error: unknown) => (this.#failure = error),
      )
      .then(() => undefined);
  }
}
