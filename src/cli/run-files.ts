/**
 * Sends the requests of files in order and reports each as it ends. Which requests is in `run-jobs.ts`, how it looks in
 * `output/`. Source: contracts.md §4–5, ux.md I1–I2.
 */
import type { CountersignError } from '../errors/countersign-error.ts';
import { toCountersignError } from '../errors/countersign-error.ts';
import { failedRun } from '../run/engine.ts';
import type { SendStep } from '../run/steps.ts';
import { nameOf } from '../run/expected-status.ts';
import type { Identity } from '../run/identities.ts';
import type { RunObserver, RunResult, SendInput } from '../run/types.ts';
import { loadWorkspaceDefinitions } from '../run/workspace-definitions.ts';
import type { Tracked } from '../variables/tracked.ts';
import { createProgressLine } from './adapters/progress-line.ts';
import type { RunOptions } from './commands/run.ts';
import { composeCli } from './compose-cli.ts';
import { credentialHints } from './credential-hints.ts';
import { reportDefinitionProblems, reportUnknownEnvironment } from './definition-report.ts';
import { provideSecrets } from './environment-secrets.ts';
import { exitCodes } from './exit-codes.ts';
import { passed, toFinishedRun, type FinishedRun } from './output/format.ts';
import { createOutputContext, isUnicodeLocale } from './output/context.ts';
import { outputFormats } from './output/registry.ts';
import { openSink } from './output/sink.ts';
import { redactedError } from './redacted-error.ts';
import { parseVariables } from './parse-variables.ts';
import { loadJobs, type Job } from './run-jobs.ts';
import { usage } from './usage.ts';

type Composed = Awaited<ReturnType<typeof composeCli>>;

/** @returns the exit code @throws CountersignError CS-CLI-*, CS-FILE-*, CS-TLS-CA-FILE, CS-AUTH-SECRET-MISSING */
export async function runFiles(files: readonly string[], options: RunOptions): Promise<number> {
  const started = performance.now();
  const format = outputFormats.find(({ id }) => id === options.format);
  if (!format) {
    throw usage(`“${options.format}” is not a format of run.`, `Use ${outputFormats.map(({ id }) => id).join(', ')}.`);
  }
  const overrides = parseVariables(options.var);
  const timeout = parseSeconds(options.timeout);
  const insecure = options.insecure.map(originOption);
  const identities = parseIdentities(options.as);
  const jobs = await loadJobs(files, options);
  const progress = createProgressLine(process.stderr, isUnicodeLocale(process.env));
  const composed = await composeCli({
    caFiles: options.ca,
    insecure,
    resolve: options.resolve,
    input: options.input && !files.includes('-'),
    timeout,
    beforeAsking: () => progress.stop(),
  });
  const abort = new AbortController();
  const interrupt = (): void => abort.abort();
  process.once('SIGINT', interrupt);
  const results: FinishedRun[] = [];
  try {
    provideSecrets(options.secret, options.pin, composed.vault, process.env);
    const sink = await openSink(options.output);
    const environments = options.env;
    const redact = (text: string): string => composed.redactor.redact(text);
    const session = format.start(createOutputContext(options, sink.write, jobs, redact, identities.map(nameOf)));
    const count = jobs.reduce((sum, job) => sum + job.steps.length, 0) * Math.max(1, identities.length);
    for (const job of jobs) {
      if (job.steps.length === 0) continue;
      await loadDefinitions(composed, job, environments);
      const ended = async (result: RunResult): Promise<void> => {
        progress.stop();
        await session.result(result);
        results.push(toFinishedRun(result));
      };
      for (const step of job.steps) {
        if (abort.signal.aborted) break;
        if (step.kind === 'failed') {
          await ended(failedRun(step, step.error, Date.now()));
          continue;
        }
        const { name, title, line } = step.request;
        const begins = (as?: string): void => {
          const what = name ?? title ?? `${job.name}:${line}`;
          progress.start(redact(`${results.length + 1}/${count} ${what}${as === undefined ? '' : ` as ${as}`}`));
        };
        const done = async (result: RunResult): Promise<void> => {
          await ended(result);
          await result.exchange?.body.dispose();
        };
        await send(composed, job, step, { environments, overrides, abort, identities, progress, ended, begins, done });
      }
    }
    await session.end({ results, milliseconds: performance.now() - started });
    await sink.close();
    process.stderr.write(redact(await credentialHints(results, jobs, composed)));
  } catch (error) {
    throw redactedError(toCountersignError(error), (text) => composed.redactor.redact(text));
  } finally {
    progress.stop();
    process.removeListener('SIGINT', interrupt);
    await composed.dispose();
  }
  return exitCode(results);
}

