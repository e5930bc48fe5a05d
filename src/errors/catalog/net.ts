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
  'CS-NET-RESET': {
    sentence: '<host> ended the connection before it answered.',
    cause: 'The server or something on the way closed the connection.',
    next: 'Try again; if it stays so, look at the log of the server.',
    action: 'Try Again',
  },
  'CS-NET-UNREACHABLE': {
    sentence: 'There is no way from this machine to <host>.',
    cause: 'The network is down, a route is missing, or a firewall stands between.',
    next: 'Check your connection, the VPN and the address.',
    action: 'Try Again',
  },
  'CS-NET-ADDRESS': {
    sentence: '<host> leads to an address that is not allowed here.',
    cause: 'A server named an address of a private or local network where a public one is expected.',
    next: 'Check which server gave this address.',
  },
  'CS-NET-CANCELLED': {
    sentence: 'The request was cancelled.',
    cause: 'It was ended by you or by the window that closed.',
    next: 'Send it again when you like.',
    action: 'Try Again',
  },
} as const satisfies CatalogArea;
