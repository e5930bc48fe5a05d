/** The formats that are shown as a tree by way of JSON. */
import { cbor } from './cbor.ts';
import type { Decoder } from './decoder.ts';
import { events } from './events.ts';
import { jwt } from './jwt.ts';
import { messagePack } from './message-pack.ts';
import { multipart } from './multipart.ts';
import { xml } from './xml.ts';

export const decoders = [xml, cbor, messagePack, events, multipart, jwt] as const satisfies readonly Decoder[];

export function decoderFor(kind: string): Decoder | undefined {
  return decoders.find((decoder) => decoder.kind === kind);
}
