/** CBOR (RFC 8949) as a tree. */
import type { Renderer } from './renderer.ts';

export const cbor: Renderer = {
  kind: 'cbor',
  views: ['tree', 'text', 'table', 'hex'],
  fits: ({ type }) =>
    ['application/cbor', 'application/cbor-seq'].includes(type.essence) || /^cbor(-seq)?$/.test(type.suffix ?? ''),
};
