import type { CatalogArea } from './entry.ts';

export const parseErrors = {
  'CS-PARSE-NO-REQUEST': {
    sentence: 'There is no request at this place.',
    cause: 'The file is empty there, or was edited meanwhile.',
    next: 'Put the cursor into a request.',
  },
  'CS-PARSE-DIRECTIVE': {
    sentence: '“<text>” is not what this directive takes.',
    cause: 'The value of the directive has another form than it needs.',
    next: 'Hover over the directive to see what it takes.',
  },
  'CS-PARSE-SEPARATOR': {
    sentence: 'A request line stands where no ### separates it from the request before.',
    cause: 'Tools differ on whether such a line starts a new request.',
    next: 'Put a line with ### above it.',
    action: 'Insert ###',
  },
} as const satisfies CatalogArea;
