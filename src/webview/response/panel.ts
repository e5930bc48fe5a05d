/**
 * The state of the response panel and everything that changes it. Views are functions of it; they call its methods
 * and nothing else. It draws nothing. Source: design.md E, G.
 */
import { duration, many } from '../shared/format.ts';
import type {
  BodyAnswer,
  BodyAsk,
  CompareModel,
  CopyWhat,
  FromPanel,
  IdentitiesModel,
  PanelSettings,
  ResponseModel,
  RestoredFacts,
  RunHead,
  RunStart,
  StepLine,
  ToPanel,
  ViewId,
} from '../protocol.ts';
import { plainOf } from '../shared/shown.ts';
import { endWords } from './announcements.ts';
import { Finding, type FindState } from './finding.ts';
import { Host } from './host.ts';
import { TableState } from './table-state.ts';
import { failedTab, tabsOf, type TabId } from './tabs.ts';

export interface Progress {
  readonly bytes: number;
  readonly encodedBytes: number;
  readonly at: number;
}

/** Views in which a text can be looked for. */
export const searched: readonly ViewId[] = ['tree', 'text', 'raw'];

export class Panel {
  readonly host = new Host();
  phase: 'blank' | 'idle' | 'sending' | 'done' | 'restored' = 'blank';
  settings: PanelSettings = { sendKey: 'Ctrl+Alt+R', mac: false };
  pinned = false;
  run: RunStart | undefined;
  steps: readonly StepLine[] = [];
  head: RunHead | undefined;
  progress: Progress | undefined;
  /** True from 300 ms after the start on: before that nothing changes. */
  sendingShown = false;
  model: ResponseModel | undefined;
  facts: RestoredFacts | undefined;
  tab: TabId = 'body';
  side: TabId = 'headers';
  view: ViewId = 'raw';
  readonly finding = new Finding(this);
  readonly table = new TableState(this);
  comparison: CompareModel | undefined;
  identities: IdentitiesModel | undefined;
  fault: Extract<BodyAnswer, { kind: 'fault' }> | undefined;
  refused: string | undefined;
  image: string | undefined;
  /** The page at rest, when it was asked for. */
  preview: string | undefined;
  /** The current tree row and what the footer says of it. */
  row = 0;
  path = '';
  /** Type of the value the path leads to. */
  pathKind = '';
  /** False until a row was chosen: before that none looks selected. */
  rowChosen = false;
  rowsTotal = 0;
  hiddenInBody = 0;
  asReceived = false;
  wrap = false;
  asTable = false;
  width = 600;
  split = 60;
  menu: { readonly id: string; readonly x: number; readonly y: number } | undefined;
  help = false;
  whole: { readonly title: string; readonly text: BodyAnswer & { kind: 'value' } } | undefined;
  polite = '';
  assertive = '';
  toast = '';
  now = Date.now();
  /** Counts changes that rows depend on. */
  revision = 0;
  /** Set by the body view that is on screen. */
  goToRow: ((row: number, total: number) => void) | undefined;
  reload: (() => void) | undefined;
  #draw: () => void;
  #timer: ReturnType<typeof setInterval> | undefined;
  #spokeAt = 0;
  #speakTimer: ReturnType<typeof setTimeout> | undefined;
  #toastTimer: ReturnType<typeof setTimeout> | undefined;

  constructor(draw: () => void) {
    this.#draw = draw;
    const { kept } = this.host;
    if (typeof kept['split'] === 'number') this.split = Math.min(80, Math.max(20, kept['split']));
    if (typeof kept['wrap'] === 'boolean') this.wrap = kept['wrap'];
  }

  get find(): FindState {
    return this.finding.state;
  }

  start(): void {
    this.host.listen((message) => this.receive(message));
  }

  changed(): void {
    this.#draw();
  }

  post(message: FromPanel): void {
    this.host.post(message);
  }

  ask(ask: BodyAsk): Promise<BodyAnswer> {
    return this.host.ask(this.model?.runId ?? '', ask);
  }

