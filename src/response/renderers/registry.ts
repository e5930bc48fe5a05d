/** The renderers, most telling first: the first that fits a body shows it. */
import { binary } from './binary.ts';
import { csv } from './csv.ts';
import { empty } from './empty.ts';
import { html } from './html.ts';
import { image } from './image.ts';
import { json } from './json.ts';
import { markup } from './markup.ts';
import { ndjson } from './ndjson.ts';
import { pdf } from './pdf.ts';
import type { BodyFacts, Renderer } from './renderer.ts';
import { text } from './text.ts';

export const renderers = [
  empty,
  ndjson,
  json,
  image,
  pdf,
  html,
  markup,
  csv,
  text,
  binary,
] as const satisfies readonly Renderer[];

/** The renderer for a body; `binary` fits every one. */
export function rendererFor(facts: BodyFacts): Renderer {
  return renderers.find((renderer) => renderer.fits(facts)) ?? binary;
}
