/** SecretStore over VS Code's SecretStorage. `keys()` is newer than some hosts: without it the list is empty. */
import type { ExtensionContext, SecretStorage } from 'vscode';
import type { SecretStore } from '../../ports.ts';

export interface CountedSecretStore extends SecretStore {
  /** How often a value was asked for: activation and opening a folder must leave it at 0. */
  readonly reads: number;
}

/**
 * @param durable false once the vault's probe found that secrets do not outlive the window
 */
export function createSecretStorage(context: ExtensionContext, durable: () => boolean): CountedSecretStore {
  const storage: Omit<SecretStorage, 'keys'> & { keys?(): Thenable<string[]> } = context.secrets;
  let reads = 0;
  return {
    get reads() {
      return reads;
    },
    get: async (key) => {
      reads += 1;
      return storage.get(key);
    },
    set: async (key, value) => storage.store(key, value),
    delete: async (key) => storage.delete(key),
    keys: async () => (await storage.keys?.()) ?? [],
    onDidChange: (listener) => storage.onDidChange((event) => listener(event.key)),
    describe: () =>
      durable()
        ? { place: 'the system secret store', durable: true }
        : { place: 'memory, until this window closes', durable: false },
  };
}
