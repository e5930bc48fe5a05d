/**
 * The scripts of one request: those before it, those after its answer, in order. It gives each its facts, keeps what it
 * set, and turns what it reported into tests, log lines, notes and errors that stand in the file. Everything a script
 * wrote passes the redactor here. Source: house.md §4, dialects.md §13.
 */
import { Secret } from '../credentials/secret.ts';
import { toShownText } from '../credentials/shown-text.ts';
import { CountersignError, isCountersignError, type ErrorDetails } from '../errors/countersign-error.ts';
import type { RequestFile, RequestNode, ScriptNode } from '../language/types.ts';
import type { Sandbox } from '../scripting/sandbox.ts';
import type {
  ScriptDialect,
  ScriptFault,
  ScriptReport,
  ScriptRequest,
  ScriptResponse,
  ScriptWhen,
  VariableScope,
} from '../scripting/types.ts';
import { createResolver } from '../variables/resolver.ts';
import { judge, parseAssertion, subjectOf, toPatternTest, type Assertion } from './assertions.ts';
import type { EngineDeps } from './engine-deps.ts';
import {
  loadEnvironment,
  loadNames,
  toQuietVariables,
  toRequestAfter,
  toRequestBefore,
  toScriptResponse,
} from './script-facts.ts';
import { dialectOf, loadFileSource, toInlineSource, whyNotRun, type ScriptSource } from './script-source.ts';
import { scriptsFor } from './script-order.ts';
import { ScriptVariables } from './script-variables.ts';
import type { RunObserver, RunResult, SendInput, TestResult } from './types.ts';

export interface SessionInput {
  readonly deps: EngineDeps;
  readonly file: RequestFile;
  readonly node: RequestNode;
  readonly input: SendInput;
  readonly observer: RunObserver;
  sandbox(): Promise<Sandbox>;
}

type Note = RunResult['notes'][number];

export class ScriptSession {
  /** `request.variables` of this request. */
  readonly variables = new ScriptVariables();
  readonly #input: SessionInput;
  readonly #tests: TestResult[] = [];
  readonly #log: string[] = [];
  readonly #notes: Note[] = [];

  constructor(input: SessionInput) {
    this.#input = input;
  }

