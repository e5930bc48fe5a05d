/**
 * Runs scripts in a thread of their own, one at a time, and ends the thread when a script goes beyond its time or the
 * person cancels. It knows nothing of requests or files. The thread starts with the first script, is used again while it
 * is sound, and holds no process open.
 */
import { existsSync } from 'node:fs';
import { Worker } from 'node:worker_threads';
import {
  defaultLimits,
  type ScriptFault,
  type ScriptJob,
  type ScriptLimits,
  type ScriptReport,
  type WorkerMessage,
} from './types.ts';

const startMs = 30_000;
/** How long after its own limit a script is stopped from outside. */
const graceMs = 1000;
const idleMs = 60_000;

export class Sandbox {
  readonly #limits: ScriptLimits;
  #thread: Thread | undefined;
  #last: Promise<unknown> = Promise.resolve();
  #next = 1;
  #idle: NodeJS.Timeout | undefined;

  constructor(limits: ScriptLimits = defaultLimits) {
    this.#limits = limits;
  }

  /** @throws the signal's reason when it is aborted, or an Error when the thread does not start */
  run(job: ScriptJob, signal: AbortSignal): Promise<ScriptReport> {
    const result = this.#last.then(() => this.#run(job, signal));
    this.#last = result.catch(() => undefined);
    return result;
  }

  async dispose(): Promise<void> {
    clearTimeout(this.#idle);
    const thread = this.#thread;
    this.#thread = undefined;
    await thread?.end();
  }

  async #run(job: ScriptJob, signal: AbortSignal): Promise<ScriptReport> {
    signal.throwIfAborted();
    clearTimeout(this.#idle);
    if (this.#thread?.ended === true) this.#thread = undefined;
    const thread = (this.#thread ??= new Thread());
    const drop = (): void => {
      if (this.#thread === thread) this.#thread = undefined;
      void thread.end();
    };
    signal.addEventListener('abort', drop, { once: true });
    try {
      await thread.ready;
      const outcome = await thread.ask(this.#next++, job, this.#limits);
      if (outcome.spent) drop();
      return outcome.report;
    } catch (error) {
      drop();
      signal.throwIfAborted();
      throw error;
    } finally {
      signal.removeEventListener('abort', drop);
      this.#idle = setTimeout(() => void this.dispose(), idleMs).unref();
    }
  }
}

interface Outcome {
  readonly report: ScriptReport;
  readonly spent: boolean;
}

/** One worker, from its start to its end. */
class Thread {
  readonly ready: Promise<void>;
  ended = false;
  readonly #worker: Worker;
  #fail: (error: Error) => void = () => undefined;

  constructor() {
    this.#worker = new Worker(workerUrl(import.meta.url), {
      name: 'countersign script',
      env: {},
      argv: [],
      execArgv: [],
      stdout: true,
      stderr: true,
      resourceLimits: { maxOldGenerationSizeMb: 192, stackSizeMb: 4 },
    });
    this.ready = this.#wait<undefined>(
      startMs,
      (message) => (message.kind === 'ready' ? [undefined] : undefined),
      () => new Error('the thread for scripts does not start'),
    );
    this.#worker.on('error', (error: Error) => this.#fail(error));
    this.#worker.on('exit', () => {
      this.ended = true;
      this.#fail(new Error('the thread for scripts ended'));
    });
  }

  async ask(id: number, job: ScriptJob, limits: ScriptLimits): Promise<Outcome> {
    const outcome = this.#wait<Outcome>(
      limits.timeMs + graceMs,
      (message) => (message.kind === 'report' && message.id === id ? [message] : undefined),
      () => ended({ kind: 'time', message: `It ran longer than ${limits.timeMs / 1000} s.` }),
    );
    this.#worker.postMessage({ id, job, limits });
    try {
      return await outcome;
    } catch (error) {
      if ((error as { code?: unknown }).code !== 'ERR_WORKER_OUT_OF_MEMORY') throw error;
      return ended({ kind: 'memory', message: 'It needed more memory than it may have.' });
    }
  }

  async end(): Promise<void> {
    await this.#worker.terminate();
  }

  /** Holds the process open while it waits. */
  #wait<T>(ms: number, pick: (message: WorkerMessage) => [T] | undefined, late: () => T | Error): Promise<T> {
    this.#worker.ref();
    return new Promise<T>((resolve, reject) => {
      const settle = (act: () => void): void => {
        clearTimeout(timer);
        this.#worker.off('message', listen);
        this.#worker.unref();
        act();
      };
      const listen = (message: WorkerMessage): void => {
        const found = pick(message);
        if (found) settle(() => resolve(found[0]));
      };
      const timer = setTimeout(() => {
        const answer = late();
        settle(() => (answer instanceof Error ? reject(answer) : resolve(answer)));
      }, ms);
      this.#fail = (error) => settle(() => reject(error));
      this.#worker.on('message', listen);
    });
  }
}

/** The thread went down with the script: what it did is not known. */
function ended(fault: ScriptFault): Outcome {
  return { report: { events: [], fault }, spent: true };
}

/** The worker beside this module: its source, or in a build the file at the top of the folder (this may be a chunk). */
function workerUrl(from: string): URL {
  if (from.endsWith('.ts')) return new URL('./script.worker.ts', from);
  const beside = new URL('./script.worker.js', from);
  return existsSync(beside) ? beside : new URL('../script.worker.js', from);
}
