import type { CatalogArea } from './entry.ts';

export const scriptErrors = {
  'CS-SCRIPT-UNSUPPORTED': {
    sentence: 'This script was not run.',
    cause: 'It is not a handler of JetBrains’ kind, or the setting countersign.scripts.run forbids scripts.',
    next: 'The response is complete without it.',
  },
  'CS-SCRIPT-ERROR': {
    sentence: 'The script stopped: <reason>.',
    cause: 'The script threw an error outside of a test, or is not JavaScript.',
    next: 'The response is complete. Correct the script, then send again.',
  },
  'CS-SCRIPT-TIME': {
    sentence: 'The script ran too long and was ended.',
    cause: 'A script may run for 5 seconds; this one has a loop or a pattern that takes longer.',
    next: 'The response is complete. Shorten what the script does, then send again.',
  },
  'CS-SCRIPT-MEMORY': {
    sentence: 'The script needed too much memory and was ended.',
    cause: 'A script may use 64 MB; this one keeps more.',
    next: 'The response is complete. Let the script keep less, then send again.',
  },
  'CS-SCRIPT-FILE': {
    sentence: 'The script file is larger than 1 MB.',
    cause: 'Only files up to that size are read as scripts.',
    next: 'Name a smaller file.',
  },
} as const satisfies CatalogArea;
