/**
 * One request, from text to answer: resolve, authorize, send, answer a refusal once, keep what later requests need.
 * The extension and the CLI are adapters over this class; it knows neither. Source: house.md §4.
 */
import { randomUUID } from 'node:crypto';
import { Secret } from '../credentials/secret.ts';
import type { SchemeMemo } from '../credentials/types.ts';
import { CountersignError, toCountersignError } from '../errors/countersign-error.ts';
import { parseRequestFile } from '../language/parse-request-file.ts';
import { splitGraphql } from '../language/graphql.ts';
import type { RequestFile, RequestNode } from '../language/types.ts';
import { masked } from '../variables/tracked.ts';
import { acquireAnswers } from '../variables/prompted-variables.ts';
import { shownName } from '../variables/words.ts';
import { fillsBodyFiles } from './body-variables.ts';
import type { Prompts } from '../ports.ts';
import type { Captures } from './captures.ts';
import { CookieJars } from './cookie-jars.ts';
import type { EngineDeps } from './engine-deps.ts';
import { toOutgoing, toSentRequest } from './outgoing.ts';
import { directiveKey } from './directives.ts';
import { circle, earlierRequests, identityOf, mostRequests, tooMany } from './earlier-requests.ts';
import { IssuedSecrets } from './issued-secrets.ts';
import { planRequest, type Plan } from './plan.ts';
import { createSchemeMemo } from './proof.ts';
import { confirmNotes } from './notes.ts';
import { createRequestResolver } from './resolve.ts';
import { withStatusTests } from './expected-status.ts';
import type { ScriptSession } from './script-session.ts';
import { Transmission } from './transmission.ts';
import type { RunObserver, RunResult, SendInput, SentRequest } from './types.ts';

export class Engine {
  readonly #deps: EngineDeps;
  readonly #issued: IssuedSecrets;
  readonly #memo: SchemeMemo;

  constructor(deps: EngineDeps, issued = new IssuedSecrets(), memo = createSchemeMemo()) {
    this.#deps = deps;
    this.#issued = issued;
    this.#memo = memo;
  }

