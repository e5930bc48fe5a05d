/**
 * One response panel: its webview, the run it shows, the body that is asked for, and what its messages mean. It holds
 * the state that a webview loses while hidden and gives it back when it is ready again. It starts no request.
 */
import { pathToFileURL } from 'node:url';
import { Uri, type Disposable, type WebviewPanel } from 'vscode';
import type { Phase, ResponseHead } from '../../http/types.ts';
import { parseMediaType } from '../../response/media-type.ts';
import { maskedData, maskedText, plainText, shownStart, type FindSecrets } from '../../response/shown-text.ts';
import type { RunResult, SentRequest, UsedCredential } from '../../run/types.ts';
import {
  isRestored,
  toFromPanel,
  type BodyAsk,
  type IdentityOrder,
  type RestoredFacts,
  type RunStart,
  type ToPanel,
} from '../../webview/protocol.ts';
import { Comparisons } from './comparisons.ts';
import { IdentityMatrix } from './identity-matrix.ts';
import { obey } from './obey.ts';
import type { PanelActions, PanelPreferences, PanelRun } from './panel-actions.ts';
import { panelHtml } from './panel-html.ts';
import { toTabTitle, whoOf, type RunDescription } from './run-description.ts';
import { withPhase } from './run-steps.ts';
import { noAnswer, ShownAnswer } from './shown-answer.ts';
import { headerOf, loadBodyModel, noBody } from './to-body-model.ts';
import { toTarget, toTitle } from './to-response-model.ts';

export interface PanelDeps {
  readonly extensionUri: Uri;
  /** Where live secrets stand in a text: the redactor's. */
  readonly findSecrets: FindSecrets;
  readonly actions: PanelActions;
  /** Read anew whenever it matters. */
  readonly preferences: () => PanelPreferences;
}

const progressEveryMs = 100;
/** A page that is in sight and has not said `ready` after this long is loaded anew; after that, its tab is replaced. */
const readyWithinMs = 6000;
const loadAttempts = 3;

/** What `ResponsePanels` adds for each panel: the answers that the other ones hold. */
export interface OwnPanelDeps extends PanelDeps {
  otherAnswers(panel: ResponsePanel): readonly ShownAnswer[];
  /** A new tab in the place of one whose page cannot be brought to life. */
  replace(panel: WebviewPanel): WebviewPanel;
  /** Milliseconds that a page has to become ready, other than ours. */
  readonly patienceMs?: number;
}

export class ResponsePanel implements Disposable {
  #panel: WebviewPanel;
  readonly #deps: OwnPanelDeps;
  readonly #changed: () => void;
  #subscriptions: Disposable[] = [];
  readonly #closed: (panel: ResponsePanel) => void;
  pinned = false;
  closed = false;
  #ready = false;
  #run: PanelRun | undefined;
  #start: RunStart | undefined;
  #url: URL | undefined;
  #steps: Extract<ToPanel, { type: 'steps' }>['steps'] = [];
  #head: Extract<ToPanel, { type: 'head' }> | undefined;
  #facts: RestoredFacts | undefined;
  /** What is on hand: also while a newer run is under way. */
  #answer: ShownAnswer | undefined;
  readonly #comparisons: Comparisons;
  readonly #identities: IdentityMatrix;
  #tab: string | undefined;
  #progressAt = 0;
  #loads = 0;
  #watch: NodeJS.Timeout | undefined;

  constructor(panel: WebviewPanel, deps: OwnPanelDeps, changed: () => void, closed: (panel: ResponsePanel) => void) {
    this.#panel = panel;
    this.#deps = deps;
    this.#changed = changed;
    this.#closed = closed;
    this.#comparisons = new Comparisons(deps.findSecrets, (message) => this.#post(message));
    this.#identities = new IdentityMatrix(deps.findSecrets, (message) => this.#post(message));
    this.#listen(panel);
    this.#load();
  }

