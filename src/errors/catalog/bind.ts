import type { CatalogArea } from './entry.ts';

export const bindErrors = {
  'CS-BIND-ORIGIN': {
    sentence: '<credential> may not go to <origin>.',
    cause: 'The credential is bound to other origins.',
    next: 'Use a credential bound to it, or send with none.',
    action: 'Send As…',
  },
  'CS-BIND-APPROVAL': {
    sentence: '<credential> has not been approved on this machine, or changed since.',
    cause: 'A definition from a workspace is a proposal until a person approves it.',
    next: 'See what it would do, then approve it or not.',
    action: 'Review…',
  },
} as const satisfies CatalogArea;
