/**
 * Diagnostics of files that define: `countersign.json`, as it is edited and as it was read, and the environment files
 * beside it. Request files have their own. Nothing is read in an untrusted workspace; an open document is looked at.
 */
import { dirname, join } from 'node:path';
import {
  Diagnostic,
  DiagnosticSeverity,
  languages,
  Position,
  Range,
  Uri,
  workspace,
  type Disposable,
  type TextDocument,
} from 'vscode';
import { findFieldSpan, toFieldEdits } from '../../credentials/definition-edits.ts';
import { parseDefinitions, type DefinitionProblem } from '../../credentials/definitions.ts';
import { definitionsFileName } from '../../credentials/definitions-file.ts';
import type { FeatureDiagnostic } from '../../language/features/diagnostics.ts';
import { LineIndex } from '../../language/line-index.ts';
import type { Span } from '../../language/types.ts';
import { checkDefinition } from '../../oauth/checks/registry.ts';
import { toRuleLink } from '../../oauth/checks/rule-link.ts';
import type { LoadedDefinitions } from '../../run/workspace-definitions.ts';
import { environmentProblems } from '../../variables/environments/environment-files.ts';
import type { App } from '../app.ts';

const delay = 300;
const severities = {
  error: DiagnosticSeverity.Error,
  warning: DiagnosticSeverity.Warning,
  information: DiagnosticSeverity.Information,
} as const;

export class DefinitionDiagnostics implements Disposable {
  readonly #app: App;
  readonly #open = languages.createDiagnosticCollection('countersign-definitions');
  readonly #read = languages.createDiagnosticCollection('countersign-files');
  readonly #timers = new Map<string, ReturnType<typeof setTimeout>>();
  readonly #subscriptions: Disposable[];
  #pass = 0;

