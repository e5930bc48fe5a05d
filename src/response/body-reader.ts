/**
 * The body of one response as something that can be asked: small ones are indexed in place, larger ones in a worker
 * that is started at the first question and ended with the panel. Regular expressions and filters always run in a
 * worker and are given up after a while. It answers with text as received; `body-view.ts` hides secrets.
 */
import { stat } from 'node:fs/promises';
import { Worker } from 'node:worker_threads';
import type { JsonComparison } from './compare/compare-json.ts';
import { BodyDocument, type DocumentKind, type FindScope } from './json-index/body-document.ts';
import type { FindOutcome, FindQuery } from './json-index/find-text.ts';
import type { FilterOutcome } from './json-index/find-values.ts';
import type { DocumentMethod, LoadRequest, WorkerAnswer } from './json-index/worker-messages.ts';

const inPlaceBytes = 256 * 1024;
const patienceMs = 10_000;
/** Above this a body is shown as bytes only. */
export const documentLimit = 1024 * 1024 * 1024;

/** The part of a spooled body that is needed here. */
export interface ReadableBody {
  readonly bytes: number;
  readonly file?: string | undefined;
  bytesUpTo(limit: number): Promise<Uint8Array>;
}

export interface ReaderOptions {
  readonly body: ReadableBody;
  readonly kind: DocumentKind;
  readonly charset: string;
  readonly skip: number;
  /** Of `json-index.worker`. */
  readonly workerUrl: URL;
}

type Method = { readonly [M in DocumentMethod]: BodyDocument[M] };
type Args<M extends DocumentMethod> = Parameters<Method[M]>;
type Result<M extends DocumentMethod> = Awaited<ReturnType<Method[M]>>;

export class BodyReader {
  readonly #options: ReaderOptions;
  #inPlace: Promise<BodyDocument> | undefined;
  #worker: WorkerClient | undefined;

  constructor(options: ReaderOptions) {
    this.#options = options;
  }

