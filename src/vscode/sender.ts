/**
 * Sends from the editor: takes a snapshot of the document, runs the engine, tells panel, lens and status bar. Nothing
 * here decides what is sent; a second press on a request in flight sends nothing twice (ux.md B1, E1).
 */
import { randomUUID } from 'node:crypto';
import { commands, Selection, Uri, window, workspace, type TextDocument } from 'vscode';
import { maskAllBut } from '../language/embedded/selection.ts';
import { requestAt } from '../language/lookup.ts';
import { parseRequestFile } from '../language/parse-request-file.ts';
import type { RequestFile, RequestNode } from '../language/types.ts';
import { planRun, planSteps, type Step } from '../run/steps.ts';
import { sendAsEach, type Identity } from '../run/identities.ts';
import type { RunObserver, RunResult, SendInput, UsedCredential } from '../run/types.ts';
import type { App } from './app.ts';
import type { PanelRun } from './response-panel/panel-actions.ts';
import type { ResponsePanels, RunView } from './response-panel/response-panels.ts';
import type { RunDescription } from './response-panel/run-description.ts';
import { requestKey, type RunningRequest } from './runs.ts';

export interface SendTarget {
  readonly uri: string;
  /** Position among the file's requests. */
  readonly request: number;
}

export interface SendOptions {
  readonly as?: NonNullable<SendInput['as']>;
  /** Of `run #name (@a=1)`. */
  readonly variables?: NonNullable<SendInput['overrides']>;
}

interface Sent {
  readonly target: SendTarget;
  readonly key: string;
  readonly options: SendOptions;
}

export class Sender {
  readonly #app: App;
  readonly #panels: ResponsePanels;
  readonly #sent = new Map<string, Sent>();
  #last: Sent | undefined;

  constructor(app: App, panels: ResponsePanels) {
    this.#app = app;
    this.#panels = panels;
  }

  /** What a command was pressed on: a lens's target, else the request at the cursor. */
  async locate(
    target: SendTarget | undefined,
  ): Promise<{ document: TextDocument; file: RequestFile; request: RequestNode } | undefined> {
    const document = target ? await workspace.openTextDocument(Uri.parse(target.uri)) : this.#active();
    if (!document) return undefined;
    const file = this.#app.documents.parse(document);
    const editor = window.activeTextEditor;
    const request = target
      ? file.requests[target.request]
      : requestAt(file, document.offsetAt(editor?.selection.active ?? document.positionAt(0)));
    return request ? { document, file, request } : undefined;
  }