  /**
   * An engine that knows what this one knows and keeps what it learns to itself: cookies, answers of named requests, and
   * what scripts set. So that nothing of one identity is in the request of the next.
   * @param prompts who is asked instead
   */
  apart(prompts: Prompts): Engine {
    const { captures, scripts } = this.#deps;
    const own = { prompts, cookies: new CookieJars(), captures: captures.fork(), scripts: scripts.fork() };
    return new Engine({ ...this.#deps, ...own }, this.#issued, this.#memo);
  }

  get prompts(): Prompts {
    return this.#deps.prompts;
  }

  get captures(): Captures {
    return this.#deps.captures;
  }

  /**
   * Sends one request and waits for its whole answer. Never throws: what went wrong is in the result.
   * @param document the parsed text, when the caller has it already
   */
  send(input: SendInput, observer: RunObserver = {}, document?: RequestFile): Promise<RunResult> {
    return this.#send(input, observer, document, { chain: [], earlier: { count: 0 } });
  }

  async #send(
    input: SendInput,
    observer: RunObserver,
    document: RequestFile | undefined,
    waits: Waits,
  ): Promise<RunResult> {
    const file = document ?? parseRequestFile(input.text);
    const node = file.requests[input.request];
    const startedAt = this.#deps.clock.now();
    const base = {
      id: input.id ?? randomUUID(),
      startedAt,
      path: input.path,
      name: node?.name ?? null,
      title: node?.title ?? null,
      line: node?.line ?? 1,
      environment: input.environments[0],
    };
    if (!node) {
      return failed(base, new CountersignError('CS-PARSE-NO-REQUEST', 'There is no request at this place.'));
    }
    const transmission = new Transmission(this.#deps, input, observer, this.#issued, this.#memo);
    let scripts: ScriptSession | undefined;
    try {
      await this.#sendEarlier(file, node, input, observer, waits);
      scripts = await this.#deps.scripts.session(this.#deps, file, node, input, observer);
      const plan = await this.#plan(file, node, input, scripts);
      const outcome = withStatusTests(
        { ...base, ...(await transmission.run(plan)) },
        plan.options.expectedStatus,
        input,
      );
      const judged = scripts ? await scripts.afterResponse(outcome) : outcome;
      const result = node.redirects.length > 0 ? await this.#save(plan, input, judged, observer) : judged;
      await this.#remember(plan, result);
      return result;
    } catch (error) {
      const cause = input.signal.aborted
        ? new CountersignError('CS-NET-CANCELLED', 'The request was cancelled.', { cause: error })
        : toCountersignError(error);
      const placed = cause.place || input.path === undefined ? cause : cause.at({ file: input.path, line: node.line });
      const soFar: RunResult = { ...base, ...transmission.soFar(), error: placed };
      const result = scripts?.withFindings(soFar) ?? soFar;
      if (isLogged(node)) {
        await this.#deps.history?.add(result, (text) => this.#deps.redactor.redact(text)).catch(() => undefined);
      }
      return result;
    }
  }

  /** `>> file`: told in the log where it went; what went wrong is the error of a result that has none. */
  async #save(plan: Plan, input: SendInput, result: RunResult, observer: RunObserver): Promise<RunResult> {
    const { files, writer, redactor } = this.#deps;
    const { exchange } = result;
    if (!exchange || exchange.bodyError || !writer) return result;
    const { saveResponse } = await import('./save-response.ts');
    const log = [...(result.log ?? [])];
    let { error } = result;
    for (const { kind, path, span, line: at } of plan.node.redirects) {
      if (kind === 'reference') continue;
      const place = { ...span, line: at, ...(input.path === undefined ? {} : { file: input.path }) };
      try {
        const written = await plan.resolveText(path.text);
        const scope = { path: input.path, root: input.root, files, writer };
        const saved = await saveResponse(kind, written.trim(), exchange, scope, place);
        const line = redactor.redact(`The answer is saved as ${saved}.`);
        log.push(line);
        observer.onLog?.(line);
      } catch (cause) {
        error ??= toCountersignError(cause);
      }
    }
    return { ...result, error, ...(log.length > 0 ? { log } : {}) };
  }

  /** `# @ref` and `# @force-ref`: an error of one of them is the error of the request that needs it. */
  async #sendEarlier(
    file: RequestFile,
    node: RequestNode,
    input: SendInput,
    observer: RunObserver,
    waits: Waits,
  ): Promise<void> {
    const { files, captures } = this.#deps;
    const { path, root } = input;
    const { earlier } = waits;
    const chain = [...waits.chain, { id: identityOf({ path, request: node }), label: labelOf(node) }];
    for (const { always, place, ...first } of await earlierRequests(node, { file, path, root, files })) {
      const { name, index } = first.request;
      if (!always && name !== null && captures.forFile(first.path).has(name)) continue;
      const label = labelOf(first.request);
      if (chain.some(({ id }) => id === identityOf(first))) {
        throw circle([...chain.map((one) => one.label), label], place);
      }
      if ((earlier.count += 1) > mostRequests.earlier) throw tooMany(mostRequests.earlier, place);
      const { id: _id, as: _as, alone: _alone, ...shared } = input;
      const result = await this.#send(
        { ...shared, text: first.file.text, path: first.path, request: index },
        { ...(observer.onEarlier && { onEarlier: observer.onEarlier.bind(observer) }) },
        first.file,
        { chain, earlier },
      );
      await observer.onEarlier?.(result);
      await result.exchange?.body.dispose();
      const { error } = result;
      if (!error) continue;
      throw new CountersignError(error.code, `${shownName(label)} comes first: ${error.message}`, {
        next: error.next,
        place: error.place ?? place,
        cause: error,
        facts: error.facts,
      });
    }
  }

  /** What would be sent, for show: variables resolved, secrets as dots, credentials not put on. Sends nothing. */
  async preview(input: SendInput, document?: RequestFile): Promise<SentRequest> {
    const file = document ?? parseRequestFile(input.text);
    const node = file.requests[input.request];
    if (!node) throw new CountersignError('CS-PARSE-NO-REQUEST', 'There is no request at this place.');
    const plan = await this.#plan(file, node, input, undefined, true);
    return toSentRequest(plan, toOutgoing(plan, false), [], undefined);
  }

  async #plan(
    file: RequestFile,
    node: RequestNode,
    input: SendInput,
    scripts?: ScriptSession,
    quiet = false,
  ): Promise<Plan> {
    const deps = this.#deps;
    const settings = deps.settings(input.root);
    if (!quiet) await confirmNotes(node, deps.prompts, input.signal);
    const prompted = await acquireAnswers(node, deps.prompts, input.overrides, input.signal);
    await scripts?.beforeRequest();
    const resolver = createRequestResolver({
      deps,
      file,
      input,
      settings,
      overrides: deps.scripts.overrides(input, scripts),
      prompted,
      quiet,
    });
    const plan = await planRequest(node, {
      file,
      path: input.path,
      root: input.root,
      files: deps.files,
      prompts: deps.prompts,
      signal: input.signal,
      defaultHeaders: settings.defaultHeaders,
      fillsFiles: await fillsBodyFiles(node, settings.bodyVariables, {
        path: input.path,
        root: input.root,
        files: deps.files,
        settings: settings.variables,
      }),
      ...(settings.formEncoding === undefined ? {} : { formEncoding: settings.formEncoding }),
      graphql: (text) => JSON.stringify(splitGraphql(text)),
      resolve: (template) => resolver.resolveTemplate(template),
      resolveText: (text) => resolver.resolveText(text),
      onTarget: async (url) => {
        for (const named of resolver.used.values()) {
          const refused = deps.book.binding(named, url);
          if (refused) throw refused;
          // A token that stands in the address was asked for before the address was known.
          await deps.book.ensureApproved(named, url, deps.prompts, input.signal);
        }
        resolver.bindTo(url);
      },
    });
    resolver.refuseWithheld(plan);
    for (const { value, label } of plan.secrets) deps.redactor.register(new Secret(value, label));
    return plan;
  }

  async #remember(plan: Plan, result: RunResult): Promise<void> {
    const { captures, history, redactor } = this.#deps;
    if (result.exchange && result.name !== null) {
      // As the file wrote it: what a credential put on is not for other requests to read.
      const headers = plan.headers.map((header) => [header.name, masked(header.value)] as const);
      const body = result.request?.body?.text ?? '';
      await captures.keep(result.path, result.name, { headers, body }, result.exchange);
    }
    if (plan.options.log) await history?.add(result, (text) => redactor.redact(text));
  }
}

