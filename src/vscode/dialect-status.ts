/** Which tool's dialect the active request file is read as, and by which signals: a language status item (ux.md A2). */
import { languages, LanguageStatusSeverity, window, workspace, type Disposable } from 'vscode';
import { dialectTitle } from '../language/dialects/choose-dialect.ts';
import type { App } from './app.ts';

const settleMs = 300;

export class DialectStatus implements Disposable {
  readonly #app: App;
  readonly #item = languages.createLanguageStatusItem('countersign.dialect', { language: 'http' });
  readonly #subscriptions: readonly Disposable[];
  #pending: ReturnType<typeof setTimeout> | undefined;

  constructor(app: App) {
    this.#app = app;
    this.#item.name = 'Request File Dialect';
    this.#item.severity = LanguageStatusSeverity.Information;
    this.#item.command = { title: 'Change', command: 'countersign.selectDialect', tooltip: 'Choose how it is read' };
    const update = (): void => this.#update();
    this.#subscriptions = [
      this.#item,
      window.onDidChangeActiveTextEditor(update),
      app.documents.onDidChange(update),
      workspace.onDidChangeTextDocument(({ document }) => {
        if (document === window.activeTextEditor?.document) this.#later();
      }),
    ];
    update();
  }

  #later(): void {
    clearTimeout(this.#pending);
    this.#pending = setTimeout(() => this.#update(), settleMs);
  }

  #update(): void {
    const document = window.activeTextEditor?.document;
    if (document?.languageId !== 'http') return;
    const { dialect, signals } = this.#app.documents.parse(document);
    this.#item.text = dialectTitle(dialect);
    this.#item.detail =
      this.#app.documents.chosenDialect(document.uri) !== undefined
        ? 'chosen in settings'
        : signals.length > 0
          ? `by ${signals.slice(0, 3).join('; ')}${signals.length > 3 ? '; …' : ''}`
          : 'nothing in it points to one tool';
    this.#item.accessibilityInformation = { label: `Read as a file of ${dialectTitle(dialect)}` };
  }

  dispose(): void {
    clearTimeout(this.#pending);
    for (const subscription of this.#subscriptions) subscription.dispose();
  }
}
