import type { CatalogArea } from './entry.ts';

export const fileErrors = {
  'CS-FILE-MISSING': {
    sentence: 'The file <path> does not exist.',
    cause: 'It was moved, deleted or never made, or the path is relative to another folder.',
    next: 'Check the path.',
  },
} as const satisfies CatalogArea;
