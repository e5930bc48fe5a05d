import type { CatalogArea } from './entry.ts';

export const netErrors = {
  'CS-NET-DNS': {
    sentence: 'The name <host> does not exist.',
    cause: 'The name is misspelt, or this machine cannot reach a name server.',
    next: 'Check its spelling and your connection.',
    action: 'Try Again',
  },
  'CS-NET-REFUSED': {
    sentence: 'Nothing answers at <host>.',
    cause: 'No program listens on that port.',
    next: 'Start the API, or change the address.',
    action: 'Try Again',
  },
  'CS-NET-TIMEOUT': {
    sentence: '<host> sent nothing for <time>.',
    cause: 'The server is slow, or something on the way drops the connection.',
    next: 'Try again, or give it longer with # @timeout.',
    action: 'Try Again',
  },
  'CS-NET-PROXY': {
    sentence: 'The proxy <host> did not let the request through.',
    cause: 'It asks for a sign-in, is not reachable, or refuses this host.',
    next: 'Check the proxy settings of this machine.',
    action: 'Open Settings',
  },
} as const satisfies CatalogArea;
