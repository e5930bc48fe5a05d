/**
 * Keeps token sets in the secret store, one for each approved state of a definition. An entry that cannot be read is set
 * aside and counts as none. Every token it touches becomes known to the redactor. Source: auth.md §3.5, S01.
 */
import type { Redactor } from './redactor.ts';
import { idTokenKey, quarantineKey, sessionKey } from './secret-keys.ts';
import { parseSessionRecord, toSessionRecord } from './session-record.ts';
import type { SturdySecrets } from './sturdy-secrets.ts';
import type { NamedDefinition, Session } from './types.ts';

export class SessionDrawer {
  readonly #store: SturdySecrets;
  readonly #redactor: Redactor;

  constructor(store: SturdySecrets, redactor: Redactor) {
    this.#store = store;
    this.#redactor = redactor;
  }

  async read(named: NamedDefinition): Promise<Session | undefined> {
    const key = sessionKey(named, named.hash);
    const [main, idToken] = await Promise.all([this.#store.get(key), this.#store.get(idTokenKey(named, named.hash))]);
    if (main === undefined) return undefined;
    const session = parseSessionRecord(named.name, main, idToken);
    if (!session) {
      await this.#setAside(key, main);
      return undefined;
    }
    if (session.definitionHash !== named.hash) return undefined;
    this.#makeKnown(session);
    return session;
  }

  async write(named: NamedDefinition, session: Session): Promise<boolean> {
    this.#makeKnown(session);
    const { main, idToken } = toSessionRecord({ ...session, definitionHash: named.hash });
    const keptIdToken = await this.#replace(idTokenKey(named, named.hash), idToken);
    return (await this.#store.set(sessionKey(named, named.hash), main)) && keptIdToken;
  }

  async #replace(key: string, value: string | undefined): Promise<boolean> {
    if (value !== undefined) return this.#store.set(key, value);
    if ((await this.#store.get(key)) !== undefined) await this.#store.delete(key).catch(() => undefined);
    return true;
  }

  async delete(named: NamedDefinition): Promise<void> {
    await Promise.all([
      this.#store.delete(sessionKey(named, named.hash)),
      this.#store.delete(idTokenKey(named, named.hash)),
    ]);
  }

  isPresent(named: NamedDefinition, keys: ReadonlySet<string>): boolean {
    return keys.has(sessionKey(named, named.hash));
  }

  async #setAside(key: string, value: string): Promise<void> {
    this.#store.flagUnreadable();
    if (await this.#store.set(quarantineKey(key), value)) await this.#store.delete(key).catch(() => undefined);
  }

  #makeKnown(session: Session): void {
    for (const token of [session.accessToken, session.refreshToken, session.idToken])
      if (token) this.#redactor.register(token);
  }
}
