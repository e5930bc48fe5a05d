import type { CatalogArea } from './entry.ts';

export const authErrors = {
  'CS-AUTH-SECRET-MISSING': {
    sentence: '<credential> has no secret on this machine.',
    cause: 'The definition is known, its secret was never entered here or was removed.',
    next: 'Enter it once; it stays in the secret store.',
    action: 'Enter Secret…',
  },
  'CS-AUTH-CANCELLED': {
    sentence: 'The sign-in was ended before the browser came back.',
    cause: 'It was cancelled, closed or refused.',
    next: 'Nothing was stored. Sign in again when you like.',
    action: 'Sign In',
  },
} as const satisfies CatalogArea;
