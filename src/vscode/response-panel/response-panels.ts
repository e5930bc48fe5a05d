/**
 * All response panels of a window: which one a run is shown in, where it opens, and giving them back after a reload.
 * One panel is reused unless it is pinned or the person wants a new one each time. Source: ux.md E1, design.md E1.1.
 */
import { randomUUID } from 'node:crypto';
import { EventEmitter, Uri, ViewColumn, window, type Disposable, type Event, type WebviewPanel } from 'vscode';
import type { CountersignError } from '../../errors/countersign-error.ts';
import type { Phase, ResponseHead } from '../../http/types.ts';
import type { RunResult, SentRequest, UsedCredential } from '../../run/types.ts';
import type { PanelRun } from './panel-actions.ts';
import { ResponsePanel, type PanelDeps } from './response-panel.ts';
import type { ShownAnswer } from './shown-answer.ts';
import { failedResult, type RunDescription } from './run-description.ts';

export const responseViewType = 'countersign.response';

/** What a run tells its panel. After another run took the panel over, it is told to nobody. */
export interface RunView {
  readonly runId: string;
  /** The request as it will be sent. */
  request(request: SentRequest, credential?: UsedCredential): void;
  /** A step of its own: `Signed in as Ada Lovelace`, note `from the vault`. */
  step(title: string, note?: string): void;
  phase(phase: Phase, detail?: string): void;
  head(head: ResponseHead): void;
  progress(progress: { readonly bytes: number; readonly encodedBytes: number }): void;
  /** Ends the run; the panel owns the exchange's body from here on and disposes it. */
  finish(result: RunResult): Promise<void>;
  /** Brings a tab to the front, where it is; the focus stays. */
  showTab(tab: string): void;
  /** Ends a run that has no result. */
  fail(error: CountersignError): Promise<void>;
}

export class ResponsePanels implements Disposable {
  readonly #deps: PanelDeps;
  readonly #panels = new Set<ResponsePanel>();
  readonly #changes = new EventEmitter<void>();
  /** A panel opened, closed, came into view, or shows another response. */
  readonly onDidChange: Event<void> = this.#changes.event;
  #last: ResponsePanel | undefined;
  /** Of the run that began last: the rest of its group comes into the same panel, whatever else is set. */
  #group: string | undefined;

  constructor(deps: PanelDeps) {
    this.#deps = deps;
  }

  begin(run: RunDescription): RunView {
    const together = this.#last && run.group !== undefined && run.group === this.#group ? this.#last : undefined;
    const panel = together ?? this.#panelFor(run.sourceColumn);
    this.#last = panel;
    this.#group = run.group;
    const id = run.id ?? randomUUID();
    panel.begin(id, run);
    this.#changes.fire();
    return {
      runId: id,
      request: (request, credential) => panel.request(id, request, credential),
      step: (title, note) => panel.step(id, title, note),
      phase: (phase) => panel.phase(id, phase),
      head: (head) => panel.head(id, head),
      progress: (progress) => panel.progress(id, progress),
      finish: async (result) => {
        if (panel.run?.runId === id) await panel.finish(result);
        else await result.exchange?.body.dispose();
      },
      showTab: (tab) => {
        if (panel.run?.runId === id) panel.showTab(tab);
      },
      fail: async (error) => {
        if (panel.run?.runId === id) await panel.finish(failedResult(id, run, error));
      },
    };
  }

