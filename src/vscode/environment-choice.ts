/** Which environment is chosen, per workspace, and the status bar item that says so (ux.md A2). */
import {
  StatusBarAlignment,
  EventEmitter,
  window,
  workspace,
  type Disposable,
  type Memento,
  type StatusBarItem,
} from 'vscode';

const key = 'environment';

export class EnvironmentChoice implements Disposable {
  readonly #state: Memento;
  readonly #item: StatusBarItem;
  readonly #changed = new EventEmitter<void>();
  readonly onDidChange = this.#changed.event;

  constructor(state: Memento) {
    this.#state = state;
    this.#item = window.createStatusBarItem('countersign.environment', StatusBarAlignment.Left, 50);
    this.#item.name = 'Countersign Environment';
    this.#item.command = 'countersign.selectEnvironment';
    this.#show();
  }

  /** The chosen names, first wins; empty for none. */
  get current(): readonly string[] {
    const chosen =
      this.#state.get<string | readonly string[] | null>(key) ??
      workspace.getConfiguration('countersign').get<string | null>('environment') ??
      [];
    return typeof chosen === 'string' ? (chosen === '' ? [] : [chosen]) : chosen;
  }

  /** Several may be in force at once; where two have a name, the first wins. */
  async choose(names: readonly string[]): Promise<void> {
    await this.#state.update(key, names.length === 0 ? null : names);
    this.#show();
    this.#changed.fire();
  }

  /** Shown only while a request file is open, so that other work is not disturbed. */
  setVisible(visible: boolean): void {
    if (visible) this.#item.show();
    else this.#item.hide();
  }

  #show(): void {
    const name = this.current.join(', ');
    this.#item.text = name ? `Env: ${name}` : 'Env: none';
    this.#item.tooltip = 'Select the environment whose variables requests use';
    this.#item.accessibilityInformation = { label: name ? `Environment ${name}` : 'No environment chosen' };
  }

  dispose(): void {
    this.#item.dispose();
    this.#changed.dispose();
  }
}
