/** The file lock of the OAuth room, loaded at the first refresh. */
import type { LockProvider } from '../ports.ts';

export function createLazyFileLock(folder: string): LockProvider {
  let loading: Promise<LockProvider> | undefined;
  return {
    async acquire(name, options) {
      loading ??= import('../oauth/file-lock.ts').then(({ createFileLock }) => createFileLock(folder));
      return (await loading).acquire(name, options);
    },
  };
}