  receive(message: ToPanel): void {
    switch (message.type) {
      case 'settings':
        this.settings = message.settings;
        this.pinned = message.pinned;
        break;
      case 'pinned':
        this.pinned = message.pinned;
        break;
      case 'idle':
        this.phase = 'idle';
        break;
      case 'restored':
        this.phase = 'restored';
        this.facts = message.facts;
        break;
      case 'start':
        this.#begin(message.run);
        break;
      case 'steps':
        if (message.runId === this.run?.runId) this.steps = message.steps;
        break;
      case 'head':
        if (message.runId !== this.run?.runId) return;
        this.head = message.head;
        this.sendingShown = true;
        break;
      case 'progress':
        if (message.runId !== this.run?.runId) return;
        this.progress = { bytes: message.bytes, encodedBytes: message.encodedBytes, at: Date.now() };
        break;
      case 'finish':
        this.#finish(message.model);
        break;
      case 'show-tab':
        if (this.model && tabsOf(this.model, this).some((tab) => tab.id === message.tab))
          this.openTab(message.tab as TabId);
        break;
      case 'compare':
        this.#compared(message.comparison);
        break;
      case 'identities':
        this.identities = message.matrix.rows.length > 0 ? message.matrix : undefined;
        break;
      case 'say':
        return this.tell(message.sentence);
      case 'answer':
        return;
    }
    this.changed();
  }