  /** @throws CountersignError CS-SCRIPT-*, CS-FILE-*: the request is not sent then */
  async beforeRequest(): Promise<void> {
    const { node } = this.#input;
    const scripts = this.#scriptsOf('pre-request');
    if (scripts.length === 0 || !this.#allowed()) return;
    for (const script of scripts) {
      const fault = await this.#run(script, 'pre-request', () => toRequestBefore(node, this.#context()), undefined);
      if (fault) throw fault;
    }
  }

  /** The result with what the handlers found. An error of the result itself stays: then no handler runs. */
  async afterResponse(result: RunResult): Promise<RunResult> {
    let error = result.error;
    const { exchange, request } = result;
    const scripts = this.#scriptsOf('response');
    if (scripts.length > 0 && exchange && request && !error && this.#allowed()) {
      const response = await toScriptResponse(exchange);
      const facts = toRequestAfter(this.#input.node, request);
      for (const script of scripts) {
        if (script.syntax === 'assertion') {
          await this.#assert(script, facts, response);
          continue;
        }
        const fault = await this.#run(script, 'response', () => Promise.resolve(facts), response);
        if (fault && error) this.#notes.push({ code: fault.code, message: fault.message });
        error ??= fault;
      }
    }
    return this.withFindings({ ...result, error });
  }

  /** The result with what is known so far. */
  withFindings(result: RunResult): RunResult {
    return {
      ...result,
      tests: [...result.tests, ...this.#tests],
      notes: [...result.notes, ...this.#notes],
      ...(this.#log.length > 0 ? { log: this.#log } : {}),
    };
  }

  #scriptsOf(when: ScriptWhen): readonly ScriptNode[] {
    return scriptsFor(this.#input.file, this.#input.node).filter((script) =>
      when === 'pre-request' ? script.when === when : script.when !== 'pre-request',
    );
  }

  #allowed(): boolean {
    const { deps, input } = this.#input;
    if (deps.settings(input.root).runScripts !== false) return true;
    const message = 'The scripts of this request were not run. The setting countersign.scripts.run forbids it.';
    if (!this.#notes.some((note) => note.message === message)) {
      this.#notes.push({ code: 'CS-SCRIPT-UNSUPPORTED', message });
    }
    return false;
  }

  #context(): ReturnType<typeof toQuietVariables> {
    const { deps, file, input } = this.#input;
    return toQuietVariables(deps, file, input, deps.scripts.overrides(input, this));
  }

  async #run(
    node: ScriptNode,
    when: ScriptWhen,
    request: () => Promise<ScriptRequest>,
    response: ScriptResponse | undefined,
  ): Promise<CountersignError | undefined> {
    const { file, input } = this.#input;
    const early = node.syntax === 'file' ? whyNotRun(node, '', 'jetbrains') : whyNotRun(node, node.text, file.dialect);
    if (early !== undefined) return this.#skip(node, early);
    try {
      const source = node.syntax === 'file' ? await this.#load(node) : toInlineSource(file, input.path, node);
      const late = whyNotRun(node, source.code, file.dialect);
      if (late !== undefined) return this.#skip(node, late);
      if (source.code.trim() === '') return undefined;
      const dialect = dialectOf(node, source.code, file.dialect);
      const report = await this.#evaluate(dialect, source.code, when, await request(), response);
      this.#take(report, source);
      return report.fault && this.#toError(report.fault, when, source);
    } catch (error) {
      if (input.signal.aborted) throw error;
      if (isCountersignError(error)) return error;
      return new CountersignError('CS-SCRIPT-ERROR', 'The scripts of this request could not be started.', {
        next: 'Send again. The response is complete without them.',
        place: { line: node.line, start: node.span.start, end: node.span.end },
        cause: error,
      });
    }
  }

  async #evaluate(
    dialect: ScriptDialect,
    code: string,
    when: ScriptWhen,
    request: ScriptRequest,
    response: ScriptResponse | undefined,
  ): Promise<ScriptReport> {
    const { deps, input } = this.#input;
    const sandbox = await this.#input.sandbox();
    const context = this.#context();
    return sandbox.run(
      {
        when,
        dialect,
        code,
        request,
        ...(response === undefined ? {} : { response }),
        environment: await (dialect === 'httpyac' ? loadNames(code, context) : loadEnvironment(code, context)),
        globals: deps.scripts.globalsOf(input.root).entries(),
        file: deps.scripts.exportsOf(input.path).entries(),
        variables: this.variables.entries(),
      },
      input.signal,
    );
  }

  /** `?? status == 200`: a test of its own, named by its text. */
  async #assert(node: ScriptNode, request: ScriptRequest, response: ScriptResponse): Promise<void> {
    const { input, file } = this.#input;
    const place = toInlineSource(file, input.path, node).placeOf(undefined);
    let failure: string | undefined;
    try {
      const { text, secrets } = await createResolver(this.#context()).resolveTemplate(node.text);
      const assertion = parseAssertion(text);
      // Code could say it again in a spelling that no redactor knows.
      if (secrets.length > 0 && typeof assertion !== 'string' && assertion.subject === 'js') {
        throw new Error('A secret cannot stand in an assertion of js: it is code. Compare it with header or body.');
      }
      failure = typeof assertion === 'string' ? assertion : await this.#judge(assertion, request, response);
    } catch (error) {
      if (input.signal.aborted) throw error;
      failure = error instanceof Error ? error.message : 'It cannot be judged.';
    }
    this.#tests.push({
      name: this.#shown(node.text),
      passed: failure === undefined,
      ...(failure === undefined ? {} : { message: this.#shown(failure) }),
      ...(place.line === undefined ? {} : { line: place.line }),
    });
  }

