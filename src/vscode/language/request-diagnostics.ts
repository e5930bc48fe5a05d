/**
 * The diagnostics of open request files, 300 ms after the last edit: first what the text alone tells, then what has to be
 * resolved. A newer version ends the pass of the older one. Keeps the facts that quick fixes need.
 */
import {
  Diagnostic,
  DiagnosticSeverity,
  languages,
  window,
  workspace,
  type Disposable,
  type TextDocument,
  type Uri,
} from 'vscode';
import { embeddingOf } from '../../language/embedded/registry.ts';
import { plainDiagnostics, resolvedDiagnostics, type FeatureDiagnostic } from '../../language/features/diagnostics.ts';
import type { Severity } from '../../language/types.ts';
import type { App } from '../app.ts';
import { createFeatureContext } from './feature-context.ts';
import { toRange } from './positions.ts';

const delay = 300;
const mostShown = 1000;

const severities: Readonly<Record<Severity, DiagnosticSeverity>> = {
  error: DiagnosticSeverity.Error,
  warning: DiagnosticSeverity.Warning,
  information: DiagnosticSeverity.Information,
  hint: DiagnosticSeverity.Hint,
};

export function toDiagnostic(document: TextDocument, found: FeatureDiagnostic): Diagnostic {
  const diagnostic = new Diagnostic(toRange(document, found.span), found.message, severities[found.severity]);
  diagnostic.source = 'countersign';
  diagnostic.code = found.code;
  return diagnostic;
}

/** Lets everything else that waits run first. */
const pause = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));

export class RequestDiagnostics implements Disposable {
  readonly #app: App;
  readonly #collection = languages.createDiagnosticCollection('countersign');
  readonly #found = new Map<string, { readonly version: number; readonly items: readonly FeatureDiagnostic[] }>();
  readonly #timers = new Map<string, ReturnType<typeof setTimeout>>();
  readonly #passes = new Map<string, number>();
  readonly #subscriptions: Disposable[];

  constructor(app: App) {
    this.#app = app;
    this.#subscriptions = [
      this.#collection,
      workspace.onDidOpenTextDocument((document) => this.#later(document, 0)),
      workspace.onDidChangeTextDocument(({ document }) => this.#later(document, delay)),
      workspace.onDidCloseTextDocument((document) => this.#forget(document.uri)),
      workspace.onDidGrantWorkspaceTrust(() => this.#all()),
      app.facts.onDidClear(() => this.#all()),
      app.definitions.onDidLoad(() => this.#all()),
    ];
    for (const document of workspace.textDocuments) this.#later(document, 0);
  }

  /** What was found in the version that is open; empty while a newer one is being looked at. */
  of(document: TextDocument): readonly FeatureDiagnostic[] {
    const known = this.#found.get(document.uri.toString());
    return known?.version === document.version ? known.items : [];
  }

  #all(): void {
    for (const document of workspace.textDocuments) this.#later(document, delay);
  }

  #later(document: TextDocument, milliseconds: number): void {
    if (document.languageId !== 'http' && !embeddingOf(document.languageId)) return;
    const key = document.uri.toString();
    clearTimeout(this.#timers.get(key));
    this.#timers.set(
      key,
      setTimeout(() => void this.#look(document), milliseconds),
    );
  }

  async #look(document: TextDocument): Promise<void> {
    const key = document.uri.toString();
    const pass = (this.#passes.get(key) ?? 0) + 1;
    const { version } = document;
    this.#passes.set(key, pass);
    const isCancelled = (): boolean =>
      document.isClosed || document.version !== version || this.#passes.get(key) !== pass;
    try {
      const context = createFeatureContext(this.#app, document);
      const file = this.#app.documents.parse(document);
      const plain = await plainDiagnostics(file, context, { pause });
      if (isCancelled()) return;
      // What was resolved before stays until it is known anew, so that nothing flickers.
      if (!this.#found.has(key)) this.#show(document, version, plain);
      const visible = window.visibleTextEditors.find((editor) => editor.document === document)?.visibleRanges[0];
      const from = visible ? document.offsetAt(visible.start) : 0;
      const resolved = await resolvedDiagnostics(file, context, { from, pause, isCancelled });
      if (!isCancelled()) this.#show(document, version, [...plain, ...resolved]);
    } catch (error) {
      // An unreadable file beside this one must not take the diagnostics of this one away.
      this.#app.log.warning(`Diagnostics stopped: ${error instanceof Error ? error.name : 'unknown'}`);
    }
  }

  #show(document: TextDocument, version: number, items: readonly FeatureDiagnostic[]): void {
    this.#found.set(document.uri.toString(), { version, items });
    this.#collection.set(
      document.uri,
      items.slice(0, mostShown).map((item) => toDiagnostic(document, item)),
    );
  }

  #forget(uri: Uri): void {
    const key = uri.toString();
    clearTimeout(this.#timers.get(key));
    for (const map of [this.#found, this.#timers, this.#passes]) map.delete(key);
    this.#collection.delete(uri);
  }

  dispose(): void {
    for (const timer of this.#timers.values()) clearTimeout(timer);
    for (const subscription of this.#subscriptions) subscription.dispose();
  }
}
