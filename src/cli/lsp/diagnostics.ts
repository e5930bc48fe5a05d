/**
 * Diagnostics of open documents, published a moment after the last edit: first what the text alone tells, then what has
 * to be resolved. A newer version ends the pass of the older one. Keeps the facts that quick fixes need.
 */
import { DiagnosticSeverity, type Connection, type Diagnostic } from 'vscode-languageserver/node';
import { plainDiagnostics, resolvedDiagnostics, type FeatureDiagnostic } from '../../language/features/diagnostics.ts';
import type { Severity } from '../../language/types.ts';
import type { OpenDocument } from './open-documents.ts';
import type { Session } from './session.ts';

const delay = 200;
const mostShown = 1000;

const severities: Readonly<Record<Severity, DiagnosticSeverity>> = {
  error: DiagnosticSeverity.Error,
  warning: DiagnosticSeverity.Warning,
  information: DiagnosticSeverity.Information,
  hint: DiagnosticSeverity.Hint,
};

const pause = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));

export class Diagnostics {
  readonly #connection: Connection;
  readonly #session: Session;
  readonly #timers = new Map<string, ReturnType<typeof setTimeout>>();
  readonly #passes = new Map<string, number>();
  readonly #found = new Map<string, { readonly version: number; readonly items: readonly FeatureDiagnostic[] }>();

  constructor(connection: Connection, session: Session) {
    this.#connection = connection;
    this.#session = session;
  }

  /** Of the version that is open; empty while a newer one is being looked at. */
  of({ text }: OpenDocument): readonly FeatureDiagnostic[] {
    const known = this.#found.get(text.uri);
    return known?.version === text.version ? known.items : [];
  }

  later(document: OpenDocument, milliseconds = delay): void {
    const { uri } = document.text;
    clearTimeout(this.#timers.get(uri));
    this.#timers.set(
      uri,
      setTimeout(() => void this.#look(document), milliseconds),
    );
  }

  all(): void {
    for (const document of this.#session.documents.all()) this.later(document);
  }

  close(uri: string): void {
    clearTimeout(this.#timers.get(uri));
    for (const map of [this.#timers, this.#passes, this.#found]) map.delete(uri);
    void this.#connection.sendDiagnostics({ uri, diagnostics: [] });
  }

  toDiagnostic({ text }: OpenDocument, { span, message, severity, code }: FeatureDiagnostic): Diagnostic {
    const range = this.#session.positions.toRange(text, span);
    return { range, message, severity: severities[severity], code, source: 'countersign' };
  }

  async #look(document: OpenDocument): Promise<void> {
    const { uri, version } = document.text;
    const pass = (this.#passes.get(uri) ?? 0) + 1;
    this.#passes.set(uri, pass);
    const isCancelled = (): boolean =>
      this.#session.documents.get(uri) !== document ||
      document.text.version !== version ||
      this.#passes.get(uri) !== pass;
    try {
      const context = this.#session.contextOf(document);
      const file = this.#session.parse(document);
      const plain = await plainDiagnostics(file, context, { pause });
      if (isCancelled()) return;
      // What was resolved before stays until it is known anew, so that nothing flickers.
      if (!this.#found.has(uri)) this.#publish(document, plain);
      const resolved = await resolvedDiagnostics(file, context, { pause, isCancelled });
      if (!isCancelled()) this.#publish(document, [...plain, ...resolved]);
    } catch (error) {
      // An unreadable file beside this one must not take the diagnostics of this one away.
      this.#connection.console.warn(`Diagnostics stopped: ${error instanceof Error ? error.name : 'unknown'}`);
    }
  }

  #publish(document: OpenDocument, items: readonly FeatureDiagnostic[]): void {
    const { uri, version } = document.text;
    this.#found.set(uri, { version, items });
    const diagnostics = items.slice(0, mostShown).map((item) => this.toDiagnostic(document, item));
    void this.#connection.sendDiagnostics({ uri, version, diagnostics });
  }
}