  async #judge(assertion: Assertion, request: ScriptRequest, response: ScriptResponse): Promise<string | undefined> {
    const value = async (expression: string): Promise<unknown> => {
      const code = `exports.$value = (${expression}\n);`;
      const { events, fault } = await this.#evaluate('httpyac', code, 'response', request, response);
      if (fault) throw new Error(fault.message);
      const set = events.find((event) => event.kind === 'set' && event.name === '$value');
      return set?.kind === 'set' ? (JSON.parse(set.json) as unknown) : undefined;
    };
    const actual = assertion.subject === 'js' ? await value(assertion.argument) : await subjectOf(assertion, response);
    const judged = assertion.operator === 'matches' ? await value(toPatternTest(assertion, actual)) : actual;
    return judge(assertion, judged, (text) => this.#input.deps.redactor.redact(text));
  }

  async #load(node: ScriptNode): Promise<ScriptSource> {
    const { deps, input } = this.#input;
    const written = (await createResolver(this.#context()).resolveTemplate(node.text)).text.trim();
    const { path, root, signal } = input;
    return loadFileSource(written, node, { path, root, signal, files: deps.files, prompts: deps.prompts });
  }

  #skip(node: ScriptNode, why: string): undefined {
    this.#notes.push({
      code: 'CS-SCRIPT-UNSUPPORTED',
      message: `The script at line ${node.line} was not run: ${why}.`,
    });
  }

  #take(report: ScriptReport, source: ScriptSource): void {
    const { deps, observer } = this.#input;
    const find = (text: string): ReturnType<typeof deps.redactor.findSpans> => deps.redactor.findSpans(text);
    for (const event of report.events) {
      if (event.kind === 'test') {
        const line = source.placeOf(event.place).line;
        this.#tests.push({
          name: this.#shown(event.name),
          passed: event.passed,
          ...(event.message === undefined ? {} : { message: this.#shown(event.message) }),
          ...(line === undefined ? {} : { line }),
        });
      } else if (event.kind === 'log') {
        for (const line of deps.redactor.redact(event.text).split(/\r\n?|\n/)) {
          const shown = toShownText(line, 4000);
          this.#log.push(shown);
          observer.onLog?.(shown);
        }
      } else {
        const target = this.#variablesOf(event.scope);
        target.apply(event, find);
        if (event.kind === 'set') this.#register(target, event.name);
      }
    }
  }

  #variablesOf(scope: VariableScope): ScriptVariables {
    const { deps, input } = this.#input;
    if (scope === 'request') return this.variables;
    return scope === 'file' ? deps.scripts.exportsOf(input.path) : deps.scripts.globalsOf(input.root);
  }

  /** A value that is secret by its name is known to the redactor from now on. */
  #register(variables: ScriptVariables, name: string): void {
    const value = variables.tracked().get(name);
    const [span] = value?.secrets ?? [];
    if (value && span?.start === 0 && span.end === value.text.length) {
      this.#input.deps.redactor.register(new Secret(value.text, span.label));
    }
  }

  #shown(text: string): string {
    return toShownText(this.#input.deps.redactor.redact(text), 500);
  }

  #toError(fault: ScriptFault, when: ScriptWhen, source: ScriptSource): CountersignError {
    const what = when === 'response' ? 'The response script' : 'The script before the request';
    const details: ErrorDetails = {
      place: source.placeOf(fault.place),
      ...(when === 'response' ? {} : { next: 'The request was not sent. Correct the script, then send again.' }),
    };
    if (fault.kind === 'time')
      return new CountersignError('CS-SCRIPT-TIME', `${what} ran too long and was ended.`, details);
    if (fault.kind === 'memory') {
      return new CountersignError('CS-SCRIPT-MEMORY', `${what} needed too much memory and was ended.`, details);
    }
    const why = toShownText(this.#input.deps.redactor.redact(fault.message), 160).replace(/\.$/, '');
    return new CountersignError('CS-SCRIPT-ERROR', `${what} stopped: ${why}.`, details);
  }
}
