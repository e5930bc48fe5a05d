import type { CatalogArea } from './entry.ts';

export const bodyErrors = {
  'CS-BODY-ENCODING': {
    sentence: 'The body says it is <encoding>, and cannot be decoded as that.',
    cause: 'The server sent damaged or wrongly labelled content.',
    next: 'Look at the raw bytes; tell the owner of the API.',
  },
} as const satisfies CatalogArea;
