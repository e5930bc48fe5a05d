import type { CatalogArea } from './entry.ts';

export const storeErrors = {
  'CS-STORE-MEMORY': {
    sentence: 'This system has no secret store that lasts.',
    cause: 'No keyring is installed or unlocked.',
    next: 'Secrets work until this window closes; install a keyring to keep them.',
    action: 'How to',
  },
} as const satisfies CatalogArea;
