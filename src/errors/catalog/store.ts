import type { CatalogArea } from './entry.ts';

export const storeErrors = {
  'CS-STORE-STATE': {
    sentence: 'The file <path> is damaged or cannot be read.',
    cause: 'Another program changed it, or its permissions forbid reading.',
    next: 'Repair or remove it; approvals and own definitions in it are then made again.',
  },
  'CS-STORE-REJECTED': {
    sentence: 'The secret store did not accept <what>.',
    cause: 'The keyring is locked, full or broken.',
    next: 'It works until this window closes; unlock the keyring and sign in again to keep it.',
  },
  'CS-STORE-UNREADABLE': {
    sentence: 'What the secret store holds for <credential> cannot be read.',
    cause: 'It was damaged, or encrypted under a key that is gone.',
    next: 'Sign in again, or enter the secret again; the old value is set aside.',
  },
  'CS-STORE-VALUE': {
    sentence: 'The secret of <credential> cannot be sent as it is.',
    cause: 'It is empty, or holds a line break, space or character that its place in a request does not allow.',
    next: 'Enter it again, without quotes or line breaks around it.',
    action: 'Enter Secret…',
  },
  'CS-STORE-MEMORY': {
    sentence: 'This system has no secret store that lasts.',
    cause: 'No keyring is installed or unlocked.',
    next: 'Secrets work until this window closes; install a keyring to keep them.',
    action: 'How to',
  },
  'CS-STORE-FULL': {
    sentence: 'The disk is full.',
    cause: 'There is no room in the folder for temporary files.',
    next: 'What arrived is kept. Make room and send again.',
    action: 'Try Again',
  },
} as const satisfies CatalogArea;
