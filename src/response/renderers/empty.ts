/** A body without bytes: a heading and a sentence instead of a view. */
import type { Renderer } from './renderer.ts';

export const empty: Renderer = { kind: 'empty', views: [], fits: ({ bytes }) => bytes === 0 };
