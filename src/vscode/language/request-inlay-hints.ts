/** Inlay hints of request files: the address with its variables filled in, and the credential where no lens says it. */
import {
  EventEmitter,
  InlayHint,
  workspace,
  type CancellationToken,
  type Disposable,
  type InlayHintsProvider,
  type Range,
  type TextDocument,
} from 'vscode';
import { inlayHints } from '../../language/features/inlay-hints.ts';
import type { App } from '../app.ts';
import { createFeatureContext } from './feature-context.ts';
import { toSpan } from './positions.ts';

export class RequestInlayHints implements InlayHintsProvider, Disposable {
  readonly #app: App;
  readonly #changed = new EventEmitter<void>();
  readonly onDidChangeInlayHints = this.#changed.event;
  readonly #subscriptions: readonly Disposable[];

  constructor(app: App) {
    this.#app = app;
    this.#subscriptions = [
      this.#changed,
      app.facts.onDidClear(() => this.#changed.fire()),
      app.documents.onDidChange(() => this.#changed.fire()),
      workspace.onDidChangeConfiguration((event) => {
        if (event.affectsConfiguration('countersign.editor')) this.#changed.fire();
      }),
    ];
  }

  async provideInlayHints(document: TextDocument, range: Range, token: CancellationToken): Promise<InlayHint[]> {
    const settings = workspace.getConfiguration('countersign.editor', document.uri);
    if (!settings.get<boolean>('inlayHints', true)) return [];
    const found = await inlayHints(
      this.#app.documents.parse(document),
      toSpan(document, range),
      createFeatureContext(this.#app, document),
      {
        credentials: workspace.isTrusted && !settings.get<boolean>('codeLens', true),
        isCancelled: () => token.isCancellationRequested,
      },
    );
    return found.map(({ offset, label }) => {
      const hint = new InlayHint(document.positionAt(offset), label);
      hint.paddingLeft = true;
      return hint;
    });
  }

  dispose(): void {
    for (const subscription of this.#subscriptions) subscription.dispose();
  }
}
