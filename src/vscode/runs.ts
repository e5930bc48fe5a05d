/**
 * Requests in flight and the last outcome of each, for lenses, gutter marks and the status bar. A request is known by
 * its name, else by method and address, so that its outcome follows it through edits.
 */
import { EventEmitter, type Disposable, type Uri } from 'vscode';
import type { RequestFile, RequestNode } from '../language/types.ts';
import type { RunResult } from '../run/types.ts';

export interface RunningRequest {
  readonly key: string;
  readonly startedAt: number;
  readonly abort: AbortController;
  bytes: number;
}

export class Runs implements Disposable {
  readonly #running = new Map<string, RunningRequest>();
  readonly #last = new Map<string, RunResult>();
  readonly #changed = new EventEmitter<void>();
  readonly onDidChange = this.#changed.event;
  #latestKey: string | undefined;

  get runningCount(): number {
    return this.#running.size;
  }

  get hasResults(): boolean {
    return this.#last.size > 0;
  }

  running(key: string): RunningRequest | undefined {
    return this.#running.get(key);
  }

  last(key: string): RunResult | undefined {
    return this.#last.get(key);
  }

  /** Undefined when this request is in flight already: a second press sends nothing twice. */
  begin(key: string, now: number): RunningRequest | undefined {
    if (this.#running.has(key)) return undefined;
    const run: RunningRequest = { key, startedAt: now, abort: new AbortController(), bytes: 0 };
    this.#running.set(key, run);
    this.#changed.fire();
    return run;
  }

  progress(key: string, bytes: number): void {
    const run = this.#running.get(key);
    if (run) run.bytes = bytes;
  }

  end(key: string, result: RunResult): void {
    this.#running.delete(key);
    this.#last.set(key, result);
    this.#latestKey = key;
    this.#changed.fire();
  }

  /** Takes a run that ended without a result out of those in flight; nothing when it has ended already. */
  forget(run: RunningRequest): void {
    if (this.#running.get(run.key) !== run) return;
    this.#running.delete(run.key);
    this.#changed.fire();
  }

  /** Cancels one request, or every one. */
  cancel(key?: string): void {
    for (const run of this.#running.values()) {
      if (key === undefined || run.key === key) run.abort.abort();
    }
  }

  get latest(): RunResult | undefined {
    return this.#latestKey === undefined ? undefined : this.#last.get(this.#latestKey);
  }

  dispose(): void {
    this.cancel();
    this.#changed.dispose();
  }
}

/** Identity of a request within its file that survives edits elsewhere. */
export function requestKey(uri: Uri, file: RequestFile, request: RequestNode): string {
  const label = (node: RequestNode): string => node.name ?? `${node.method} ${node.url.text}`;
  const name = label(request);
  let same = 0;
  for (const other of file.requests) {
    if (other.index >= request.index) break;
    if (label(other) === name) same += 1;
  }
  return `${uri.toString()}#${name}#${same}`;
}
