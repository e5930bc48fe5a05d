import type { CatalogArea } from './entry.ts';

export const defErrors = {
  'CS-DEF-SCHEME': {
    sentence: 'The scheme <scheme> of <credential> is not known here.',
    cause: 'The definition names a scheme that this version does not have.',
    next: 'Check its spelling in countersign.json, or update Countersign.',
  },
  'CS-DEF-JSON': {
    sentence: 'The file is not JSON at this place.',
    cause: 'A comma, quote or bracket is missing or too many; comments and trailing commas are fine.',
    next: 'Correct it; definitions after this place may be missing until then.',
  },
  'CS-DEF-NAME': {
    sentence: 'A credential name holds letters, digits, _ and - only, at most 64.',
    cause: 'The name is used in request files, on the command line and in the secret store.',
    next: 'Rename the credential.',
  },
  'CS-DEF-FIELD': {
    sentence: '<credential> has a field that is missing, unknown or of another type.',
    cause: 'The definition does not have the shape its scheme needs.',
    next: 'Compare it with the fields that completion offers.',
  },
  'CS-DEF-ORIGIN': {
    sentence: '“<text>” of <credential> is not an origin that a credential can be bound to.',
    cause: 'An origin is scheme, host and port: https://api.example.com, https://*.example.com.',
    next: 'Write the origin without path, user name or other wildcards.',
  },
  'CS-DEF-CLEARTEXT': {
    sentence: '<credential> may go over plain http, where others can read it.',
    cause: 'One of its origins has the scheme http and is not this machine.',
    next: 'Use https if the API has it.',
  },
  'CS-DEF-PARAMETER': {
    sentence: '<parameter> is set by Countersign itself and cannot stand in <field>.',
    cause: 'The parameter protects the sign-in or has a field of its own.',
    next: 'Remove it, or use the field of that name.',
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
