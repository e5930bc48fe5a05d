import type { CatalogArea } from './entry.ts';

export const storeErrors = {
  'CS-STORE-STATE': {
    sentence: 'The file <path> is damaged or cannot be read.',
    cause: 'Another program changed it, or its permissions forbid reading.',
    next: 'Repair or remove it; approvals and own definitions in it are then made again.',
  },
  'CS-STORE-MEMORY': {
    sentence: 'This system has no secret store that lasts.',
    cause: 'No keyring is installed or unlocked.',
    next: 'Secrets work until this window closes; install a keyring to keep them.',
    action: 'How to',
  },
} as const satisfies CatalogArea;
