/** Status bar, only what is needed now: requests in flight, a TLS exception on screen, the environment (ux.md A2). */
import { StatusBarAlignment, ThemeColor, window, type Disposable, type StatusBarItem } from 'vscode';
import { toExceptionsInForce } from '../run/exceptions-in-force.ts';
import type { App } from './app.ts';
import type { ResponsePanels } from './response-panel/response-panels.ts';

export class StatusItems implements Disposable {
  readonly #app: App;
  readonly #panels: ResponsePanels;
  readonly #running: StatusBarItem;
  readonly #exception: StatusBarItem;
  readonly #subscriptions: Disposable[];

  constructor(app: App, panels: ResponsePanels) {
    this.#app = app;
    this.#panels = panels;
    this.#running = window.createStatusBarItem('countersign.running', StatusBarAlignment.Left, 49);
    this.#running.name = 'Countersign Requests in Flight';
    this.#running.command = 'countersign.cancel';
    this.#exception = window.createStatusBarItem('countersign.exception', StatusBarAlignment.Left, 48);
    this.#exception.name = 'Countersign TLS Exception';
    this.#exception.text = '$(unlock) TLS exception';
    this.#exception.tooltip =
      'For a response on screen, a certificate was accepted that is not verified. Click to see it.';
    this.#exception.backgroundColor = new ThemeColor('statusBarItem.warningBackground');
    this.#exception.command = { title: 'Show', command: 'countersign.showSecurity' };
    const update = (): void => this.#update();
    this.#subscriptions = [
      app.runs.onDidChange(update),
      panels.onDidChange(update),
      window.onDidChangeVisibleTextEditors(update),
    ];
    update();
  }

  #update(): void {
    const count = this.#app.runs.runningCount;
    this.#running.text = `$(sync~spin) ${count}`;
    this.#running.tooltip = `${count} ${count === 1 ? 'request' : 'requests'} in flight. Click to cancel.`;
    show(this.#running, count > 0);
    show(
      this.#exception,
      this.#panels.visibleRuns().some((run) => run.result && toExceptionsInForce(run.result).length > 0),
    );
    const open = window.visibleTextEditors.some(({ document }) => this.#app.documents.holdsRequests(document));
    this.#app.environments.setVisible(open || this.#panels.visibleRuns().length > 0);
  }

  dispose(): void {
    for (const subscription of this.#subscriptions) subscription.dispose();
    this.#running.dispose();
    this.#exception.dispose();
  }
}

function show(item: StatusBarItem, visible: boolean): void {
  if (visible) item.show();
  else item.hide();
}
