/** A body of several parts, each with its headers and its content. */
import type { Renderer } from './renderer.ts';

export const multipart: Renderer = {
  kind: 'multipart',
  views: ['tree', 'text', 'hex'],
  fits: ({ type }) =>
    /^multipart\/(form-data|mixed|related|alternative|byteranges|batch|digest|parallel)$/.test(type.essence),
};