/** What one press of Send has led to so far. */
interface Waits {
  /** The requests that wait for this one, as it has to be sent first. */
  readonly chain: readonly { readonly id: string; readonly label: string }[];
  /** How many were sent first, of all of them. */
  readonly earlier: { count: number };
}

function labelOf({ name, title, line }: RequestNode): string {
  return name ?? title ?? `the request at line ${line}`;
}

/** `# @no-log` counts for requests that could not be sent as well. */
function isLogged(node: RequestNode): boolean {
  return !node.directives.some((directive) => directiveKey(directive.name) === 'nolog');
}

/** A run that ended before there was a request: what a `run` line names is not there. */
export function failedRun(
  { path, line }: { readonly path: string | undefined; readonly line: number },
  error: CountersignError,
  startedAt: number,
): RunResult {
  const base = { id: randomUUID(), startedAt, path, name: null, title: null, line, environment: undefined };
  return failed(base, error);
}

function failed(
  base: Pick<RunResult, 'id' | 'startedAt' | 'path' | 'name' | 'title' | 'line' | 'environment'>,
  error: CountersignError,
): RunResult {
  return {
    ...base,
    request: undefined,
    credential: undefined,
    attached: [],
    exchange: undefined,
    trace: undefined,
    tests: [],
    error,
    notes: [],
    secretSent: false,
  };
}
