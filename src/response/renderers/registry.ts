/** The renderers, most telling first: the first that fits a body shows it. */
import { binary } from './binary.ts';
import { cbor } from './cbor.ts';
import { csv } from './csv.ts';
import { empty } from './empty.ts';
import { events } from './events.ts';
import { html } from './html.ts';
import { image } from './image.ts';
import { json } from './json.ts';
import { jwt } from './jwt.ts';
import { messagePack } from './message-pack.ts';
import { multipart } from './multipart.ts';
import { ndjson } from './ndjson.ts';
import { pdf } from './pdf.ts';
import type { BodyFacts, Renderer } from './renderer.ts';
import { text } from './text.ts';
import { xml } from './xml.ts';

export const renderers = [
  empty,
  ndjson,
  json,
  image,
  pdf,
  html,
  xml,
  csv,
  events,
  multipart,
  jwt,
  cbor,
  messagePack,
  text,
  binary,
] as const satisfies readonly Renderer[];

/** The renderer for a body; `binary` fits every one. */
export function rendererFor(facts: BodyFacts): Renderer {
  return renderers.find((renderer) => renderer.fits(facts)) ?? binary;
}
