import type { CatalogArea } from './entry.ts';

export const cliErrors = {
  'CS-CLI-USAGE': {
    sentence: 'The command line is not complete.',
    cause: 'An option or argument is missing or unknown.',
    next: 'See countersign --help.',
  },
} as const satisfies CatalogArea;
