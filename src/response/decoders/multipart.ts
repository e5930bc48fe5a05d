/**
 * A multipart body (RFC 2046 §5.1) as a list of its parts: headers, name and file name (RFC 7578), size, and the
 * content where it is text. The boundary is read off the first delimiter, so a header that names a wrong one does no harm.
 */
import { looksLikeText, parseMediaType } from '../media-type.ts';
import { decoded, DecodeFault, type Decoder } from './decoder.ts';
import { embeddedText } from './embedded.ts';

const mostParts = 10_000;

export const multipart: Decoder = {
  kind: 'multipart',
  name: 'a multipart body',
  binary: false,
  decode: (bytes, from) => decoded(bytes, () => `[${toParts(bytes, from).join(',')}]`),
};

function toParts(body: Uint8Array, from: number): string[] {
  const bytes = Buffer.from(body.buffer, body.byteOffset, body.byteLength);
  const delimiter = firstDelimiter(bytes, from);
  const parts: string[] = [];
  let at = bytes.indexOf(delimiter, from) + delimiter.length;
  while (!(bytes[at] === 0x2d && bytes[at + 1] === 0x2d)) {
    const start = bytes.indexOf('\n', at) + 1;
    if (start === 0) throw new DecodeFault(at, 'the end of the delimiter');
    if (parts.length >= mostParts) throw new DecodeFault(at, `at most ${String(mostParts)} parts`);
    let next = bytes.indexOf(delimiter, start);
    while (next > start && bytes[next - 1] !== 0x0a) next = bytes.indexOf(delimiter, next + 1);
    const broken = next < 0;
    const end = broken ? bytes.length : Math.max(start, bytes[next - 2] === 0x0d ? next - 2 : next - 1);
    parts.push(toPart(bytes.subarray(start, end), broken));
    if (broken) break;
    at = next + delimiter.length;
  }
  return parts;
}

function firstDelimiter(bytes: Buffer, from: number): Buffer {
  let at = from;
  // A preamble is allowed and rare.
  for (let lines = 0; lines < 50; lines++) {
    const end = bytes.indexOf('\n', at);
    if (end < 0) break;
    const line = bytes.subarray(at, end).toString('latin1').trimEnd();
    if (/^--[\w'()+,./:=? -]{1,70}$/.test(line)) return Buffer.from(line, 'latin1');
    at = end + 1;
  }
  throw new DecodeFault(from, 'a delimiter that begins with --');
}

function toPart(part: Buffer, broken: boolean): string {
  const crlf = part.indexOf('\r\n\r\n');
  const lf = part.indexOf('\n\n');
  const bare = part[0] === 0x0a ? 1 : part[0] === 0x0d && part[1] === 0x0a ? 2 : 0;
  const [headEnd, bodyStart] =
    bare > 0
      ? [0, bare]
      : crlf >= 0 && (lf < 0 || crlf < lf)
        ? [crlf, crlf + 4]
        : lf >= 0
          ? [lf, lf + 2]
          : [part.length, part.length];
  const headers = part
    .subarray(0, Math.min(headEnd, 64 * 1024))
    .toString('utf8')
    .replace(/\r?\n[ \t]+/g, ' ')
    .split(/\r?\n/)
    .map((line) => /^([^:]+):\s*(.*)$/s.exec(line))
    .filter((match) => match !== null)
    .map((match) => [match[1] as string, match[2] as string] as const);
  const content = part.subarray(bodyStart);
  const value = (name: string): string | undefined => headers.find(([other]) => other.toLowerCase() === name)?.[1];
  const disposition = value('content-disposition') ?? '';
  const type = parseMediaType(value('content-type') ?? 'text/plain');
  const members = [
    ...memberOf('name', parameter(disposition, 'name')),
    ...memberOf('filename', parameter(disposition, 'filename')),
    ...memberOf('type', value('content-type') === undefined ? undefined : type.essence),
    `"bytes":${String(content.length)}`,
    ...(broken ? ['"unfinished":true'] : []),
    `"headers":{${headers.map(([name, text]) => `${JSON.stringify(name)}:${JSON.stringify(text)}`).join(',')}}`,
    `"content":${looksLikeText(content.subarray(0, 4096)) ? embeddedText(content.toString('utf8')) : 'null'}`,
  ];
  return `{${members.join(',')}}`;
}

function memberOf(name: string, value: string | undefined): string[] {
  return value === undefined ? [] : [`"${name}":${JSON.stringify(value)}`];
}

function parameter(value: string, name: string): string | undefined {
  const match = new RegExp(`;\\s*${name}=(?:"((?:[^"\\\\]|\\\\.)*)"|([^;\\s]*))`, 'i').exec(value);
  return match ? (match[2] ?? (match[1] as string).replace(/\\(.)/g, '$1')) : undefined;
}