  constructor(app: App) {
    this.#app = app;
    const look = (document: TextDocument): void => this.#later(document);
    this.#subscriptions = [
      this.#open,
      this.#read,
      workspace.onDidOpenTextDocument(look),
      workspace.onDidChangeTextDocument(({ document }) => look(document)),
      workspace.onDidCloseTextDocument(({ uri }) => {
        clearTimeout(this.#timers.get(uri.toString()));
        this.#timers.delete(uri.toString());
        this.#open.delete(uri);
        void this.#showRead(app.definitions.results);
      }),
      app.definitions.onDidLoad((results) => void this.#showRead(results)),
    ];
    for (const document of workspace.textDocuments) look(document);
    void this.#showRead(app.definitions.results);
  }

  /** Those of an open `countersign.json` that a quick fix can settle. */
  of(document: TextDocument): readonly FeatureDiagnostic[] {
    if (!this.#isDefinitions(document)) return [];
    return [...problemsIn(document).flatMap(toFixable), ...adviceIn(document)];
  }

  #later(document: TextDocument): void {
    if (!this.#isDefinitions(document)) return;
    const key = document.uri.toString();
    clearTimeout(this.#timers.get(key));
    this.#timers.set(
      key,
      setTimeout(() => {
        if (document.isClosed) return;
        this.#read.delete(document.uri);
        const at = (span: Span): Range => new Range(document.positionAt(span.start), document.positionAt(span.end));
        this.#open.set(
          document.uri,
          [...problemsIn(document), ...adviceIn(document)].map((problem) => toDiagnostic(problem, at(problem.span))),
        );
      }, delay),
    );
  }

  /** The file at a folder’s root only; one deeper down is not read either. */
  #isDefinitions({ uri }: TextDocument): boolean {
    return uri.scheme === 'file' && uri.fsPath === join(this.#app.placeOf(uri).root ?? '', definitionsFileName);
  }

  async #showRead(results: readonly LoadedDefinitions[]): Promise<void> {
    if (!workspace.isTrusted) return;
    const pass = ++this.#pass;
    const found = new Map<string, Diagnostic[]>();
    const add = (file: string, diagnostic: Diagnostic): void => {
      found.set(file, [...(found.get(file) ?? []), diagnostic]);
    };
    const { files } = this.#app.composed.deps;
    const texts = new Map<string, { text: string; lines: LineIndex }>();
    const read = async (file: string): Promise<{ text: string; lines: LineIndex }> => {
      const text = texts.get(file)?.text ?? (await files.readText(file).catch(() => ''));
      const known = texts.get(file) ?? { text, lines: new LineIndex(text) };
      texts.set(file, known);
      return known;
    };
    for (const { file, problems, foreignProblems } of results) {
      const isOpen = workspace.textDocuments.some(({ uri }) => uri.fsPath === file);
      for (const problem of isOpen ? [] : problems) {
        add(file, toDiagnostic(problem, rangeIn((await read(file)).lines, problem.span)));
      }
      for (const problem of foreignProblems) {
        const { text, lines } = await read(problem.file);
        const key = JSON.stringify(problem.key);
        const start = Math.max(0, text.indexOf(key));
        add(problem.file, toDiagnostic(problem, rangeIn(lines, { start, end: start + key.length })));
      }
      const root = dirname(file);
      for (const problem of await environmentProblems({ path: join(root, 'requests.http'), root, files })) {
        const { place } = problem;
        if (place?.file === undefined) continue;
        const line = (place.line ?? 1) - 1;
        const range = new Range(new Position(line, 0), new Position(line, 1000));
        add(place.file, toDiagnostic({ ...problem, message: problem.message, severity: 'error' }, range));
      }
    }
    if (pass !== this.#pass) return;
    this.#read.clear();
    for (const [file, diagnostics] of found) this.#read.set(Uri.file(file), diagnostics);
  }

  dispose(): void {
    for (const timer of this.#timers.values()) clearTimeout(timer);
    for (const subscription of this.#subscriptions) subscription.dispose();
  }
}

function problemsIn(document: TextDocument): readonly DefinitionProblem[] {
  return parseDefinitions(document.getText(), { file: document.uri.fsPath, owner: 'workspace' }).problems;
}

interface AdviceDiagnostic extends FeatureDiagnostic {
  readonly severity: keyof typeof severities;
  readonly rule: string;
}

/** Best practice, from the text alone: no issuer is asked while somebody types. */
function adviceIn(document: TextDocument): readonly AdviceDiagnostic[] {
  const text = document.getText();
  const { definitions } = parseDefinitions(text, { file: document.uri.fsPath, owner: 'workspace' });
  return definitions.flatMap(({ name, definition }) =>
    checkDefinition(name, definition).flatMap(({ code, severity, message, next, rule, field, fix }) => {
      const span = findFieldSpan(text, name, field);
      if (!span) return [];
      const edits = fix === undefined ? [] : toFieldEdits(text, name, fix.changes);
      const facts =
        fix === undefined || edits.length === 0
          ? {}
          : { facts: { kind: 'definition-fix', title: fix.title, edits } as const };
      return [{ code, severity, message: `${message} ${next}`, span, rule, ...facts }];
    }),
  );
}

function toFixable({ code, message, span, name, slot }: DefinitionProblem): readonly FeatureDiagnostic[] {
  if (code !== 'CS-DEF-SECRET' || name === undefined || slot === undefined) return [];
  return [{ code, message, span, severity: 'error', facts: { kind: 'definition-secret', credential: name, slot } }];
}

function rangeIn(lines: LineIndex, { start, end }: Span): Range {
  const [from, to] = [lines.position(start), lines.position(end)];
  return new Range(from.line - 1, from.column - 1, to.line - 1, to.column - 1);
}

function toDiagnostic(
  problem: {
    readonly code: string;
    readonly message: string;
    readonly severity: keyof typeof severities;
    readonly rule?: string;
  },
  range: Range,
): Diagnostic {
  const diagnostic = new Diagnostic(range, problem.message, severities[problem.severity]);
  diagnostic.source = 'countersign';
  const { code, rule } = problem;
  diagnostic.code = rule === undefined ? code : { value: code, target: Uri.parse(toRuleLink(rule)) };
  return diagnostic;
}