  /** Runs of the panels that can be seen, for the status bar. */
  visibleRuns(): readonly PanelRun[] {
    return [...this.#panels].filter((panel) => panel.visible).flatMap((panel) => (panel.run ? [panel.run] : []));
  }

  /** The run of the focused panel, else of the one used last. */
  currentRun(): PanelRun | undefined {
    return ([...this.#panels].find((panel) => panel.active) ?? this.#last)?.run;
  }

  /** Brings the panel of a run (by the id of the run or of its result) into view; false when it is gone. */
  show(id: string): boolean {
    const panel = [...this.#panels].find(({ run }) => run?.runId === id || run?.result?.id === id);
    panel?.reveal(true);
    return panel !== undefined;
  }

  /** Saves the body on screen, as the panel's own button does. */
  async saveBody(): Promise<void> {
    const run = this.currentRun();
    if (run?.result?.exchange) await this.#deps.actions.saveBody(run);
  }

  /** Compares the answer of the focused panel, else of the one used last. */
  async compare(): Promise<void> {
    const panel = [...this.#panels].find(({ active }) => active) ?? this.#last;
    panel?.reveal(true);
    await panel?.compare();
  }

  #answersBeside(self: ResponsePanel): readonly ShownAnswer[] {
    return [...this.#panels].flatMap((panel) => (panel !== self && panel.answer ? [panel.answer] : []));
  }

  /** Brings a tab (`security`, `sign-in`, `timing`) of a run's panel, or of the current one, into view. */
  showTab(tab: string, runId?: string): void {
    const all = [...this.#panels];
    const panel =
      (runId === undefined ? all.find((one) => one.visible) : all.find((one) => one.run?.runId === runId)) ??
      this.#last;
    panel?.reveal(true);
    panel?.showTab(tab);
  }

  /** Lets VS Code bring panels back after a reload; they show what is known of them without a body. */
  registerSerializer(): Disposable {
    return window.registerWebviewPanelSerializer(responseViewType, {
      deserializeWebviewPanel: (panel: WebviewPanel, state: unknown) => {
        this.#adopt(panel).restore(state);
        return Promise.resolve();
      },
    });
  }

  dispose(): void {
    for (const panel of this.#panels) panel.dispose();
    this.#changes.dispose();
  }

  #panelFor(sourceColumn: number | undefined): ResponsePanel {
    const { reuse, takeFocus } = this.#deps.preferences();
    const open = [...this.#panels].filter((panel) => !panel.pinned);
    const known = reuse ? (open.find((panel) => panel === this.#last) ?? open.at(-1)) : undefined;
    if (known) {
      known.reveal(takeFocus);
      return known;
    }
    return this.#create(takeFocus, sourceColumn);
  }

  #create(takeFocus: boolean, sourceColumn: number | undefined): ResponsePanel {
    const { column } = this.#deps.preferences();
    const beside = sourceColumn === undefined ? ViewColumn.Beside : Math.min(sourceColumn + 1, ViewColumn.Nine);
    const viewColumn = column === 'beside' ? beside : column;
    return this.#adopt(this.#open(viewColumn, !takeFocus));
  }

  #open(viewColumn: ViewColumn, preserveFocus: boolean): WebviewPanel {
    const panel = window.createWebviewPanel(
      responseViewType,
      'Response',
      { viewColumn, preserveFocus },
      { enableScripts: true, enableFindWidget: false, localResourceRoots: [] },
    );
    return panel;
  }

  #mark(panel: WebviewPanel): void {
    const icon = (theme: string): Uri => Uri.joinPath(this.#deps.extensionUri, 'media', `panel-${theme}.svg`);
    panel.iconPath = { light: icon('light'), dark: icon('dark') };
  }

  #adopt(panel: WebviewPanel): ResponsePanel {
    this.#mark(panel);
    const adopted = new ResponsePanel(
      panel,
      {
        ...this.#deps,
        otherAnswers: (self) => this.#answersBeside(self),
        replace: (old) => {
          const fresh = this.#open(old.viewColumn ?? ViewColumn.Beside, true);
          this.#mark(fresh);
          return fresh;
        },
      },
      () => this.#changes.fire(),
      (closed) => {
        this.#panels.delete(closed);
        if (this.#last === closed) this.#last = undefined;
        this.#changes.fire();
      },
    );
    this.#panels.add(adopted);
    return adopted;
  }
}