  #listen(panel: WebviewPanel): void {
    const dist = Uri.joinPath(this.#deps.extensionUri, 'dist', 'webview');
    panel.webview.options = {
      enableScripts: true,
      enableForms: false,
      enableCommandUris: false,
      localResourceRoots: [dist],
    };
    this.#subscriptions = [
      panel.webview.onDidReceiveMessage((message: unknown) => this.#receive(message)),
      panel.onDidChangeViewState(() => {
        // A page that is out of sight is gone; it is made anew, and says so, when it comes back.
        if (!panel.visible) [this.#ready, this.#loads] = [false, 1];
        this.#watchLoading();
        this.#changed();
      }),
      panel.onDidDispose(() => {
        if (panel !== this.#panel) return;
        this.closed = true;
        clearTimeout(this.#watch);
        this.#release();
        for (const subscription of this.#subscriptions) subscription.dispose();
        this.#closed(this);
      }),
    ];
  }

  #load(): void {
    const { webview } = this.#panel;
    const bundle = Uri.joinPath(this.#deps.extensionUri, 'dist', 'webview', 'response.js');
    this.#loads++;
    webview.html = panelHtml(webview.cspSource, webview.asWebviewUri(bundle).toString());
    this.#watchLoading();
  }

  /** A browser that holds the page back while another of its tabs is in front can leave it blank for good. */
  #watchLoading(): void {
    clearTimeout(this.#watch);
    if (this.#ready || this.closed || !this.#panel.visible || this.#loads >= loadAttempts) return;
    this.#watch = setTimeout(
      () => (this.#loads === 1 ? this.#load() : this.#replace()),
      this.#deps.patienceMs ?? readyWithinMs,
    );
    this.#watch.unref();
  }

  /** The same answer in a tab of its own, when the page of this one does not come even at the second try. */
  #replace(): void {
    const old = this.#panel;
    for (const subscription of this.#subscriptions) subscription.dispose();
    this.#panel = this.#deps.replace(old);
    this.#panel.title = old.title;
    this.#listen(this.#panel);
    this.#load();
    old.dispose();
  }

  get run(): PanelRun | undefined {
    return this.#run;
  }

  get visible(): boolean {
    return this.#panel.visible;
  }

  get active(): boolean {
    return this.#panel.active;
  }

  dispose(): void {
    this.#panel.dispose();
  }

  reveal(takeFocus: boolean): void {
    if (!this.#panel.visible || takeFocus) this.#panel.reveal(undefined, !takeFocus);
  }

  /** Opens a tab by its id (`security`), now or when there is one. */
  showTab(tab: string): void {
    this.#tab = tab;
    this.#post({ type: 'show-tab', tab });
  }

  restore(state: unknown): void {
    const facts = typeof state === 'object' && state !== null ? (state as { facts?: unknown }).facts : undefined;
    if (!isRestored(facts)) return;
    const { runId, title, path, line, name } = facts;
    this.#facts = facts;
    this.#run = { runId, title, name, path, line, result: undefined };
    this.#panel.title = `${title} · ${facts.status}`;
  }

  begin(id: string, run: RunDescription): void {
    const { name, path, line = 0 } = run;
    this.#identities.begin(run.group, this.#answer);
    const title = maskedText(toTabTitle(run), this.#deps.findSecrets);
    this.#run = { runId: id, title, name, path, line, result: undefined };
    this.#url = URL.canParse(run.url) ? new URL(run.url) : undefined;
    this.#steps = [];
    this.#head = undefined;
    this.#facts = undefined;
    this.#panel.title = `${title} · …`;
    const target = this.#url
      ? [maskedText(`${this.#url.pathname}${this.#url.search}`, this.#deps.findSecrets)]
      : [maskedText(run.url, this.#deps.findSecrets)];
    this.#startAs({
      runId: id,
      title,
      name,
      method: run.method,
      target,
      host: this.#url?.host ?? '',
      secure: this.#url?.protocol === 'https:',
      startedAt: run.startedAt,
      ...whoOf(run.credential),
    });
  }

  /** The request as it will be sent, as soon as it is known. */
  request(runId: string, request: SentRequest, credential: UsedCredential | undefined): void {
    if (!this.#shows(runId) || !this.#start) return;
    this.#url = URL.canParse(request.url.text) ? new URL(request.url.text) : this.#url;
    this.#startAs({
      ...this.#start,
      method: request.method,
      target: toTarget(request.url, this.#deps.findSecrets),
      host: this.#url?.host ?? '',
      secure: this.#url?.protocol === 'https:',
      ...whoOf(credential),
    });
  }

  /** A step of its own before the network: `Signed in as Ada Lovelace`, `from the vault`. */
  step(runId: string, title: string, note: string | undefined): void {
    if (!this.#shows(runId) || !this.#start) return;
    const at = Date.now() - this.#start.startedAt;
    this.#steps = [...this.#steps, { id: title, title, state: 'done', at, ...(note === undefined ? {} : { note }) }];
    this.#post({ type: 'steps', runId, steps: this.#steps });
  }

  phase(runId: string, phase: Phase): void {
    if (!this.#shows(runId) || !this.#start) return;
    this.#steps = withPhase(this.#steps, phase, Date.now() - this.#start.startedAt, this.#start.secure);
    this.#post({ type: 'steps', runId, steps: this.#steps });
  }

  head(runId: string, head: ResponseHead): void {
    if (!this.#shows(runId)) return;
    const { findSecrets } = this.#deps;
    const { status, httpVersion } = head;
    const statusText = plainText(shownStart(head.statusText, findSecrets, 80));
    this.#panel.title = `${this.#run?.title ?? ''} · ${String(status)}`;
    const mediaType = parseMediaType(headerOf(head.headers, 'content-type')).essence;
    this.#head = { type: 'head', runId, head: maskedData({ status, statusText, httpVersion, mediaType }, findSecrets) };
    this.#post(this.#head);
  }

  progress(runId: string, progress: { readonly bytes: number; readonly encodedBytes: number }): void {
    const now = Date.now();
    if (!this.#shows(runId) || now - this.#progressAt < progressEveryMs) return;
    this.#progressAt = now;
    this.#post({ type: 'progress', runId, bytes: progress.bytes, encodedBytes: progress.encodedBytes });
  }

  /** Shows the outcome and takes over the body: it is disposed when another response comes or the tab closes. */
  async finish(result: RunResult): Promise<void> {
    const { exchange } = result;
    if (!this.#start || !this.#run || !this.#shows(this.#run.runId)) {
      await exchange?.body.dispose();
      return;
    }
    const start = this.#start;
    const run = this.#run;
    const body = exchange ? await loadBodyModel(exchange, start.method) : { model: noBody, skip: 0 };
    if (!this.#shows(run.runId)) {
      await exchange?.body.dispose();
      return;
    }
    if (this.#answer && !this.#identities.holds(this.#answer)) this.#comparisons.keep(this.#answer, result);
    this.#answer = undefined;
    const { findSecrets, extensionUri } = this.#deps;
    const now = Date.now();
    const { method, target, startedAt } = start;
    this.#answer = new ShownAnswer({
      result,
      body,
      facts: { runId: run.runId, title: run.title, method, target, url: this.#url, durationMs: now - startedAt, now },
      findSecrets,
      workerUrl: pathToFileURL(Uri.joinPath(extensionUri, 'dist', 'json-index.worker.js').fsPath),
    });
    this.#run = { ...run, path: result.path ?? run.path, line: result.line, result };
    this.#start = undefined;
    this.#panel.title = toTitle(this.#answer.model);
    this.#post({ type: 'finish', model: this.#answer.model });
    this.#identities.add(this.#answer);
    this.#changed();
  }

  /** Compares with the answer before, or with one the person picks among those that are still held. */
  async compare(): Promise<void> {
    const answer = this.#answer;
    if (!answer) return;
    const others = this.#deps.otherAnswers(this);
    await this.#comparisons.start(answer, others, this.#deps.actions);
  }

  /** What other panels may compare with. */
  get answer(): ShownAnswer | undefined {
    return this.#answer;
  }

  #startAs(start: RunStart): void {
    this.#start = start;
    this.#post({ type: 'start', run: start });
  }

  #shows(runId: string): boolean {
    return !this.closed && this.#run?.runId === runId && this.#start !== undefined;
  }

  /** Lets go of the response on hand. */
  #release(): void {
    this.#answer?.dispose();
    this.#answer = undefined;
    this.#identities.dispose();
    this.#comparisons.dispose();
  }

  #post(message: ToPanel): void {
    if (this.closed || !this.#ready) return;
    void this.#panel.webview.postMessage(message);
  }

  #becomeReady(): void {
    this.#ready = true;
    clearTimeout(this.#watch);
    const { fontSize, fontFamily, sendKey, mac } = this.#deps.preferences();
    const font = {
      ...(fontSize === undefined ? {} : { fontSize }),
      ...(fontFamily === undefined ? {} : { fontFamily }),
    };
    this.#post({ type: 'settings', settings: { sendKey, mac, ...font }, pinned: this.pinned });
    const model = this.#answer?.model;
    if (model) this.#post({ type: 'finish', model });
    if (model) this.#identities.post();
    if (model) this.#comparisons.post();
    if (this.#start) {
      this.#post({ type: 'start', run: this.#start });
      if (this.#steps.length > 0) this.#post({ type: 'steps', runId: this.#start.runId, steps: this.#steps });
      if (this.#head) this.#post(this.#head);
    } else if (!model) this.#post(this.#facts ? { type: 'restored', facts: this.#facts } : { type: 'idle' });
    if (this.#tab !== undefined) this.#post({ type: 'show-tab', tab: this.#tab });
  }

  #receive(raw: unknown): void {
    const message = toFromPanel(raw);
    if (!message) return;
    if (message.type === 'ready') return this.#becomeReady();
    if (message.type === 'pin') {
      this.pinned = message.pinned;
      return this.#post({ type: 'pinned', pinned: message.pinned });
    }
    if (message.type === 'security-seen') return this.#deps.actions.securitySeen();
    if (message.type === 'ask') return void this.#tellAnswer(message.id, message.runId, message.ask);
    const run = this.#run;
    if (!run) return;
    const { actions, findSecrets } = this.#deps;
    const tell = (sentence: string): void => this.#post({ type: 'say', sentence });
    if (message.type === 'compare') return void this.compare();
    if (message.type === 'compare-ignore') return void this.#comparisons.ignore(message.paths);
    if (message.type === 'open-identity') return void this.#openIdentity(message);
    if (message.type === 'compare-text') return void this.#comparisons.openText(actions, tell);
    void obey(message, { run, answer: this.#answer, actions, findSecrets, tell });
  }

  /** Another answer of the same request comes on screen; nothing is sent. */
  async #openIdentity({ row, compare }: IdentityOrder): Promise<void> {
    const answer = this.#start ? undefined : this.#identities.open(row);
    const run = this.#run;
    if (!answer || !run) return;
    this.#answer = answer;
    this.#run = { ...run, runId: answer.model.runId, result: answer.result };
    this.#panel.title = toTitle(answer.model);
    this.#post({ type: 'finish', model: answer.model });
    this.#identities.post();
    this.#changed();
    const { first } = this.#identities;
    if (compare && first && first !== answer) await this.#comparisons.with(answer, first, this.#deps.actions);
  }

  async #tellAnswer(id: number, runId: string, ask: BodyAsk): Promise<void> {
    const own = this.#answer?.model.runId === runId ? this.#answer : undefined;
    const answer = ask.kind === 'differences' ? this.#comparisons.rows(ask) : own ? await own.ask(ask) : noAnswer;
    this.#post({ type: 'answer', id, answer });
  }
}
