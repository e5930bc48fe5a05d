/** What is left: bytes, with what the first ones tell. */
import type { Renderer } from './renderer.ts';

export const binary: Renderer = { kind: 'binary', views: ['hex', 'text'], fits: () => true };
