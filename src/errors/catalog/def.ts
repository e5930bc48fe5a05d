import type { CatalogArea } from './entry.ts';

export const defErrors = {
  'CS-DEF-SCHEME': {
    sentence: 'The scheme <scheme> of <credential> is not known here.',
    cause: 'The definition names a scheme that this version does not have.',
    next: 'Check its spelling in countersign.json, or update Countersign.',
  },
  'CS-DEF-UNKNOWN': {
    sentence: 'No credential is called “<name>”.',
    cause: 'The request names a credential that countersign.json and your own store do not define.',
    next: 'Check its spelling, or add the credential.',
    action: 'Add Credential…',
  },
  'CS-DEF-SECRET': {
    sentence: 'A secret stands in this file as plain text.',
    cause: 'Anyone with the file has the secret; a definition cannot hold one.',
    next: 'Move it to the secret store.',
    action: 'Move to the secret store as credential…',
  },
} as const satisfies CatalogArea;
