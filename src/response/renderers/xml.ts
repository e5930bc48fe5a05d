/** XML as a tree and as text: nothing in it runs, loads or navigates, and no entity of its own is expanded. */
import type { Renderer } from './renderer.ts';

export const xml: Renderer = {
  kind: 'xml',
  views: ['text', 'tree', 'raw', 'hex'],
  fits: ({ type }) => type.suffix === 'xml' || ['text/xml', 'application/xml'].includes(type.essence),
};
