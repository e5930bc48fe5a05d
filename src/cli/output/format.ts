/** What an output format is: told of each result as it ends, and once at the end. One file a format, one line in the registry. */
import type { RequestFile } from '../../language/types.ts';
import type { RunResult } from '../../run/types.ts';

export interface OutputContext {
  /** Redacts any text; the last line of defence before a byte is printed. */
  redact(text: string): string;
  write(text: string): void;
  readonly colour: boolean;
  readonly columns: number;
  readonly unicode: boolean;
  readonly includeBody: boolean;
  /** Path as shown: relative to where the command was started. */
  shownPath(path: string | undefined): string;
  /** Of all requests to come, in order: a table knows its widths from them. */
  readonly names: readonly string[];
  readonly methods: readonly string[];
  /** The parsed request file of a path. */
  source(path: string | undefined): RequestFile | undefined;
}

export interface OutputFormat {
  readonly id: string;
  readonly description: string;
  start(context: OutputContext): OutputSession;
}

export interface OutputSession {
  result(result: RunResult): Promise<void>;
  end(summary: Summary): Promise<void>;
}

export interface Summary {
  readonly milliseconds: number;
  readonly results: readonly FinishedRun[];
}

/** What is left of a result once it was reported: a run of thousands keeps no headers and no bodies. */
export type FinishedRun = Pick<
  RunResult,
  'path' | 'name' | 'title' | 'line' | 'environment' | 'error' | 'tests' | 'credential' | 'setUp' | 'comparison'
> & {
  readonly method: string | undefined;
  readonly milliseconds: number;
  /** Only of a request that was not sent or broke off. */
  readonly request: RunResult['request'];
};

export function toFinishedRun(result: RunResult): FinishedRun {
  const { path, name, title, line, environment, error, tests, credential, request, exchange, setUp, comparison } =
    result;
  return {
    path,
    name,
    title,
    line,
    environment,
    error,
    tests,
    credential,
    ...(setUp === undefined ? {} : { setUp }),
    ...(comparison === undefined ? {} : { comparison }),
    method: request?.method,
    milliseconds: exchange?.timings.total ?? 0,
    request: error ? request : undefined,
  };
}

/** How a request is called in a report; one that was sent as several says as whom. */
export function labelOf({
  name,
  title,
  line,
  comparison,
}: Pick<FinishedRun, 'name' | 'title' | 'line' | 'comparison'>): string {
  const label = name ?? title ?? `line ${line}`;
  return comparison ? `${label} ${asWhom(comparison.as)}` : label;
}

export function asWhom(as: string): string {
  return as === 'none' ? 'as nobody' : `as ${as}`;
}

/** A result passed when it has an answer, no error and no failed test. A 4xx or 5xx is an answer (house.md §6.7). */
export function passed(result: Pick<RunResult, 'error' | 'tests'>): boolean {
  return result.error === undefined && result.tests.every((test) => test.passed);
}
