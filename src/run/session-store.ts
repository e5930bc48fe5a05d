/**
 * The vault as the token broker sees it: sessions alone, with whether each rests where it lasts. It keeps nothing of
 * its own but the names it was asked for. Source: auth.md S01, S06.
 */
import type { Vault } from '../credentials/vault.ts';
import type { SessionStore } from '../oauth/ports.ts';
import type { SecretStore } from '../ports.ts';

type Sessions = Pick<Vault, 'session' | 'setSession' | 'deleteSession' | 'onDidChange'>;

/** A change of entries that nobody names is told as a change of every session that was asked for. */
export function createSessionStore(secrets: Pick<SecretStore, 'describe'>, vault: Sessions): SessionStore {
  const asked = new Set<string>();
  return {
    get: (credential) => {
      asked.add(credential.name);
      return vault.session(credential);
    },
    async set(credential, session) {
      asked.add(credential.name);
      return (await vault.setSession(credential, session)) && secrets.describe().durable;
    },
    delete: (credential) => vault.deleteSession(credential),
    onDidChange: (listener) =>
      vault.onDidChange((changes) => {
        const names = new Set<string>();
        for (const { kind, name } of changes) {
          if (kind !== 'session') continue;
          for (const each of name === undefined ? asked : [name]) names.add(each);
        }
        for (const name of names) listener(name);
      }),
  };
}
