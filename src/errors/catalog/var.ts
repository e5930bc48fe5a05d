import type { CatalogArea } from './entry.ts';

export const varErrors = {
  'CS-VAR-UNKNOWN': {
    sentence: 'No variable is called “<name>” in environment <environment>.',
    cause: 'The name is defined in no file, environment or earlier response that this request can see.',
    next: 'Check its spelling, or define it in the file or in an environment.',
    action: 'Change to the closest name',
  },
} as const satisfies CatalogArea;
