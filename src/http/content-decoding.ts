/**
 * Takes the content codings off a body as it arrives: gzip, deflate (zlib or raw), br, zstd, also several.
 * Pushes decoded bytes to a sink that may hold back; it counts nothing and keeps nothing.
 * Source: RFC 9110 §8.4, RFC 9659, RFC 8878.
 */
import { CountersignError } from '../errors/countersign-error.ts';
import { printable } from './request-head.ts';
import type { Transform } from 'node:stream';

const maxCodings = 5;
const known = new Set(['gzip', 'x-gzip', 'deflate', 'br', 'zstd']);

export interface BodyDecoder {
  /** True once nothing more can be decoded; `end` says why. */
  readonly failed: boolean;
  /** A promise asks the caller to wait. */
  write(chunk: Uint8Array): Promise<void> | undefined;
  /** @throws CountersignError CS-BODY-ENCODING or CS-BODY-TRUNCATED */
  end(): Promise<void>;
  /** Frees what it holds; safe at any time. */
  destroy(): void;
}

/** Where decoded bytes go; a promise asks for time. */
export type BodySink = (chunk: Uint8Array) => Promise<void> | undefined;

/** The codings of a body in the order they were applied, `identity` left out. */
export function parseContentCodings(values: readonly string[]): string[] {
  return values
    .flatMap((value) => value.split(','))
    .map((value) => value.trim().toLowerCase())
    .filter((value) => value !== '' && value !== 'identity');
}

/** @throws CountersignError CS-BODY-ENCODING for a coding this runtime does not know, or too many of them. */
export async function loadBodyDecoder(codings: readonly string[], sink: BodySink): Promise<BodyDecoder> {
  if (codings.length === 0)
    return { failed: false, write: sink, end: () => Promise.resolve(), destroy: () => undefined };
  const zlib = await import('node:zlib');
  const unknown = codings.find((name) => !known.has(name) || (name === 'zstd' && !('createZstdDecompress' in zlib)));
  if (unknown !== undefined) {
    throw new CountersignError(
      'CS-BODY-ENCODING',
      `The body is encoded as “${printable(unknown, 20)}”, which is not known here.`,
    );
  }
  if (codings.length > maxCodings) {
    throw new CountersignError('CS-BODY-ENCODING', `The body is encoded ${String(codings.length)} times over.`);
  }
  let next: BodySink = sink;
  const stages: ZlibStage[] = [];
  for (const name of codings) {
    const stage: ZlibStage = new ZlibStage(name, (first) => create(zlib, name, first), next);
    stages.unshift(stage);
    next = (chunk) => stage.write(chunk);
  }
  return {
    get failed() {
      return stages.some((stage) => stage.failed);
    },
    write: next,
    end: async () => {
      for (const stage of stages) await stage.end();
    },
    destroy: () => {
      for (const stage of stages) stage.destroy();
    },
  };
}

function create(zlib: typeof import('node:zlib'), name: string, first: number): Transform {
  const chunkSize = 64 * 1024;
  if (name === 'br') return zlib.createBrotliDecompress({ chunkSize });
  if (name === 'zstd') return zlib.createZstdDecompress({ chunkSize });
  // Many servers send raw deflate for `deflate`: a zlib stream begins with CM = 8 (RFC 1950 §2.2).
  if (name === 'deflate')
    return (first & 0x0f) === 8 ? zlib.createInflate({ chunkSize }) : zlib.createInflateRaw({ chunkSize });
  return zlib.createGunzip({ chunkSize });
}

/** One coding: a zlib stream made at the first byte, so that an empty body is no error. */
class ZlibStage {
  readonly #name: string;
  readonly #create: (first: number) => Transform;
  readonly #sink: BodySink;
  #stream: Transform | undefined;
  #error: CountersignError | undefined;
  #settle: (() => void)[] = [];
  #ended = false;

  constructor(name: string, make: (first: number) => Transform, sink: BodySink) {
    this.#name = name;
    this.#create = make;
    this.#sink = sink;
  }

  get failed(): boolean {
    return this.#error !== undefined;
  }

  write(chunk: Uint8Array): Promise<void> | undefined {
    if (chunk.length === 0 || this.#error) return undefined;
    this.#stream ??= this.#start(chunk[0] ?? 0);
    if (this.#stream.destroyed || this.#stream.write(chunk)) return undefined;
    const stream = this.#stream;
    return new Promise((resolve) => {
      this.#settle.push(resolve);
      stream.once('drain', resolve);
    });
  }

  async end(): Promise<void> {
    const stream = this.#stream;
    if (stream && !this.#error) {
      await new Promise<void>((resolve) => {
        this.#settle.push(resolve);
        if (this.#ended || stream.destroyed) resolve();
        else stream.end();
      });
    }
    if (this.#error) throw this.#error;
  }

  destroy(): void {
    this.#stream?.destroy();
    this.#wake();
  }

  #start(first: number): Transform {
    const stream = this.#create(first);
    stream.on('data', (chunk: Uint8Array) => {
      const wait = this.#sink(chunk);
      if (!wait) return;
      stream.pause();
      void wait.then(() => stream.resume());
    });
    stream.on('end', () => {
      this.#ended = true;
      this.#wake();
    });
    stream.on('error', (error: NodeJS.ErrnoException) => {
      this.#error = toDecodingError(this.#name, error);
      this.#wake();
    });
    stream.on('close', () => {
      this.#wake();
    });
    return stream;
  }

  #wake(): void {
    const settle = this.#settle;
    this.#settle = [];
    for (const resolve of settle) resolve();
  }
}

function toDecodingError(name: string, error: NodeJS.ErrnoException): CountersignError {
  const facts = { encoding: name, code: error.code ?? 'unknown' };
  if (error.code === 'Z_BUF_ERROR' || /unexpected end/i.test(error.message)) {
    return new CountersignError('CS-BODY-TRUNCATED', `The ${name} body ended before its last byte.`, {
      cause: error,
      facts,
    });
  }
  return new CountersignError('CS-BODY-ENCODING', `The body says it is ${name}, and cannot be decoded as that.`, {
    cause: error,
    facts,
  });
}
