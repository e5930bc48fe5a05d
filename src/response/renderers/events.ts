/** Server-sent events as a list: each a row, its data open where it is JSON. */
import type { Renderer } from './renderer.ts';

export const events: Renderer = {
  kind: 'events',
  views: ['tree', 'table', 'text', 'hex'],
  fits: ({ type }) => type.essence === 'text/event-stream',
};
