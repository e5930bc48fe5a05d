/**
 * Stands before the reader of messages and lets through only what is framed as one: a short header with a length that a
 * request file can have. Without it, garbage would be kept and searched again with every piece that arrives. It does
 * not look into messages. Source: Language Server Protocol 3.17, “Base Protocol”.
 */
import { Transform, type TransformCallback } from 'node:stream';

const longestHeader = 4096;
/** Far above a request file of ten thousand requests. */
const largestMessage = 64 * 1024 * 1024;
const headerEnd = '\r\n\r\n';

/** Ends in an error, whose message is for the person, at the first bytes that are no message. */
export class MessageFraming extends Transform {
  #header = Buffer.alloc(0);
  /** Bytes of the body that are still to come. */
  #left = 0;

  override _transform(chunk: Buffer, _encoding: BufferEncoding, done: TransformCallback): void {
    let rest = chunk;
    while (rest.length > 0) {
      if (this.#left > 0) {
        const body = rest.subarray(0, this.#left);
        this.#left -= body.length;
        this.push(body);
        rest = rest.subarray(body.length);
        continue;
      }
      const before = this.#header.length;
      this.#header = Buffer.concat([this.#header, rest.subarray(0, longestHeader)]);
      const end = this.#header.indexOf(headerEnd);
      if (end < 0) {
        if (this.#header.length > longestHeader) return done(new Error('a header without an end'));
        rest = rest.subarray(this.#header.length - before);
        continue;
      }
      const header = this.#header.subarray(0, end + headerEnd.length);
      const length = lengthOf(header.toString('latin1'));
      if (typeof length === 'string') return done(new Error(length));
      this.#header = Buffer.alloc(0);
      this.#left = length;
      this.push(header);
      rest = rest.subarray(header.length - before);
    }
    done();
  }
}

function lengthOf(header: string): number | string {
  const lines = header.split('\r\n').filter((line) => line !== '');
  if (!lines.every((line) => /^[\w-]+:/.test(line))) return 'a header that is none';
  const written = lines.flatMap((line) => /^content-length:\s*(\d{1,10})\s*$/i.exec(line)?.[1] ?? []);
  if (written.length !== 1) return 'a message without one Content-Length';
  const length = Number(written[0]);
  return length > largestMessage ? `a message of ${length} bytes` : length;
}
