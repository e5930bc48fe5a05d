/** SecretStore over VS Code's SecretStorage. `keys()` is newer than some hosts: without it the list is empty. */
import type { ExtensionContext, SecretStorage } from 'vscode';
import type { SecretStore } from '../../ports.ts';

/**
 * @param durable false once the vault's probe found that secrets do not outlive the window
 */
export function createSecretStorage(context: ExtensionContext, durable: () => boolean): SecretStore {
  const storage: SecretStorage & { keys?(): Thenable<string[]> } = context.secrets;
  return {
    get: async (key) => storage.get(key),
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
