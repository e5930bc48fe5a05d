/**
 * Runs one script in a fresh QuickJS runtime with its own memory, stack and time limits, and says what it did. The only
 * way out of the runtime is one function of two texts. Every script has a runtime of its own: nothing is left behind.
 */
import type { QuickJSContext, QuickJSHandle, QuickJSRuntime, QuickJSWASMModule } from 'quickjs-emscripten-core';
import { createHostCalls, type HostCall } from './host-calls.ts';
import { scriptName, toPrelude } from './prelude.ts';
import { placed, recordLimits, Recorder } from './recorder.ts';
import type { ScriptFault, ScriptJob, ScriptLimits, ScriptReport } from './types.ts';

export interface Evaluation {
  readonly report: ScriptReport;
  /** The WebAssembly instance was brought to a limit: it is not to be used again. */
  readonly spent: boolean;
}

const jobsAtOnce = 1000;
const longestText = 8 * 1024 * 1024;

export function evaluate(module: QuickJSWASMModule, job: ScriptJob, limits: ScriptLimits): Evaluation {
  const recorder = new Recorder();
  const deadline = performance.now() + limits.timeMs;
  const clock = { late: false };
  let fault: ScriptFault | undefined;
  let spent = false;
  let runtime: QuickJSRuntime | undefined;
  let context: QuickJSContext | undefined;
  try {
    runtime = module.newRuntime({
      memoryLimitBytes: limits.memoryBytes,
      maxStackSizeBytes: limits.stackBytes,
      interruptHandler: () => (clock.late ||= performance.now() > deadline),
    });
    context = runtime.newContext();
    fault = run(runtime, context, job, createHostCalls(job, recorder));
  } catch (error) {
    // The engine itself gave up: its own stack, or an abort.
    fault = { kind: 'error', message: hostMessage(error) };
    spent = true;
  }
  if (clock.late)
    fault = { kind: 'time', message: `It ran longer than ${limits.timeMs / 1000} s.`, ...placed(fault?.place) };
  spent ||= fault?.kind === 'time' || fault?.kind === 'memory';
  if (!spent) spent = !close(runtime, context);
  return { report: { events: recorder.events, ...(fault === undefined ? {} : { fault }) }, spent };
}

function run(
  runtime: QuickJSRuntime,
  context: QuickJSContext,
  job: ScriptJob,
  calls: Readonly<Record<string, HostCall>>,
): ScriptFault | undefined {
  const prepared = context.evalCode(toPrelude(job.when, job.dialect), 'prelude');
  if (prepared.error) return consume(context, prepared.error);
  const host = context.newFunction('host', (name, argument) =>
    context.newString(answer(calls, readText(context, name), readText(context, argument))),
  );
  const facts = context.newString(toFacts(job));
  const started = context.callFunction(prepared.value, context.undefined, host, facts);
  for (const handle of [prepared.value, host, facts]) handle.dispose();
  if (started.error) return consume(context, started.error);
  const state = started.value;
  try {
    return runScript(runtime, context, job, state);
  } finally {
    state.dispose();
  }
}

function runScript(
  runtime: QuickJSRuntime,
  context: QuickJSContext,
  { code, dialect }: ScriptJob,
  state: QuickJSHandle,
): ScriptFault | undefined {
  const read = (name: string): unknown => {
    const handle = context.getProp(state, name);
    const value: unknown = context.dump(handle);
    handle.dispose();
    return value;
  };
  const faultOf = (error: QuickJSHandle): ScriptFault | undefined => {
    const fault = shifted(consume(context, error), lead.length);
    return read('exited') === true && fault.kind === 'error' ? undefined : fault;
  };
  // httpYac lets a script wait and return at its top.
  const [lead, end] = dialect === 'httpyac' ? ['(async () => {', '\n})()'] : ['', ''];
  const result = context.evalCode(lead + code + end, scriptName);
  if (result.error) return faultOf(result.error);
  const value = result.value;
  try {
    for (;;) {
      const done = runtime.executePendingJobs(jobsAtOnce);
      if (done.error) return faultOf(done.error);
      if (done.value === 0) break;
    }
    // `(async () => { … })()` as the last statement: its rejection is the script's.
    const outcome = context.getPromiseState(value);
    if (outcome.type === 'rejected') return faultOf(outcome.error);
    if (outcome.type === 'fulfilled' && outcome.notAPromise !== true) outcome.value.dispose();
  } finally {
    value.dispose();
  }
  const waiting = Number(read('pending')) > 0 && read('exited') !== true;
  if (waiting) return { kind: 'error', message: 'A test waits for something that never comes.' };
  return finish(context, state);
}

