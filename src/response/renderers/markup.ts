/** XML, as text: nothing in it runs, loads or navigates. */
import type { Renderer } from './renderer.ts';

export const markup: Renderer = {
  kind: 'markup',
  views: ['text', 'hex'],
  fits: ({ type }) => type.suffix === 'xml' || ['text/xml', 'application/xml'].includes(type.essence),
};
