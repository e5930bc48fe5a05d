/** HTML as text, and as a page at rest: nothing in it runs, loads or navigates. */
import type { Renderer } from './renderer.ts';

export const html: Renderer = {
  kind: 'html',
  views: ['text', 'preview', 'hex'],
  fits: ({ type }) => ['text/html', 'application/xhtml+xml'].includes(type.essence),
};
