/** MessagePack as a tree. */
import type { Renderer } from './renderer.ts';

export const messagePack: Renderer = {
  kind: 'messagepack',
  views: ['tree', 'text', 'table', 'hex'],
  fits: ({ type }) => /^application\/(x-|vnd\.)?(msgpack|messagepack)$/.test(type.essence) || type.suffix === 'msgpack',
};
