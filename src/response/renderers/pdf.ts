/** PDF can hold scripts, so it is offered for saving and never opened here. */
import type { Renderer } from './renderer.ts';

export const pdf: Renderer = {
  kind: 'pdf',
  views: ['hex'],
  fits: ({ type, sniffed }) => type.essence === 'application/pdf' || sniffed === 'application/pdf',
};