  #begin(run: RunStart): void {
    this.phase = 'sending';
    this.run = run;
    this.steps = [];
    this.head = undefined;
    this.progress = undefined;
    this.sendingShown = false;
    this.menu = undefined;
    this.help = false;
    this.whole = undefined;
    this.now = Date.now();
    this.say(`Sending ${run.title}${run.who ? ` as ${run.who.name}` : ''}.`);
    clearInterval(this.#timer);
    const shownFrom = Date.now() + 300;
    this.#timer = setInterval(() => {
      this.now = Date.now();
      if (this.now < shownFrom && !this.head) return;
      const first = !this.sendingShown;
      this.sendingShown = true;
      this.changed();
      // Only for a person who is in the panel: whoever sent from the file keeps the focus there.
      if (first && document.hasFocus())
        queueMicrotask(() => document.querySelector<HTMLElement>('[data-cancel]')?.focus({ preventScroll: true }));
    }, 100);
  }

  #finish(model: ResponseModel): void {
    clearInterval(this.#timer);
    this.#timer = undefined;
    this.phase = 'done';
    this.run = undefined;
    this.model = model;
    this.now = Date.now();
    this.finding.reset();
    this.table.reset();
    this.comparison = undefined;
    this.fault = undefined;
    this.refused = undefined;
    if (this.image !== undefined) URL.revokeObjectURL(this.image);
    this.image = undefined;
    this.preview = undefined;
    this.row = 0;
    this.path = '';
    this.pathKind = '';
    this.rowChosen = false;
    this.rowsTotal = 0;
    this.hiddenInBody = 0;
    this.asReceived = false;
    this.revision += 1;
    const tabs = tabsOf(model);
    const remembered = this.#remembered('tabs')[model.title];
    const wanted = failedTab(model) ?? remembered;
    this.tab = tabs.find((tab) => tab.id === wanted)?.id ?? tabs[0]?.id ?? 'body';
    const side = this.#remembered('sides')[model.title];
    const others = tabs.filter((tab) => tab.id !== 'body');
    this.side = others.find((tab) => tab.id === side)?.id ?? others[0]?.id ?? 'headers';
    const view = this.#remembered('views')[model.body.mediaType] as ViewId | undefined;
    const possible = (one: ViewId): boolean =>
      model.body.views.includes(one) && !model.body.disabled.some((d) => d.view === one);
    this.view = view !== undefined && possible(view) ? view : model.body.view;
    this.#announceEnd(model);
    const { outcome } = model;
    const status = outcome.kind === 'response' ? `${String(outcome.status)} ${outcome.statusText}` : outcome.kind;
    const facts: RestoredFacts = {
      runId: model.runId,
      title: model.title,
      method: model.method,
      target: plainOf(model.target),
      host: model.hosts.at(-1)?.host ?? '',
      status,
      family: outcome.kind === 'response' ? outcome.family : outcome.kind,
      at: model.startedAt,
      line: model.line,
      name: model.name,
      ...(model.path === undefined ? {} : { path: model.path }),
    };
    this.host.keep({ facts });
  }

  #compared(comparison: CompareModel): void {
    if (comparison.runId !== this.model?.runId) return;
    const first = this.comparison === undefined;
    this.comparison = comparison;
    this.revision += 1;
    const { total, more } = comparison;
    this.say(total === 0 ? 'No difference.' : `${more ? 'More than ' : ''}${many(total, 'difference')}.`);
    if (first) this.openTab('compare');
  }

  #announceEnd(model: ResponseModel): void {
    const { polite, assertive } = endWords(model);
    this.assertive = assertive;
    if (polite !== '') this.say(polite);
  }

  /** The polite region, at most one sentence a second; the last one wins. */
  say(sentence: string): void {
    clearTimeout(this.#speakTimer);
    const wait = Math.max(0, this.#spokeAt + 1000 - Date.now());
    const speak = (): void => {
      this.#spokeAt = Date.now();
      this.polite = sentence;
      this.changed();
    };
    if (wait === 0) speak();
    else this.#speakTimer = setTimeout(speak, wait);
  }

  openTab(tab: TabId): void {
    if (tab === 'security') this.post({ type: 'security-seen' });
    if (this.twoColumns && tab !== 'body') {
      this.side = tab;
      this.#remember('sides', this.model?.title ?? '', tab);
    } else {
      this.tab = tab;
      this.#remember('tabs', this.model?.title ?? '', tab);
    }
    this.menu = undefined;
    this.changed();
  }

  /** From 1100 px the body and one other tab stand side by side, when there is a body. */
  get twoColumns(): boolean {
    const { model } = this;
    if (this.width < 1100 || !model || model.outcome.kind === 'not-sent') return false;
    return tabsOf(model, this).length > 1;
  }

  setView(view: ViewId): void {
    this.view = view;
    this.menu = undefined;
    this.revision += 1;
    this.#remember('views', this.model?.body.mediaType ?? '', view);
    this.finding.viewChanged(searched.includes(view));
    this.changed();
  }

  /** @param node an array of the tree */
  showTable(node: number): void {
    this.setView('table');
    void this.table.load(node);
  }

  /** @param node a value of a table; its row opens in the tree */
  async showInTree(node: number): Promise<void> {
    this.setView('tree');
    const answer = await this.ask({ kind: 'reveal', node });
    if (answer.kind !== 'at' || answer.row < 0) return;
    this.rowChosen = true;
    this.goToRow?.(answer.row, answer.total);
  }

  setWrap(wrap: boolean): void {
    this.wrap = wrap;
    this.revision += 1;
    this.host.keep({ wrap });
    this.changed();
  }

  setSplit(percent: number): void {
    this.split = Math.min(80, Math.max(20, Math.round(percent)));
    this.host.keep({ split: this.split });
    this.changed();
  }

  /** Bytes a text row holds: by the width when wrapped, else long enough that few lines are cut. */
  lineWidth = 2000;

  copy(what: CopyWhat, options: { readonly node?: number; readonly text?: string } = {}): void {
    this.post({ type: 'copy', what, ...options });
  }

  /** A sentence that is seen for a moment as well. */
  tell(sentence: string): void {
    clearTimeout(this.#toastTimer);
    this.toast = sentence;
    this.say(sentence);
    this.#toastTimer = setTimeout(
      () => {
        this.toast = '';
        this.changed();
      },
      1500 + sentence.length * 30,
    );
    this.changed();
  }

  /** A value as a whole, or the token it is laid open. */
  async showWhole(title: string, node: number, kind: 'whole-value' | 'token' = 'whole-value'): Promise<void> {
    const answer = await this.ask({ kind, node });
    const name = kind === 'token' ? `${title}, not verified` : title;
    if (answer.kind === 'value') this.whole = { title: name, text: answer };
    else if (answer.kind === 'refused') return this.tell(answer.message);
    this.changed();
  }

  /** The view for a body that is not what its type says. */
  showFault(fault: Extract<BodyAnswer, { kind: 'fault' }>): void {
    this.fault = fault;
    this.setView(fault.byte === undefined ? 'raw' : 'hex');
  }

  elapsed(): string {
    return duration(this.now - (this.run?.startedAt ?? this.now));
  }

  openMenu(id: string, anchor: Element): void {
    const box = anchor.getBoundingClientRect();
    this.menu = this.menu?.id === id ? undefined : { id, x: box.right, y: box.bottom };
    this.changed();
  }

  closeMenu(): void {
    this.menu = undefined;
    this.changed();
  }

  #remembered(name: string): Readonly<Record<string, unknown>> {
    const kept = this.host.kept[name];
    return typeof kept === 'object' && kept !== null ? (kept as Readonly<Record<string, unknown>>) : {};
  }

  #remember(name: string, key: string, value: string): void {
    const entries = Object.entries({ ...this.#remembered(name), [key]: value }).slice(-100);
    this.host.keep({ [name]: Object.fromEntries(entries) });
  }
}
