import type { CatalogArea } from './entry.ts';

export const cliErrors = {
  'CS-CLI-INTERNAL': {
    sentence: 'Something happened that Countersign does not expect.',
    cause: 'A fault in Countersign itself.',
    next: 'Try again; if it comes back, report it with the output channel.',
    action: 'Show Output',
  },
  'CS-CLI-USAGE': {
    sentence: 'The command line is not complete.',
    cause: 'An option or argument is missing or unknown.',
    next: 'See countersign --help.',
  },
} as const satisfies CatalogArea;
