/** A JSON Web Token laid open, and as received. It is not verified and says so. */
import type { Renderer } from './renderer.ts';

export const jwt: Renderer = {
  kind: 'jwt',
  views: ['tree', 'text', 'raw', 'hex'],
  fits: ({ type }) => ['application/jwt', 'application/jose'].includes(type.essence) || type.suffix === 'jwt',
};
