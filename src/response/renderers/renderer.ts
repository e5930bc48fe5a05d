/**
 * What a renderer is: which bodies it fits, and the views it offers, best first. The views themselves are drawn by
 * the panel; this room only chooses. Source: design.md E4.2.
 */
import type { BodyModel, ViewId } from '../model.ts';
import type { MediaType } from '../media-type.ts';

export interface BodyFacts {
  readonly type: MediaType;
  /** What the first bytes tell. */
  readonly sniffed: string | undefined;
  readonly looksLikeText: boolean;
  readonly bytes: number;
  /** The first bytes, 4 KiB at most. */
  readonly head: Uint8Array;
}

export interface Renderer {
  readonly kind: BodyModel['kind'];
  fits(facts: BodyFacts): boolean;
  /** In order of usefulness; the first one is shown first. */
  readonly views: readonly ViewId[];
}
