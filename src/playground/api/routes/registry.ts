/** Every route of the API, in the order in which they are tried. */
import type { Route } from '../call.ts';
import { behaviourRoutes } from './behaviour.ts';
import { documentRoutes } from './documents.ts';
import { keyRoutes } from './keys.ts';
import { openRoutes } from './open.ts';
import { protectedRoutes } from './protected.ts';

export const routes: readonly Route[] = [
  ...openRoutes,
  ...protectedRoutes,
  ...keyRoutes,
  ...behaviourRoutes,
  ...documentRoutes,
];
