/** Comma- or tab-separated values (RFC 4180, text/tab-separated-values), as a table. */
import type { Renderer } from './renderer.ts';

export const csv: Renderer = {
  kind: 'csv',
  views: ['table', 'text', 'hex'],
  fits: ({ type }) => ['text/csv', 'application/csv', 'text/tab-separated-values'].includes(type.essence),
};
