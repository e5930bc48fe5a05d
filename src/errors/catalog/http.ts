import type { CatalogArea } from './entry.ts';

export const httpErrors = {
  'CS-HTTP-URL': {
    sentence: '“<text>” is not an address that can be sent to.',
    cause: 'The address is empty, only a path without a Host header, or not http or https.',
    next: 'Check the address and the variables in it.',
  },
  'CS-HTTP-PROTOCOL': {
    sentence: '<verb> requests are recognised, and this version does not send them.',
    cause: 'Only HTTP and GraphQL over HTTP are sent.',
    next: 'Use another tool for this request; the file stays as it is.',
  },
  'CS-HTTP-HEADER': {
    sentence: 'The header <name> holds a character that cannot be sent.',
    cause: 'A line break or a character outside Latin-1 came from a variable or the file.',
    next: 'Change its value.',
  },
} as const satisfies CatalogArea;
