/**
 * A body as it arrives: chunks in memory up to a limit, then a file. Readable at any range while it still grows.
 * It holds decoded bytes and knows nothing of HTTP. What was received stays readable when the disk fails.
 */
import { open, rm, type FileHandle } from 'node:fs/promises';
import type { CountersignError } from '../errors/countersign-error.ts';
import { gone, storeError, tooLarge } from './body-errors.ts';
import type { SpoolFile } from './spool-directory.ts';
import type { SpooledBody } from './types.ts';

/** Chunks below this are copied together, so that a flood of tiny ones costs their bytes and not their objects. */
const smallChunk = 8 * 1024;
const blockSize = 64 * 1024;
/** Written to disk at once. */
const batchBytes = 512 * 1024;
/** Waiting for the disk at most; above it the sender is held back. */
const highWater = 2 * 1024 * 1024;
const readStep = 256 * 1024;

export interface BodySpoolOptions {
  /** Bytes kept in memory before a file is used. */
  readonly memoryLimitBytes: number;
  createFile(): Promise<SpoolFile>;
}

export class BodySpool implements SpooledBody {
  readonly #options: BodySpoolOptions;
  /** Bytes that are in the file; the rest is in `#chunks`. */
  #onDisk = 0;
  #chunks: Uint8Array[] = [];
  #inMemory = 0;
  /** The block that small chunks are copied into, and how much of it is used; it is the last of `#chunks`. */
  #block: Uint8Array | undefined;
  #blockUsed = 0;
  #file: SpoolFile | undefined;
  #spilling: Promise<void> | undefined;
  #state: 'open' | 'complete' | 'broken' | 'disposed' = 'open';
  #failure: CountersignError | undefined;
  #waiters: (() => void)[] = [];
  #encoded = 0;
  #closed = false;
  #reading: Promise<unknown> = Promise.resolve();

  constructor(options: BodySpoolOptions) {
    this.#options = options;
  }

  get bytes(): number {
    return this.#onDisk + this.#inMemory;
  }

  get encodedBytes(): number {
    return this.#encoded;
  }

  get complete(): boolean {
    return this.#state === 'complete';
  }

  get file(): string | undefined {
    return this.#file?.path;
  }

  /** Set when the disk refused: CS-STORE-FULL or CS-BODY-SPOOL. */
  get failure(): CountersignError | undefined {
    return this.#failure;
  }

  countEncoded(bytes: number): void {
    this.#encoded += bytes;
  }