interface Sending {
  readonly environments: readonly string[];
  readonly overrides: ReadonlyMap<string, Tracked>;
  readonly abort: AbortController;
  /** Of `--as`: none of them sends as the file says, several are compared. */
  readonly identities: readonly Identity[];
  readonly progress: ReturnType<typeof createProgressLine>;
  /** Prints it; a long run keeps nothing but facts. */
  ended(result: RunResult): Promise<void>;
  begins(as?: string): void;
  /** Prints the result of the request itself and lets go of its body. */
  done(result: RunResult): Promise<void>;
}

async function send(composed: Composed, job: Job, step: SendStep, sending: Sending): Promise<void> {
  const { environments, overrides, abort, identities, progress, ended, begins, done } = sending;
  const input: SendInput = {
    text: step.file.text,
    path: step.path,
    root: job.root,
    request: step.request.index,
    environments,
    overrides: new Map([...step.variables, ...overrides]),
    signal: abort.signal,
  };
  const observer: RunObserver = {
    onPhase: (phase) => progress.phase(phase),
    onEarlier: ended,
    onLog: (line) => {
      progress.stop();
      process.stderr.write(`${line}\n`);
    },
  };
  const [as, ...others] = identities;
  if (others.length > 0) {
    const { sendAsEach } = await import('../run/identities.ts');
    await sendAsEach(composed.engine, input, identities, step.file, {
      begins: (each) => begins(nameOf(each)),
      ends: done,
      observer: () => observer,
    });
    return;
  }
  begins();
  await done(await composed.engine.send({ ...input, ...(as === undefined ? {} : { as }) }, observer, step.file));
}

/** `a,b,none`: each once, in order. */
function parseIdentities(text: string | undefined): readonly Identity[] {
  if (text === undefined) return [];
  const names = new Set(text.split(',').map((name) => name.trim()));
  if (names.has('')) throw usage('An --as names nobody.', 'Write --as NAME, or several: --as admin,user,none.');
  return [...names].map((name) => (name === 'none' ? 'none' : { credential: name }));
}

function exitCode(results: readonly FinishedRun[]): number {
  const failures = results.filter((result) => !passed(result));
  if (failures.length === 0) return exitCodes.passed;
  const needsCredential = ({ error }: { readonly error: CountersignError | undefined }): boolean =>
    error !== undefined && exitCodes.forError(error) === exitCodes.credentialNeeded;
  return failures.some(needsCredential) ? exitCodes.credentialNeeded : exitCodes.failed;
}

async function loadDefinitions(composed: Composed, job: Job, environments: readonly string[]): Promise<void> {
  if (job.root === undefined) return;
  const loaded = await loadWorkspaceDefinitions(composed.vault, composed.deps.files, job.root, environments);
  await reportDefinitionProblems(loaded, composed);
  await reportUnknownEnvironment(job, environments, composed);
}

function parseSeconds(text: string): number {
  const seconds = Number(text);
  if (text.trim() !== '' && seconds >= 0 && seconds < 1e6) return seconds;
  throw usage(`“${text.slice(0, 20)}” is not a number of seconds.`, 'Write --timeout 30, or 0 for none.');
}

function originOption(text: string): string {
  try {
    const { origin } = new URL(text);
    if (origin !== 'null') return origin;
  } catch {
    // Told below.
  }
  throw usage(`“${text.slice(0, 60)}” is not an origin.`, 'Write it as https://host:port.');
}
