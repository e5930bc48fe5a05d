import type { CatalogArea } from './entry.ts';

export const scriptErrors = {
  'CS-SCRIPT-UNSUPPORTED': {
    sentence: 'This script was not run.',
    cause: 'Scripts are not run by this version.',
    next: 'The response is complete without it.',
  },
} as const satisfies CatalogArea;