  /** Takes a chunk; it must not be changed afterwards. A promise asks the caller to wait before the next one. */
  append(chunk: Uint8Array): Promise<void> | undefined {
    if (this.#state !== 'open' || this.#failure || chunk.length === 0) return undefined;
    this.#keep(chunk);
    this.#wake();
    const spill = this.#file === undefined ? this.bytes > this.#options.memoryLimitBytes : this.#inMemory >= batchBytes;
    if (spill) {
      this.#spilling ??= this.#spill(false).finally(() => {
        this.#spilling = undefined;
      });
    }
    return this.#spilling !== undefined && this.#inMemory >= highWater ? this.#spilling : undefined;
  }

  /** Ends the body. @param complete false when it broke off. */
  async end(complete: boolean): Promise<void> {
    while (this.#spilling) await this.#spilling;
    if (this.#file && this.#inMemory > 0 && !this.#failure) await this.#spill(true);
    if (this.#state === 'open') this.#state = complete && !this.#failure ? 'complete' : 'broken';
    await this.#closeFile();
    this.#wake();
  }

  async read(start: number, end: number): Promise<Uint8Array> {
    this.#checkAlive();
    const from = Math.max(0, Math.min(start, this.bytes));
    const to = Math.max(from, Math.min(end, this.bytes));
    const out = new Uint8Array(to - from);
    // Memory first, in one turn: a write that ends during the read of the file would move its bytes away.
    const base = this.#onDisk;
    let offset = base;
    for (const chunk of this.#views()) {
      const low = Math.max(from, offset);
      const high = Math.min(to, offset + chunk.length);
      if (low < high) out.set(chunk.subarray(low - offset, high - offset), low - from);
      offset += chunk.length;
    }
    if (this.#file && from < Math.min(to, base)) await this.#readFile(this.#file, out, from, Math.min(to, base));
    return out;
  }

  async bytesUpTo(limit: number): Promise<Uint8Array> {
    if (this.bytes > limit) throw tooLarge(limit);
    return this.read(0, this.bytes);
  }

  async *stream(): AsyncGenerator<Uint8Array> {
    let position = 0;
    for (;;) {
      this.#checkAlive();
      if (position < this.bytes) {
        const chunk = await this.read(position, Math.min(position + readStep, this.bytes));
        position += chunk.length;
        yield chunk;
      } else if (this.#state === 'open') {
        await new Promise<void>((resolve) => this.#waiters.push(resolve));
      } else return;
    }
  }

  async dispose(): Promise<void> {
    if (this.#state === 'disposed') return;
    this.#state = 'disposed';
    this.#wake();
    while (this.#spilling) await this.#spilling;
    const file = this.#file;
    this.#chunks = [];
    this.#block = undefined;
    this.#inMemory = 0;
    this.#onDisk = 0;
    this.#file = undefined;
    if (!file) return;
    if (!this.#closed) await file.handle.close().catch(() => undefined);
    await rm(file.path, { force: true }).catch(() => undefined);
  }

  #keep(chunk: Uint8Array): void {
    this.#inMemory += chunk.length;
    if (chunk.length >= smallChunk) {
      this.#closeBlock();
      this.#chunks.push(chunk);
      return;
    }
    if (!this.#block || this.#blockUsed + chunk.length > this.#block.length) {
      this.#closeBlock();
      this.#block = new Uint8Array(Math.min(blockSize, Math.max(1024, this.#inMemory * 2, chunk.length)));
      this.#blockUsed = 0;
      this.#chunks.push(this.#block);
    }
    this.#block.set(chunk, this.#blockUsed);
    this.#blockUsed += chunk.length;
  }

  #closeBlock(): void {
    if (!this.#block) return;
    this.#chunks[this.#chunks.length - 1] = this.#block.subarray(0, this.#blockUsed);
    this.#block = undefined;
  }

  #views(): Uint8Array[] {
    if (!this.#block) return this.#chunks;
    return [...this.#chunks.slice(0, -1), this.#block.subarray(0, this.#blockUsed)];
  }

  async #spill(all: boolean): Promise<void> {
    try {
      this.#file ??= await this.#options.createFile();
      while (this.#inMemory > 0 && (all || this.#inMemory >= batchBytes || this.#onDisk === 0)) {
        this.#closeBlock();
        const batch = this.#chunks;
        const count = batch.length;
        const size = batch.reduce((sum, chunk) => sum + chunk.length, 0);
        await writeAll(this.#file, batch, this.#onDisk);
        this.#chunks = this.#chunks.slice(count);
        this.#inMemory -= size;
        this.#onDisk += size;
      }
    } catch (error) {
      this.#failure = storeError(error);
    }
  }

  /** The file is open only while it grows: bodies that nobody disposes of hold no descriptor. */
  async #closeFile(): Promise<void> {
    if (!this.#file || this.#closed) return;
    this.#closed = true;
    await this.#reading;
    await this.#file.handle.close().catch(() => undefined);
  }

  /** Fills `out` from its start with the bytes `from` to `to` of the file. */
  async #readFile(file: SpoolFile, out: Uint8Array, from: number, to: number): Promise<void> {
    if (!this.#closed) {
      const work = fill(file.handle, out, from, to);
      this.#reading = Promise.allSettled([this.#reading, work]);
      await work;
      return;
    }
    const handle = await open(file.path, 'r').catch(() => {
      throw gone();
    });
    try {
      await fill(handle, out, from, to);
    } finally {
      await handle.close();
    }
  }

  #wake(): void {
    const waiters = this.#waiters;
    this.#waiters = [];
    for (const waiter of waiters) waiter();
  }

  #checkAlive(): void {
    if (this.#state === 'disposed') throw gone();
  }
}

async function fill(handle: FileHandle, out: Uint8Array, from: number, to: number): Promise<void> {
  let position = from;
  while (position < to) {
    const { bytesRead } = await handle.read(out, position - from, to - position, position);
    if (bytesRead === 0) throw gone();
    position += bytesRead;
  }
}

async function writeAll(file: SpoolFile, chunks: readonly Uint8Array[], position: number): Promise<void> {
  let at = position;
  let rest = chunks.slice(0);
  while (rest.length > 0) {
    const { bytesWritten } = await file.handle.writev(rest.slice(0, 512), at);
    at += bytesWritten;
    let left = bytesWritten;
    while (rest[0] && left >= rest[0].length) {
      left -= rest[0].length;
      rest = rest.slice(1);
    }
    if (left > 0 && rest[0]) rest[0] = rest[0].subarray(left);
  }
}
