/** XML as a tree, by way of JSON, and laid out for reading. */
import { readXml } from '../xml/read-xml.ts';
import { toXmlRows } from '../xml/xml-rows.ts';
import { toXmlText } from '../xml/xml-text.ts';
import { decoded, type Decoder } from './decoder.ts';

export const xml: Decoder = {
  kind: 'xml',
  name: 'XML',
  binary: false,
  decode: (bytes, from) =>
    decoded(bytes, () => {
      const source = new TextDecoder().decode(bytes.subarray(from));
      const document = readXml(source);
      const { json } = toXmlRows(document);
      const head = /^\s*((?:<\?xml\b[^>]*\?>)?)/.exec(source)?.[1] ?? '';
      const encoder = new TextEncoder();
      return { ok: true, json: encoder.encode(json), text: encoder.encode(toXmlText(document, head)) };
    }),
};
