/**
 * The icon font with the icons that the views use, by their characters in icons.ts: the outlines of all others are taken
 * out of its `glyf` table. Everything else stays, so that numbers of glyphs mean the same. Source: OpenType 1.9, glyf and
 * loca.
 */
import { readFile } from 'node:fs/promises';
import { basename } from 'node:path';

const iconsFile = 'src/webview/shared/icons.ts';

export const iconFont = {
  name: 'icon-font',
  setup(build) {
    build.onLoad({ filter: /codicon\.ttf$/ }, async ({ path }) => {
      const named = (await readFile(iconsFile, 'utf8')).matchAll(/\\u([0-9a-f]{4})/g);
      const wanted = new Set([...named].map(([, hex]) => parseInt(hex, 16)));
      return { contents: subset(await readFile(path), wanted, basename(path)), loader: 'file' };
    });
  },
};

function subset(font, wanted, name) {
  const tables = new Map();
  for (let i = 0; i < font.readUInt16BE(4); i++) {
    const at = 12 + i * 16;
    const [offset, length] = [font.readUInt32BE(at + 8), font.readUInt32BE(at + 12)];
    tables.set(font.toString('latin1', at, at + 4), Buffer.from(font.subarray(offset, offset + length)));
  }
  const [head, cmap, glyf, loca] = ['head', 'cmap', 'glyf', 'loca'].map((tag) => tables.get(tag));
  const wide = head.readInt16BE(50) === 1;
  const count = loca.length / (wide ? 4 : 2);
  const place = (glyph) => (wide ? loca.readUInt32BE(glyph * 4) : loca.readUInt16BE(glyph * 2) * 2);
  const kept = new Set([0, ...[...wanted].map((character) => glyphOf(cmap, character, name))]);
  const outlines = [];
  const places = Buffer.alloc(count * 4);
  let end = 0;
  for (let glyph = 0; glyph < count - 1; glyph++) {
    places.writeUInt32BE(end, glyph * 4);
    const outline = glyf.subarray(place(glyph), place(glyph + 1));
    if (!kept.has(glyph) || outline.length === 0) continue;
    if (outline.readInt16BE(0) < 0) throw new Error(`${name}: glyph ${glyph} is made of others.`);
    const padded = Buffer.alloc(Math.ceil(outline.length / 4) * 4);
    outline.copy(padded);
    outlines.push(padded);
    end += padded.length;
  }
  places.writeUInt32BE(end, (count - 1) * 4);
  head.writeInt16BE(1, 50);
  tables.set('glyf', Buffer.concat(outlines));
  tables.set('loca', places);
  return write(font, tables);
}

/** @returns the glyph of a character by the font's table of format 4 (ranges of the basic plane) */
function glyphOf(cmap, character, name) {
  for (let i = 0; i < cmap.readUInt16BE(2); i++) {
    const at = cmap.readUInt32BE(4 + i * 8 + 4);
    if (cmap.readUInt16BE(at) !== 4) continue;
    const size = cmap.readUInt16BE(at + 6);
    for (let s = 0; s < size; s += 2) {
      const startAt = at + 16 + size + s;
      const [last, first] = [cmap.readUInt16BE(at + 14 + s), cmap.readUInt16BE(startAt)];
      if (character < first || character > last) continue;
      const delta = cmap.readUInt16BE(startAt + size);
      const rangeAt = startAt + 2 * size;
      const range = cmap.readUInt16BE(rangeAt);
      const glyph = range === 0 ? character : cmap.readUInt16BE(rangeAt + range + (character - first) * 2);
      if (glyph !== 0) return (glyph + delta) & 0xffff;
    }
  }
  throw new Error(`${name} has no icon ${character.toString(16)}.`);
}

function write(font, tables) {
  const header = Buffer.from(font.subarray(0, 12 + tables.size * 16));
  const parts = [header];
  let offset = header.length;
  for (let i = 0; i < tables.size; i++) {
    const at = 12 + i * 16;
    const table = tables.get(header.toString('latin1', at, at + 4));
    const padded = Buffer.alloc(Math.ceil(table.length / 4) * 4);
    table.copy(padded);
    header.writeUInt32BE(sum(padded), at + 4);
    header.writeUInt32BE(offset, at + 8);
    header.writeUInt32BE(table.length, at + 12);
    parts.push(padded);
    offset += padded.length;
  }
  return Buffer.concat(parts);
}

function sum(table) {
  let total = 0;
  for (let at = 0; at < table.length; at += 4) total = (total + table.readUInt32BE(at)) >>> 0;
  return total;
}