  get #small(): boolean {
    return this.#options.body.bytes < inPlaceBytes;
  }

  async call<M extends DocumentMethod>(method: M, ...args: Args<M>): Promise<Result<M>> {
    if (!this.#small) return (await this.#client()).call(method, args);
    const document = await this.#document();
    return (await (document[method] as (...args: readonly unknown[]) => unknown)(...args)) as Result<M>;
  }

  async find(query: FindQuery, scope: FindScope): Promise<FindOutcome> {
    const outcome =
      this.#small && !query.regex
        ? (await this.#document()).computeFind(query, scope)
        : await this.#patiently('computeFind', [query, scope]);
    if (outcome === 'late') return { ok: false, message: 'The search took longer than 10 s and was ended.' };
    if (outcome.ok) await this.call('acceptFind', scope, outcome.offsets);
    return outcome;
  }

  async filter(expression: string): Promise<FilterOutcome> {
    const outcome = await this.#patiently('computeFilter', [expression]);
    if (outcome === 'late') return { ok: false, message: 'The filter took longer than 10 s and was ended.' };
    if (outcome.ok) await this.call('acceptFilter', outcome.nodes);
    return outcome;
  }

  /** What differs from an earlier body; undefined when one of the two is not JSON, a sentence when it takes too long. */
  async compare(
    earlier: { readonly bytes: Uint8Array; readonly skip: number; readonly sequence: boolean },
    ignored: readonly string[],
    limit: number,
  ): Promise<JsonComparison | string | undefined> {
    const found =
      this.#small && earlier.bytes.length < inPlaceBytes
        ? (await this.#document()).computeComparison(earlier, ignored, limit)
        : await this.#patiently('computeComparison', [earlier, ignored, limit]);
    return found === 'late' ? 'Comparing took longer than 10 s and was ended.' : found;
  }

  /** Puts the rows of a table in order; undefined when done, else why not. */
  async sort(node: number, column: number): Promise<string | undefined> {
    const order = this.#small
      ? (await this.#document()).computeOrder(node, column)
      : await this.#patiently('computeOrder', [node, column]);
    if (order === 'late') return 'Sorting took longer than 10 s and was ended.';
    await this.call('acceptOrder', node, column, order);
    return undefined;
  }

  dispose(): void {
    this.#worker?.dispose();
    this.#worker = undefined;
    this.#inPlace = undefined;
  }

  async #patiently<M extends DocumentMethod>(method: M, args: Args<M>): Promise<Result<M> | 'late'> {
    const client = await this.#client();
    let timer: NodeJS.Timeout | undefined;
    const late = new Promise<'late'>((resolve) => {
      timer = setTimeout(() => {
        this.#worker?.dispose();
        this.#worker = undefined;
        resolve('late');
      }, patienceMs);
    });
    const answer = client.call(method, args);
    answer.catch(() => undefined);
    try {
      return await Promise.race([answer, late]);
    } finally {
      clearTimeout(timer);
    }
  }

  #document(): Promise<BodyDocument> {
    this.#inPlace ??= this.#load();
    return this.#inPlace;
  }

  async #load(): Promise<BodyDocument> {
    const { body, charset, skip, kind } = this.#options;
    const bytes = await body.bytesUpTo(inPlaceBytes);
    if (charset === 'utf-8') return new BodyDocument(bytes, skip, kind);
    const text = new TextDecoder(charset).decode(bytes.subarray(skip));
    return new BodyDocument(new TextEncoder().encode(text), 0, kind);
  }

  async #client(): Promise<WorkerClient> {
    if (this.#worker) return this.#worker;
    const client = new WorkerClient(this.#options.workerUrl);
    this.#worker = client;
    const { body, charset, skip, kind } = this.#options;
    const from = { charset, skip, kind };
    const file = await wholeFile(body);
    if (file !== undefined) await client.load({ ...from, file });
    else await client.load({ ...from, bytes: Uint8Array.from(await body.bytesUpTo(documentLimit)) });
    return client;
  }
}

/** The spool file, when it holds the whole body. */
async function wholeFile(body: ReadableBody): Promise<string | undefined> {
  if (body.file === undefined) return undefined;
  const { size } = await stat(body.file);
  return size === body.bytes ? body.file : undefined;
}

/** One worker and the questions that wait for it. */
class WorkerClient {
  readonly #worker: Worker;
  readonly #waiting = new Map<number, { resolve: (value: unknown) => void; reject: (error: Error) => void }>();
  #loaded: Promise<unknown> | undefined;
  #next = 1;

  constructor(url: URL) {
    this.#worker = new Worker(url, { name: 'countersign body' });
    this.#worker.unref();
    this.#worker.on('message', (answer: WorkerAnswer) => {
      const waiting = this.#waiting.get(answer.id);
      this.#waiting.delete(answer.id);
      if (answer.error === undefined) waiting?.resolve(answer.value);
      else waiting?.reject(new Error(answer.error));
    });
    this.#worker.on('error', (error: Error) => this.#endAll(error));
    this.#worker.on('exit', () => this.#endAll(new Error('the body reader was closed')));
  }

  load(request: LoadRequest): Promise<unknown> {
    const transfer = request.bytes ? [request.bytes.buffer as ArrayBuffer] : [];
    this.#loaded = this.#post('load', [request], transfer);
    return this.#loaded;
  }

  async call<M extends DocumentMethod>(method: M, args: Args<M>): Promise<Result<M>> {
    await this.#loaded;
    return (await this.#post(method, args, [])) as Result<M>;
  }

  dispose(): void {
    void this.#worker.terminate();
  }

  #post(method: string, args: readonly unknown[], transfer: ArrayBuffer[]): Promise<unknown> {
    const id = this.#next++;
    return new Promise((resolve, reject) => {
      this.#waiting.set(id, { resolve, reject });
      this.#worker.postMessage({ id, method, args }, transfer);
    });
  }

  #endAll(error: Error): void {
    for (const { reject } of this.#waiting.values()) reject(error);
    this.#waiting.clear();
  }
}
