import type { CatalogArea } from './entry.ts';

export const httpErrors = {
  'CS-HTTP-HEADER': {
    sentence: 'The header <name> holds a character that cannot be sent.',
    cause: 'A line break or a character outside Latin-1 came from a variable or the file.',
    next: 'Change its value.',
  },
} as const satisfies CatalogArea;
