/**
 * Makes a screenshot small: an 8-bit RGB PNG becomes one with a palette of its 256 commonest colours, every other colour
 * taking the nearest of them. Text and flat areas, which is what screenshots are, look the same. Source: PNG (RFC 2083).
 */
import { crc32, deflateSync, inflateSync } from 'node:zlib';

const signature = Buffer.from([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a]);
const bytesPerPixel = 3;

/** @param png 8-bit RGB, not interlaced, as a browser's screenshot is; throws for any other kind */
export function toSmallPng(png: Buffer): Buffer {
  const chunks = readChunks(png);
  const header = chunks.find(({ type }) => type === 'IHDR')?.data;
  if (header?.readUInt16BE(8) !== 0x0802 || header[12] !== 0) throw new Error('This is not an 8-bit RGB PNG.');
  const width = header.readUInt32BE(0);
  const height = header.readUInt32BE(4);
  const data = chunks.filter(({ type }) => type === 'IDAT').map((chunk) => chunk.data);
  const pixels = unfilter(inflateSync(Buffer.concat(data)), width, height);
  const palette = commonest(pixels, 256);
  const indexed = Buffer.alloc(height * (width + 1));
  const known = new Map(palette.map((colour, index) => [colour, index]));
  for (let y = 0; y < height; y++) {
    for (let x = 0; x < width; x++) {
      const colour = pixels.readUIntBE((y * width + x) * bytesPerPixel, 3);
      let index = known.get(colour);
      if (index === undefined) known.set(colour, (index = nearest(palette, colour)));
      indexed[y * (width + 1) + 1 + x] = index;
    }
  }
  const head = Buffer.from(header);
  head[9] = 3;
  const colours = Buffer.alloc(palette.length * 3);
  palette.forEach((colour, index) => colours.writeUIntBE(colour, index * 3, 3));
  return Buffer.concat([
    signature,
    chunkOf('IHDR', head),
    chunkOf('PLTE', colours),
    chunkOf('IDAT', deflateSync(indexed, { level: 9, memLevel: 9 })),
    chunkOf('IEND', Buffer.alloc(0)),
  ]);
}

function readChunks(png: Buffer): { readonly type: string; readonly data: Buffer }[] {
  const chunks = [];
  for (let at = signature.length; at < png.length;) {
    const size = png.readUInt32BE(at);
    chunks.push({ type: png.toString('latin1', at + 4, at + 8), data: png.subarray(at + 8, at + 8 + size) });
    at += 12 + size;
  }
  return chunks;
}

function chunkOf(type: string, data: Buffer): Buffer {
  const body = Buffer.concat([Buffer.from(type, 'latin1'), data]);
  const size = Buffer.alloc(4);
  size.writeUInt32BE(data.length);
  const check = Buffer.alloc(4);
  check.writeUInt32BE(crc32(body));
  return Buffer.concat([size, body, check]);
}

/** Undoes the filter of each row (PNG section 6). */
function unfilter(raw: Buffer, width: number, height: number): Buffer {
  const row = width * bytesPerPixel;
  const pixels = Buffer.alloc(height * row);
  for (let y = 0; y < height; y++) {
    const filter = raw[y * (row + 1)] ?? 0;
    for (let x = 0; x < row; x++) {
      const at = y * row + x;
      const left = x >= bytesPerPixel ? (pixels[at - bytesPerPixel] ?? 0) : 0;
      const up = y > 0 ? (pixels[at - row] ?? 0) : 0;
      const corner = x >= bytesPerPixel && y > 0 ? (pixels[at - row - bytesPerPixel] ?? 0) : 0;
      const predicted = [0, left, up, (left + up) >> 1, paeth(left, up, corner)][filter] ?? 0;
      pixels[at] = ((raw[y * (row + 1) + 1 + x] ?? 0) + predicted) & 0xff;
    }
  }
  return pixels;
}

function paeth(left: number, up: number, corner: number): number {
  const estimate = left + up - corner;
  const [toLeft, toUp, toCorner] = [left, up, corner].map((each) => Math.abs(estimate - each)) as [
    number,
    number,
    number,
  ];
  if (toLeft <= toUp && toLeft <= toCorner) return left;
  return toUp <= toCorner ? up : corner;
}

/**
 * The colours of the palette: first the commonest one of each region of the colour space, so that a small icon keeps its
 * colour beside large text, then the commonest of all.
 */
function commonest(pixels: Buffer, most: number): number[] {
  const counts = new Map<number, number>();
  for (let at = 0; at < pixels.length; at += bytesPerPixel) {
    const colour = pixels.readUIntBE(at, 3);
    counts.set(colour, (counts.get(colour) ?? 0) + 1);
  }
  const colours = [...counts].sort(([, a], [, b]) => b - a).map(([colour]) => colour);
  const regions = new Map<number, number>();
  for (const colour of colours) {
    const region = colour & 0xe0e0e0;
    if (!regions.has(region)) regions.set(region, colour);
  }
  return [...new Set([...[...regions.values()].slice(0, most / 2), ...colours])].slice(0, most);
}

function nearest(palette: readonly number[], colour: number): number {
  let best = 0;
  let smallest = Infinity;
  palette.forEach((candidate, index) => {
    let distance = 0;
    for (const shift of [16, 8, 0]) distance += (((candidate >> shift) & 0xff) - ((colour >> shift) & 0xff)) ** 2;
    if (distance < smallest) [best, smallest] = [index, distance];
  });
  return best;
}