  /** The active document when requests of it can be sent. */
  #active(): TextDocument | undefined {
    const document = window.activeTextEditor?.document;
    return document && this.#app.documents.holdsRequests(document) ? document : undefined;
  }

  /** Sends the first request of the selected text, in any document, with the variables that the document defines. */
  async sendSelection(): Promise<RunResult | undefined> {
    const editor = window.activeTextEditor;
    if (!editor) return undefined;
    const { document, selection } = editor;
    const whole = this.#app.documents.parse(document);
    const span = { start: document.offsetAt(selection.start), end: document.offsetAt(selection.end) };
    const dialect = this.#app.documents.chosenDialect(document.uri) ?? whole.dialect;
    const file = parseRequestFile(maskAllBut(whole, document.getText(), span), { dialect });
    const request = file.requests[0];
    if (!request) {
      void window.setStatusBarMessage('No request is selected. Select one from its request line on.', 4000);
      return undefined;
    }
    const uri = document.uri.toString();
    const sent = { target: { uri, request: request.index }, key: `${uri}#selection`, options: {} };
    return this.#run(sent, document, file, request);
  }

  async send(target?: SendTarget, options: SendOptions = {}): Promise<RunResult | undefined> {
    const found = await this.locate(target);
    if (!found) {
      void window.setStatusBarMessage(
        'There is no request at the cursor. Put it into one, or press Send above one.',
        4000,
      );
      return undefined;
    }
    const { document, file, request } = found;
    const key = requestKey(document.uri, file, request);
    return this.#run(
      { target: { uri: document.uri.toString(), request: request.index }, key, options },
      document,
      file,
      request,
    );
  }

  /** The same request as several, one after another, with nothing of one in the request of the next. */
  async sendAsEach(target: SendTarget, identities: readonly Identity[]): Promise<readonly RunResult[]> {
    const found = workspace.isTrusted ? await this.locate(target) : undefined;
    if (!found) return [];
    const { document, file, request } = found;
    const key = requestKey(document.uri, file, request);
    const running = this.#app.runs.begin(key, Date.now());
    if (!running) return [];
    void commands.executeCommand('setContext', 'countersign.sending', true);
    const views: RunView[] = [];
    try {
      await Promise.all([this.#app.workspaceReady, this.#app.network.ready()]);
      const place = this.#app.placeOf(document.uri);
      const group = randomUUID();
      const input: SendInput = {
        text: file.text,
        ...place,
        request: request.index,
        environments: this.#app.environments.current,
        signal: running.abort.signal,
      };
      const begin = async (as: Identity): Promise<RunView> => {
        const id = randomUUID();
        this.#sent.set(id, { target, key, options: { as } });
        const credential = await this.#expected(document, request, as);
        return this.#panels.begin({ ...this.#described(id, document, request, place, Date.now(), credential), group });
      };
      const results = await sendAsEach(this.#app.composed.engine, input, identities, file, {
        begins: async (as) => void views.push(await begin(as)),
        observer: () => this.#observer(views.at(-1) as RunView, key),
        ends: async (result) => {
          await views.at(-1)?.finish(result);
          await this.#announce(result);
        },
      });
      if (results[0]) this.#app.runs.end(key, results[0]);
      views.at(-1)?.showTab('identities');
      return results;
    } finally {
      this.#app.runs.forget(running);
    }
  }

  /** All requests of the active file and what its `run` lines name, one after another; stops when one is cancelled. */
  async sendAll(): Promise<void> {
    const document = this.#active();
    if (!document) return;
    const file = this.#app.documents.parse(document);
    const context = { file, ...this.#app.placeOf(document.uri), files: this.#app.composed.deps.files };
    await this.#runSteps(document, await planSteps(context));
  }

  /** What one `run` line names. */
  async runLine(uri: string, line: number): Promise<void> {
    const document = await workspace.openTextDocument(Uri.parse(uri));
    const file = this.#app.documents.parse(document);
    const statement = file.statements.find((each) => each.line === line);
    if (!statement || !workspace.isTrusted) return;
    const context = { file, ...this.#app.placeOf(document.uri), files: this.#app.composed.deps.files };
    await this.#runSteps(document, await planRun(statement, context));
  }

  async #runSteps(document: TextDocument, steps: readonly Step[]): Promise<void> {
    const own = this.#app.placeOf(document.uri).path;
    for (const step of steps) {
      if (step.kind === 'failed') {
        const { code, message, next } = step.error;
        void window.showWarningMessage(`${code}: ${message} ${next}`);
        return;
      }
      const other = step.path === undefined || step.path === own ? document : await openIfThere(Uri.file(step.path));
      const file = other && this.#app.documents.parse(other);
      const request = file?.requests[step.request.index];
      if (!other || !file || !request) return;
      const key = requestKey(other.uri, file, request);
      const target = { uri: other.uri.toString(), request: request.index };
      const options = step.variables.size > 0 ? { variables: step.variables } : {};
      const result = await this.#run({ target, key, options }, other, file, request);
      if (result?.error?.code === 'CS-NET-CANCELLED') return;
    }
  }

  /**
   * Sends the request of a panel's run again, or the last one. A request that is gone from its file is not replaced by
   * whatever stands in its place.
   */
  async resend(run?: PanelRun): Promise<void> {
    const sent = run ? this.#sent.get(run.runId) : this.#last;
    const uri = sourceOf(sent, run);
    if (!uri) return;
    const document = await openIfThere(uri);
    const file = document && this.#app.documents.parse(document);
    const request = file?.requests.find((each) =>
      sent ? requestKey(uri, file, each) === sent.key : run !== undefined && isSame(each, run),
    );
    if (!document || !file || !request) {
      void window.setStatusBarMessage('This request is not in its file any more.', 6000);
      return;
    }
    const target = { uri: uri.toString(), request: request.index };
    const options = sent?.options ?? {};
    await this.#run({ target, key: requestKey(uri, file, request), options }, document, file, request);
  }

  /** Shows the line a response came from; after a reload only its file and line are known. */
  async reveal(run: PanelRun, line?: number): Promise<void> {
    const sent = this.#sent.get(run.runId);
    const uri = sourceOf(sent, run);
    if (!uri) return;
    const document = await workspace.openTextDocument(uri);
    const request = sent && this.#app.documents.parse(document).requests[sent.target.request];
    const at = document.lineAt(Math.min((line ?? request?.line ?? run.line) - 1, document.lineCount - 1)).range.start;
    const editor = await window.showTextDocument(document, { viewColumn: columnOf(document), preserveFocus: false });
    editor.selection = new Selection(at, at);
    editor.revealRange(editor.selection);
  }

  keyOf(runId: string): string | undefined {
    return this.#sent.get(runId)?.key;
  }

  /** How a run of this window was sent; none are known of earlier ones. */
  optionsOf(runId: string): SendOptions {
    return this.#sent.get(runId)?.options ?? {};
  }

  sentBy(runId: string): SendTarget | undefined {
    return this.#sent.get(runId)?.target;
  }

  async #run(
    sent: Sent,
    document: TextDocument,
    file: RequestFile,
    request: RequestNode,
  ): Promise<RunResult | undefined> {
    if (!workspace.isTrusted) return undefined;
    const running = this.#app.runs.begin(sent.key, Date.now());
    if (!running) return undefined;
    this.#last = sent;
    void commands.executeCommand('setContext', 'countersign.sending', true);
    try {
      return await this.#runInSight(sent, running, document, file, request);
    } finally {
      this.#app.runs.forget(running);
    }
  }

  async #runInSight(
    sent: Sent,
    running: RunningRequest,
    document: TextDocument,
    file: RequestFile,
    request: RequestNode,
  ): Promise<RunResult> {
    await Promise.all([this.#app.workspaceReady, this.#app.network.ready()]);
    const place = this.#app.placeOf(document.uri);
    const credential = await this.#expected(document, request, sent.options.as);
    const id: string = randomUUID();
    this.#sent.set(id, sent);
    const view = this.#panels.begin(this.#described(id, document, request, place, running.startedAt, credential));
    const result = await this.#app.composed.engine.send(
      {
        id,
        text: file.text,
        path: place.path,
        root: place.root,
        request: request.index,
        environments: this.#app.environments.current,
        signal: running.abort.signal,
        ...(sent.options.as === undefined ? {} : { as: sent.options.as }),
        ...(sent.options.variables === undefined ? {} : { overrides: sent.options.variables }),
      },
      this.#observer(view, sent.key),
      file,
    );
    this.#app.runs.end(sent.key, result);
    await view.finish(result);
    await this.#announce(result);
    return result;
  }

  #described(
    id: string,
    document: TextDocument,
    { name, title, method, url, line }: RequestNode,
    { path }: ReturnType<App['placeOf']>,
    startedAt: number,
    credential: UsedCredential | undefined,
  ): RunDescription {
    return {
      id,
      name,
      title,
      method,
      url: url.text,
      startedAt,
      sourceColumn: columnOf(document),
      line,
      ...(path === undefined ? {} : { path }),
      ...(credential === undefined ? {} : { credential }),
    };
  }

  #observer(view: RunView, key: string): RunObserver {
    return {
      onEarlier: ({ name, title, line, error, exchange }) => {
        const status = exchange && `${exchange.response.status} ${exchange.response.statusText}`.trim();
        view.step(`Sent ${name ?? title ?? `line ${line}`} first`, error?.message ?? status);
      },
      onRequest: (shown) => view.request(shown),
      onPhase: (phase, detail) => view.phase(phase, detail),
      onAuthorized: (title, note) => view.step(title, note),
      onHead: (head) => view.head(head),
      onLog: (line) => this.#app.log.script(line),
      onProgress: (progress) => {
        this.#app.runs.progress(key, progress.bytes);
        view.progress(progress);
      },
    };
  }

  /** Whom the panel names while it sends, before anything is signed in. */
  async #expected(
    document: TextDocument,
    request: RequestNode,
    as: SendOptions['as'],
  ): Promise<UsedCredential | undefined> {
    if (as === 'none') return undefined;
    if (as !== undefined) return { name: as.credential, scheme: '', chosenBy: 'override' };
    const { credential, credentialName } = await this.#app.facts.describe(document, request);
    if (credentialName === undefined) return undefined;
    return { name: credentialName, scheme: credential?.definition.scheme ?? '', chosenBy: 'directive' };
  }

  async #announce(result: RunResult): Promise<void> {
    const context = (key: string, value: unknown): Thenable<unknown> =>
      commands.executeCommand('setContext', `countersign.${key}`, value);
    await context('sending', this.#app.runs.runningCount > 0);
    await context('sentBefore', true);
    if (result.exchange) await context('response', true);
    if (result.exchange && result.attached.some((hop) => hop.attached)) await context('authenticatedBefore', true);
    if (result.error) this.#app.log.error(`${result.error.code}: ${result.error.message}`);
  }
}

/** The file a run came from; after a reload only its path is known. */
function sourceOf(sent: Sent | undefined, run: PanelRun | undefined): Uri | undefined {
  if (sent) return Uri.parse(sent.target.uri);
  return run?.path === undefined ? undefined : Uri.file(run.path);
}

/** After a reload only the name and the line of a run are known. */
function isSame(request: RequestNode, run: PanelRun): boolean {
  return run.name === null ? request.line === run.line : request.name === run.name;
}

/** VS Code remembers the text of a deleted file for a while: that one is gone, unless it is open with changes. */
export async function openIfThere(uri: Uri): Promise<TextDocument | undefined> {
  try {
    const document = await workspace.openTextDocument(uri);
    if (!document.isDirty && workspace.fs.isWritableFileSystem(uri.scheme) !== undefined) await workspace.fs.stat(uri);
    return document;
  } catch {
    return undefined;
  }
}

function columnOf(document: TextDocument): number {
  return window.visibleTextEditors.find((editor) => editor.document === document)?.viewColumn ?? 1;
}
