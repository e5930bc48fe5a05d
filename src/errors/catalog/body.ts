import type { CatalogArea } from './entry.ts';

export const bodyErrors = {
  'CS-BODY-ENCODING': {
    sentence: 'The body says it is <encoding>, and cannot be decoded as that.',
    cause: 'The server sent damaged or wrongly labelled content.',
    next: 'Look at the raw bytes; tell the owner of the API.',
  },
  'CS-BODY-TRUNCATED': {
    sentence: 'The body of <host> ended early.',
    cause: 'The connection was closed before all bytes had arrived.',
    next: 'What arrived is shown. Try again.',
    action: 'Try Again',
  },
  'CS-BODY-TOO-LARGE': {
    sentence: 'The body is larger than <size>.',
    cause: 'It goes beyond the limit of the settings or of this view.',
    next: 'What arrived is shown. Raise the limit to receive more.',
    action: 'Open Settings',
  },
  'CS-BODY-SPOOL': {
    sentence: 'The body cannot be kept on disk.',
    cause: 'The folder for temporary files is not writable, or the body was already released.',
    next: 'Check the folder for temporary files.',
  },
  'CS-BODY-SOURCE': {
    sentence: 'The body to send cannot be read.',
    cause: 'Its file changed or went away while it was sent.',
    next: 'Check the file and send again.',
  },
  'CS-BODY-LENGTH': {
    sentence: 'The body to send has <actual> bytes, not the <declared> that were announced.',
    cause: 'Its file changed while it was sent, or Content-Length was written by hand.',
    next: 'Send again; remove a Content-Length written by hand.',
  },
} as const satisfies CatalogArea;
