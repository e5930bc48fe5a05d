/** Images that a browser draws at rest: no script runs and nothing else is loaded, in SVG neither. */
import type { Renderer } from './renderer.ts';

const drawn = /^image\/(png|jpeg|gif|webp|avif|bmp|x-icon|vnd\.microsoft\.icon|svg\+xml)$/;

export const image: Renderer = {
  kind: 'image',
  views: ['image', 'hex'],
  fits: ({ type, sniffed }) =>
    drawn.test(type.essence) ||
    (type.essence === 'application/octet-stream' && sniffed !== undefined && drawn.test(sniffed)),
};
