/** The last outcome of each request, beside its line: shape first, colour second (ux.md B2, design.md B2.1). */
import { Uri, window, workspace, type Disposable, type TextEditor, type TextEditorDecorationType } from 'vscode';
import type { RunResult } from '../run/types.ts';
import type { App } from './app.ts';
import { requestKey } from './runs.ts';

const kinds = ['pass', 'warning', 'error', 'not-sent'] as const;
type Kind = (typeof kinds)[number];

export class GutterMarks implements Disposable {
  readonly #app: App;
  readonly #types: ReadonlyMap<Kind, TextEditorDecorationType>;
  readonly #subscriptions: Disposable[];

  constructor(app: App) {
    this.#app = app;
    const icon = (kind: Kind, theme: string): Uri =>
      Uri.joinPath(app.context.extensionUri, 'media', 'gutter', `${kind}-${theme}.svg`);
    this.#types = new Map(
      kinds.map((kind) => [
        kind,
        window.createTextEditorDecorationType({
          gutterIconSize: 'contain',
          light: { gutterIconPath: icon(kind, 'light') },
          dark: { gutterIconPath: icon(kind, 'dark') },
        }),
      ]),
    );
    const update = (): void => this.#update();
    this.#subscriptions = [
      app.runs.onDidChange(update),
      window.onDidChangeVisibleTextEditors(update),
      workspace.onDidChangeTextDocument((event) => {
        if (app.runs.hasResults && app.documents.holdsRequests(event.document)) update();
      }),
    ];
  }

  #update(): void {
    if (!this.#app.runs.hasResults) return;
    for (const editor of window.visibleTextEditors) {
      if (this.#app.documents.holdsRequests(editor.document)) this.#mark(editor);
    }
  }

  #mark(editor: TextEditor): void {
    const { document } = editor;
    const enabled = workspace.getConfiguration('countersign', document.uri).get<boolean>('editor.gutterMarks', true);
    const file = this.#app.documents.parse(document);
    const lines = new Map<Kind, number[]>(kinds.map((kind) => [kind, []]));
    for (const request of enabled ? file.requests.slice(0, 2000) : []) {
      const result = this.#app.runs.last(requestKey(document.uri, file, request));
      if (result) lines.get(kindOf(result))?.push(Math.min(request.line - 1, document.lineCount - 1));
    }
    for (const [kind, type] of this.#types) {
      editor.setDecorations(
        type,
        (lines.get(kind) ?? []).map((line) => document.lineAt(line).range),
      );
    }
  }

  dispose(): void {
    for (const subscription of this.#subscriptions) subscription.dispose();
    for (const type of this.#types.values()) type.dispose();
  }
}

function kindOf(result: RunResult): Kind {
  const status = result.exchange?.response.status;
  if (status === undefined) return 'not-sent';
  if (status >= 500 || result.error) return 'error';
  return status >= 400 || result.tests.some((test) => !test.passed) ? 'warning' : 'pass';
}