/** What a script leaves at its end: httpYac's `exports`. */
function finish(context: QuickJSContext, state: QuickJSHandle): ScriptFault | undefined {
  const handle = context.getProp(state, 'finish');
  const done = context.callFunction(handle, context.undefined);
  handle.dispose();
  if (done.error) return consume(context, done.error);
  done.value.dispose();
  return undefined;
}

/** A place in the first line counts from behind what was put before the script. */
function shifted(fault: ScriptFault, lead: number): ScriptFault {
  const { place } = fault;
  if (lead === 0 || place?.line !== 1) return fault;
  return { ...fault, place: { line: 1, column: Math.max(1, place.column - lead) } };
}

/**
 * A text of the runtime's, or undefined when it is none or too long. A longer one could need more than the thread may
 * have at once, and V8 ends the whole process then, not the thread.
 */
function readText(context: QuickJSContext, handle: QuickJSHandle): string | undefined {
  if (context.typeof(handle) !== 'string') return undefined;
  const length = context.getProp(handle, 'length');
  const fits = context.getNumber(length) <= longestText;
  length.dispose();
  return fits ? context.getString(handle) : undefined;
}

/** `v` and a JSON text, `u` for undefined, `e` and a message: never an exception of the host's. */
function answer(
  calls: Readonly<Record<string, HostCall>>,
  name: string | undefined,
  argument: string | undefined,
): string {
  try {
    if (name === undefined || argument === undefined) return 'eThe text is longer than 8 million characters.';
    const call = Object.hasOwn(calls, name) ? calls[name] : undefined;
    if (!call) return 'eThere is no such function.';
    const value = JSON.stringify(call(JSON.parse(argument))) as string | undefined;
    return value === undefined ? 'u' : `v${value}`;
  } catch (error) {
    return `e${hostMessage(error)}`;
  }
}

/** The job as the prelude reads it: no secret of the environment, and the body only when asked for. */
function toFacts(job: ScriptJob): string {
  const { response } = job;
  return JSON.stringify({
    request: job.request,
    globals: job.globals,
    file: job.file,
    variables: job.variables,
    environment: job.environment.map(({ name, value, secret }) => ({ name, value: secret ? '••••' : value, secret })),
    response: response && { ...response, body: undefined, tooLarge: response.body === undefined },
  });
}

/** Reads an exception inside the runtime, where a getter of the script's is still under the limits. */
function consume(context: QuickJSContext, handle: QuickJSHandle): ScriptFault {
  try {
    const read = context.evalCode(describeError, 'describe');
    if (read.error) {
      read.error.dispose();
      return { kind: 'memory', message: 'It needed more memory than it may have.' };
    }
    const called = context.callFunction(read.value, context.undefined, handle);
    read.value.dispose();
    if (called.error) {
      called.error.dispose();
      return { kind: 'error', message: 'Something was thrown that cannot be read.' };
    }
    const text = readText(context, called.value);
    called.value.dispose();
    return toFault(JSON.parse(text ?? '{}') as { message?: unknown; stack?: unknown });
  } finally {
    handle.dispose();
  }
}

const describeError = String.raw`(function (thrown) {
  const isError = typeof thrown === 'object' && thrown !== null && typeof thrown.message === 'string';
  const message = isError
    ? (thrown.name === 'Error' ? '' : String(thrown.name) + ': ') + thrown.message
    : typeof thrown === 'string' ? thrown : 'A value was thrown: ' + String(thrown);
  return JSON.stringify({ message: message.slice(0, 2000), stack: isError ? String(thrown.stack).slice(0, 8000) : '' });
})`;

function toFault({ message, stack }: { message?: unknown; stack?: unknown }): ScriptFault {
  const text = typeof message === 'string' ? message : '';
  const at = /script:(\d+):(\d+)/.exec(typeof stack === 'string' ? stack : '');
  const place = at ? { line: Number(at[1]), column: Number(at[2]) } : undefined;
  const memory = text.startsWith('InternalError: out of memory');
  return {
    kind: memory ? 'memory' : 'error',
    message: memory ? 'It needed more memory than it may have.' : text.slice(0, recordLimits.messageCharacters),
    ...placed(place),
  };
}

function hostMessage(error: unknown): string {
  return error instanceof Error ? error.message.slice(0, 300) : 'Something could not be done.';
}

/** False when the runtime could not be closed in order. */
function close(runtime: QuickJSRuntime | undefined, context: QuickJSContext | undefined): boolean {
  try {
    context?.dispose();
    runtime?.dispose();
    return true;
  } catch {
    return false;
  }
}
