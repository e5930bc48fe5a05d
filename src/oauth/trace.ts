/**
 * Records one sign-in, refresh or sign-out as steps a person can read. Everything is masked by its place in the
 * protocol and then passed through the redactor before it is kept; the record holds no secret at any time.
 */
import { isCountersignError } from '../errors/countersign-error.ts';
import type { TlsException } from '../http/types.ts';
import type { Clock } from '../ports.ts';
import type { WireExchange } from './capped-fetch.ts';
import { toConnectionText, toMaskedRequest, toMaskedResponse } from './masking.ts';
import { toStepInfo, type StepId, type StepInfo } from './trace-steps.ts';
import type { Trace, TraceExchange, TraceStep } from './types.ts';

/** What a running step may say of itself. */
export interface StepNotes {
  /** Facts joined with ` · `. */
  detail(text: string): void;
  /** The step went on, but a person should know. */
  warn(text: string): void;
  skip(text: string): void;
}

/** A step that polls shows its last few requests. */
const maxEarlier = 20;

type Writable = { -readonly [K in keyof TraceStep]: TraceStep[K] };

export class TraceRecorder {
  readonly #steps: Writable[] = [];
  readonly credential: string;
  readonly grant: string;
  readonly #plan: readonly StepId[];
  readonly #own: Readonly<Record<string, StepInfo>>;
  readonly #clock: Clock;
  readonly #redact: (text: string) => string;
  readonly #startedAt: number;
  #current: Writable | undefined;
  #failed: StepId | undefined;
  #end: Pick<Trace, 'outcome' | 'message' | 'cause' | 'next' | 'code' | 'causeId'> = { outcome: 'running' };

  /** @param plan steps in order; those never reached are shown as such once it failed. */
  constructor(
    about: {
      readonly credential: string;
      readonly grant: string;
      readonly plan: readonly StepId[];
      readonly steps?: Readonly<Record<string, StepInfo>> | undefined;
    },
    clock: Clock,
    redact: (text: string) => string,
  ) {
    this.credential = about.credential;
    this.grant = about.grant;
    this.#plan = about.plan;
    this.#own = about.steps ?? {};
    this.#clock = clock;
    this.#redact = redact;
    this.#startedAt = clock.now();
  }

  async step<T>(id: StepId, run: (notes: StepNotes) => Promise<T> | T): Promise<T> {
    const startedAt = this.#clock.now();
    const info = toStepInfo(id, this.#own);
    const step: Writable = { id, title: info.title, startedAt, durationMs: 0, outcome: 'ok' };
    if (info.rule) step.rule = info.rule;
    const outer = this.#current;
    // One within another has to end first, so it is shown first.
    if (outer) this.#steps.splice(this.#steps.indexOf(outer), 0, step);
    else this.#steps.push(step);
    this.#current = step;
    const add = (text: string): void => {
      const shown = this.#redact(text);
      step.detail = step.detail === undefined ? shown : `${step.detail} · ${shown}`;
    };
    try {
      return await run({
        detail: add,
        warn: (text) => {
          step.outcome = 'warning';
          add(text);
        },
        skip: (text) => {
          step.outcome = 'skipped';
          add(text);
        },
      });
    } catch (error) {
      step.outcome = 'failed';
      this.#failed ??= id;
      add(isCountersignError(error) ? error.message : 'did not finish');
      throw error;
    } finally {
      step.durationMs = Math.max(0, this.#clock.now() - startedAt);
      this.#current = outer;
    }
  }

  /** What went over the wire, kept with the running step; the last one of a step is shown as the step's own. */
  exchange(exchange: WireExchange): void {
    const step = this.#current;
    if (!step) return;
    if (step.request !== undefined) {
      const { request, response, connection, exchangeMs } = step;
      const before: TraceExchange = {
        request,
        ...(response === undefined ? {} : { response }),
        ...(connection === undefined ? {} : { connection }),
        ...(exchangeMs === undefined ? {} : { exchangeMs }),
      };
      step.earlier = [...(step.earlier ?? []), before].slice(-maxEarlier);
    }
    const response = toMaskedResponse(exchange);
    const connection = toConnectionText(exchange);
    step.request = this.#redact(toMaskedRequest(exchange));
    if (response === undefined) delete step.response;
    else step.response = this.#redact(response);
    if (connection === undefined) delete step.connection;
    else step.connection = this.#redact(connection);
    if (exchange.durationMs === undefined) delete step.exchangeMs;
    else step.exchangeMs = exchange.durationMs;
    this.#noteException(step, exchange.connection?.tls?.exception);
  }

  /** What the browser carries: the request it is sent off with, or the one it comes back with. */
  inBrowser(url: string, connection: string): void {
    const step = this.#current;
    if (!step) return;
    step.request = this.#redact(toMaskedRequest({ method: 'GET', url, headers: {}, body: '' }));
    step.connection = connection;
  }

  /** The innermost step that failed, else the one that began last. */
  lastStep(): StepId | undefined {
    return this.#failed ?? (this.#steps.at(-1)?.id as StepId | undefined);
  }

  #noteException(step: Writable, exception: TlsException | undefined): void {
    if (!exception || step.exception?.origin === exception.origin) return;
    step.exception = exception;
    const text = this.#redact(`TLS exception in force for ${exception.origin}`);
    step.detail = step.detail === undefined ? text : `${step.detail} · ${text}`;
  }

  /** Adds to the last step of this kind, after it ended. */
  amend(id: StepId, outcome: 'warning' | 'ok', text: string): void {
    const step = this.#steps.findLast((one) => one.id === id);
    if (!step) return;
    const shown = this.#redact(text);
    if (outcome === 'warning' && step.outcome === 'ok') step.outcome = 'warning';
    step.detail = step.detail === undefined ? shown : `${step.detail} · ${shown}`;
  }

  succeeded(): void {
    this.#end = { outcome: 'ok' };
  }

  failed(error: unknown): void {
    if (!isCountersignError(error)) {
      this.#end = { outcome: 'failed' };
      return;
    }
    const { likely, causeId } = error.facts;
    this.#end = {
      outcome: error.code === 'CS-AUTH-CANCELLED' ? 'cancelled' : 'failed',
      message: this.#redact(error.message),
      cause: this.#redact(typeof likely === 'string' ? likely : error.message),
      next: this.#redact(error.next),
      code: error.code,
      ...(typeof causeId === 'string' ? { causeId } : {}),
    };
  }

  snapshot(): Trace {
    const steps: TraceStep[] = this.#steps.map((step) => ({ ...step }));
    if (this.#end.outcome === 'failed' || this.#end.outcome === 'cancelled') {
      for (const id of this.#plan) {
        if (steps.some((step) => step.id === id)) continue;
        const info = toStepInfo(id, this.#own);
        steps.push({
          id,
          title: info.title,
          startedAt: this.#startedAt,
          durationMs: 0,
          outcome: 'skipped',
          detail: 'not reached',
          ...(info.rule ? { rule: info.rule } : {}),
        });
      }
    }
    return { credential: this.credential, grant: this.grant, startedAt: this.#startedAt, steps, ...this.#end };
  }
}
